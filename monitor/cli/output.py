"""How commands print: JSON lines for programs, tables and local time for people."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import click

Item = TypeVar("Item")

_LEAST: Final = 20  # characters of a column that is cut
_RUN: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_GAP: Final = 2  # blanks that rich puts between columns


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


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 problem``, ``2 problems``."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], cut: str | None = None
) -> None:
    """A table that fits the terminal; in a pipe, columns keep their full width.

    Args:
        headings: of the columns.
        rows: their cells.
        cut: the column whose cells are cut on a terminal, with an ellipsis, instead of wrapped.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=10_000)
    grid = Table(box=None, pad_edge=False, header_style="bold")
    texts = [["" if cell is None else printable(str(cell)) for cell in row] for row in rows]
    for heading in headings:
        if heading == cut:
            room = _room(console.width, headings, texts, cut)
            grid.add_column(heading, overflow="ellipsis", no_wrap=True, max_width=room)
        else:
            grid.add_column(heading, overflow="fold")
    for row in texts:
        grid.add_row(*map(escape, row))  # no mark-up of strangers
    console.print(grid)


def _room(width: int, headings: Sequence[str], rows: Iterable[Sequence[str]], cut: str) -> int:
    """What the other columns leave for one: rich would rather squeeze them than cut it."""
    from rich.cells import cell_len

    columns = zip(headings, *rows, strict=True)
    others = sum(max(map(cell_len, column)) for column in columns if column[0] != cut)
    return max(_LEAST, width - others - _GAP * (len(headings) - 1))


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Says what the program waits for, on a terminal only and until it is over."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(escape(printable(what))):
            yield
    else:
        yield


def progress(items: Sequence[Item], label: str) -> Iterable[Item]:
    """The items, with a bar on a terminal that goes when they are done; without one in a pipe."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, label, console=console, transient=True, disable=not console.is_terminal)


def inert(cell: object) -> object:
    """Spreadsheets run what begins with = + - or @, and titles come from strangers.

    Some do so after a blank or a tab, or if the sign is a wide one.
    """
    runs = isinstance(cell, str) and cell.lstrip().startswith(_RUN)
    return f"'{cell}" if runs else cell


def printable(text: str) -> str:
    """One line without control characters: titles come from strangers."""
    return "".join(char if char.isprintable() else " " for char in text)
