"""Puts an alert together from the hits it collected; pure."""

from collections.abc import Iterable
from dataclasses import replace

from monitor.alerts.group import order
from monitor.alerts.notice import title_of
from monitor.model.alert import Alert, AlertArticle, Notice, TellingHit
from monitor.model.article import Article
from monitor.model.hit import Span
from monitor.store.alerts import Draft


def shown_revision(draft: Draft) -> int:
    """The revision an alert shows: the latest one that a hit of it was found in."""
    return max(hit.revision for hit in draft.hits)


def compose(draft: Draft, article: Article) -> Alert:
    """What the alert says; ``article`` is the revision it shows.

    A hit found in an earlier revision shows the passages that the later one still has.
    """
    hits = (
        item.hit if item.revision == article.revision else _moved(item.hit, article)
        for item in draft.hits
    )
    return Alert(
        id=draft.id,
        channel=draft.channel,
        created=draft.created,
        article=_article(draft, article),
        hits=order(hits),
    )


def compose_notice(draft: Draft) -> Notice:
    """What a system alert says."""
    return Notice(
        id=draft.id,
        channel=draft.channel,
        created=draft.created,
        title=title_of(draft.events),
        lines=draft.events,
    )


def _moved(hit: TellingHit, article: Article) -> TellingHit:
    return replace(hit, spans=tuple(_found_again(hit.spans, article)))


def _found_again(spans: Iterable[Span], article: Article) -> Iterable[Span]:
    for span in spans:
        text: str = getattr(article, span.field)
        near = text.find(span.text, span.start)
        start = near if near >= 0 else text.find(span.text)
        if start >= 0:
            yield replace(span, start=start, end=start + len(span.text))


def _article(draft: Draft, article: Article) -> AlertArticle:
    return AlertArticle(
        id=draft.hits[0].article,
        title=article.title,
        lead=article.lead,
        text=article.text,
        url=article.url,
        source=article.source,
        language=article.language,
        published=article.published,
        seen=article.seen or draft.created,
    )
