import pytest

from monitor.analysis.teaser import LONGEST, beginning, is_stub, is_teaser


@pytest.mark.parametrize(
    "text",
    [
        "The minister said on Monday …",
        "The minister said on Monday...",
        "The minister said on Monday [...]",
        "The minister said on Monday [&]".replace("&", "…"),
        "He left on Monday. Read more",
        "He left on Monday.\nRead more »",
        "He left on Monday. [Read More…]",
        "He left.\n\nContinue reading “Minister leaves” →",
        "Der Minister ging. Weiterlesen",
        "Министр ушёл. Читать далее",
        "大臣は辞任した。\n続きを読む",
        "He left on Mon […]\n\nThe post Minister leaves appeared first on The Daily.",
        "He left on Monday.\nSubscribe to continue reading",
    ],
)
def test_a_text_that_invites_to_read_on_is_a_teaser(text: str) -> None:
    assert is_teaser(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The minister left on Monday.",
        "He said: … no. And then he left.",
        "You can read more about it in the library.",
        "He left on Monday.\n\nThe post Minister leaves appeared first on The Daily.",
        "Children read on average 3 books. That is all.",
    ],
)
def test_a_text_that_ends_like_one_is_whole(text: str) -> None:
    assert not is_teaser(text)


def test_a_long_text_is_whole_however_it_ends() -> None:
    text = "The minister left on Monday. " * (LONGEST // 29)
    assert is_teaser(f"{text[:-20]}…")
    assert not is_teaser(f"{text} And so it went on and on …")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The minister left on Mon…", True),
        ("He left. Already a subscriber? Log in", True),
        ("Er ging.\n\nBereits Abonnent? Anmelden", True),
        ("He left.\n\nSubscribe to our newsletter.", False),
        ("He left.\n\nRead more: Who is next?", False),
        ("He left.\n\nYou may also like...", False),
        ("He left on Mon…\n\nSee also: the weather", True),
        ("He left on Monday.", False),
    ],
)
def test_a_page_is_a_stub_if_it_ends_for_those_who_do_not_pay(
    text: str, *, expected: bool
) -> None:
    assert is_stub(text) is expected
    assert not is_stub("The minister left on Monday. " * (LONGEST // 29 + 1) + text)


@pytest.mark.parametrize(
    ("lead", "teaser", "both"),
    [
        ("", "He left …", "He left …"),
        ("He left", "He left …", "He left …"),
        ("He left on Mon…", "He left on Monday. Then [...]", "He left on Monday. Then [...]"),
        ("He left.", "She came …", "He left.\n\nShe came …"),
    ],
)
def test_a_teaser_adds_to_the_lead_what_it_does_not_say(lead: str, teaser: str, both: str) -> None:
    assert beginning(lead, teaser) == both
