"""A passage for people: what matched, highlighted, with the words around it."""

import sys
from collections import Counter
from collections.abc import Sequence

import click

from monitor.cli.output import printable
from monitor.model.article import Article
from monitor.model.hit import Span

_AROUND = 40  # characters on either side


def passage(article: Article, span: Span) -> str:
    """The span highlighted, with some characters around it; ``…`` where text is left out."""
    text: str = getattr(article, span.field)
    start, end = max(0, span.start - _AROUND), span.end + _AROUND
    before, after = printable(text[start : span.start]), printable(text[span.end : end])
    found = printable(span.text)
    on_terminal = sys.stdout.isatty()
    shown = click.style(found, bold=True, fg="yellow") if on_terminal else f"*{found}*"
    return f"{'…' if start else ''}{before}{shown}{after}{'…' if end < len(text) else ''}"


def telling(spans: Sequence[Span]) -> Span | None:
    """The one span to show: not of the headline, which is shown anyway, and of a rare clause."""
    times = Counter(span.clause for span in spans)
    return min(spans, key=lambda span: (span.field == "title", times[span.clause]), default=None)
