"""Where a positional stands: ranges of tokens (first, last), within one sentence each."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence as Ranges

from monitor.matching.view import FieldView
from monitor.rules.tree import TokenTest

Range = tuple[int, int]
"""First and last token, both included."""


def neighbours(view: FieldView, tests: tuple[TokenTest, ...]) -> list[Range]:
    """Ranges in which the tests hold for consecutive tokens of one sentence."""
    first, *rest = (view.find(test) for test in tests)
    following = [set(positions) for positions in rest]
    width, sentence = len(following), view.tokens.sentence
    return [
        (start, start + width)
        for start in first
        if all(start + step in found for step, found in enumerate(following, 1))
        and sentence[start] == sentence[start + width]
    ]


def window(view: FieldView, tests: tuple[TokenTest, ...], slop: int) -> list[Range]:
    """Smallest ranges of one sentence that hold a token for every test, in any order.

    At most ``slop`` tokens of a range are others. Tests that the same tokens pass (deploy and
    deployment) need one token each.
    """
    wanted = Counter(tuple(view.find(test)) for test in tests)
    if () in wanted:
        return []
    width = len(tests) + slop
    return [
        (first, last)
        for first, last in _covers(wanted)
        if last - first < width and view.tokens.sentence[first] == view.tokens.sentence[last]
    ]


def _covers(wanted: Counter[tuple[int, ...]]) -> list[Range]:
    """Ranges that cover each list of positions as often as wanted, none containing another.

    Two pointers over all positions in order.
    """
    needs = list(wanted.values())
    events = sorted((position, kind) for kind, found in enumerate(wanted) for position in found)
    have = [0] * len(needs)
    missing, left, covers = len(needs), 0, []
    for position, kind in events:
        have[kind] += 1
        missing -= have[kind] == needs[kind]
        while missing == 0:
            start, dropped = events[left]
            covers.append((start, position))
            missing += have[dropped] == needs[dropped]
            have[dropped] -= 1
            left += 1
    return smallest(covers)


def near(
    view: FieldView, left: Ranges[Range], right: Ranges[Range], distance: int, *, ordered: bool
) -> list[Range]:
    """Smallest ranges from a left to a right one with at most ``distance`` tokens between."""
    found = _pairs(view, left, right, distance)
    if not ordered:
        found += _pairs(view, right, left, distance)
    return smallest(found)


def _pairs(
    view: FieldView, left: Ranges[Range], right: Ranges[Range], distance: int
) -> list[Range]:
    """For each left range the nearest right one that starts behind it."""
    starts = [start for start, _ in right]
    sentence = view.tokens.sentence
    found = []
    for start, end in left:
        at = bisect_left(starts, end + 1)
        if at == len(starts):
            continue
        begin, last = right[at]
        if begin - end - 1 <= distance and sentence[start] == sentence[last]:
            found.append((start, last))
    return found


def gap(view: FieldView, left: Ranges[Range], right: Ranges[Range]) -> tuple[int, Range] | None:
    """Least number of tokens between a left and a right range of one sentence, and where."""
    best: tuple[int, Range] | None = None
    for one, other in ((left, right), (right, left)):
        for start, end in _pairs(view, one, other, len(view.tokens)):
            inner = max(e for s, e in one if s == start)
            begin = min(s for s, e in other if e == end and s > inner)
            if best is None or begin - inner - 1 < best[0]:
                best = (begin - inner - 1, (start, end))
    return best


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
