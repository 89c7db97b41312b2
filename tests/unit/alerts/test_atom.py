"""Articles that were found, as an Atom feed."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.atom import AtomEntry, atom
from monitor.model.article import Article
from monitor.model.hit import Span

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
TEXT = st.text(max_size=60) | st.sampled_from(["]]>", "&amp;", "<b>", "\ud800", "\x00\x1b", "\"'"])


def entry(article: Article, needle: str = "oil", rules: tuple[str, ...] = ()) -> AtomEntry:
    start = article.text.find(needle)
    spans = (Span("text", start, start + len(needle), needle, "oil"),) if start >= 0 else ()
    return AtomEntry(article=article, spans=spans, why="by <url>", updated=AT, categories=rules)


def test_a_feed_has_what_readers_need() -> None:
    title = "Prices & <b>more</b> \x08"
    first = Article(
        id=1,
        title=title,
        text="<script> oil & gas",
        url='https://a.test/?"<',
        source="Gazette",
        published=AT - timedelta(hours=1),
    )
    second = Article(id=2, title="", text="Nothing.")
    entries = [entry(first, rules=("energy", "any-oil")), entry(second)]
    document = atom("rules/oil", "Oil & more", entries, AT)

    root = ET.fromstring(document)  # noqa: S314  # ours
    assert root.findtext(f"{ATOM}title") == "Oil & more"
    assert root.findtext(f"{ATOM}updated") == "2026-03-02T08:00:00Z"
    one, two = root.findall(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}title") == "Prices & <b>more</b> \N{REPLACEMENT CHARACTER}"
    assert two.findtext(f"{ATOM}title") == "(no title)"
    link = one.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == 'https://a.test/?"<'
    assert one.findtext(f"{ATOM}content") == "<p>&lt;script&gt; <b>oil</b> &amp; gas</p>"
    assert two.findtext(f"{ATOM}content") == "by &lt;url&gt;"
    assert [each.get("term") for each in one.findall(f"{ATOM}category")] == ["energy", "any-oil"]
    assert one.findtext(f"{ATOM}published") == "2026-03-02T07:00:00Z"
    assert one.findtext(f"{ATOM}id") != two.findtext(f"{ATOM}id")


def test_the_id_of_a_feed_is_made_of_its_key_and_lasts() -> None:
    before, after, other = (
        ET.fromstring(atom(key, title, [], AT)).findtext(f"{ATOM}id")  # noqa: S314  # ours
        for key, title in (("rules/oil", "Oil"), ("rules/oil", "Energy"), ("tags/oil", "Oil"))
    )
    assert before == after != other


@given(title=TEXT, text=TEXT, url=TEXT, source=TEXT, why=TEXT, rule=TEXT)
def test_whatever_feeds_say_the_document_is_one(
    title: str, text: str, url: str, source: str, why: str, rule: str
) -> None:
    article = Article(id=7, title=title, text=text, url=url, source=source)
    spans = (Span("text", 0, len(text), text, "x"),) if text else ()
    told = AtomEntry(article=article, spans=spans, why=why, updated=AT, categories=(rule,))
    document = atom(title, source, [told], AT).encode()
    parsed = feedparser.parse(document)
    assert not parsed.bozo
    assert len(parsed.entries) == 1
    assert "<script" not in parsed.entries[0].content[0].value
