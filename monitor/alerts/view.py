"""What every form of an alert shows, as ready words: the templates only arrange it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from monitor.alerts.passages import Passage, excerpt, highlight
from monitor.alerts.plain import clip, link, tidy
from monitor.alerts.worth import most_telling_first
from monitor.model.alert import Alert, AlertArticle, TellingHit
from monitor.model.hit import Span

_STRINGS = 6  # matched strings named for a rule
_LATE = timedelta(hours=48)  # a longer delay is told as the time it was seen


@dataclass(frozen=True, slots=True)
class Matched:
    """A string that matched and how often it occurs."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why one rule matched.

    Attributes:
        rule: title of the rule.
        strings: what matched, the most telling first; empty if no text did (e.g. a tag).
        more: number of further strings.
        other: the reason in words where there are no strings.
    """

    rule: str
    strings: tuple[Matched, ...]
    more: int
    other: str

    @property
    def line(self) -> str:
        """The reason as plain text."""
        told = [f"“{one.text}”" + (f" ×{one.count}" * (one.count > 1)) for one in self.strings]
        if self.more:
            told.append(f"{self.more} more")
        return ", ".join(told) or self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """An alert in words; all strings are one line and without control characters.

    Attributes:
        title: the headline with its highlights.
        more: how many passages are not shown, in words; empty if none.
        language: tag of the article's language; empty if unknown.
        published, seen: when, in words; ``published`` is empty if unknown.
        footer: why the reader gets this.
    """

    id: int
    title: Passage
    headline: str
    url: str
    source: str
    language: str
    published: str
    seen: str
    rules: tuple[str, ...]
    why: tuple[Why, ...]
    passages: tuple[Passage, ...]
    more: str
    footer: str

    def clipped_title(self, limit: int) -> str:
        """The headline without highlights, at most ``limit`` characters."""
        return clip(self.headline, limit)


def view_of(alert: Alert, tz: tzinfo) -> AlertView:
    """Returns the words of an alert, times in zone ``tz``."""
    article = alert.article
    spans = [span for hit in alert.hits for span in hit.spans]
    title = highlight(article.title, (span for span in spans if span.field == "title"))
    quoted = excerpt(article, alert.hits)
    rules = tuple(one_line(hit.rule.title) for hit in alert.hits)
    return AlertView(
        id=alert.id,
        title=title,
        headline=one_line(article.title) or "(no headline)",
        url=link(article.url),
        source=one_line(article.source),
        language=one_line(article.language or ""),
        published=_published(article, tz),
        seen=_seen(article, tz),
        rules=rules,
        why=tuple(map(_why, alert.hits)),
        passages=quoted.passages,
        more=_more(quoted.more),
        footer=f"Sent to {one_line(alert.channel)} by {_by(rules)} · alert {alert.id}",
    )


def one_line(text: str) -> str:
    """Text of strangers as one harmless line."""
    return tidy(text).strip()


def _by(rules: Sequence[str]) -> str:
    return f"rule {rules[0]}" if len(rules) == 1 else f"{len(rules)} rules"


def _more(count: int) -> str:
    return f"+ {count} more passage{'s' * (count > 1)} in the article" if count else ""


def _why(hit: TellingHit) -> Why:
    strings = _strings(most_telling_first(hit.spans))
    return Why(
        rule=one_line(hit.rule.title),
        strings=strings[:_STRINGS],
        more=len(strings[_STRINGS:]),
        other=one_line(hit.why),
    )


def _strings(spans: Iterable[Span]) -> tuple[Matched, ...]:
    """Matched strings, those that differ in case only as one, in the spelling met first."""
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for place in dict.fromkeys((span.field, span.start, span.end, span.text) for span in spans):
        text = clip(one_line(place[-1]), 90)
        counts[spelling.setdefault(text.casefold(), text)] += 1
    return tuple(Matched(text, count) for text, count in counts.items())


def _published(article: AlertArticle, tz: tzinfo) -> str:
    return f"published {moment(article.published, tz)}" if article.published else ""


def _seen(article: AlertArticle, tz: tzinfo) -> str:
    """How long after publication, or when if that is unknown, lies ahead or is long ago."""
    if article.published and timedelta() <= article.seen - article.published <= _LATE:
        return f"seen {_duration(article.seen - article.published)} later"
    return f"seen {moment(article.seen, tz)}"


def moment(time: datetime, tz: tzinfo) -> str:
    """A time in words."""
    local = time.astimezone(tz)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def _duration(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    if minutes < 1:
        return "less than a minute"
    if span < timedelta(hours=2):
        return f"{minutes} min"
    return f"{round(span / timedelta(hours=1))} h"
