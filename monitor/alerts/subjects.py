"""The subjects of messages: what they are comes first, so that mail can be filed by it."""

from datetime import datetime, tzinfo

from monitor.alerts.plain import clip, one_line
from monitor.alerts.words import counted, rules_of
from monitor.model.alert import AlertKind, Story

_PART = 90  # characters of a rule, a headline, an outlet


def alert_subject(story: Story) -> str:
    """Returns ``[rule +N] headline — outlet``, N for further rules."""
    rules, article = rules_of(story.hits), story.lead.article
    further = f" +{len(rules) - 1}" if len(rules) > 1 else ""
    headline = clip(one_line(article.title), _PART) or "(no headline)"
    outlet = clip(one_line(article.source), _PART)
    return f"[{clip(rules[0], _PART)}{further}] {headline}{f' — {outlet}' if outlet else ''}"


def follow_up_subject(first: str) -> str:
    """Returns the subject of the first message behind ``Re:``; mail programs thread by it."""
    return first if first.startswith("Re: ") else f"Re: {first}"


def digest_subject(
    kind: AlertKind, stories: int, articles: int, until: datetime, tz: tzinfo
) -> str:
    """Returns ``[digest] 14 stories, 61 articles — Tue 2 Sep``, the day that of zone ``tz``."""
    day = until.astimezone(tz)
    told = [counted(stories, "story", "stories")] if stories else []
    told += [counted(articles, "article")] if articles else []
    return f"[{kind}] {', '.join(told) or 'nothing new'} — {day:%a} {day.day} {day:%b}"
