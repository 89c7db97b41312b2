"""Puts a message together from what an alert collected; pure.

First ``arrange`` chooses which articles lead, then their texts are read, then ``compose`` quotes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from monitor.alerts.decide import GROWN, UNDELIVERED
from monitor.alerts.group import order
from monitor.alerts.notice import title_of
from monitor.alerts.spike_words import in_order, spike_subject
from monitor.alerts.subjects import alert_subject, digest_subject, follow_up_subject
from monitor.model.alert import (
    Alert,
    AlertArticle,
    AlertKind,
    Digest,
    Headline,
    Notice,
    Reason,
    Story,
    Telling,
)
from monitor.model.alert import TellingHit as Told
from monitor.model.article import Article
from monitor.model.hit import Span
from monitor.model.rule import RANK
from monitor.model.spike import SpikeAlert
from monitor.store.alerts import Opened
from monitor.store.drafts import Draft, DraftHit, HeldBack

QUOTED = 40  # stories of a digest; mail programs cut off what is longer
_NAMED = 10  # further articles of one story
_LISTED = 100  # headlines of a digest, or more if stories would be missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """The articles of one story in a message, by their part in it; all are ids.

    Attributes:
        hits: of the lead and of those beside it.
        also: those that a rule hit which did not hit the ones before.
        others: those that are only named, oldest first.
    """

    story: int | None
    lead: int
    also: tuple[int, ...]
    others: tuple[int, ...]
    hits: Mapping[int, tuple[DraftHit, ...]]

    @property
    def quoted(self) -> tuple[int, ...]:
        """The articles whose texts are needed."""
        return self.lead, *self.also

    def revision(self, article: int) -> int:
        """The text to show of a quoted article: the latest one that a hit was found in."""
        return max(hit.revision for hit in self.hits[article])


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was read for a message.

    Attributes:
        texts: of the quoted articles.
        headlines: of all of them, and of those that are named.
        told: articles of stories that were told since the last digest.
        outlets: of each story that has an id.
    """

    texts: Mapping[int, Article]
    headlines: Mapping[int, Headline]
    told: tuple[int, ...]
    outlets: Mapping[int, int]


def arrange(draft: Draft) -> tuple[Arranged, ...]:
    """The stories of a message, the most important first."""
    by_story: dict[tuple[int | None, int], list[DraftHit]] = {}
    for hit in draft.hits:
        key = (hit.story, 0) if hit.story is not None else (None, hit.article)
        by_story.setdefault(key, []).append(hit)
    found = [_arrange(story, hits, draft.held) for (story, _), hits in by_story.items()]
    return tuple(sorted(found, key=_importance))


def _arrange(story: int | None, hits: Iterable[DraftHit], held: Collection[HeldBack]) -> Arranged:
    by_article: dict[int, tuple[DraftHit, ...]] = {}
    for hit in hits:
        by_article[hit.article] = (*by_article.get(hit.article, ()), hit)
    ranked = sorted(by_article, key=lambda article: _telling(by_article[article]))
    shown: set[str] = set()
    quoted: list[int] = []
    for article in ranked:
        rules = {hit.hit.rule.id for hit in by_article[article]}
        if not rules <= shown:
            quoted.append(article)
            shown |= rules
    named = {hit.article for hit in held if hit.story is not None and hit.story == story}
    others = (named | by_article.keys()) - set(quoted)
    return Arranged(
        story=story,
        lead=quoted[0],
        also=tuple(quoted[1:]),
        others=tuple(sorted(others)),
        hits={article: by_article[article] for article in quoted},
    )


def _telling(hits: Sequence[DraftHit]) -> tuple[int, int, bool, int]:
    """The best article to lead: of the highest severity, most rules, no copy, the earliest."""
    severity = max(RANK[hit.hit.rule.severity] for hit in hits)
    return -severity, -len(hits), hits[0].copy, hits[0].article


def _importance(one: Arranged) -> tuple[int, int, int, int]:
    hits = [hit for article in one.quoted for hit in one.hits[article]]
    severity = max(RANK[hit.hit.rule.severity] for hit in hits)
    return -severity, -len({hit.hit.rule.id for hit in hits}), -len(one.others), one.lead


def compose(
    draft: Draft, stories: Sequence[Arranged], material: Material, now: datetime, zone: tzinfo
) -> Alert | Digest:
    """What the message says.

    A hit found in an earlier revision shows the passages that the later one still has.

    Args:
        draft: what the alert collected.
        stories: as ``arrange`` puts them.
        material: what was read for them.
        now: the time, when the digest ends.
        zone: of the channel; a digest's subject names the day.
    """
    if draft.opened.kind in {AlertKind.FIRST, AlertKind.FOLLOW_UP}:
        return _alert(draft, _story(stories[0], material))
    return _digest(draft, stories, material, now, zone)


def compose_notice(draft: Draft) -> Notice:
    """What a system alert says."""
    return Notice(
        id=draft.opened.id,
        channel=draft.opened.channel,
        created=draft.opened.created,
        title=title_of(draft.events),
        lines=draft.events,
    )


def compose_spikes(draft: Draft) -> SpikeAlert:
    """What a message about spikes says."""
    evidence = in_order(draft.evidence)
    return SpikeAlert(
        id=draft.opened.id,
        channel=draft.opened.channel,
        created=draft.opened.created,
        subject=spike_subject(evidence),
        evidence=evidence,
    )


def _alert(draft: Draft, story: Story) -> Alert:
    opened, previous = draft.opened, draft.previous
    subject = follow_up_subject(previous.subject) if previous else alert_subject(story)
    return Alert(
        id=opened.id,
        channel=opened.channel,
        kind=opened.kind,
        created=opened.created,
        subject=subject,
        occasion=_occasion(draft, story) if opened.kind is AlertKind.FOLLOW_UP else "",
        story=story,
    )


def _occasion(draft: Draft, story: Story) -> str:
    """What is new about a story that was told."""
    known = draft.previous.outlets if draft.previous else 1
    told = (
        [f"now {story.outlets} outlets"] if any(known < n <= story.outlets for n in GROWN) else []
    )
    told += [
        f"also: {rule}"
        for rule in dict.fromkeys(
            hit.hit.rule.title for hit in draft.hits if hit.reason is Reason.MORE
        )
    ]
    return " · ".join(told) or "more was written about it"


def _digest(
    draft: Draft, stories: Sequence[Arranged], material: Material, now: datetime, zone: tzinfo
) -> Digest:
    opened, quoted, rest = draft.opened, stories[:QUOTED], stories[QUOTED:]
    in_stories = {article for one in stories for article in (*one.quoted, *one.others)}
    leads = [one.lead for one in rest]  # what a message tells, it names at least
    further = [article for one in rest for article in (*one.also, *one.others)]
    further += sorted({held.article for held in draft.held} - in_stories)
    further += [article for article in material.told if article not in in_stories]
    named = [material.headlines[each] for each in dict.fromkeys((*leads, *further))]
    listed = max(_LISTED, len(leads))
    articles = len(in_stories | {headline.article for headline in named})
    return Digest(
        id=opened.id,
        channel=opened.channel,
        kind=opened.kind,
        since=opened.created,
        until=now,
        subject=digest_subject(opened.kind, len(stories), articles, now, zone),
        occasion=_together(opened, len(stories), now, zone),
        stories=tuple(_story(one, material) for one in quoted),
        headlines=tuple(named[:listed]),
        unlisted=len(named[listed:]),
        total=len(stories),
    )


def _together(opened: Opened, stories: int, until: datetime, zone: tzinfo) -> str:
    """Why these stories come in one message."""
    minutes = max(1, round((until - opened.created).total_seconds() / 60))
    match opened.kind, opened.subject:
        case AlertKind.BURST, _:
            return f"{stories} stories in {minutes} minutes: more than come one by one here"
        case AlertKind.CATCH_UP, subject if subject == UNDELIVERED:
            return "messages about these could not be delivered"
        case AlertKind.CATCH_UP, _:
            since = f"{opened.created.astimezone(zone):%a %H:%M}"
            return f"held up since {since}, while this channel was down"
        case _:
            return ""


def _story(one: Arranged, material: Material) -> Story:
    others = [material.headlines[article] for article in one.others]
    return Story(
        id=one.story,
        lead=_quote(one, one.lead, material),
        also=tuple(_quote(one, article, material) for article in one.also),
        others=tuple(others[:_NAMED]),
        unlisted=len(others[_NAMED:]),
        outlets=material.outlets.get(one.story, 1) if one.story is not None else 1,
    )


def _quote(one: Arranged, article: int, material: Material) -> Telling:
    text = material.texts[article]
    hits = (
        hit.hit if hit.revision == text.revision else _moved(hit.hit, text)
        for hit in one.hits[article]
    )
    return Telling(article=_article(article, text), hits=order(hits))


def _moved(hit: Told, article: Article) -> Told:
    return replace(hit, spans=tuple(_found_again(hit.spans, article)))


def _found_again(spans: Iterable[Span], article: Article) -> Iterable[Span]:
    for span in spans:
        text: str = getattr(article, span.field)
        near = text.find(span.text, span.start)
        start = near if near >= 0 else text.find(span.text)
        if start >= 0:
            yield replace(span, start=start, end=start + len(span.text))


def _article(number: int, article: Article) -> AlertArticle:
    if article.seen is None:
        raise ValueError(f"article {number} was not read from the store")
    return AlertArticle(
        id=number,
        title=article.title,
        lead=article.lead,
        text=article.text,
        url=article.url,
        source=article.source,
        language=article.language,
        published=article.published,
        seen=article.seen,
    )
