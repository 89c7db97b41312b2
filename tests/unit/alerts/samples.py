"""Alerts for tests: an invented article that two rules hit."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.alerts.render import Renderer
from monitor.delivery.templates import shipped_templates
from monitor.model.alert import Alert, AlertArticle, Message, RuleFacts, TellingHit
from monitor.model.hit import FieldName, Span
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
ALERT = Alert(
    id=7, channel="newsroom", created=ARTICLE.seen, article=ARTICLE, hits=(STRIKE, WAGES)
)


def alert(**article: object) -> Alert:
    """The sample alert with another article; spans that no longer fit are dropped."""
    changed = replace(ARTICLE, **article)  # type: ignore[arg-type]
    fields = {"title": changed.title, "lead": changed.lead, "text": changed.text}
    hits = tuple(
        replace(
            hit,
            spans=tuple(s for s in hit.spans if fields[s.field][s.start : s.end] == s.text),
        )
        for hit in ALERT.hits
    )
    return replace(ALERT, article=changed, hits=hits)


def rendered(told: Alert = ALERT) -> Message:
    """A message made with the shipped templates, in UTC."""
    return RENDERER.render(told, UTC)
