"""Messages in at most 900 characters, for services that show no more."""

from collections.abc import Iterable

from monitor.alerts.digest import DigestView
from monitor.alerts.notice import NoticeView
from monitor.alerts.plain import clip
from monitor.alerts.view import AlertView

LIMIT = 900
_LINK = 500


def short_alert(view: AlertView, subject: str) -> str:
    """The link comes early, so that it survives a service that cuts harder."""
    lead = view.story.lead
    why = "; ".join(f"{why.rule}: {why.line}" for why in lead.why)
    rest = " · ".join(filter(None, (view.occasion, why, view.story.reach)))
    link = lead.url if len(lead.url) <= _LINK else ""
    return _with(subject, link, rest)


def short_digest(view: DigestView, subject: str) -> str:
    """As many whole headlines as there is room for, each with its link."""
    leads = [story.lead for section in view.sections for story in section.stories]
    lines = [
        "\n".join(filter(None, (clip(each.headline, 120), each.url)))
        for each in (*leads, *view.headlines)
    ]
    return _filled([subject, *filter(None, [view.occasion])], lines)


def short_notice(view: NoticeView) -> str:
    """As many lines as there is room for."""
    return _with(view.subject, "", "\n".join(f"{line.name}: {line.text}" for line in view.lines))


def _with(subject: str, link: str, rest: str) -> str:
    head = "\n".join(filter(None, (clip(subject, LIMIT - _LINK - 1), link)))
    return f"{head}\n{clip(rest, LIMIT - len(head) - 1)}".rstrip()


def _filled(head: Iterable[str], lines: Iterable[str]) -> str:
    told = clip("\n".join(head), LIMIT)
    for line in lines:
        if len(told) + len(line) + 3 > LIMIT:
            return f"{told}\n…" if len(told) + 2 <= LIMIT else told
        told += f"\n{line}"
    return told
