"""With our XML driver and handler feedparser gives what it gives with its own."""

import io
from typing import Any

import feedparser
import feedparser.api
import pytest

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


def read(document: str) -> Any:  # noqa: ANN401  # what feedparser gives
    return feedparser.parse(
        io.BytesIO(document.encode()),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_our_driver_gives_what_the_default_one_gives(
    document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drivers = feedparser.api.PREFERRED_XML_PARSERS
    assert drivers == [sax.__name__]
    assert feedparser.api.StrictFeedParser is QuickHandler
    ours = read(document)
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
    monkeypatch.setattr(feedparser.api, "StrictFeedParser", QuickHandler.__base__)
    theirs = read(document)
    assert ours["entries"] == theirs["entries"]
    assert (ours["feed"], ours["version"]) == (theirs["feed"], theirs["version"])
    assert ours["bozo"] == theirs["bozo"]


def test_no_text_of_ours_leaves_the_parser() -> None:
    (entry,) = xmlfeed._feedparser(DOCUMENTS["mojibake"].encode())["entries"]
    assert {type(entry["title"]), type(entry["summary"])} == {str}
