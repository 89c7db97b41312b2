"""System alerts: what they say, and how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from monitor.alerts.plain import clip, link, one_line
from monitor.alerts.words import moment
from monitor.model.alert import Notice, NoticeLine

SYSTEM = "system"  # stands for the rule, in headers by which mail is filed
_SHOWN = 20
_NAME, _TEXT, _TITLE = 90, 300, 120  # characters


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and what happened to it; all strings are one line."""

    name: str
    url: str
    text: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A system alert in words.

    Attributes:
        more: how many sources are not shown, in words; empty if none.
        footer: why the reader gets this.
    """

    id: int
    title: str
    lines: tuple[SourceLine, ...]
    more: str
    footer: str
    language: str = "en"

    @property
    def subject(self) -> str:
        """The subject of a mail."""
        return f"[Media Monitor] {self.title}"


def title_of(lines: Sequence[NoticeLine]) -> str:
    """The headline of a system alert."""
    if len(lines) > 1:
        return f"{len(lines)} notices on sources"
    return f"{lines[0].name}: {lines[0].text}"


def notice_view(notice: Notice, tz: tzinfo) -> NoticeView:
    """Returns the words of a system alert, times in zone ``tz``."""
    hidden = len(notice.lines) - _SHOWN
    return NoticeView(
        id=notice.id,
        title=clip(one_line(notice.title), _TITLE),
        lines=tuple(_source_line(line, tz) for line in notice.lines[:_SHOWN]),
        more=f"+ {hidden} more; `monitor feeds list` shows all" if hidden > 0 else "",
        footer=f"Sent to {one_line(notice.channel)} by Media Monitor itself · alert {notice.id}",
    )


def _source_line(line: NoticeLine, tz: tzinfo) -> SourceLine:
    return SourceLine(
        name=clip(one_line(line.name), _NAME),
        url=link(line.url),
        text=clip(one_line(line.text), _TEXT),
        when=moment(line.at, tz),
    )
