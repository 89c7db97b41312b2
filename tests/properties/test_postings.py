"""The index of numbers is compared with a dict of sets."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.postings import Postings

CHANGES = st.lists(
    st.tuples(st.booleans(), st.integers(0, 40) | st.sampled_from([2**32 - 2]), st.integers(0, 3))
)


@given(CHANGES, st.integers(0, 3))
def test_numbers_have_the_articles_that_were_added_and_not_removed(
    changes: list[tuple[bool, int, int]], stride: int
) -> None:
    postings, model = Postings(), dict[int, set[int]]()
    for adds, drawn, article in changes:
        number = drawn * 2**stride % (2**32 - 1)
        having = model.setdefault(number, set())
        if adds:
            postings.add(number, article)
            having.add(article)
        elif article in having:
            postings.remove(number, article)
            having.remove(article)
    for number, having in model.items():
        found = postings.get(number)
        several = found if isinstance(found, set) else {found} - {None}
        assert several == having
        assert isinstance(found, set) == (len(having) > 1)


def test_what_comes_and_goes_takes_no_room_for_ever() -> None:
    postings = Postings()
    for number in range(20_000):
        postings.add(number, number)
        if number >= 100:
            postings.remove(number - 100, number - 100)
    assert [postings.get(number) for number in (19_899, 19_900)] == [None, 19_900]
    assert len(postings._keys) <= 1024
