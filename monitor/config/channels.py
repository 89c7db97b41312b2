"""``[channels.NAME]`` -> where messages go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from monitor.config import channel_url
from monitor.config.channel_url import Address
from monitor.config.config_tables import ChannelTable, EmailTable
from monitor.config.document import Document
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.schema import read_name, read_table
from monitor.config.secrets import Secrets, warn_if_open
from monitor.errors import Place
from monitor.model.channel import ChannelPolicy

_GROUP_WAIT: Final = timedelta(seconds=60)
_CONSOLE: Final = "console://"
_NOWHERE: Final = "", ()


def read_channels(
    document: Document, secrets: Secrets, report: Report
) -> Mapping[str, ChannelPolicy]:
    """The channels of a configuration, without those that have problems.

    A channel whose secret is missing, but not needed, has an empty URL.
    """
    channels: dict[str, ChannelPolicy] = {}
    for path in document.tables("channels"):
        name = read_name(document, path, report)
        table = read_table(ChannelTable, document, path, report)
        if table is not None and name:
            # What a disabled channel lacks is no problem, so its report goes nowhere.
            found = _Channel(table, document, path, report if table.enabled else Report())
            channels[name] = _policy(name, found, secrets)
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


def _policy(name: str, channel: _Channel, secrets: Secrets) -> ChannelPolicy:
    table = channel.table
    if table.email is not None:
        url, recipients = _from_email(channel, table.email, secrets)
    else:
        url, recipients = _from_url(channel, table.url or "", secrets)
    default_wait = timedelta() if url.startswith(_CONSOLE) else _GROUP_WAIT
    return ChannelPolicy(
        name=name,
        url=url,
        recipients=recipients,
        enabled=table.enabled,
        group_wait=default_wait if table.group_wait is None else table.group_wait,
    )


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
