"""Where a positional stands: ranges of tokens (first, last), within one sentence each.

A proximity operator may need any of the ranges its operands have, so these functions keep for
each start the nearest end and for each end the nearest start: whatever holds for some range holds
for one of them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence as Ranges

from monitor.matching.view import FieldView
from monitor.rules.tree import TokenTest

Range = tuple[int, int]
"""First and last token, both included."""

Pair = tuple[int, Range]
"""Number of tokens between two ranges, and the range over both."""


def neighbours(view: FieldView, tests: tuple[TokenTest, ...]) -> list[Range]:
    """Ranges in which the tests hold for consecutive tokens of one sentence."""
    found = [view.find(test) for test in tests]
    if not all(found):
        return []
    rarest = min(range(len(found)), key=lambda number: len(found[number]))
    others = [
        (number - rarest, set(positions))
        for number, positions in enumerate(found)
        if number != rarest
    ]
    sentence, last = view.tokens.sentence, len(tests) - 1
    return [
        (start, start + last)
        for position in found[rarest]
        if all(position + step in positions for step, positions in others)
        and sentence[start := position - rarest] == sentence[start + last]
    ]


def window(view: FieldView, parts: tuple[tuple[TokenTest, ...], ...], slop: int) -> list[Range]:
    """Ranges of one sentence that hold every part, in any order.

    At most ``slop`` tokens of a range are others. Parts that stand at the same places (deploy
    and deployment) need one place each; a place may serve parts that share it only in part
    (sanct* and sanctions).
    """
    wanted = Counter((tuple(neighbours(view, part)), len(part)) for part in parts)
    if any(not places for places, _ in wanted):
        return []
    words = sum(map(len, parts))
    return [
        (first, last)
        for first, last in _covers(wanted)
        if last - first + 1 <= words + slop
        and view.tokens.sentence[first] == view.tokens.sentence[last]
    ]


def _covers(wanted: Counter[tuple[tuple[Range, ...], int]]) -> list[Range]:
    """Ranges over each list of places as often as wanted: nearest ends, and nearest starts."""
    needs = list(wanted.values())
    kinds = [(kind, places) for kind, (places, _) in enumerate(wanted)]
    starts = sorted((first, last, kind) for kind, places in kinds for first, last in places)
    ends = sorted((-last, -first, kind) for kind, places in kinds for first, last in places)
    forward = _nearest_ends(starts, needs)
    backward = _nearest_ends(ends, needs)
    return sorted({*forward, *((-end, -start) for start, end in backward)})


def _nearest_ends(events: list[tuple[int, int, int]], needs: list[int]) -> list[Range]:
    """For each place the end of the shortest range from it that has all (two pointers)."""
    have = [0] * len(needs)
    missing, left, covers = len(needs), 0, []
    for _, end, kind in events:
        have[kind] += 1
        missing -= have[kind] == needs[kind]
        while missing == 0:
            start, _, dropped = events[left]
            covers.append((start, end))
            missing += have[dropped] == needs[dropped]
            have[dropped] -= 1
            left += 1
    return covers


def near(
    view: FieldView, left: Ranges[Range], right: Ranges[Range], distance: int, *, ordered: bool
) -> list[Range]:
    """Ranges from a left to a right one with at most ``distance`` tokens between."""
    found = pairs(view, left, right, ordered=ordered)
    return sorted({range_ for between, range_ in found if between <= distance})


def pairs(
    view: FieldView, left: Ranges[Range], right: Ranges[Range], *, ordered: bool
) -> list[Pair]:
    """Each left range with the nearest right one of its sentence, and the other way round."""
    found = _followed(view, left, right)
    return found if ordered else found + _followed(view, right, left)


def _followed(view: FieldView, left: Ranges[Range], right: Ranges[Range]) -> list[Pair]:
    """Left before right ones: for each left the next right, for each right the last left."""
    starts = sorted(right)
    ends = sorted((end, start) for start, end in left)
    found: list[tuple[Range, Range]] = []
    for start, end in left:
        at = bisect_left(starts, (end + 1, 0))
        if at < len(starts):
            found.append(((start, end), starts[at]))
    for start, end in right:
        at = bisect_left(ends, (start, 0))
        if at > 0:
            found.append((ends[at - 1][::-1], (start, end)))
    sentence = view.tokens.sentence
    return [
        (two[0] - one[1] - 1, (one[0], two[1]))
        for one, two in found
        if sentence[one[0]] == sentence[two[1]]
    ]


def merged(found: Iterable[Ranges[Range]]) -> list[Range]:
    """All ranges in order, equal ones once."""
    return sorted({range_ for ranges in found for range_ in ranges})


def smallest(ranges: Iterable[Range]) -> list[Range]:
    """The ranges that contain no other one, in order."""
    kept: list[Range] = []
    for start, end in sorted(set(ranges), key=lambda range_: (range_[0], -range_[1])):
        while kept and kept[-1][1] >= end:
            kept.pop()
        kept.append((start, end))
    return kept


def largest(ranges: Iterable[Range]) -> list[Range]:
    """The ranges that no other one contains, in order."""
    kept: list[Range] = []
    for start, end in sorted(set(ranges), key=lambda range_: (range_[0], -range_[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def leftmost(ranges: Iterable[Range]) -> list[Range]:
    """Ranges that don't overlap: each time the first that is free."""
    kept: list[Range] = []
    for start, end in sorted(ranges):
        if not kept or start > kept[-1][1]:
            kept.append((start, end))
    return kept
