import pytest

from monitor.alerts.plain import clip, link, tidy, without_mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\r\nBcc: x@y.z", "a Bcc: x@y.z", id="line breaks"),
        pytest.param("\x1b[31mred\x07", " [31mred ", id="escape sequence of a terminal"),
        pytest.param("abc\u202edcba", "abcdcba", id="override of the reading direction"),
        pytest.param("half \ud800 a character", "half a character", id="lone surrogate"),
        pytest.param("a\u2028b\u0085c", "a b c", id="line breaks of Unicode"),
        pytest.param("naïve 日本 👩‍🚀", "naïve 日本 👩‍🚀", id="other scripts stay"),
    ],
)
def test_text_becomes_one_line_of_visible_characters(text: str, expected: str) -> None:
    assert tidy(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://a.example/x?y=1&z=2#f", "https://a.example/x?y=1&z=2#f", id="https"),
        pytest.param("HTTP://a.example", "HTTP://a.example", id="capital scheme"),
        pytest.param("https://a.example/ä/日", "https://a.example/ä/日", id="other scripts"),
        pytest.param("https://a.b/\x9b1m\u2028x", "https://a.b/%C2%9B1m%E2%80%A8x", id="control"),
        pytest.param("javascript:alert(1)", "", id="script"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("https:///etc/passwd", "", id="no host"),
        pytest.param("", "", id="none"),
        pytest.param(
            'https://a.example/"><script>|x\n',
            "https://a.example/%22%3E%3Cscript%3E%7Cx",
            id="quote",
        ),
    ],
)
def test_only_web_links_pass_and_end_nothing(url: str, expected: str) -> None:
    assert link(url) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("short", 5, "short", id="fits"),
        pytest.param("one two three four", 12, "one two…", id="cut between words"),
        pytest.param("Donaudampfschifffahrt", 6, "Donau…", id="a single word is cut"),
        pytest.param("alpha beta — gamma", 14, "alpha beta…", id="no dangling dash"),
    ],
)
def test_long_text_is_clipped_with_an_ellipsis(text: str, limit: int, expected: str) -> None:
    assert clip(text, limit) == expected
    assert len(clip(text, limit)) <= limit


@pytest.mark.parametrize(
    "text",
    [
        *("@everyone", "@here now", "@Channel", "<@U123>", "<!channel>", "<#C1>"),
        *("<users/all>", "@room", "@**all**", '<at user_id="all">', "</at>"),
    ],
)
def test_mentions_of_chat_services_are_broken(text: str) -> None:
    assert text not in without_mentions(text)
    assert without_mentions(text).replace("\u200b", "") == text


@pytest.mark.parametrize("text", ["3 < 4 and 3 <4", "5 @ 2 dollars", "<3", "a > b"])
def test_ordinary_signs_stay(text: str) -> None:
    assert without_mentions(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("https://a.example/@desk/1", "https://a.example/@desk/1", id="kept"),
        pytest.param("see https://a.example/@all", "see https://a.example/%40all", id="call"),
        pytest.param("https://a.example<!all>", "https://a.example<\u200b!all>", id="behind"),
    ],
)
def test_links_with_at_signs_keep_working_and_ring_nobody(text: str, expected: str) -> None:
    assert without_mentions(text) == expected
