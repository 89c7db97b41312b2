"""Whatever feeds say, a message shows it as text: no mark-up, mentions, commands, odd links."""

import json
import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitor.model.alert import (
    Alert,
    AlertKind,
    Digest,
    Headline,
    Message,
    RuleFacts,
    Story,
    Telling,
    TellingHit,
)
from monitor.model.hit import FieldName, Span
from tests.unit.alerts.blocks import COMMAND, assert_valid, mrkdwn
from tests.unit.alerts.page import Page
from tests.unit.alerts.samples import (
    ARTICLE,
    FOLLOW_UP,
    STORY,
    digest,
    headline,
    rendered,
    told,
)

TEXT = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="ab <>&\"'*_`~[]()#@!|\\{}%\n\r\t\x00\x1b\u202e\u2028", max_size=80),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "</title></style><b onclick=x>",
            "{{ 7 * 7 }}{% raw %}",
            "<!-- --><plaintext>",
            "<!channel> <@U1> <https://evil.example|click> @everyone @here",
            "x\r\nBcc: everybody@example.org\r\n\r\nbody",
            "&lt;b&gt; &amp; *bold* _it_ ~no~ `code` [a](https://evil.example)",
            "\x1b]0;title\x07 \u202eevil\u2066 \ud800",
            "Donaudampfschifffahrt" * 200,
            "–" * 3000,
        ]
    ),
)
LINK = st.one_of(
    TEXT,
    st.sampled_from(
        ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", ""]
    ),
    TEXT.map("https://a.example/".__add__),
    st.integers(300, 5000).map(lambda size: "https://a.example/?q=" + "&y" * (size // 2)),
)
TIMES = st.none() | st.integers(-(10**6), 10**6).map(
    lambda seconds: ARTICLE.seen + timedelta(seconds=seconds)
)


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    article = replace(
        ARTICLE,
        title=draw(TEXT),
        lead=draw(TEXT),
        text=draw(TEXT),
        url=draw(LINK),
        source=draw(TEXT),
        language=draw(st.sampled_from([None, "en", '"><b>'])),
        published=draw(TIMES),
    )
    rules = draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True))
    return Telling(article=article, hits=tuple(draw(hits(article.text, rule)) for rule in rules))


@st.composite
def hits(draw: st.DrawFn, text: str, rule: str) -> TellingHit:
    field: FieldName = draw(st.sampled_from(["title", "lead", "text"]))
    cuts = draw(st.lists(st.tuples(st.integers(0, 80), st.integers(1, 40)), max_size=4))
    found = tuple(
        Span(field, start, start + size, text[start : start + size], draw(TEXT))
        for start, size in cuts
    )
    title = draw(TEXT.filter(str.strip))
    return TellingHit(rule=RuleFacts(id=rule, title=title), spans=found, why=draw(TEXT))


HEADLINES = st.builds(
    Headline,
    article=st.integers(1, 10**9),
    title=TEXT,
    url=LINK,
    source=TEXT,
    published=TIMES,
    seen=st.just(ARTICLE.seen),
    copy=st.booleans(),
)
STORIES = st.builds(
    Story,
    id=st.none() | st.integers(1, 10**18),
    lead=tellings(),
    also=st.lists(tellings(), max_size=2).map(tuple),
    others=st.lists(HEADLINES, max_size=4).map(tuple),
    unlisted=st.integers(0, 10**6),
    outlets=st.integers(1, 10**6),
)
ALERTS = st.builds(lambda story, occasion: replace(told(story), occasion=occasion), STORIES, TEXT)
DIGESTS = st.builds(
    lambda stories, headlines, kind, occasion: digest(
        *stories, headlines=tuple(headlines), kind=kind, occasion=occasion
    ),
    st.lists(STORIES, max_size=3),
    st.lists(HEADLINES, max_size=6),
    st.sampled_from([AlertKind.DIGEST, AlertKind.BURST, AlertKind.CATCH_UP]),
    TEXT,
)
# All elements and attributes that our own templates use.
PLAIN = [Page(rendered(FOLLOW_UP).html), Page(rendered(digest(STORY, headlines=(headline(1),), occasion="x")).html)]  # fmt: skip
TAGS = {tag for page in PLAIN for tag in page.tags}
ATTRIBUTES = {name for page in PLAIN for name in page.attributes}
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


CALM = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining is slow
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def assert_harmless(message: Message) -> None:
    assert not re.search(r"[\n]", message.subject)
    blocks = json.dumps(message.blocks, ensure_ascii=False)
    forms = (message.subject, message.text, message.html, message.markdown, message.short, blocks)
    for form in forms:
        assert not CONTROL.search(form)
        form.encode()  # no lone surrogates
    page = Page(message.html)
    assert {*page.tags} <= TAGS
    assert page.attributes <= ATTRIBUTES
    lines = {line.strip() for line in message.text.split("\n")}
    for link in page.links:
        assert link.lower().startswith(("https://", "http://"))
        assert link in lines
    assert len(message.short) <= 900


def assert_slack_is_harmless(message: Message) -> None:
    assert_valid(message.blocks)
    for found in COMMAND.findall(mrkdwn(message.blocks)):
        assert re.match(r"<https?://", found, re.IGNORECASE)
    plain = json.dumps([block for block in message.blocks if block["type"] == "header"])
    assert "<!" not in plain
    assert "<@" not in plain


@given(ALERTS)
@CALM
def test_no_alert_does_harm(alert: Alert) -> None:
    message = rendered(alert)
    assert_harmless(message)
    assert_slack_is_harmless(message)
    if message.url and len(message.url) <= 500:
        assert message.url in message.short.split("\n")


@given(DIGESTS)
@CALM
def test_no_digest_does_harm(what: Digest) -> None:
    message = rendered(what)
    assert_harmless(message)
    assert_slack_is_harmless(message)
    assert len(message.html.encode()) <= 100_000
