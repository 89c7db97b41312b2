"""Subscription lists as other programs write them, and ours as others read them."""

import codecs
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds.opml import Subscription, feed_key, read_opml, write_opml
from monitor.model.feed import FeedSpec

CREATED = datetime(2026, 11, 25, 9, tzinfo=UTC)
A = "https://a.example/feed"
B = "https://b.example/rss?x=1&y=2"


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?>\n<opml version="1.1"><body>\n{body}\n</body></opml>'.encode()


def named(name: str, url: str = A, *tags: str) -> tuple[str, str, tuple[str, ...]]:
    return name, url, tags


def read(body: bytes) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.name, each.url, each.tags) for each in read_opml(body)]


GOOD = f'<outline text="A" xmlUrl="{A}"/>'
# name: (document, what it says)
SHAPES = {
    "as it should be": (opml(GOOD), [named("A")]),
    "raw & in a name": (opml(f'<outline text="B & C &co" xmlUrl="{A}"/>'), [named("B & C &co")]),
    "raw & in an address": (opml(f'<outline text="B" xmlUrl="{B}"/>'), [named("B", B)]),
    "raw & that looks like a reference": (
        opml('<outline text="B" xmlUrl="https://b.example/?a=1&copy=2&lt=3"/>'),
        [named("B", "https://b.example/?a=1&copy=2&lt=3")],
    ),
    "an address escaped twice": (
        opml('<outline text="B" xmlUrl="https://b.example/?a=1&amp;amp;b=2"/>'),
        [named("B", "https://b.example/?a=1&b=2")],
    ),
    "raw < in a name": (opml(f'<outline text="1 < 2 <b>" xmlUrl="{A}"/>'), [named("1 < 2 <b>")]),
    "raw > in a name": (opml(f'<outline text="NYT > Top" xmlUrl="{A}"/>'), [named("NYT > Top")]),
    "a tag in a description": (
        opml(f'<outline text="A" description="<a href=\'x\'>y</a>" xmlUrl="{A}"/>'),
        [named("A")],
    ),
    "raw quotes in a name": (
        opml(f'<outline text="The "big" one" xmlUrl="{A}"/>'),
        [named('The "big" one')],
    ),
    "a name whose quote is not closed": (
        opml(f'<outline text="A b xmlUrl="{A}"/>{GOOD.replace(A, B)}'),
        [named("A b"), named("A", B)],
    ),
    "an address whose quote is not closed": (
        opml(f'<outline text="A" xmlUrl="{A} />\n<outline text="B" xmlUrl="{B}" />'),
        [named("A"), named("B", B)],
    ),
    "single quotes": (opml(f"<outline text='It\"s' xmlUrl='{A}'/>"), [named('It"s')]),
    "no quotes": (opml(f"<outline text=A xmlUrl={A} type=rss />"), [named("A")]),
    "no blanks between attributes": (opml(f'<outline text="A"xmlUrl="{A}"/>'), [named("A")]),
    "blanks around =": (opml(f'<outline text = "A" xmlUrl\n=\n"{A}" / >'), [named("A")]),
    "attributes in capitals": (opml(f'<OUTLINE TEXT="A" XMLURL="{A}"/>'), [named("A")]),
    "attributes in small letters": (opml(f'<outline text="A" xmlurl="{A}"/>'), [named("A")]),
    "an attribute twice": (opml(f'<outline text="A" text="B" xmlUrl="{A}"/>'), [named("A")]),
    "only a title": (opml(f'<outline title="A" xmlUrl="{A}"/>'), [named("A")]),
    "no name at all": (opml(f'<outline xmlUrl="{A}"/>'), [named("")]),
    "url instead of xmlUrl": (opml(f'<outline type="rss" text="A" url="{A}"/>'), [named("A")]),
    "the address of a page besides": (
        opml(f'<outline text="A" xmlUrl="{A}" htmlUrl="https://a.example/"/>'),
        [named("A")],
    ),
    "a prefix": (opml(f'<o:outline text="A" xmlUrl="{A}"/>'), [named("A")]),
    "named characters of HTML": (
        opml(f'<outline text="Caf&eacute;&nbsp;&#8220;x&#x201D; &unknown;" xmlUrl="{A}"/>'),
        [named("Café “x” &unknown;")],
    ),
    "CDATA in an attribute": (opml(f'<outline text="<![CDATA[A]]>" xmlUrl="{A}"/>'), [named("A")]),
    "line breaks in an attribute": (
        opml(f'<outline text="A\n  and B" xmlUrl="\n {A}\n"/>'),
        [named("A and B")],
    ),
    "control characters": (opml(f'<outline text="A\x00\x0b\x1f" xmlUrl="{A}"/>'), [named("A")]),
    "CR line ends": (opml(GOOD).replace(b"\n", b"\r"), [named("A")]),
    "feeds with end tags": (
        opml(f'<outline text="F"><outline text="A" xmlUrl="{A}"></outline>'
             f'<outline text="B" xmlUrl="{B}"></outline></outline>{GOOD.replace(A, "http://c.d/")}'),
        [named("A", A, "F"), named("B", B, "F"), named("A", "http://c.d/")],
    ),
    "feeds that are not ended": (
        opml(f'<outline text="F"><outline text="A" xmlUrl="{A}"></outline>'
             f'<outline text="B" xmlUrl="{B}">'),
        [named("A", A, "F"), named("B", B)],
    ),
    "folders that are not ended": (
        opml(f'<outline text="F"><outline text="G">{GOOD}'),
        [named("A", A, "F", "G")],
    ),
    "more ends than beginnings": (opml(f"</outline></outline>{GOOD}</outline>"), [named("A")]),
    "no body": (f'<opml version="2.0">{GOOD}</opml>'.encode(), [named("A")]),
    "no root": (GOOD.encode(), [named("A")]),
    "blank lines before the declaration": (b"\n\n " + opml(GOOD), [named("A")]),
    "junk behind the root": (opml(GOOD) + b"<!-- served in 3 ms --><script>1<2</script>",
                             [named("A")]),
    "cut off in an address": (
        opml(GOOD + '<outline text="B" xmlUrl="https://b.exam').split(b"\n</body>", maxsplit=1)[0],
        [named("A")],
    ),
    "cut off behind an address": (
        opml(GOOD + f'<outline text="B" xmlUrl="{B}" te').split(b"\n</body>", maxsplit=1)[0],
        [named("A"), named("B", B)],
    ),
    "a feed in a comment": (opml(f"<!-- {GOOD.replace(A, B)} -->{GOOD}"), [named("A")]),
    "a comment without an end": (opml(f"<!-- {GOOD}"), [named("A")]),
    "a byte order mark": (codecs.BOM_UTF8 + opml(GOOD), [named("A")]),
    "UTF-16": (opml(GOOD).decode().encode("utf-16"), [named("A")]),
    "Latin-1 that calls itself UTF-8": (
        opml(GOOD.replace("A", "Déjà vu à la télé", 1)).decode().encode("latin-1"),
        [named("Déjà vu à la télé")],
    ),
    "windows-1251": (
        ('<?xml version="1.0" encoding="windows-1251"?>'
         f'<opml><outline text="Новости" xmlUrl="{A}"/></opml>').encode("cp1251"),
        [named("Новости")],
    ),
    "entities that would explode": (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + opml(GOOD.replace("A", "&b;", 1)),
        [named("&b;")],
    ),
    "feed: instead of http:": (
        opml('<outline text="A" xmlUrl="feed://a.example/feed"/>'
             '<outline text="B" xmlUrl="feed:https://b.example/"/>'
             '<outline text="C" xmlUrl="feed://https://c.example/"/>'),
        [named("A", "http://a.example/feed"), named("B", "https://b.example/"),
         named("C", "https://c.example/")],
    ),
    "blanks in an address": (
        opml('<outline text="A" xmlUrl=" https://a.example/my feed "/>'),
        [named("A", "https://a.example/my%20feed")],
    ),
    "an empty address": (opml(f'<outline text="B" type="rss" xmlUrl=""/>{GOOD}'), [named("A")]),
    "categories besides folders": (
        opml(f'<outline text="F"><outline text="A" category="/n/eu, F ,p" xmlUrl="{A}"/></outline>'),
        [named("A", A, "F", "n", "eu", "p")],
    ),
    "one feed in two folders": (
        opml(f'<outline text="F">{GOOD}</outline><outline text="G">'
             '<outline xmlUrl="http://www.a.example/feed/"/></outline>'),
        [named("A", A, "F", "G")],
    ),
    "a feed without a name, and again with one": (
        opml(f'<outline xmlUrl="{A}"/>{GOOD}'),
        [named("A")],
    ),
    "more folders than anybody wants": (
        opml("".join(f'<outline text="{n}">' for n in range(30)) + GOOD),
        [named("A", A, *map(str, range(20)))],
    ),
    "a feed inside a feed": (
        opml(f'<outline text="A" xmlUrl="{A}"><outline text="B" xmlUrl="{B}"/></outline>'),
        [named("A"), named("B", B)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("document", "says"), SHAPES.values(), ids=SHAPES)
def test_every_feed_of_a_list_is_found(
    document: bytes, says: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert read(document) == says


def test_a_feed_is_named_with_its_line_and_its_language() -> None:
    body = opml(f'<!-- a\nb -->\n<outline text="F">\n<outline language="en-us" xmlUrl="{A}"/>'
                f'\n<outline language="unknown" xmlUrl="{B}"/></outline>')  # fmt: skip
    assert read_opml(body) == (
        Subscription(url=A, tags=("F",), language="en-US", line=6),
        Subscription(url=B, tags=("F",), line=7),
    )


NONE = {
    "no address": (
        opml('<outline text="A"/>'),
        "no outline of this list has the address of a feed",
    ),
    "a page": (b"<!doctype html><html><body>404</body></html>", "this is an HTML page"),
    "a feed": (b"<rss version='2.0'><channel/></rss>", "this is a feed, not a list of feeds"),
    "nothing": (b"", "it has no outline"),
}


@pytest.mark.parametrize(("document", "message"), NONE.values(), ids=NONE)
def test_what_holds_no_feed_is_refused_with_a_guess(document: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        read_opml(document)


FRAGMENTS = st.sampled_from(
    ["<outline", "</outline>", " xmlUrl=", ' text="', '"', "'", "/>", ">", "<!--", "-->", "&amp;",
     "&", "=", " ", "\n", "http://a.example/", "<", "é", "\x00", "<![CDATA[", "]]>", "feed:"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=40).map("".join) | st.text() | st.binary())
def test_any_document_is_read_or_refused(document: str | bytes) -> None:
    body = document if isinstance(document, bytes) else document.encode("utf-8", "replace")
    try:
        found = read_opml(body)
    except ParseError:
        return
    assert found
    assert all(each.url and "\n" not in each.url + each.name for each in found)


HOSTILE = {
    "open comments": "<!--" * 200_000,
    "blanks": '<outline a="' + " " * 800_000,
    "blanks behind quotes": '<outline a="' + ('"' + " " * 400) * 2_000,
    "one long name": "<outline " + "a" * 800_000,
    "names without values": "<outline " + "a= " * 250_000,
    "quotes": '<outline a="' + '"' * 800_000,
    "open tags": "<outline" * 100_000,
    "folders": '<outline text="f">' * 40_000 + GOOD,
    "prefixes": "<" + "a:" * 400_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE)
def test_a_document_made_to_take_for_ever_does_not(document: str) -> None:
    try:
        found = read_opml(document.encode())
    except ParseError:
        return
    assert len(found[0].tags) <= 20


# --- writing ---------------------------------------------------------------------------------


def feed(url: str, name: str = "A", tags: tuple[str, ...] = (), **more: str) -> FeedSpec:
    return FeedSpec(url=url, location=url, name=name, tags=tags, **more)  # type: ignore[arg-type]


def test_an_export_is_a_folder_for_the_first_tag_and_categories_for_all() -> None:
    feeds = [
        feed(A, "A & B", ("europe", "press, daily"), language="de"),
        feed(B, 'The "B"'),
        feed("https://c.example/", "C", ("europe",)),
    ]
    assert write_opml(feeds, CREATED) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>Feeds of Media Monitor</title>\n"
        "    <dateCreated>Wed, 25 Nov 2026 09:00:00 +0000</dateCreated>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline text="europe" title="europe">\n'
        '      <outline type="rss" text="A &amp; B" title="A &amp; B" '
        'xmlUrl="https://a.example/feed" language="de" category="europe,press%2C daily"/>\n'
        '      <outline type="rss" text="C" title="C" xmlUrl="https://c.example/" '
        'category="europe"/>\n'
        "    </outline>\n"
        '    <outline type="rss" text=\'The "B"\' title=\'The "B"\' '
        'xmlUrl="https://b.example/rss?x=1&amp;y=2"/>\n'
        "  </body>\n"
        "</opml>\n"
    )


def test_characters_that_xml_has_not_are_left_out() -> None:
    text = write_opml([feed(A, "A\x00\ufffe\x1b B")], CREATED)

    assert ET.fromstring(text).find("body/outline").get("text") == "A B"  # type: ignore[union-attr] # noqa: S314 - our own text


def test_no_secret_leaves_with_an_export() -> None:
    secret = FeedSpec(
        url=A, location=A, name="A", auth="me:s3cret", headers={"X": "s3cret"}, proxy="s3cret"
    )
    assert "s3cret" not in write_opml([secret], CREATED)


LINES = (
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1)
    .map(lambda text: " ".join(text.split())[:80].strip())
    .filter(bool)
)
PARTS = st.text("abcxyz019/-_.~%&=?;+,@!'", max_size=20)
URLS = st.builds(
    "https://{}.example/{}".format, st.from_regex("[a-z]{1,8}", fullmatch=True), PARTS
)
FEEDS = st.lists(
    st.builds(
        feed,
        URLS.filter(lambda url: "&amp;" not in url),
        LINES,
        st.lists(LINES, max_size=4, unique=True).map(tuple),
    ),
    min_size=1,
    unique_by=lambda each: feed_key(each.url),
)


@example([feed("https://a.example/", "0 A=")])
@given(FEEDS)
def test_an_export_read_again_is_the_same_feeds(feeds: list[FeedSpec]) -> None:
    again = read_opml(write_opml(feeds, CREATED).encode())

    def essence(each: FeedSpec | Subscription) -> tuple[str, str, tuple[str, ...]]:
        return each.url, each.name, each.tags

    assert sorted(map(essence, again)) == sorted(map(essence, feeds))


@given(FEEDS)
def test_an_export_is_well_formed_opml_2(feeds: list[FeedSpec]) -> None:
    root = ET.fromstring(write_opml(feeds, CREATED))  # noqa: S314 - our own text

    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"]
    outlines = list(root.iter("outline"))
    assert all(outline.get("text") for outline in outlines)
    leaves = [outline for outline in outlines if outline.get("type") == "rss"]
    assert sorted(leaf.get("xmlUrl", "") for leaf in leaves) == sorted(each.url for each in feeds)
    assert not any(list(leaf) for leaf in leaves)


KEYS = {
    "scheme, www and slash": ("http://www.a.example/feed/", "https://a.example/feed", True),
    "a query that articles ignore": (f"{A}?rss=sport", f"{A}?rss=world", False),
    "a fragment": (f"{A}#x", A, True),
    "a path": (f"{A}/x", A, False),
}


@pytest.mark.parametrize(("one", "other", "same"), KEYS.values(), ids=KEYS)
def test_addresses_of_one_feed_have_one_key(
    one: str,
    other: str,
    same: bool,  # noqa: FBT001
) -> None:
    assert (feed_key(one) == feed_key(other)) is same
