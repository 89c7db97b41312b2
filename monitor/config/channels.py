"""``[channels.NAME]`` -> where messages go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from monitor.config import channel_url
from monitor.config.channel_url import Address
from monitor.config.config_tables import ChannelTable, DigestTable, EmailTable, QuietTable
from monitor.config.document import Document
from monitor.config.hours import machine_zone
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.schema import header, read_name, read_table
from monitor.config.secrets import Secrets, warn_if_open
from monitor.config.values import quoted
from monitor.errors import Place
from monitor.model.channel import ChannelPolicy, DigestTimes, Mode, QuietHours

_GROUP_WAIT: Final = timedelta(seconds=60)
_CONSOLE: Final = "console://"
_NOWHERE: Final = "", ()


def read_channels(
    document: Document, secrets: Secrets, templates: str | None, report: Report
) -> Mapping[str, ChannelPolicy]:
    """The channels of a configuration, without those that have problems.

    A channel whose secret is missing, but not needed, has an empty URL.

    Args:
        document: the configuration.
        secrets: where secrets are, and relative paths begin.
        templates: folder of channels that name none.
        report: takes the problems.
    """
    channels: dict[str, ChannelPolicy] = {}
    for path in document.tables("channels"):
        name = read_name(document, path, report)
        table = read_table(ChannelTable, document, path, report)
        if table is not None and name:
            # What a disabled channel lacks is no problem, so its report goes nowhere.
            found = _Channel(table, document, path, report if table.enabled else Report())
            channels[name] = _policy(name, found, secrets, templates)
    _warn_of_silence(document, channels, report)
    return channels


def _warn_of_silence(
    document: Document, channels: Mapping[str, ChannelPolicy], report: Report
) -> None:
    place = document.key(("channels",))
    if document.data.get("channels", {}) == {}:
        report.error(
            place,
            "there is no channel, so nobody would hear of a hit; "
            'add [channels.terminal] with url = "console://"',
        )
    elif channels and not any(channel.enabled for channel in channels.values()):
        report.warn(place, "every channel has enabled = false, so nobody hears of a hit")


@dataclass(frozen=True, slots=True)
class _Channel:
    table: ChannelTable
    document: Document
    path: KeyPath
    report: Report

    def place(self, *keys: str) -> Place:
        return self.document.value((*self.path, *keys))


def template_folder(text: str | None, folder: Path, place: Place, report: Report) -> str | None:
    """The absolute path of a folder of templates; None if none is named or it is not there."""
    if text is None:
        return None
    if (path := folder / text).is_dir():
        return str(path)
    report.error(place, f"templates: there is no folder {quoted(text)} beside this file")
    return None


def _policy(
    name: str, channel: _Channel, secrets: Secrets, templates: str | None
) -> ChannelPolicy:
    table = channel.table
    if table.email is not None:
        url, recipients = _from_email(channel, table.email, secrets)
    else:
        url, recipients = _from_url(channel, table.url or "", secrets)
    own = template_folder(
        table.templates, secrets.folder, channel.place("templates"), channel.report
    )
    return ChannelPolicy(
        name=name,
        url=url,
        recipients=recipients,
        enabled=table.enabled,
        mode=table.mode,
        group_wait=_group_wait(table, url),
        follow_up=table.follow_up,
        max_per_hour=_max_per_hour(table, url),
        digest=_digest(channel, table.digest),
        quiet=_quiet(table.quiet),
        zone=_zone(channel),
        templates=own or templates,
    )


def _group_wait(table: ChannelTable, url: str) -> timedelta:
    if table.group_wait is not None:
        return table.group_wait
    return timedelta() if url.startswith(_CONSOLE) else _GROUP_WAIT


def _max_per_hour(table: ChannelTable, url: str) -> int | None:
    written = "max_per_hour" in table.model_fields_set
    return None if url.startswith(_CONSOLE) and not written else table.max_per_hour


def _digest(channel: _Channel, table: DigestTable | None) -> DigestTimes | None:
    if table is None:
        return None
    if channel.table.mode is Mode.INSTANT:
        channel.report.warn(
            channel.document.key((*channel.path, "digest")),
            'digest: is not used, since mode is "instant"; write mode = "both" or "digest"',
        )
        return None
    return DigestTimes(at=tuple(sorted({*table.at})), days=table.days, send_empty=table.send_empty)


def _quiet(table: QuietTable | None) -> QuietHours | None:
    if table is None:
        return None
    return QuietHours(start=table.from_, end=table.to, but=frozenset(table.except_))


def _zone(channel: _Channel) -> tzinfo:
    if channel.table.timezone is not None:
        return ZoneInfo(channel.table.timezone)
    try:
        return machine_zone()
    except (LookupError, ValueError):
        channel.report.error(
            channel.document.key(channel.path),
            "the time zone of this machine can't be told; write for example "
            f'timezone = "Europe/Brussels" under {header(channel.path)}',
        )
        return UTC


def _from_url(channel: _Channel, text: str, secrets: Secrets) -> Address:
    place = channel.place("url")
    if "://" in text:
        warn_if_open(text, place, channel.report)
    url = secrets.resolve(text, channel.path, place, channel.report)
    if url is None:
        return _NOWHERE
    try:
        return channel_url.from_url(url)
    except ValueError as error:
        channel.report.error(place, f"url: {error}")
        return _NOWHERE


def _from_email(channel: _Channel, email: EmailTable, secrets: Secrets) -> Address:
    recipients = tuple(dict.fromkeys(email.to))
    password = email.password
    if password is not None:
        place = channel.place("email", "password")
        warn_if_open(password, place, channel.report)
        password = secrets.resolve(password, channel.path, place, channel.report)
        if password is None:
            return "", recipients
    url = channel_url.from_email(
        host=email.host,
        port=email.port,
        tls=email.tls,
        user=email.user,
        password=password,
        sender=email.from_,
    )
    return url, recipients
