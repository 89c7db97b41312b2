"""An alert as a message in every form a channel may want (the door of jinja2 and css_inline)."""

from collections.abc import Mapping
from datetime import tzinfo

from css_inline import CSSInliner
from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.alerts import slack
from monitor.alerts.plain import clip
from monitor.alerts.view import AlertView, view_of
from monitor.model.alert import Alert, Message

_HEADLINE = 90  # characters of a headline in a subject
_SHORT = 900
_SHORT_LINK = 500


class Renderer:
    """Makes messages from templates.

    Args:
        templates: file name -> source of ``alert.html``, ``alert.txt``, ``base.css`` and what
            these include.
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

    def render(self, alert: Alert, tz: tzinfo) -> Message:
        """Returns the message of an alert; its times are shown in zone ``tz``.

        All text of the article is treated as hostile: it can't add mark-up, links, headers or
        mentions.
        """
        view = view_of(alert, tz)
        subject = _subject(view)
        page = self._html.get_template("alert.html")
        return Message(
            subject=subject,
            text=self._text.get_template("alert.txt").render(a=view),
            html=self._inliner.inline(page.render(a=view, subject=subject, css=self._css)),
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
