import pytest

from monitor.analysis.teaser import LONGEST, is_teaser


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
