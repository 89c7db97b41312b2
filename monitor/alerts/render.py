"""An alert as a message in every form a channel may want (the door of jinja2 and css_inline)."""

import traceback
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from typing import assert_never

from css_inline import CSSInliner
from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.alerts import markdown
from monitor.alerts.digest import DigestView, digest_view
from monitor.alerts.fit import detailed
from monitor.alerts.notice import SYSTEM, NoticeView, notice_view
from monitor.alerts.short import short_alert, short_digest, short_notice, short_spike
from monitor.alerts.slack import alert_blocks, digest_blocks, notice_blocks, spike_blocks
from monitor.alerts.spike_words import SpikeView, spike_view
from monitor.alerts.view import AlertView, view_of
from monitor.errors import Place, Problem
from monitor.model.alert import Alert, Digest, Message, Notice, Shorter
from monitor.model.payload import Payload
from monitor.model.spike import SpikeAlert

DIGEST = "digest"  # stands for the rule, in headers by which mail is filed
_PAGE = 100_000  # bytes; Gmail cuts off what is above 102 kB
# Characters that services of their kind take: web hooks, ntfy, chats and half of that, Discord.
_SIZES = (30_000, 7_000, 3_800, 1_800)

View = AlertView | DigestView | NoticeView | SpikeView


class Renderer:
    """Makes messages from templates.

    Args:
        templates: file name -> source: ``.html``, ``.txt`` and ``.md`` of ``alert``, ``digest``,
            ``notice`` and ``spike``, ``base.css``, and what these include.
        fallback: makes the message when these templates fail on one; None to raise instead.
    """

    def __init__(
        self, templates: Mapping[str, str], *, fallback: "Renderer | None" = None
    ) -> None:
        self._fallback = fallback
        # The name as "file" gives the errors of a template their place.
        loader = FunctionLoader(lambda name: _named(templates, name))
        self._templates = templates
        # Two environments: text has nothing to escape, and its line ends count.
        self._html = ImmutableSandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True
        )
        self._text = ImmutableSandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=False
        )
        self._text.filters |= {
            "md": markdown.escape,
            "md_link": markdown.linked,
            "md_marked": markdown.marked,
        }
        self._css = templates["base.css"]
        self._inliner = CSSInliner(
            keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False
        )

    def render(self, alert: Payload, tz: tzinfo) -> Message:
        """Returns the message of an alert; its times are shown in zone ``tz``.

        All text of articles and servers is treated as hostile: it can't add mark-up, links,
        headers or mentions.
        """
        try:
            return self._render(alert, tz)
        except Exception:
            if self._fallback is None:
                raise
            return self._fallback.render(alert, tz)

    def _render(self, alert: Payload, tz: tzinfo) -> Message:
        match alert:
            case Alert():
                return self._alert(alert, tz)
            case Digest():
                return self._digest(alert, tz)
            case Notice():
                return self._notice(alert, tz)
            case SpikeAlert():
                return self._spike(alert, tz)
            case _:
                assert_never(alert)

    def problems(self, samples: Iterable[Payload]) -> Iterator[Problem]:
        """What is wrong with the templates, each at its place in one of them.

        Args:
            samples: are rendered; a template is only as good as what was tried.
        """
        refused = [problem for name in sorted(self._templates) for problem in self._syntax(name)]
        yield from refused or dict.fromkeys(
            problem for sample in samples for problem in self._tried(sample)
        )

    def _syntax(self, template: str) -> Iterator[Problem]:
        environment = self._html if template.endswith(".html") else self._text
        try:
            environment.get_template(template)
        except TemplateSyntaxError as error:
            yield Problem(
                Place(error.name or template, error.lineno), f"template: {error.message}"
            )

    def _tried(self, sample: Payload) -> Iterator[Problem]:
        try:
            self._render(sample, UTC)
        except Exception as error:  # noqa: BLE001 - a template can raise anything
            yield Problem(self._place(error), f"template: {error}")

    def _place(self, error: Exception) -> Place:
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename in self._templates
        ]
        return Place(frames[-1].filename, frames[-1].lineno or 1) if frames else Place("base.css")

    def _alert(self, alert: Alert, tz: tzinfo) -> Message:
        view = view_of(alert, tz)
        return Message(
            subject=alert.subject,
            text=self._words("alert.txt", view),
            html=self._page("alert.html", view, alert.subject),
            markdown=self._words("alert.md", view),
            short=short_alert(view, alert.subject),
            blocks=alert_blocks(view),
            url=view.story.lead.url,
            rule=alert.story.hits[0].rule.id,
            thread="" if alert.story.id is None else f"story-{alert.story.id}",
        )

    def _digest(self, digest: Digest, tz: tzinfo) -> Message:
        view = digest_view(digest, tz)
        text = self._words("digest.txt", view)
        return Message(
            subject=digest.subject,
            text=text,
            html=self._fitting(view, digest.subject),
            markdown=self._words("digest.md", view),
            short=short_digest(view, digest.subject),
            blocks=digest_blocks(view),
            rule=DIGEST,
            shorter=tuple(self._shorter(view, len(text))),
        )

    def _shorter(self, view: DigestView, length: int) -> Iterator[Shorter]:
        """As much detail as fits into each of some sizes."""
        sizes = [size for size in _SIZES if size < length]
        for less in detailed(view, "and more; `monitor hits` shows all") if sizes else ():
            text = self._words("digest.txt", less)
            if len(text) <= sizes[0]:
                yield Shorter(text=text, markdown=self._words("digest.md", less))
                sizes = [size for size in sizes if size < len(text)]
                if not sizes:
                    return

    def _fitting(self, view: DigestView, subject: str) -> str:
        """The page with as much detail as a mail program shows."""
        page = ""
        for less in detailed(view, "and more; the text part of this mail has all"):
            page = self._page("digest.html", less, subject)
            if len(page.encode(errors="replace")) <= _PAGE:
                break
        return page

    def _notice(self, notice: Notice, tz: tzinfo) -> Message:
        view = notice_view(notice, tz)
        return Message(
            subject=view.subject,
            text=self._words("notice.txt", view),
            html=self._page("notice.html", view, view.subject),
            markdown=self._words("notice.md", view),
            short=short_notice(view),
            blocks=notice_blocks(view),
            url=view.lines[0].url if len(view.lines) == 1 else "",
            rule=SYSTEM,
        )

    def _spike(self, alert: SpikeAlert, tz: tzinfo) -> Message:
        view = spike_view(alert, tz)
        return Message(
            subject=alert.subject,
            text=self._words("spike.txt", view),
            html=self._page("spike.html", view, alert.subject),
            markdown=self._words("spike.md", view),
            short=short_spike(view, alert.subject),
            blocks=spike_blocks(view),
            rule=alert.evidence[0].rule.id,
        )

    def _words(self, template: str, view: View) -> str:
        return self._text.get_template(template).render(a=view)

    def _page(self, template: str, view: View, subject: str) -> str:
        page = self._html.get_template(template)
        return self._inliner.inline(page.render(a=view, subject=subject, css=self._css))


def _named(templates: Mapping[str, str], name: str) -> tuple[str, str, None] | None:
    return (templates[name], name, None) if name in templates else None
