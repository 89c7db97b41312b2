"""Messages in at most 900 characters, for services that show no more."""

from collections.abc import Iterable

from monitor.alerts.digest import DigestView
from monitor.alerts.notice import NoticeView
from monitor.alerts.plain import clip
from monitor.alerts.spike_words import SpikeView
from monitor.alerts.view import AlertView, HeadlineView

LIMIT = 900
_LINK = 500  # characters


def short_alert(view: AlertView, subject: str) -> str:
    """The link comes early, so that it survives a service that cuts harder."""
    lead = view.story.lead
    why = "; ".join(f"{why.rule}: {why.line}" for why in lead.why)
    rest = " · ".join(filter(None, (view.occasion, why, view.story.reach)))
    return _with(subject, _link(lead.url), rest)


def short_digest(view: DigestView, subject: str) -> str:
    """As many whole headlines as there is room for, each with its link."""
    leads = [story.lead for section in view.sections for story in section.stories]
    lines = ["\n".join(filter(None, _named(each))) for each in (*leads, *view.headlines)]
    return _filled([subject, *filter(None, [view.occasion])], lines)


def short_notice(view: NoticeView) -> str:
    """As many lines as there is room for."""
    return _with(view.subject, "", "\n".join(f"{line.name}: {line.text}" for line in view.lines))


def short_spike(view: SpikeView, subject: str) -> str:
    """As many rules as there is room for, and of each its first story with its link."""
    lines = [
        "\n".join(
            (
                f"{clip(sign.rule, 120)}: {sign.line}",
                *filter(None, (part for one in sign.stories[:1] for part in _named(one))),
            )
        )
        for sign in view.signs
    ]
    return _filled([subject], lines)


def _named(story: HeadlineView) -> tuple[str, str]:
    return clip(story.headline, 120), _link(story.url)


def _link(url: str) -> str:
    """Nothing for a link that would leave no room for anything else."""
    return url if len(url) <= _LINK else ""


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
