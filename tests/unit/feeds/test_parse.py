"""What a feed document says becomes clean entries."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds.entries import _clean_odd_url, clean_url
from monitor.feeds.identity import item_of
from monitor.feeds.parse import parse
from monitor.feeds.repair import repair
from monitor.model.feed import Entry, Skips
from tests.unit.feeds.documents import URL, atom, read, read_item, received, rss


def test_an_rss_item_becomes_an_entry() -> None:
    feed = read(
        rss(
            """<item>
              <title>EU &amp;amp; NATO: &lt;b&gt;summit&lt;/b&gt;</title>
              <link> https://paper.example/a </link>
              <guid isPermaLink="false">tag:1</guid>
              <description>&lt;p&gt;Short.&lt;/p&gt;</description>
              <content:encoded><![CDATA[<p>Long one.</p><p>Two.</p>]]></content:encoded>
              <dc:creator>Jo Doe</dc:creator>
              <category>defence</category><category> EU </category><category>EU</category>
              <pubDate>Mon, 01 Sep 2025 10:00:00 +0200</pubDate>
            </item>""",
            "<language>en-gb</language><ttl>30</ttl>",
        )
    )
    assert (feed.title, feed.language, feed.ttl) == (
        "World & Europe",
        "en-GB",
        timedelta(minutes=30),
    )
    assert (feed.complete, feed.problem) == (True, None)
    assert feed.entries == (
        Entry(
            guid="tag:1",
            url="https://paper.example/a",
            title="EU & NATO: summit",
            lead="Short.",
            text="Long one.\n\nTwo.",
            author="Jo Doe",
            language="en-GB",
            published=datetime(2025, 9, 1, 8, tzinfo=UTC),
            tags=("defence", "EU"),
        ),
    )


def test_an_atom_entry_becomes_an_entry() -> None:
    (entry,) = read(
        atom(
            """<entry xml:lang="en"><title type="html">AT&amp;amp;T</title><id>urn:1</id>
            <link rel="enclosure" href="http://e.example/1.mp3"/>
            <link rel="alternate" href="../story/b"/>
            <updated>2025-01-01T00:00:00Z</updated>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi.</p></div></content>
            </entry>"""
        )
    ).entries
    assert entry == Entry(
        guid="urn:1",
        url="https://paper.example/story/b",
        title="AT&T",
        text="Hi.",
        author="dpa",
        language="en",
        published=datetime(2025, 1, 1, tzinfo=UTC),
    )


def test_rdf_items_outside_the_channel_are_read_and_rdf_about_is_their_id() -> None:
    (entry,) = read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
          xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel>
          <item rdf:about="urn:x"><title>One</title><link>http://a.example/1</link></item></rdf:RDF>"""
    ).entries
    assert (entry.guid, entry.title, entry.url) == ("urn:x", "One", "http://a.example/1")


@pytest.mark.parametrize(
    ("item", "url"),
    [
        pytest.param("<link>/story/7</link>", "https://paper.example/story/7", id="relative"),
        pytest.param(
            '<link xml:base="http://o.example/x/">y</link>', "http://o.example/x/y", id="xml:base"
        ),
        pytest.param("<link>//cdn.example/7</link>", "https://cdn.example/7", id="no scheme"),
        pytest.param("<link>http://a.example/b c</link>", "http://a.example/b%20c", id="blank"),
        pytest.param("<guid>http://a.example/7</guid>", "http://a.example/7", id="permalink"),
        pytest.param("<guid>12345</guid>", "", id="guid that is no link"),
        pytest.param(
            '<guid isPermaLink="false">http://a.example/7</guid>', "", id="guid said to be no link"
        ),
        pytest.param("<link>javascript:alert(1)</link>", "", id="javascript"),
        pytest.param("<link>https://news|example/1</link>", "", id="no host"),
        pytest.param("<link>http://[::1</link>", "", id="invalid"),
        pytest.param(f"<link>http://a.example/{'x' * 2000}</link>", "", id="too long"),
        pytest.param(
            '<enclosure url="http://a.example/7.mp3" type="audio/mpeg" length="1"/>',
            "http://a.example/7.mp3",
            id="enclosure",
        ),
        pytest.param(
            "<feedburner:origLink>http://a.example/7</feedburner:origLink>",
            "http://a.example/7",
            id="origLink",
        ),
        pytest.param("", "", id="none"),
    ],
)
def test_the_link_is_an_absolute_http_address_or_none(item: str, url: str) -> None:
    assert read_item(f"<title>t</title>{item}").url == url


def test_an_entry_without_a_link_leads_to_the_site_which_does_not_tell_who_it_is() -> None:
    site = "<link>https://paper.example/</link>"
    entry = read_item("<title>t</title>", site)
    assert (entry.url, entry.own_url) == ("https://paper.example/", False)
    entry = read_item("<title>t</title><link>/7</link>", site)
    assert (entry.url, entry.own_url) == ("https://paper.example/7", True)
    assert item_of(entry, "feed").address == "https://paper.example/7"
    assert item_of(read_item("<title>t</title><guid>7</guid>", site), "feed").address is None


def test_relative_links_of_rss_are_relative_to_the_site_and_those_of_atom_to_the_feed() -> None:
    item = "<item><title>t</title><link>a</link></item>"
    site = "<link>https://www.paper.example/</link>"
    assert read(rss(item, site)).entries[0].url == "https://www.paper.example/a"
    assert read(rss(item)).entries[0].url == "https://paper.example/feeds/a"
    entry = (
        '<link href="https://www.paper.example/"/><entry><title>t</title><link href="a"/></entry>'
    )
    assert read(atom(entry)).entries[0].url == "https://paper.example/feeds/a"


@given(
    st.lists(
        st.sampled_from(
            ["http://", "https://", "a.example", "/", ".", "..", "?", "#", ";", "x=1", "&"]
        )
        | st.text(max_size=2),
        max_size=8,
    ).map("".join)
)
@example("http://a.example/?#x").via("an empty query")
@example("http://a.example/a?b#").via("an empty fragment")
@example("http://a.example/a;").via("empty parameters")
@example("http://a.example/a?b=c#d").via("all")
def test_plain_links_stay_what_they_would_become(url: str) -> None:
    assert clean_url(url, URL) == _clean_odd_url(url, URL)


def test_a_guid_stays_as_it_is_wherever_the_feed_lives() -> None:
    assert read_item("<title>t</title><guid>12345</guid>").guid == "12345"


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<title>AT&amp;amp;T &amp;#8220;x&amp;#8221;</title>", "AT&T “x”"),
        ("<title>&lt;script&gt;alert(1)&lt;/script&gt;News</title>", "News"),
        ("<title>One\r\nBcc: two</title>", "One Bcc: two"),
        ("<description>The start. Then more.</description>", "The start. Then more."),
        (f"<description>{'word ' * 50}</description>", "word " * 19 + "word …"),
        ("<link>http://a.example/7</link>", "http://a.example/7"),
        ("<dc:title>Dublin</dc:title>", "Dublin"),
        ("<guid>12345</guid>", "12345"),
        ("<author>Jo Doe</author>", "Jo Doe"),
    ],
    ids=["entities", "script", "line break", "text", "cut", "link", "dc", "guid", "author"],
)
def test_every_entry_has_a_title_of_one_line(item: str, title: str) -> None:
    assert read_item(item).title == title


@pytest.mark.parametrize(
    ("summary", "content", "lead", "text"),
    [
        pytest.param("Short.", "Long text.", "Short.", "Long text.", id="both"),
        pytest.param("Long", "Long text.", "Long", "Long text.", id="beginning of the text"),
        pytest.param("Same.", "<p>Same.</p>", "", "Same.", id="the same"),
        pytest.param("Short.", "", "Short.", "", id="summary only"),
        pytest.param("", "Text.", "", "Text.", id="content only"),
        pytest.param("x" * 10_001, "", "", "x" * 10_001, id="a summary that is the whole text"),
        pytest.param("x" * 10_001, "y", "x" * 10_000, "y", id="long lead"),
        pytest.param("He left.", "He left. Then […]", "He left. Then […]", "", id="teaser"),
        pytest.param("He left.", "Read more", "He left.\n\nRead more", "", id="invitation"),
        pytest.param("", "He left. Read more", "He left. Read more", "", id="teaser alone"),
        pytest.param("", "y" * 600_000, "", "y" * 512_000, id="long text"),
    ],
)
def test_lead_and_text_are_told_apart(summary: str, content: str, lead: str, text: str) -> None:
    item = (
        f"<title>t</title><description>{summary}</description>" if summary else "<title>t</title>"
    )
    if content:
        item += f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    entry = read_item(item)
    assert (entry.lead, entry.text) == (lead, text)


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Mon, 01 Sep 2025 10:00:00 GMT", datetime(2025, 9, 1, 10, tzinfo=UTC)),
        ("2026-11-25T11:00:00Z", datetime(2026, 11, 25, 11, tzinfo=UTC)),
        ("2026-11-25T13:00:00Z", None),
        ("Mon, 01 Jan 1111 00:00:00 GMT", None),
        ("99999-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
    ids=["usual", "tomorrow", "beyond tomorrow", "1111", "99999", "word", "empty"],
)
def test_dates_are_real_or_unknown(date: str, published: datetime | None) -> None:
    assert read_item(f"<title>t</title><pubDate>{date}</pubDate>").published == published


@pytest.mark.parametrize(
    ("authors", "author"),
    [
        ("<author>Jo Doe (jo@paper.example)</author>", "Jo Doe"),
        ("<author>jo@paper.example (Jo Doe)</author>", "Jo Doe"),
        ("<author>Jo Doe &lt;jo@paper.example&gt;</author>", "Jo Doe"),
        ("<author>jo@paper.example</author>", "jo@paper.example"),
        (
            "<dc:creator>Jo</dc:creator><dc:creator>Al</dc:creator><dc:creator>Jo</dc:creator>",
            "Al, Jo",
        ),
        ("<dc:creator> </dc:creator>", "The Desk"),
        ("", "The Desk"),
    ],
    ids=[
        "mail last",
        "mail first",
        "angle brackets",
        "mail only",
        "several",
        "blank",
        "the feed's",
    ],
)
def test_authors_are_names_each_once_in_the_order_of_the_alphabet(
    authors: str, author: str
) -> None:
    desk = "<managingEditor>desk@paper.example (The Desk)</managingEditor>"
    assert read_item(f"<title>t</title>{authors}", desk).author == author


def test_a_date_without_a_zone_is_of_the_zone_of_the_feed() -> None:
    item = "<title>t</title><pubDate>2025-09-01 11:30</pubDate>"
    document = replace(received(rss(f"<item>{item}</item>")), timezone="Asia/Baghdad")
    (entry,) = parse(document).entries
    assert entry.published == datetime(2025, 9, 1, 8, 30, tzinfo=UTC)
    assert read_item(item).published == datetime(2025, 9, 1, 11, 30, tzinfo=UTC)


def test_the_update_is_the_date_where_no_other_is_given() -> None:
    entry = read_item("<title>t</title><dc:date>2025-09-01T00:00:00Z</dc:date>")
    assert entry.published == datetime(2025, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("EN_us", "en-US"), ("zh-hans-cn", "zh-Hans-CN"), ("English", None), ("", None)],
    ids=["region", "script", "name", "empty"],
)
def test_languages_are_spelt_the_usual_way(tag: str, language: str | None) -> None:
    assert read(rss("", f"<language>{tag}</language>")).language == language


def test_the_language_of_one_item_is_not_that_of_the_next() -> None:
    french = "<item><title>a</title><dc:language>fr</dc:language></item>"
    feed = read(rss(french + "<item><title>b</title></item>", "<language>en</language>"))
    assert [entry.language for entry in feed.entries] == ["fr", "en"]


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        (
            "<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
        ("<ttl>99999999999999999999</ttl>", timedelta(days=3650)),
        ("<ttl>-5</ttl>", None),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
    ],
    ids=["hourly", "four a day", "absurd", "negative", "word"],
)
def test_a_feed_may_say_how_long_it_stays_as_it_is(channel: str, ttl: timedelta | None) -> None:
    assert read(rss("", channel)).ttl == ttl


def test_a_feed_may_say_when_it_sleeps() -> None:
    feed = read(
        rss(
            "<item><title>t</title></item>",
            "<skipHours><hour>0</hour><hour> 23 </hour><hour>x</hour></skipHours>"
            "<skipDays><day>Sunday</day><day>Fryday</day></skipDays>",
        )
    )
    assert feed.skips == Skips(hours=frozenset({0, 23}), days=frozenset({6}))
    assert read(rss("", "<skipHours><hour>1</hour>")).skips == Skips()


@pytest.mark.parametrize(
    ("links", "older"),
    [
        ('<link rel="next" href="?page=2"/>', "https://paper.example/feeds/world.xml?page=2"),
        (
            '<link rel="next" href="?page=2"/><link rel="prev-archive" href="/2024.xml"/>',
            "https://paper.example/2024.xml",
        ),
        ('<link rel="next" href="javascript:2"/>', None),
    ],
    ids=["paged", "archived", "no address"],
)
def test_a_feed_may_tell_where_its_older_entries_are(links: str, older: str | None) -> None:
    assert read(atom(links)).older == older


def test_a_feed_without_a_title_is_called_by_its_address() -> None:
    assert read(rss("").replace("World &amp;amp; Europe", " ")).title == URL


def test_an_item_that_says_nothing_is_left_out() -> None:
    nothing = "<item><category>eu</category></item><item/>"
    feed = read(rss(f"{nothing}<item><title>t</title></item>", "<link>https://a.example</link>"))
    assert [entry.title for entry in feed.entries] == ["t"]


def _item(number: int, date: datetime | None) -> str:
    stamp = f"<pubDate>{format_datetime(date)}</pubDate>" if date else ""
    return f"<item><title>{number}</title>{stamp}</item>"


NEWEST = "more than 1,000 entries; the newest 1,000 were read"
FIRST = "more than 1,000 entries; the first 1,000 were read"
MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dates", "kept", "problem"),
    [
        pytest.param(
            [MORNING - timedelta(minutes=n) for n in range(1100)],
            range(1000),
            NEWEST,
            id="newest first",
        ),
        pytest.param(
            [MORNING - timedelta(minutes=1100 - n) for n in range(1100)],
            range(100, 1100),
            NEWEST,
            id="oldest first",
        ),
        pytest.param([MORNING] * 1100, range(1000), NEWEST, id="one date"),
        pytest.param([None] + [MORNING] * 1099, range(1000), FIRST, id="one without a date"),
        pytest.param([None] * 1000, range(1000), None, id="a thousand"),
    ],
)
def test_of_more_than_a_thousand_entries_the_newest_are_read_and_it_says_so(
    dates: list[datetime | None], kept: range, problem: str | None
) -> None:
    feed = read(rss("".join(_item(n, date) for n, date in enumerate(dates))))
    assert [entry.title for entry in feed.entries] == [str(n) for n in kept]
    assert (feed.complete, feed.problem) == (True, problem)


def test_a_malformed_feed_of_too_many_entries_names_both_faults() -> None:
    feed = read(rss("".join(_item(n, None) for n in range(1001)) + "<x></y>"))
    assert (feed.problem or "").startswith("not well-formed")
    assert (feed.problem or "").endswith(f"; {FIRST}")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("\n\n  " + rss("<item><title>t</title></item>"), id="blank lines first"),
        pytest.param(rss("<item><title>t</title></item>") + "<p>junk</p>", id="junk at the end"),
        pytest.param(rss("<item><title>t\x00\x08</title></item>"), id="control characters"),
        pytest.param(rss("<item><title>t&#xFFFFFFFF;&#8;</title></item>"), id="references"),
        pytest.param(rss("<item><title>t</title></item>").encode("utf-16"), id="UTF-16"),
        pytest.param(
            '<!DOCTYPE html PUBLIC "x" "y">\n<!-- -->\n'
            + rss("<item><title>t</title></item>").partition("\n")[2],
            id="a doctype of HTML",
        ),
        pytest.param(
            "<!--" + "x\n" * 5000 + "-->" + rss("<item><title>t</title></item>"), id="head"
        ),
    ],
)
def test_small_faults_are_repaired(document: str | bytes) -> None:
    feed = read(document)
    assert [entry.title for entry in feed.entries] == ["t"]
    assert (feed.complete, feed.problem) == (True, None)


def test_every_reference_to_a_character_that_xml_has_not_is_dropped() -> None:
    codes = [*range(0x120), 0x2019, *range(0xD7F0, 0xD810), *range(0xDFF0, 0xE010), 0xFFFD]
    codes += [0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF, 0x110000, 2**31]
    texts = [form % code for code in codes for form in ("&#%d;", "&#0%d;", "&#x%x;", "&#X00%X;")]
    body = repair("".join(f"<a>{text}</a>" for text in texts).encode()).body.decode()
    left = re.findall("<a>(.*?)</a>", body)
    possible = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for text, kept in zip(texts, left, strict=True):
        digits = text[2:-1].lower()
        code = int(digits.removeprefix("x"), 16 if digits.startswith("x") else 10)
        is_character = code < 0x110000 and possible.fullmatch(chr(code)) is not None
        assert kept == (text if is_character else "")


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("<item><title>t</title>\n</itm>", "not well-formed at line 4: mismatched tag"),
        ("<item><title>t&nbsp;</title></item>", "not well-formed at line 3: undefined entity"),
        ("<item><x:y/><title>t</title></item>", "not well-formed at line 3: unbound prefix"),
    ],
    ids=["mismatched tag", "undefined entity", "unbound prefix"],
)
def test_a_malformed_feed_gives_its_entries_and_names_its_fault(item: str, problem: str) -> None:
    feed = read("\n" + rss(item).replace("?>\n", "?>"))
    assert [entry.title for entry in feed.entries] == ["t"]
    assert (feed.complete, feed.problem) == (True, problem)


def test_a_document_cut_off_gives_its_whole_entries_and_is_not_complete() -> None:
    whole = rss("<item><title>one</title></item><item><title>two</title></item>")
    feed = read(whole[: whole.index("two") + 2])
    assert [entry.title for entry in feed.entries] == ["one"]
    assert (feed.complete, feed.problem) == (False, "cut off before its end")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(b"", "empty document", id="empty"),
        pytest.param(b"\xef\xbb\xbf \n", "empty document", id="blank"),
        pytest.param(
            b"<!doctype html><html><body>404</body></html>",
            "this is an HTML page, not a feed; look for the address of its RSS or Atom feed",
            id="HTML",
        ),
        pytest.param(b"hello", "not a feed: not well-formed at line 1: syntax error", id="words"),
        pytest.param(b"<opml/>", "not a feed: no RSS, Atom or RDF element", id="other XML"),
        pytest.param(
            b"{]",
            "not a feed: it begins like JSON, but is not valid (Expecting property name enclosed"
            " in double quotes: line 1 column 2 (char 1))",
            id="broken JSON",
        ),
        pytest.param(
            b'{"items": []}',
            "not a feed: JSON, but without the version of a JSON Feed",
            id="other JSON",
        ),
    ],
)
def test_what_is_not_a_feed_is_refused_with_its_reason(document: bytes, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(document)
    assert str(caught.value) == message


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss("")).entries == ()


@pytest.mark.parametrize(
    ("links", "older"),
    [
        pytest.param(
            '<link rel="prev-archive" href="/a"/>', "https://paper.example/a", id="archive"
        ),
        pytest.param(
            '<link rel="next" href="?page=2"/>',
            "https://paper.example/feeds/world.xml?page=2",
            id="next page",
        ),
        pytest.param(
            '<link rel="next" href="/n"/><link rel="prev-archive" href="/a"/>',
            "https://paper.example/a",
            id="archive before next page",
        ),
        pytest.param('<link rel="previous" href="/n"/>', None, id="newer page"),
        pytest.param('<link rel="next" href="javascript:x"/>', None, id="no address"),
    ],
)
def test_the_page_with_older_entries_is_known(links: str, older: str | None) -> None:
    assert read(atom(f"{links}<entry><id>1</id><title>T</title></entry>")).older == older
