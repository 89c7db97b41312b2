"""What every form of an alert shows, as ready words: the templates only arrange it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from monitor.alerts.passages import Passage, excerpt, highlight
from monitor.alerts.plain import clip, link, one_line
from monitor.alerts.words import counted, published_at, rules_of, seen_at
from monitor.alerts.worth import most_telling_first
from monitor.model.alert import Alert, Headline, Story, Telling, TellingHit
from monitor.model.hit import Span

_STRINGS = 6  # matched strings named for a rule
_NO_HEADLINE = "(no headline)"


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
class HeadlineView:
    """An article that is named; all strings are one line and without control characters.

    Attributes:
        url: empty if there is no web link.
        published, seen: when, in words; ``published`` is empty if unknown.
        copy: its text is that of another article.
    """

    headline: str
    url: str
    source: str
    published: str
    seen: str
    copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView(HeadlineView):
    """An article that is quoted.

    Attributes:
        title: the headline with its highlights; empty if there is none.
        language: tag of the article's language; empty if unknown.
        passages: of its text, with their highlights.
        more: how many passages are not shown, in words; empty if none.
    """

    title: Passage
    language: str
    rules: tuple[str, ...]
    why: tuple[Why, ...]
    passages: tuple[Passage, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story in words.

    Attributes:
        rules: of all its articles.
        others: articles that are named.
        reach: who else has it, in words ("+39 other outlets"); empty if nobody.
        unlisted: how many articles are not named, in words; empty if none.
        articles: how many there are.
    """

    lead: QuoteView
    also: tuple[QuoteView, ...]
    rules: tuple[str, ...]
    others: tuple[HeadlineView, ...]
    reach: str
    unlisted: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """An alert in words.

    Attributes:
        occasion: what a follow-up has to say; empty for a first report.
        commands: what they do, and the command lines.
        footer: why the reader gets this.
    """

    id: int
    occasion: str
    story: StoryView
    commands: tuple[tuple[str, str], ...]
    footer: str

    @property
    def language(self) -> str:
        """That of the article that leads."""
        return self.story.lead.language


def view_of(alert: Alert, tz: tzinfo) -> AlertView:
    """Returns the words of an alert, times in zone ``tz``."""
    story = story_view(alert.story, tz)
    return AlertView(
        id=alert.id,
        occasion=one_line(alert.occasion),
        story=story,
        commands=tuple(_commands(alert.story)),
        footer=f"Sent to {one_line(alert.channel)} by {_by(story.rules)} · alert {alert.id}",
    )


def story_view(story: Story, tz: tzinfo, passages: int = 2) -> StoryView:
    """Returns the words of a story, at most ``passages`` of each article."""
    further = len(story.others) + story.unlisted
    return StoryView(
        lead=_quote(story.lead, tz, passages),
        also=tuple(_quote(telling, tz, 1) for telling in story.also),
        rules=rules_of(story.hits),
        others=tuple(headline_view(each, tz) for each in story.others),
        reach=_reach(story.outlets - 1, further),
        unlisted=f"and {story.unlisted} more" if story.unlisted else "",
        articles=1 + len(story.also) + further,
    )


def headline_view(headline: Headline, tz: tzinfo) -> HeadlineView:
    """Returns the words of an article that is only named."""
    return HeadlineView(
        headline=one_line(headline.title) or _NO_HEADLINE,
        url=link(headline.url),
        source=one_line(headline.source),
        published=published_at(headline.published, tz),
        seen=seen_at(headline.published, headline.seen, tz),
        copy=headline.copy,
    )


def _quote(telling: Telling, tz: tzinfo, passages: int) -> QuoteView:
    article = telling.article
    quoted = excerpt(article, telling.hits, passages)
    in_title = (span for hit in telling.hits for span in hit.spans if span.field == "title")
    return QuoteView(
        title=highlight(article.title, in_title),
        headline=one_line(article.title) or _NO_HEADLINE,
        url=link(article.url),
        source=one_line(article.source),
        language=one_line(article.language or ""),
        published=published_at(article.published, tz),
        seen=seen_at(article.published, article.seen, tz),
        rules=rules_of(telling.hits),
        why=tuple(map(_why, telling.hits)),
        passages=quoted.passages,
        more=f"+ {counted(quoted.more, 'more passage')} in the article" if quoted.more else "",
    )


def _reach(outlets: int, further: int) -> str:
    if outlets > 0:
        return f"+{counted(outlets, 'other outlet')}"
    return f"+{counted(further, 'further report')}" if further else ""


def _commands(story: Story) -> Iterable[tuple[str, str]]:
    rule = story.lead.hits[0].rule.id
    if story.id is not None:
        yield "Mute this story", f"monitor mute {story.id}"
    yield "Mute the rule", f"monitor mute {rule} --for 1d"
    yield "Explain", f"monitor explain --rule {rule} id:{story.lead.article.id}"


def _by(rules: tuple[str, ...]) -> str:
    return f"rule {rules[0]}" if len(rules) == 1 else f"{len(rules)} rules"


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
