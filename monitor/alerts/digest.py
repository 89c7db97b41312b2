"""What every form of a digest shows, as ready words."""

from dataclasses import dataclass
from datetime import tzinfo

from monitor.alerts.plain import one_line
from monitor.alerts.view import HeadlineView, StoryView, headline_view, story_view
from monitor.alerts.words import counted, period
from monitor.model.alert import Digest, Story

_BY = {
    "digest": "as its digest",
    "burst": "together, because so many came at once",
    "catch-up": "together, because they could not be sent before",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The stories that one rule leads.

    Attributes:
        count: how many stories and articles, in words.
    """

    rule: str
    stories: tuple[StoryView, ...]
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """A digest in words; all strings are one line and without control characters.

    Attributes:
        title: how many stories and articles.
        period: the time it covers.
        occasion: why these come together; empty for a digest at its hour.
        sections: by leading rule, the most important first.
        headlines: articles that are only named.
        unlisted: how many articles are not named, in words; empty if none.
        footer: why the reader gets this.
    """

    id: int
    title: str
    period: str
    occasion: str
    sections: tuple[Section, ...]
    headlines: tuple[HeadlineView, ...]
    unlisted: str
    footer: str
    language: str = "en"


def digest_view(digest: Digest, tz: tzinfo) -> DigestView:
    """Returns the words of a digest, times in zone ``tz``."""
    by_rule: dict[str, list[Story]] = {}
    for story in digest.stories:
        by_rule.setdefault(story.lead.hits[0].rule.id, []).append(story)
    sections = tuple(_section(stories, tz) for stories in by_rule.values())
    articles = sum(story.articles for section in sections for story in section.stories)
    articles += len(digest.headlines) + digest.unlisted
    return DigestView(
        id=digest.id,
        title=_title(max(digest.total, len(digest.stories)), articles),
        period=period(digest.since, digest.until, tz),
        occasion=one_line(digest.occasion),
        sections=sections,
        headlines=tuple(headline_view(each, tz) for each in digest.headlines),
        unlisted=f"and {digest.unlisted} more; `monitor hits` shows all" * bool(digest.unlisted),
        footer=f"Sent to {one_line(digest.channel)} {_BY[digest.kind]} · alert {digest.id}",
    )


def _section(stories: list[Story], tz: tzinfo) -> Section:
    views = tuple(story_view(story, tz, passages=1) for story in stories)
    articles = sum(view.articles for view in views)
    return Section(
        rule=views[0].rules[0],
        stories=views,
        count=f"{counted(len(views), 'story', 'stories')}, {counted(articles, 'article')}",
    )


def _title(stories: int, articles: int) -> str:
    if not stories:
        return counted(articles, "further article") if articles else "Nothing new"
    told = counted(stories, "story", "stories")
    return f"{told} in {counted(articles, 'article')}" if articles > stories else told
