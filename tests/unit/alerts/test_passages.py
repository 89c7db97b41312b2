from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.passages import Excerpt, Passage, excerpt, highlight
from monitor.model.alert import RuleFacts, TellingHit
from monitor.model.hit import Span
from tests.unit.alerts.samples import ARTICLE, spans


def plain(passage: Passage) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in passage)


def hit(*found: Span) -> TellingHit:
    return TellingHit(rule=RuleFacts(id="r", title="R"), spans=found, why="")


def quoted(text: str, *found: Span) -> list[str]:
    return [plain(one) for one in excerpt(replace(ARTICLE, text=text), [hit(*found)]).passages]


FILLER = "Nothing else happened that day in the old town. " * 12


def test_a_passage_is_the_sentence_around_the_hit() -> None:
    text = FILLER + "The council voted on the harbour strike at noon. " + FILLER
    assert quoted(text, *spans(text, "harbour strike", "c")) == [
        "The council voted on the [harbour strike] at noon."
    ]


def test_a_long_sentence_is_cut_between_words_with_a_no_break_space_before_the_ellipsis() -> None:
    text = "and so on " * 60 + "harbour strike " + "or whatever " * 60
    (passage,) = quoted(text, *spans(text, "harbour strike", "c"))
    assert passage.startswith("…\u00a0")
    assert passage.endswith(("whatever\u00a0…", "or\u00a0…"))
    assert "on [harbour strike] or" in passage
    assert len(passage) < 280


def test_a_cut_passage_does_not_begin_with_the_dash_of_a_dateline() -> None:
    dateline = "ERBIL (Gazette)"
    for dash in ("–", "—", "-"):
        text = f"{dateline} {dash} In a " + "very " * 12 + "harbour strike."
        (passage,) = quoted(text, *spans(text, "harbour strike", "c"))
        assert passage.startswith("…\u00a0In a very")


def test_a_passage_about_many_hits_is_a_few_lines_and_the_rest_is_counted() -> None:
    text = "Ann, who met Bob and Cem in the old town, " * 20
    found = [each for name in ("Ann", "Bob", "Cem") for each in spans(text, name, f"@{name}")]
    shown = excerpt(replace(ARTICLE, text=text), [hit(*found)])
    assert all(len("".join(piece.text for piece in one)) <= 290 for one in shown.passages)
    assert shown.more > 0


def test_a_passage_that_follows_another_begins_with_its_first_word() -> None:
    text = "Ann " + "went on and on " * 9 + "harbour strike."
    found = (*spans(text, "Ann", "@ann"), *spans(text, "harbour strike", "#strike"))
    first, second = quoted(text, *found)
    assert first.startswith("…\u00a0on ")
    assert second.startswith("[Ann] went")


def test_what_is_rare_is_quoted_before_what_the_article_repeats() -> None:
    text = FILLER.join(["Ann and Bob met. ", "Ann and Bob spoke. ", "A drone assault. ", "Bob."])
    people = [each for name in ("Ann", "Bob") for each in spans(text, name, f"@{name}")]
    shown = excerpt(
        replace(ARTICLE, text=text), [hit(*people, *spans(text, "drone assault", "#d"))]
    )
    assert plain(shown.passages[0]) == "A [drone assault]."


def test_hits_that_stand_close_share_a_passage() -> None:
    text = "A harbour strike and a wage deal."
    found = spans(text, "harbour strike", "a") + spans(text, "wage deal", "b")
    assert quoted(text, *found) == ["A [harbour strike] and a [wage deal]."]


def test_overlapping_hits_are_one_highlight() -> None:
    text = "the 19th package of sanctions was"
    found = spans(text, "19th package", "a") + spans(text, "package of sanctions", "b")
    assert quoted(text, *found) == ["the [19th package of sanctions] was"]


def test_the_passages_that_show_most_clauses_come_first_and_the_rest_is_counted() -> None:
    text = FILLER.join(
        ["One strike. ", "Two strike. ", "A strike and a deal. ", "Four strike. ", "Last strike."]
    )
    found = spans(text, "strike", "#strike") + spans(text, "deal", "#deal")
    shown = excerpt(replace(ARTICLE, text=text), [hit(*found)])
    assert [plain(one) for one in shown.passages] == ["A [strike] and a [deal].", "One [strike]."]
    assert shown.more == 3


def test_each_rule_is_quoted_before_one_that_is_quoted_already() -> None:
    text = FILLER.join(
        ["Ann, Bob and Cem met. ", "Ann met Bob. ", "A harbour strike. ", "Cem left."]
    )
    people = [each for name in ("Ann", "Bob", "Cem") for each in spans(text, name, f"@{name}")]
    shown = excerpt(
        replace(ARTICLE, text=text),
        [hit(*people), hit(*spans(text, "harbour strike", "#strike"))],
    )
    assert {plain(one) for one in shown.passages} == {
        "[Ann], [Bob] and [Cem] met.",
        "A [harbour strike].",
    }


def test_the_lead_is_quoted_as_well() -> None:
    article = replace(ARTICLE, lead="A wage deal is near.", text="Nothing.")
    found = spans(article.lead, "wage deal", "c", "lead")
    assert [plain(one) for one in excerpt(article, [hit(*found)]).passages] == [
        "A [wage deal] is near."
    ]


def test_without_a_hit_in_the_text_the_opening_is_shown() -> None:
    title = spans(ARTICLE.title, "Harbour Strike", "c", "title")
    (opening,) = excerpt(ARTICLE, [hit(*title)]).passages
    assert plain(opening).startswith("Crane drivers walked out on Monday.")
    assert plain(opening).endswith("\u00a0…")


def test_an_article_without_text_has_no_passages() -> None:
    assert excerpt(replace(ARTICLE, text=" "), []) == Excerpt(())


def test_the_headline_is_highlighted_whole() -> None:
    title = "Harbour strike: no end"
    assert plain(highlight(title, spans(title, "strike", "c"))) == "Harbour [strike]: no end"


def test_line_breaks_end_a_passage_like_a_sentence() -> None:
    text = "A heading without a mark\nThe strike goes on\nAnother heading"
    assert quoted(text, *spans(text, "strike", "c")) == ["The [strike] goes on"]


@given(
    text=st.text(alphabet="ab .!\nÄ\u200d—", max_size=900),
    cuts=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 400)), max_size=8),
)
def test_every_shown_hit_is_text_of_a_span_and_passages_stay_short(
    text: str, cuts: list[tuple[int, int]]
) -> None:
    found = [
        Span("text", start, start + size, text[start : start + size], f"c{start}")
        for start, size in cuts
        if start + size <= len(text)
    ]
    shown = excerpt(replace(ARTICLE, text=text), [hit(*found)])
    assert len(shown.passages) <= 2
    for passage in shown.passages:
        assert sum(len(piece.text) for piece in passage) < 1000
        for piece in passage:
            if piece.hit:
                assert piece.text.replace(" ", "") in "".join(text.split())


@pytest.mark.parametrize(
    ("text", "needle", "expected"),
    [
        pytest.param("The deployment of forces.", "deployment of force", "The [deployment of forces].", id="end"),
        pytest.param("A counterstrike came.", "strike", "A [counterstrike] came.", id="beginning"),
        pytest.param("A strike-breaker came.", "strike", "A [strike]-breaker came.", id="hyphen"),
        pytest.param("In 日本政府は said.", "日本", "In [日本]政府は said.", id="no spaces"),
        pytest.param("Ein Überflugverbot gilt.", "flug", "Ein [Überflugverbot] gilt.", id="both"),
    ],
)  # fmt: skip
def test_a_highlight_ends_with_a_word(text: str, needle: str, expected: str) -> None:
    (passage,) = quoted(text, *spans(text, needle, "c"))
    assert passage == expected
