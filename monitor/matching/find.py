"""Where a positional stands: ranges of tokens (first, last), within one sentence each.

A window or a proximity operator can have very many ranges. Of these it yields, for each start, the
one that ends first, and for each end the one that starts last: whatever is near some range is near
one of those. All lists of ranges are in order and have no range twice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Ranges
from itertools import chain

from monitor.matching.view import FieldView, Positions
from monitor.rules.tree import TokenTest

Range = tuple[int, int]
"""First and last token, both included."""

Pair = tuple[int, Range]
"""Number of tokens between two ranges, and the range over both."""


# --- words ---


def neighbours(view: FieldView, tests: tuple[TokenTest, ...]) -> list[Range]:
    """Ranges in which the tests hold for consecutive tokens of one sentence."""
    found = []
    for test in tests:
        positions = view.find(test)
        if not positions:
            return []
        found.append(positions)
    return adjacent(view, found)


def adjacent(view: FieldView, words: list[Positions]) -> list[Range]:
    """Ranges of consecutive tokens of one sentence: a position of each word, in order."""
    last = len(words) - 1
    if not last:
        return [(position, position) for position in words[0]]
    rarest = min(words, key=len)
    number = words.index(rarest)
    starts = [position - number for position in rarest]
    for step, positions in enumerate(words):
        if step != number:
            known = set(positions)
            starts = [start for start in starts if start + step in known]
    sentence = view.tokens.sentence
    return [(start, start + last) for start in starts if sentence[start] == sentence[start + last]]


def window(view: FieldView, parts: tuple[tuple[TokenTest, ...], ...], slop: int) -> list[Range]:
    """Ranges of one sentence that hold every part, in any order.

    At most ``slop`` tokens of a range are others. Parts that stand at the same places (deploy
    and deployment) need one place each; a place may serve parts that share it only in part
    (sanct* and sanctions).
    """
    wanted: dict[tuple[Range, ...], int] = {}
    for part in parts:
        places = tuple(neighbours(view, part))
        if not places:
            return []
        wanted[places] = wanted.get(places, 0) + 1
    sentence, longest = view.tokens.sentence, sum(map(len, parts)) + slop
    return sorted(
        {
            (start, end)
            for start, end in _covers(wanted)
            if end - start < longest and sentence[start] == sentence[end]
        }
    )


def _covers(wanted: Mapping[tuple[Range, ...], int]) -> Iterable[Range]:
    """Ranges with so many of each kind of places: from each start and to each end the shortest."""
    every = [place for places in wanted for place in places]
    starts, nearest = sorted({start for start, _ in every}), []
    for start in starts:
        end = _end(wanted, start)
        if end is None:
            break
        nearest.append(end)
    yield from zip(starts, nearest, strict=False)
    for end in {end for _, end in every}.difference(nearest):
        at = bisect_right(nearest, end) - 1
        if at >= 0:
            yield starts[at], end


def _end(wanted: Mapping[tuple[Range, ...], int], start: int) -> int | None:
    """Where the shortest range ends that starts at a token and has so many of each places."""
    end = start
    for places, number in wanted.items():
        at = bisect_left(places, (start, 0)) + number - 1
        if at >= len(places):
            return None
        end = max(end, places[at][1])
    return end


def _nearest(view: FieldView, found: Iterable[Range]) -> list[Range]:
    """Of ranges within a sentence: for each start the nearest end, for each end the start."""
    sentence = view.tokens.sentence
    kept = _in_order([each for each in found if sentence[each[0]] == sentence[each[1]]])
    ends = dict(reversed(kept))
    starts = {end: start for start, end in kept}
    return _in_order(chain(ends.items(), [(start, end) for end, start in starts.items()]))


def _in_order(ranges: Iterable[Range]) -> list[Range]:
    """Each range once; quick if most are in order already, which a set would mix up."""
    return sorted(dict.fromkeys(ranges))


# --- two operands ---


def near(
    view: FieldView, left: Ranges[Range], right: Ranges[Range], distance: int, *, ordered: bool
) -> list[Range]:
    """Ranges from a left to a right one with at most ``distance`` tokens between."""
    if not left or not right:
        return []
    found = _followed(left, right, distance)
    if not ordered and left != right:
        found += _followed(right, left, distance)
    return _nearest(view, found)


def _followed(left: Ranges[Range], right: Ranges[Range], distance: int) -> list[Range]:
    """From each left range to the right one that ends first, to each right one likewise."""
    nearest_ends = dict(reversed(right))
    starts, ends = list(nearest_ends)[::-1], list(nearest_ends.values())[::-1]
    nearest_starts = {end: start for start, end in left}
    lasts = sorted(nearest_starts)
    firsts = [nearest_starts[end] for end in lasts]
    found = []
    for start, end in left:
        nearest = _first_end(starts, ends, end, distance)
        if nearest is not None:
            found.append((start, nearest))
    for start, end in right:
        nearest = _last_start(firsts, lasts, start, distance)
        if nearest is not None:
            found.append((nearest, end))
    return found


def _first_end(starts: list[int], ends: list[int], after: int, distance: int) -> int | None:
    """The end of the shortest range that starts at most ``distance`` tokens after a token."""
    at, limit = bisect_right(starts, after), after + distance + 1
    nearest = None
    # A range that starts behind the nearest end can't end before it.
    while at < len(starts) and starts[at] <= (limit if nearest is None else min(limit, nearest)):
        if nearest is None or ends[at] < nearest:
            nearest = ends[at]
        at += 1
    return nearest


def _last_start(starts: list[int], ends: list[int], before: int, distance: int) -> int | None:
    """The start of the shortest range that ends at most ``distance`` tokens before a token."""
    at, limit = bisect_left(ends, before) - 1, before - distance - 1
    nearest = None
    while at >= 0 and ends[at] >= (limit if nearest is None else max(limit, nearest)):
        if nearest is None or starts[at] > nearest:
            nearest = starts[at]
        at -= 1
    return nearest


def closest(
    view: FieldView, left: Ranges[Range], right: Ranges[Range], *, ordered: bool
) -> Pair | None:
    """The left and the right range of one sentence with the fewest tokens between."""
    sentence = view.tokens.sentence
    pairs = []
    for one, other in ((left, right),) if ordered else ((left, right), (right, left)):
        for start, end in one:
            at = bisect_left(other, (end + 1, 0))
            if at < len(other) and sentence[start] == sentence[other[at][1]]:
                pairs.append((other[at][0] - end - 1, (start, other[at][1])))
    return min(pairs, default=None)


def together(left: Ranges[Range], right: Ranges[Range], units: Ranges[int]) -> list[Range]:
    """Ranges of either side that share their unit with one of the other; a unit for each token."""
    shared = {units[first] for first, _ in left} & {units[first] for first, _ in right}
    return sorted({each for each in (*left, *right) if units[each[0]] in shared})


def apart(
    view: FieldView, left: Ranges[Range], right: Ranges[Range], distance: int
) -> list[Range]:
    """Passages of the left that are near no passage of the right: of one sentence, any order."""
    near_by = neighbours_of(view, left, right, distance)
    return [each for each, other in zip(left, near_by, strict=True) if other is None]


def neighbours_of(
    view: FieldView, ranges: Iterable[Range], passages: Ranges[Range], distance: int
) -> Iterable[Range | None]:
    """For each range the first passage that overlaps it or is near it in its sentence."""
    sentence, ends = view.tokens.sentence, [end for _, end in passages]
    for first, last in ranges:
        reach = max(first - distance - 1, bisect_left(sentence, sentence[first]))
        at = bisect_left(ends, reach)
        near_by = at < len(ends) and passages[at][0] <= last + distance + 1
        yield (passages[at] if near_by and sentence[passages[at][0]] == sentence[last] else None)


def outside(left: Ranges[Range], right: Ranges[Range]) -> list[Range]:
    """Passages of the left that lie inside no passage of the right."""
    return [each for each, other in zip(left, around(left, right), strict=True) if other is None]


def around(ranges: Iterable[Range], passages: Ranges[Range]) -> Iterable[Range | None]:
    """For each range a passage that it lies inside."""
    starts = [start for start, _ in passages]
    for first, last in ranges:
        at = bisect_right(starts, first) - 1
        yield passages[at] if at >= 0 and passages[at][1] >= last else None


# --- of many ranges those that count ---


def merged(found: Iterable[Ranges[Range]]) -> list[Range]:
    """All ranges in order, equal ones once."""
    return _in_order(chain.from_iterable(found))


def smallest(ranges: Ranges[Range]) -> list[Range]:
    """The ranges that contain no other one: passages. Their ends ascend like their starts."""
    if len(ranges) < 2:  # noqa: PLR2004
        return list(ranges)
    kept: list[Range] = []
    for start, end in dict(reversed(ranges)).items():  # from the last start to the first
        if not kept or end < kept[-1][1]:
            kept.append((start, end))
    return kept[::-1]


def largest(ranges: Iterable[Range]) -> list[Range]:
    """The ranges that no other one contains, in order."""
    kept: list[Range] = []
    for start, end in sorted(set(ranges), key=lambda range_: (range_[0], -range_[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def leftmost(ranges: Iterable[Range]) -> list[Range]:
    """Ranges that don't overlap: each time the first that is free.

    Of passages these are as many as there can be.
    """
    kept: list[Range] = []
    for start, end in ranges:
        if not kept or start > kept[-1][1]:
            kept.append((start, end))
    return kept
