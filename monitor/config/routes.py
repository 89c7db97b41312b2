"""``[[routes]]`` -> which hits go to which channels."""

from collections.abc import Sequence

from monitor.config.config_tables import RouteTable
from monitor.config.document import Document
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.schema import read_table
from monitor.config.values import nearest, quoted
from monitor.model.channel import Route


def read_routes(document: Document, report: Report) -> tuple[Route, ...]:
    """The routes of a configuration, without those that have problems."""
    found = [
        (path, table)
        for path in document.elements("routes")
        if (table := read_table(RouteTable, document, path, report))
    ]
    for path, table in found:
        check_channels(table.channels, document, (*path, "channels"), report)
    _warn_of_unreachable(found, document, report)
    return tuple(_route(table) for _, table in found)


def check_channels(
    names: Sequence[str], document: Document, path: KeyPath, report: Report
) -> None:
    """Reports names in the list at ``path`` that no channel has."""
    known = [str(path[-1]) for path in document.tables("channels")]
    for index, name in enumerate(names):
        if name not in known:
            hint = nearest(name, known) or f"define it under [channels.{name}]"
            place = document.value((*path, index))
            report.error(place, f"unknown channel {quoted(name)}; {hint}")


def _warn_of_unreachable(
    found: list[tuple[KeyPath, RouteTable]], document: Document, report: Report
) -> None:
    barrier = next((index for index, (_, table) in enumerate(found) if table.takes_all), None)
    if barrier is None:
        return
    place = document.key(found[barrier][0])
    for path, _ in found[barrier + 1 :]:
        report.warn(
            document.key(path),
            f"this route is never reached: the one at {place} takes every hit; "
            "write continue = true there, or move this one above it",
        )


def _route(table: RouteTable) -> Route:
    return Route(
        channels=table.channels,
        rules=table.rules,
        entities=table.entities,
        severity=table.severity,
        tags=table.tags,
        feeds=table.feeds,
        continues=table.continue_,
    )
