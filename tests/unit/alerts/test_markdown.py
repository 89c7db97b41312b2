import pytest

from monitor.alerts.markdown import escape, linked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("*bold* _it_ `code` ~no~", r"\*bold\* \_it\_ \`code\` \~no\~", id="marks"),
        pytest.param(
            "[click](https://evil.example)", r"\[click\](https://evil.example)", id="link"
        ),
        pytest.param("<b>&", "\\<\u200bb\\>&", id="html"),
        pytest.param("1. first", r"1\. first", id="number"),
        pytest.param("- a", r"\- a", id="list"),
        pytest.param("# a", r"\# a", id="heading"),
        pytest.param("3.5 million – up 1.2", "3.5 million – up 1.2", id="ordinary text"),
        pytest.param("@everyone", "@\u200beveryone", id="mention"),
    ],
)
def test_text_stays_text(text: str, expected: str) -> None:
    assert escape(text) == expected


def test_a_link_can_not_be_ended_early() -> None:
    assert linked("a]b", "https://a.example/(x)") == r"[a\]b](https://a.example/%28x%29)"
    assert linked("a", "") == "a"
