"""Alerts for tests: an invented article that two rules hit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.alerts.render import Renderer
from monitor.alerts.subjects import alert_subject, digest_subject
from monitor.delivery.templates import shipped_templates
from monitor.model.alert import (
    Alert,
    AlertArticle,
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
from monitor.model.payload import Payload
from monitor.model.rule import Severity

RENDERER = Renderer(shipped_templates())
TITLE = "Harbour Strike Spreads as Talks With Port Authority Collapse"
TEXT = (
    "Crane drivers walked out on Monday. The port authority said that the harbour strike would "
    "cost two million a day.\n"
    + "Nothing else moved in the old docks that morning. " * 12
    + "Officials “regret the collapse” and ask for a mediator. The union wants a wage deal first. "
    + "Nothing else moved in the old docks that evening. " * 12
    + "A second harbour strike is planned for Friday."
)
ARTICLE = AlertArticle(
    id=3,
    title=TITLE,
    lead="",
    text=TEXT,
    url="https://news.example/a?id=1&from=feed",
    source="Harbour Gazette",
    language="en",
    published=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    seen=datetime(2026, 3, 2, 8, 6, tzinfo=UTC),
)


def spans(text: str, needle: str, clause: str, field: FieldName = "text") -> tuple[Span, ...]:
    """A span for every occurrence of a needle."""
    found = []
    at = text.find(needle)
    while at >= 0:
        found.append(Span(field, at, at + len(needle), needle, clause))
        at = text.find(needle, at + 1)
    return tuple(found)


STRIKE = TellingHit(
    rule=RuleFacts(id="port-strikes", title="Port strikes", severity=Severity.HIGH),
    spans=(
        *spans(TITLE, "Harbour Strike", "#strike", "title"),
        *spans(TEXT, "harbour strike", "#strike"),
    ),
    why="#strike: “harbour strike” in text",
)
WAGES = TellingHit(
    rule=RuleFacts(id="wages", title="Wages"),
    spans=spans(TEXT, "wage deal", "wage deal"),
    why="wage deal: “wage deal” in text",
)
LEAD = Telling(article=ARTICLE, hits=(STRIKE, WAGES))


def told(story: Story) -> Alert:
    """An alert about a story."""
    return Alert(
        id=7,
        channel="newsroom",
        created=ARTICLE.seen,
        subject=alert_subject(story),
        story=story,
    )


ALERT = told(Story(lead=LEAD))


def with_hits(*hits: TellingHit) -> Alert:
    """The sample alert with other hits."""
    return told(Story(lead=replace(LEAD, hits=hits)))


def alert(*, hits: tuple[TellingHit, ...] = LEAD.hits, **article: object) -> Alert:
    """The sample alert with another article; spans that don't fit it are dropped."""
    changed = replace(ARTICLE, **article)  # type: ignore[arg-type]
    fields = {"title": changed.title, "lead": changed.lead, "text": changed.text}
    fitting = tuple(
        replace(
            hit,
            spans=tuple(s for s in hit.spans if fields[s.field][s.start : s.end] == s.text),
        )
        for hit in hits
    )
    return told(Story(lead=Telling(article=changed, hits=fitting)))


OTHER_TEXT = "The government backs the wage deal that the crane drivers refused last week."
ALSO = Telling(
    article=replace(
        ARTICLE,
        id=5,
        title="Government Backs Wage Deal",
        text=OTHER_TEXT,
        url="https://radio.example/b",
        source="Radio Dock",
    ),
    hits=(
        TellingHit(
            rule=RuleFacts(id="government", title="Government"),
            spans=(
                *spans(OTHER_TEXT, "government", "@government"),
                *spans(OTHER_TEXT, "wage deal", "wage deal"),
            ),
            why="",
        ),
    ),
)


def headline(number: int, **changes: object) -> Headline:
    """One of many articles that are only named."""
    made = Headline(
        article=100 + number,
        title=f"Dockers walk out, report {number}",
        url=f"https://outlet-{number}.example/news?id={number}&x=1",
        source=f"Outlet {number}",
        published=ARTICLE.published,
        seen=ARTICLE.seen + timedelta(minutes=number),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


STORY = Story(
    id=42,
    lead=LEAD,
    also=(ALSO,),
    others=(headline(1, copy=True), headline(2)),
    unlisted=36,
    outlets=40,
)
FOLLOW_UP = replace(
    told(STORY),
    kind=AlertKind.FOLLOW_UP,
    subject=f"Re: {ALERT.subject}",
    occasion="now 25 outlets · also: Government",
)


def digest(
    *stories: Story,
    headlines: tuple[Headline, ...] = (),
    kind: AlertKind = AlertKind.DIGEST,
    occasion: str = "",
) -> Digest:
    """A digest of the day before."""
    until = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    articles = len(headlines) + sum(
        1 + len(story.also) + len(story.others) + story.unlisted for story in stories
    )
    return Digest(
        id=8,
        channel="newsroom",
        kind=kind,
        since=until - timedelta(hours=24),
        until=until,
        subject=digest_subject(kind, len(stories), articles, until, UTC),
        occasion=occasion,
        stories=stories,
        headlines=headlines,
        total=len(stories),
    )


def rendered(what: Payload = ALERT) -> Message:
    """A message made with the shipped templates, in UTC."""
    return RENDERER.render(what, UTC)
