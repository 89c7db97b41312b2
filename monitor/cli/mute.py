"""``monitor mute``: what is not to be told for a while."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import click
from typing_extensions import override

from monitor.cli.common import config_option, json_option, open_store, settings, unknown
from monitor.cli.output import json_line, local, printable, table
from monitor.errors import MonitorError
from monitor.model.article import Carrier
from monitor.model.mute import Mute, MuteKind

if TYPE_CHECKING:
    from monitor.model.settings import Settings
    from monitor.store.engine import Connection

_DAY: Final = timedelta(hours=24)
_STORY: Final = re.compile(r"(?:story[:-])?([0-9]{1,18})")


class _Span(click.ParamType[timedelta]):
    name = "time"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        from monitor.config.values import positive_duration

        try:
            return value if isinstance(value, timedelta) else positive_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("target", metavar="[RULE|STORY]", required=False)
@click.option("--feed", metavar="NAME", help="Mute a feed: its name, its URL or tag:x.")
@click.option(
    "--for", "span", type=_Span(), default=_DAY, show_default="24h", help="How long: 3h, 7d."
)
@click.option("--why", metavar="TEXT", default="", help="Is shown with the mute.")
@click.option(
    "--list", "listing", is_flag=True, help="Show mutes, with those that ended within 90 days."
)
@click.option("--end", type=int, metavar="ID", help="End a mute.")
@json_option
@config_option
def mute(  # noqa: PLR0913 - its options
    target: str | None,
    feed: str | None,
    span: timedelta,
    why: str,
    end: int | None,
    *,
    listing: bool,
    as_json: bool,
) -> None:
    """Don't tell hits of a rule, a story or a feed for a while (24 hours, or --for).

    A story is named by its number: 17, or story:17. What is muted is found and stored as ever,
    and `monitor hits` shows it. An article that another feed carries as well is told unless that
    one is muted too. A new mute replaces the one that is on for the same.
    """
    from monitor.store import mutes

    if sum((target is not None, feed is not None, listing, end is not None)) != 1:
        raise click.UsageError("name a RULE or STORY, or one of --feed, --list and --end")
    now = datetime.now(UTC)
    wishes = settings()
    if listing:
        with open_store(wishes).read() as connection:
            _show(mutes.recent(connection), now, as_json=as_json)
        return
    with open_store(wishes).write() as connection:
        if end is not None:
            changed = _end(connection, end, now)
        else:
            kind, subject = _subject(target, feed, wishes, connection)
            changed = mutes.add(connection, kind, subject, now + span, why, now)
    if as_json:
        json_line(_json(changed, now))
    else:
        click.echo(in_words(changed, now))


def in_words(mute: Mute, now: datetime) -> str:
    """``rule troops is muted until 2026-11-25 12:00 (mute 3: why)``."""
    state = "muted until" if now < mute.until else "told again since"
    why = f": {printable(mute.reason)}" if mute.reason else ""
    subject = f"{mute.kind} {printable(mute.subject)}"
    return f"{subject} is {state} {local(mute.until)} (mute {mute.id}{why})"


def _end(connection: "Connection", mute: int, now: datetime) -> Mute:
    from monitor.store import mutes

    ended = mutes.end(connection, mute, now)
    if ended is None:
        raise MonitorError(f"there is no mute {mute}; `monitor mute --list` shows them")
    return ended


def _subject(
    target: str | None, feed: str | None, wishes: "Settings", connection: "Connection"
) -> tuple[MuteKind, str]:
    """What is meant; a number is a story unless a rule is called so."""
    from monitor.config.rulefiles import read_rules
    from monitor.store import hit_list

    if target is None:
        return MuteKind.FEED, _feed(feed or "", wishes)
    rules = {*read_rules(wishes.rule_paths).book.rules, *hit_list.rules(connection)}
    if target in rules:
        return MuteKind.RULE, target
    if story := _STORY.fullmatch(target):
        return MuteKind.STORY, str(int(story[1]))
    raise unknown("rule", target, rules)


def _feed(name: str, wishes: "Settings") -> str:
    from monitor.matching.meta import carried_by

    carriers = [
        Carrier(name=spec.name, url=spec.url, tags=spec.tags) for spec in wishes.feeds.values()
    ]
    if any(carried_by(name, carrier) for carrier in carriers):
        return name
    tags = {f"tag:{tag}" for carrier in carriers for tag in carrier.tags}
    raise unknown("feed", name, {carrier.name for carrier in carriers} | tags)


def _show(found: Iterable[Mute], now: datetime, *, as_json: bool) -> None:
    if as_json:
        for each in found:
            json_line(_json(each, now))
        return
    rows = [
        (
            each.id,
            f"{each.kind} {each.subject}",
            local(each.created),
            local(each.until),
            "on" if now < each.until else "over",
            each.reason,
        )
        for each in found
    ]
    table(("id", "muted", "since", "until", "state", "why"), rows)


def _json(mute: Mute, now: datetime) -> dict[str, Any]:
    return asdict(mute) | {"active": now < mute.until}
