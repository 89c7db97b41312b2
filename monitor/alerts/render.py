"""An alert as a message in every form a channel may want (the door of jinja2 and css_inline)."""

from collections.abc import Mapping
from datetime import tzinfo

from css_inline import CSSInliner
from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.alerts import slack
from monitor.alerts.notice import SYSTEM, NoticeView, notice_view, slack_sections
from monitor.alerts.plain import clip
from monitor.alerts.view import AlertView, view_of
from monitor.model.alert import Alert, Message, Notice

_HEADLINE = 90  # characters of a headline in a subject
_SHORT = 900
_SHORT_LINK = 500


class Renderer:
    """Makes messages from templates.

    Args:
        templates: file name -> source of ``alert.html``, ``alert.txt``, ``notice.html``,
            ``notice.txt``, ``base.css`` and what these include.
    """

    def __init__(self, templates: Mapping[str, str]) -> None:
        loader = DictLoader(templates)
        # Two environments: text has nothing to escape, and its line ends count.
        self._html = ImmutableSandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True
        )
        self._text = ImmutableSandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=False
        )
        self._css = templates["base.css"]
        self._inliner = CSSInliner(
            keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False
        )

    def render(self, alert: Alert | Notice, tz: tzinfo) -> Message:
        """Returns the message of an alert; its times are shown in zone ``tz``.

        All text of articles and servers is treated as hostile: it can't add mark-up, links,
        headers or mentions.
        """
        return self._notice(alert, tz) if isinstance(alert, Notice) else self._alert(alert, tz)

    def _notice(self, notice: Notice, tz: tzinfo) -> Message:
        view = notice_view(notice, tz)
        lines = "\n".join(f"{line.name}: {line.text}" for line in view.lines)
        return Message(
            subject=view.subject,
            text=self._text.get_template("notice.txt").render(a=view),
            html=self._page("notice.html", view, view.subject),
            short=clip(f"{view.subject}\n{lines}", _SHORT),
            slack=slack_sections(view),
            url=view.lines[0].url if len(view.lines) == 1 else "",
            rule=SYSTEM,
        )

    def _page(self, template: str, view: AlertView | NoticeView, subject: str) -> str:
        page = self._html.get_template(template)
        return self._inliner.inline(page.render(a=view, subject=subject, css=self._css))

    def _alert(self, alert: Alert, tz: tzinfo) -> Message:
        view = view_of(alert, tz)
        subject = _subject(view)
        return Message(
            subject=subject,
            text=self._text.get_template("alert.txt").render(a=view),
            html=self._page("alert.html", view, subject),
            short=_short(view),
            slack=slack.sections(view),
            url=view.url,
            rule=alert.hits[0].rule.id,
        )


def _subject(view: AlertView) -> str:
    outlet = f" — {clip(view.source, _HEADLINE)}" if view.source else ""
    others = f" +{len(view.rules) - 1}" if len(view.rules) > 1 else ""
    rule = clip(view.rules[0], _HEADLINE) + others
    return f"[{rule}] {view.clipped_title(_HEADLINE)}{outlet}"


def _short(view: AlertView) -> str:
    """The link comes early, so that it survives a service that cuts harder."""
    head = [_subject(view), view.url if len(view.url) <= _SHORT_LINK else ""]
    why = "; ".join(f"{why.rule}: {why.line}" for why in view.why)
    known = "\n".join(filter(None, head))
    return f"{known}\n{clip(why, _SHORT - len(known) - 1)}"
