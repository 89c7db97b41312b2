"""HTML becomes text that a reader would see, whatever the HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.html import MAX_HTML, clean_line, looks_like_html_page, to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>One.</p><p>Two.</p>", "One.\n\nTwo.", id="blocks"),
        pytest.param(
            "<h2>Head</h2>Body<div>More</div>", "Head\n\nBody\n\nMore", id="mixed blocks"
        ),
        pytest.param("One<br>Two<br/>Three", "One\nTwo\nThree", id="br"),
        pytest.param("A<br><br><br>B", "A\n\nB", id="many br are one blank line"),
        pytest.param("<ul><li>x<li>y</ul>z", "x\ny\n\nz", id="list"),
        pytest.param("<table><tr><td>a<td>b<tr><td>c</table>", "a\nb\n\nc", id="table"),
        pytest.param("<p>one\n  two\t three</p>", "one two three", id="white space"),
        pytest.param("un<b>break</b>able <i>word</i>s", "unbreakable words", id="inline tags"),
        pytest.param("<p>a</p><script>if (a<b) x()</script>b", "a\n\nb", id="script"),
        pytest.param("a<style>p{}</style><template>t</template>b", "ab", id="style, template"),
        pytest.param("a<svg><title>t</title></svg><!-- c -->b", "ab", id="nested skips, comment"),
        pytest.param(
            "<p>AT&amp;T &#8220;x&#8221; &eacute;&nbsp;y</p>", "AT&T “x” é y", id="entities"
        ),
        pytest.param("<p>&amp;lt;b&amp;gt;</p>", "&lt;b&gt;", id="entities once"),
        pytest.param("AT&amp;T &lt;b&gt;", "AT&T <b>", id="entities without a tag"),
        pytest.param("5 < 6 and 7 > 3 <3", "5 < 6 and 7 > 3 <3", id="signs are no tags"),
        pytest.param(
            "<p>sanc\u00adtions\u200b \u202eNATO\ufeff\u2066</p>", "sanctions NATO", id="invisible"
        ),
        pytest.param("a\x00b\x07c\ud800d", "abcd", id="controls and surrogates"),
        pytest.param("<p>&#0;&#xFFFFFFFF;&#xD800;ok</p>", "\ufffd\ufffd\ufffdok", id="impossible"),
        pytest.param("&#" + "9" * 5000 + ";ok", "\ufffdok", id="number beyond int()"),
        pytest.param("<?xml version='1.0' encoding='latin-1'?><p>é</p>", "é", id="declaration"),
        pytest.param("<meta charset=latin1><p>é</p>", "é", id="meta charset"),
        pytest.param("line one\r\nline two", "line one\nline two", id="plain lines stay"),
        pytest.param("<!-- only a comment -->", "", id="only a comment"),
        pytest.param("", "", id="empty"),
    ],
)
def test_html_becomes_the_text_a_reader_sees(markup: str, text: str) -> None:
    assert to_text(markup) == text


def test_plain_text_wrapped_at_a_column_is_unwrapped_but_paragraphs_stay() -> None:
    first = "The ministers of foreign affairs met in Brussels on Monday to talk\nabout sanctions."
    assert to_text(f"{first}\n\nMore.") == f"{first.replace(chr(10), ' ')}\n\nMore."


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("AT&amp;T", "AT&T"),
        ("&#8220;Yes&#8221;", "“Yes”"),
        ("<b>Bold</b> move", "Bold move"),
        ("<script>alert(1)</script>News", "News"),
        ("Two\r\nBcc: x@example.org", "Two Bcc: x@example.org"),
        ("x" * 2000, "x" * 1000),
    ],
    ids=["entity", "quotes", "tag", "script", "line break", "too long"],
)
def test_a_title_becomes_one_line(title: str, line: str) -> None:
    assert clean_line(title) == line


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<!--" * 50_000, ""),
        ("<" * 8_000_000, "<" * MAX_HTML),
        ("<b>" * 200_000 + "deep", "deep"),
        ("<a " + "x=1 " * 100_000 + ">t</a>", "t"),
        ("&" * 1_000_000, "&" * 1_000_000),
        ("</p>" * 200_000 + "x", "x"),
    ],
    ids=["open comments", "less-than signs", "nesting", "attributes", "ampersands", "end tags"],
)
def test_hostile_html_is_read_without_harm(markup: str, text: str) -> None:
    assert to_text(markup) == text


@given(st.text(alphabet=st.one_of(st.sampled_from("<>&/;#! pbr\n\x00\u200b"), st.characters())))
def test_any_string_becomes_storable_text_without_controls(markup: str) -> None:
    text = to_text(markup)
    assert text == text.strip()
    assert text.encode().decode() == text
    assert not set(text) & set("\x00\x08\r\u00ad\u200b\u202e\ufeff")


@pytest.mark.parametrize(
    ("body", "is_page"),
    [
        (b"<!DOCTYPE html><title>x</title>", True),
        (b"\xef\xbb\xbf\n  <html lang=en>", True),
        (b"<?xml version='1.0'?>\n<!-- a --><!-- b --><!DOCTYPE HTML PUBLIC>", True),
        (b"<rss><channel><title>&lt;html&gt;</title></channel></rss>", False),
        (b"<?xml version='1.0'?><feed><title><html></html></title></feed>", False),
        (b"<!-- <html> --><rss/>", False),
        (b"<!--x-->" * 400 + b"<rss/>", False),
        (b"", False),
    ],
    ids=["doctype", "bom", "prolog", "rss", "atom", "comment", "many comments", "empty"],
)
def test_a_page_is_told_from_a_feed_by_its_first_tag(body: bytes, is_page: bool) -> None:  # noqa: FBT001
    assert looks_like_html_page(body) is is_page


@given(st.lists(st.sampled_from(["<", ">", "!--", "script", "p", "/", " ", "x", "svg", "&"])))
def test_what_was_read_before_changes_nothing(parts: list[str]) -> None:
    to_text("".join(parts))
    assert to_text("<p>One.</p>Two.") == "One.\n\nTwo."
