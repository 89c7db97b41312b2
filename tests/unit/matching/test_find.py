"""Ranges of windows and proximity operators, against trying every range."""

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.tokens import tokenise
from monitor.matching import find
from monitor.matching.find import Range
from monitor.matching.view import FieldView
from monitor.rules.tree import Form, TokenTest

words = st.sampled_from(["a", "b", "c"])
texts = st.lists(
    st.lists(words, min_size=1, max_size=7).map(" ".join), min_size=1, max_size=2
).map("\n".join)
parts = st.lists(
    st.lists(words, min_size=1, max_size=3).map(lambda each: tuple(map(Form, each))),
    min_size=1,
    max_size=3,
).map(tuple)


def ranges_in(view: FieldView) -> st.SearchStrategy[list[Range]]:
    every = [
        (i, j)
        for i in range(len(view.tokens))
        for j in range(i, len(view.tokens))
        if one(view, i, j)
    ]
    return st.lists(st.sampled_from(every), max_size=6, unique=True).map(sorted)


views = texts.map(lambda text: FieldView("text", tokenise(text, None), None))
operands = views.flatmap(lambda view: st.tuples(st.just(view), ranges_in(view), ranges_in(view)))


def one(view: FieldView, first: int, last: int) -> bool:
    return view.tokens.sentence[first] == view.tokens.sentence[last]


def nearest(every: Iterable[Range]) -> list[Range]:
    """For each start the range that ends first, for each end the one that starts last."""
    found = set(every)
    return sorted(
        (i, j)
        for i, j in found
        if j == min(m for k, m in found if k == i) or i == max(k for k, m in found if m == j)
    )


def minimal(every: Iterable[Range]) -> list[Range]:
    found = set(every)
    return sorted(
        a for a in found if not any(a != b and a[0] <= b[0] and b[1] <= a[1] for b in found)
    )


@given(given_=operands, distance=st.integers(0, 4))
def test_near_spans_two_operands_of_a_sentence(
    given_: tuple[FieldView, list[Range], list[Range]], distance: int
) -> None:
    view, left, right = given_
    ordered = {
        (a[0], b[1])
        for a in left
        for b in right
        if 0 <= b[0] - a[1] - 1 <= distance and one(view, a[0], b[1])
    }
    reverse = {
        (b[0], a[1])
        for a in left
        for b in right
        if 0 <= a[0] - b[1] - 1 <= distance and one(view, b[0], a[1])
    }

    assert find.near(view, left, right, distance, ordered=True) == nearest(ordered)
    assert find.near(view, left, right, distance, ordered=False) == nearest(ordered | reverse)


@given(view=views, parts=parts, slop=st.integers(0, 3))
def test_a_window_holds_each_of_its_parts(
    view: FieldView, parts: tuple[tuple[TokenTest, ...], ...], slop: int
) -> None:
    places = [frozenset(find.neighbours(view, part)) for part in parts]
    most = sum(map(len, parts)) + slop
    every = {
        (i, j)
        for i in {first for each in places for first, _ in each}
        for j in {last for each in places for _, last in each}
        if i <= j < i + most
        and one(view, i, j)
        and all(
            sum(i <= first and last <= j for first, last in each) >= places.count(each)
            for each in places
        )
    }

    assert find.window(view, parts, slop) == nearest(every)


@given(given_=operands, distance=st.integers(0, 4))
def test_what_is_apart_is_near_no_passage_of_the_other(
    given_: tuple[FieldView, list[Range], list[Range]], distance: int
) -> None:
    view, left, right = given_
    expected = [
        a
        for a in minimal(left)
        if not any(
            one(view, a[0], b[0]) and max(b[0] - a[1], a[0] - b[1]) - 1 <= distance
            for b in minimal(right)
        )
    ]
    assert find.apart(view, find.smallest(left), find.smallest(right), distance) == expected


@given(given_=operands)
def test_what_is_outside_lies_in_no_passage_of_the_other(
    given_: tuple[FieldView, list[Range], list[Range]],
) -> None:
    _, left, right = given_
    expected = [
        a for a in minimal(left) if not any(b[0] <= a[0] and a[1] <= b[1] for b in minimal(right))
    ]
    assert find.outside(find.smallest(left), find.smallest(right)) == expected


@given(given_=operands)
def test_together_are_both_operands_of_each_shared_unit(
    given_: tuple[FieldView, list[Range], list[Range]],
) -> None:
    view, left, right = given_

    def accompanied(ours: Sequence[Range], others: Sequence[Range]) -> set[Range]:
        return {a for a in ours if any(one(view, a[0], b[0]) for b in others)}

    expected = sorted(accompanied(left, right) | accompanied(right, left))
    assert find.together(left, right, view.tokens.sentence) == expected


@given(given_=operands)
def test_the_closest_pair_has_the_fewest_tokens_between(
    given_: tuple[FieldView, list[Range], list[Range]],
) -> None:
    view, left, right = given_
    gaps = [b[0] - a[1] - 1 for a in left for b in right if b[0] > a[1] and one(view, a[0], b[1])]
    closest = find.closest(view, left, right, ordered=True)
    assert (closest[0] if closest else None) == min(gaps, default=None)


@given(given_=operands)
def test_the_smallest_contain_no_other_and_the_leftmost_are_as_many_as_can_be(
    given_: tuple[FieldView, list[Range], list[Range]],
) -> None:
    _, ranges, _ = given_
    smallest = find.smallest(ranges)

    assert smallest == minimal(ranges)
    assert len(find.leftmost(smallest)) == most_apart(ranges)


def most_apart(ranges: list[Range]) -> int:
    return max(
        number
        for number in range(len(ranges) + 1)
        for chosen in combinations(ranges, number)
        if all(a[1] < b[0] for a, b in pairwise(chosen))
    )
