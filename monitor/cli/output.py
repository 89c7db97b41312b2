"""How commands print: JSON lines for programs, tables and local time for people."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click


def json_line(value: Mapping[str, Any]) -> None:
    """One object on one line; times in RFC 3339 UTC."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return rfc3339(value)
    return str(value)


def rfc3339(moment: datetime) -> str:
    """``2026-11-24T22:03:00Z``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def local(moment: datetime | None) -> str:
    """Local time for people, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else "-"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table that fits the terminal; in a pipe, columns keep their full width."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=10_000)
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*("" if cell is None else _safe(str(cell)) for cell in row))
    console.print(grid)


def _safe(text: str) -> str:
    """No mark-up of rich and no control characters: titles come from strangers."""
    from rich.markup import escape

    return escape("".join(char if char.isprintable() else " " for char in text))
