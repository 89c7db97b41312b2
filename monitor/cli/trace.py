"""``monitor trace``: the life of one article."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from monitor.cli.common import config_option, json_option, open_store, settings
from monitor.cli.output import json_line, printable
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.store.engine import Connection


@click.command()
@click.argument("article", metavar="URL|ID")
@json_option
@config_option
def trace(article: str, *, as_json: bool) -> None:
    """Tell the life of an article: feeds, texts, page, hits, decisions, messages, tries.

    It is named by its address, in any of its spellings, or by its number: 7 or id:7.
    """
    from monitor.store.trace import life

    with open_store(settings()).read() as connection:
        found = life(connection, _number(connection, article))
    if not found:
        raise MonitorError(f"there is no article {article}; `monitor articles` lists them")
    for each in found:
        if as_json:
            json_line(asdict(each))
            continue
        # Seconds count here.
        at = each.at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if each.at else "now".ljust(19)
        click.echo(f"{at}  {each.what:<9}  {printable(each.text)}")


def _number(connection: "Connection", name: str) -> int:
    from monitor.feeds.urlkey import url_key
    from monitor.store.trace import find

    number = name.removeprefix("id:")
    if number.isdecimal():
        return int(number)
    return find(connection, name, url_key(name)) or 0
