"""Documents built to hurt end in entries or one clear error, never in a crash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds import sax
from tests.unit.feeds.documents import read, rss

ATTRIBUTES = " ".join(f"a{n}='1'" for n in range(50_000))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            rss(f"<item><x {ATTRIBUTES}/></item>"),
            "beyond the limits on feeds: an element with more than 256 attributes",
            id="attributes",
        ),
        pytest.param(
            rss("<item></x>" + "<b>" * 200_000),
            "beyond the limits on feeds: not well-formed, and too large to be read all the same",
            id="nesting after a fault",
        ),
        pytest.param(
            "&" * 2_000_000,
            "beyond the limits on feeds: not well-formed, and too large to be read all the same",
            id="ampersands",
        ),
        pytest.param(
            rss("<b>" * 200_000),
            "beyond the limits on feeds: elements nested deeper than 256",
            id="nesting",
        ),
    ],
)
def test_a_document_beyond_the_limits_is_refused(document: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(document)
    assert str(caught.value) == message


def test_a_document_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sax, "MAX_ELEMENTS", 1_000)
    with pytest.raises(ParseError, match="more than 1000 elements"):
        read(rss("<b/>" * 1_000))


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(f"<title>t</title><x></y><z {ATTRIBUTES}/>", id="attributes after a fault"),
        pytest.param("<title>t</title><x></y>" + "<b>" * 20_000, id="nesting after a fault"),
        pytest.param("<title>t</title><x></y>" + "<!" * 50_000, id="declarations"),
        pytest.param("<title>t</title><x></y>" + "&" * 50_000, id="ampersands"),
        pytest.param(
            f"<title>t</title><description><![CDATA[{'<!--' * 50_000}]]></description>",
            id="open comments",
        ),
        pytest.param(
            f"<title>t</title><description>{'&lt;p>x ' * 1_000_000}</description>",
            id="8 MB of HTML",
        ),
    ],
)
def test_an_entry_survives_hostile_neighbours(item: str) -> None:
    assert [entry.title for entry in read(rss(f"<item>{item}</item>")).entries] == ["t"]


def test_two_megabytes_of_open_declarations_are_refused() -> None:
    with pytest.raises(ParseError, match="not well-formed, and too large"):
        read("<?xml " * (2_000_000 // len("<?xml ")))


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param(f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>', id="billion laughs"),
        pytest.param('<!DOCTYPE r [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>', id="a file"),
        pytest.param("<!DOCTYPE\n" * 20_000, id="a head without end"),
        pytest.param("<!-- -->" + "\n" * 500_000, id="blank lines"),
    ],
)
def test_entities_are_not_expanded_and_a_long_head_costs_nothing(doctype: str) -> None:
    feed = read(f"<?xml version='1.0'?>{doctype}<rss><item><title>t&l9;</title></item></rss>")
    (title,) = (entry.title for entry in feed.entries)
    assert title in {"t", "t&l9;"}


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "unicode_escape", "zip_codec", "rot13", "no-such-thing"]
)
def test_an_odd_declared_encoding_does_no_harm(name: str) -> None:
    document = rss("<item><title>Łódź</title></item>").replace("?>", f' encoding="{name}"?>', 1)
    assert [entry.title for entry in read(document).entries] == ["Łódź"]


FRAGMENTS = ["<rss>", "</rss>", "<item>", "<title>", "</title>", "<![CDATA[", "]]>", "&#x", ";"]
FRAGMENTS += ["<!DOCTYPE", "<!ENTITY", "<feed>", "<entry", "/>", "<?xml", "?>", "\x00", "{", "é"]


@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5)), max_size=30))
def test_any_document_is_read_or_refused(fragments: list[str]) -> None:
    document = "".join(fragments).encode("utf-8", "replace")
    try:
        assert all(entry.title for entry in read(document).entries)
    except ParseError as error:
        assert str(error)  # noqa: PT017  (both ends are right; anything else is not)
