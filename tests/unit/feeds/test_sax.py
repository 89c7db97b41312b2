"""With our XML driver and handler feedparser gives what it gives with its own."""

import io
from collections.abc import Callable
from typing import Any

import feedparser
import feedparser.api
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import sax, xmlfeed
from monitor.feeds.handler import QuickHandler
from tests.unit.feeds.documents import atom, rss

DOCUMENTS = {
    "plain": rss("<item><title>One</title><link>http://a.example/1</link></item>"),
    "cp1252": rss(
        "<item><title>\x93Łódź\x94 \x80 5</title><description>\x85</description></item>"
    ),
    "mojibake": rss("<item><title>CafÃ©</title><description>é</description></item>"),
    "entities": rss("<item><title>a &amp;amp; b &#8220;c&#x201d; &lt;i&gt;</title></item>"),
    "cdata": rss("<item><description><![CDATA[<p>a &amp; b</p>\n]]> c</description></item>"),
    "long text": rss(f"<item><description>{'é wörd ' * 60_000}</description></item>"),
    "attributes": rss(
        '<item xml:lang="fr" xml:base="http://b.example/"><guid isPermaLink="true">x</guid>'
        '<enclosure url="a.mp3" type="AUDIO/mpeg" length="1"/><category domain="d">c</category></item>'
    ),
    "namespaces": rss(
        '<item><m:content xmlns:m="http://search.yahoo.com/mrss/" url="u" medium="image"/>'
        '<dc:creator>Jo</dc:creator><x:y xmlns:x="urn:x" x:z="1">t</x:y>'
        '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="h"/></item>'
    ),
    "xhtml": atom(
        '<entry><title type="html">&lt;b>x&lt;/b></title><content type="xhtml"><div'
        ' xmlns="http://www.w3.org/1999/xhtml"><p class="a">Hi <em>there</em></p>'
        '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg></div></content></entry>'
    ),
    "nested namespaces": rss(
        '<item xmlns:a="urn:a"><a:b>1</a:b><x:b xmlns:x="urn:x">2<x:c/></x:b><image><url>i</url>'
        "</image><textInput><title>t</title></textInput><a:b>3</a:b></item>"
    ),
    "userland": rss(
        '<item xmlns:u="http://backend.userland.com/rss2"><u:title>T</u:title>'
        '<xl:a xmlns:xl="http://www.w3.org/1999/xlink"><b xl:href="c"/></xl:a></item>'
    ),
    "language and base": atom('<entry xml:lang="de" xml:base="/b/"><link href="x"/></entry>'),
    "base64": atom('<entry><content type="application/octet-stream">w5w=</content></entry>'),
    "malformed": rss("<item><title>a</title><x></y></item><item><title>b</title></item>"),
}


# Pieces that change how feedparser reads what stands in and behind them; {} holds others.
PIECES = (
    "<item>{}</item>",
    "<entry>{}</entry>",
    "<title>{}</title>",
    '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <B Class="X">b</B>{}</div></title>',
    "<title>a &lt;b&gt;c&lt;/b&gt; &amp;amp; \x93CafÃ©\x94</title>",
    "<description>{}CafÃ© \x85</description>",
    '<summary type="html">&lt;p&gt;é{}</summary>',
    '<content type="xhtml"><svg xmlns="http://www.w3.org/2000/svg"><title>t</title>{}</svg></content>',
    '<content type="text/plain">&lt;a&gt;x&lt;/a&gt; &amp;eacute;</content>',
    '<content mode="base64">w5w=</content>',
    "<link>http://a/?a=1&amp;b=2</link>",
    "<link>{}</link>",
    '<link rel="ALTERNATE" HREF="x y" Type="TEXT/html"/>',
    "<image><title>i</title><url>u</url><link>l</link>{}</image>",
    "<textInput><name>n</name>{}</textInput>",
    '<source url="http://s/"><title>st</title>{}</source>',
    "<author><name>Jo</name><email>jo@x.yz</email><uri>u</uri></author>",
    '<category domain="d">c</category>',
    '<guid isPermaLink="false">g</guid>',
    "<guid>http://g/{}</guid>",
    '<x y="1">z{}</x>',
    "<x>z{}</x>",
    "<svg>q</svg>",
    '<a:b xmlns:a="urn:q" a:c="d">e{}</a:b>',
    '<m:content xmlns:m="http://search.yahoo.com/mrss/" url="t"><m:title>T</m:title></m:content>',
    '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2020-01-01</dc:date>',
    "<items>q</items><date>2020</date><url>u</url><updated>2021</updated>",
    "<category>c</category><license>l</license><enclosures>e</enclosures>",
    '<xl:a xmlns:xl="http://www.w3.org/1999/xlink"><b xl:href="c"/></xl:a>',
    '<w xml:lang="fr">{}</w>',
    '<w xml:base="http://base.example/a/"><link href="r"/><id>q</id>{}</w>',
    '<w lang="de" base="b">{}</w>',
    "<div>d{}</div>",
    '<rss version="0.92">{}</rss>',
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    within = st.lists(inner, min_size=1, max_size=4).map("".join)
    return st.builds(
        lambda outer, held: outer.replace("{}", held), st.sampled_from(PIECES), within
    )


def read(document: str) -> Any:  # noqa: ANN401  # what feedparser gives
    return feedparser.parse(
        io.BytesIO(document.encode()),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )


def read_by_default(document: str) -> Any:  # noqa: ANN401
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
        patch.setattr(feedparser.api, "StrictFeedParser", QuickHandler.__base__)
        return read(document)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_our_driver_gives_what_the_default_one_gives(document: str) -> None:
    drivers = feedparser.api.PREFERRED_XML_PARSERS
    assert drivers == [sax.__name__]
    assert feedparser.api.StrictFeedParser is QuickHandler
    check_same(document)


@given(
    pieces=st.lists(st.recursive(st.sampled_from(PIECES), nested, max_leaves=8), max_size=6),
    form=st.sampled_from((rss, atom)),
)
def test_it_does_so_however_elements_follow_and_hold_each_other(
    pieces: list[str], form: Callable[[str], str]
) -> None:
    check_same(form("".join(pieces).replace("{}", "")))


def check_same(document: str) -> None:
    ours, theirs = outcome(read, document), outcome(read_by_default, document)
    assert ours == theirs


def outcome(reads: Callable[[str], Any], document: str) -> object:
    """What was read, or what was raised: some nonsense is too much for feedparser, too."""
    try:
        found = reads(document)
    except Exception as error:  # noqa: BLE001
        return repr(error)
    return [found[name] for name in ("entries", "feed", "version", "bozo")]


def test_no_text_of_ours_leaves_the_parser() -> None:
    (entry,) = xmlfeed._feedparser(DOCUMENTS["mojibake"].encode())["entries"]
    assert {type(entry["title"]), type(entry["summary"])} == {str}
