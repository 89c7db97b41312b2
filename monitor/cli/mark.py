"""``monitor mark``: what people think of hits."""

import sys
from datetime import UTC, datetime

import click

from monitor.cli.common import NO, config_option, open_store, settings
from monitor.cli.output import counted
from monitor.errors import MonitorError


@click.command()
@click.argument("hits", nargs=-1, required=True, metavar="HIT…")
@click.argument("mark", type=click.Choice(["useful", "noise"]), metavar="useful|noise")
@config_option
def mark(hits: tuple[str, ...], mark: str) -> None:
    """Judge hits by their numbers; - reads numbers from standard input.

    The first field of each line counts, so that the lines of `monitor hits --csv` will do.
    """
    from monitor.store import marks

    numbers = [number for hit in hits for number in _numbers(hit)]
    with open_store(settings()).write() as connection:
        missing = marks.put(connection, numbers, marks.Mark(mark), datetime.now(UTC))
    for number in missing:
        click.echo(f"there is no hit {number}", err=True)
    click.echo(f"{counted(len(set(numbers)) - len(set(missing)), 'hit')} marked as {mark}")
    sys.exit(NO if missing else 0)


def _numbers(hit: str) -> list[int]:
    if hit == "-":
        cells = (line.split(",")[0].split() for line in sys.stdin)
        return [int(cell[0]) for cell in cells if cell and cell[0].isdecimal()]
    if not hit.isdecimal():
        raise MonitorError(f"{hit}: a hit is named by its number; `monitor hits` lists them")
    return [int(hit)]
