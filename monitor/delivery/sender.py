"""Sends messages through Apprise (its door): one plugin a channel, for the life of the process.

Apprise parses URLs, formats and sends; waiting, repeating and remembering stay in the outbox.
"""

# mypy: disallow-untyped-calls=False
# (much of Apprise has no annotations)

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from apprise import AppriseAsset, NotifyBase, NotifyFormat, OverflowMode
from apprise.exception import AppriseImproperlyConfigured
from apprise.manager_plugins import NotificationManager
from apprise.plugins import url_to_dict
from typing_extensions import override

from monitor.alerts.plain import without_mentions
from monitor.delivery.exchange import watch_exchanges
from monitor.delivery.plugins import (
    MonitorConsole,
    MonitorEmail,
    MonitorJson,
    MonitorSlack,
    mailbox,
)
from monitor.delivery.redact import Redactor, shown
from monitor.delivery.sending import SENDING, Sending
from monitor.errors import ConfigError, DeliveryError, PermanentDeliveryError, Place, Problem
from monitor.model.alert import Message
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import Claim

_OWN: Mapping[str, type[NotifyBase]] = {
    "console": MonitorConsole,
    "json": MonitorJson,
    "jsons": MonitorJson,
    "mailto": MonitorEmail,
    "mailtos": MonitorEmail,
    "slack": MonitorSlack,
}
_WITH_HOST = (MonitorEmail, MonitorJson)  # elsewhere the place of the host holds a token
_MAIL_SIZE = 32_768  # a service that takes so much HTML is a mailer and no chat
_AROUND_A_TITLE = 20  # characters
_TIMEOUT = 30.0  # seconds; Apprise's 4 would repeat what a slow service already took


@dataclass(frozen=True, slots=True)
class _Channel:
    policy: ChannelPolicy
    plugin: NotifyBase
    redact: Redactor


class Sender:
    """Hands messages to channels.

    Args:
        channels: of the configuration; disabled ones are left out.

    Raises:
        ConfigError: a URL is wrong (all of them are listed).
    """

    def __init__(self, channels: Mapping[str, ChannelPolicy]) -> None:
        _quiet_libraries()
        watch_exchanges()
        self._channels: dict[str, _Channel] = {}
        problems: list[Problem] = []
        for name, policy in channels.items():
            if policy.enabled:
                try:
                    self._channels[name] = _channel(policy)
                except ConfigError as error:
                    problems += error.problems
        if problems:
            raise ConfigError(problems)

    def targets(self, channel: str) -> tuple[str, ...]:
        """Returns whom a channel delivers to, one delivery each; ("",) if only its URL knows."""
        return _targets(self._channels[channel])

    def describe(self, channel: str) -> str:
        """Returns the URL of a channel without its secrets."""
        return shown(self._channels[channel].plugin.url(privacy=True))

    def send(self, claim: Claim, message: Message) -> str:
        """Returns what the service calls the message (e.g. its Message-ID), or nothing.

        Raises:
            DeliveryError: it was not taken; the kind says what may help. The text holds no
                secret of the channel's URL.
        """
        channel = self._channels[claim.channel]
        sending = Sending(claim, message)
        fault = _attempt(channel.plugin, sending)
        if fault is None:
            return sending.receipt
        # Raised anew: the library's own error, which may show the URL, is not chained to it.
        raise type(fault)(
            channel.redact(str(fault)),
            code=fault.code,
            retry_after=fault.retry_after,
            uncertain=fault.uncertain,
        )

    def rest(self, channel: str) -> None:
        """There is nothing to send to a channel for now: its connection is closed."""
        plugin = self._channels[channel].plugin
        if isinstance(plugin, MonitorEmail):
            plugin.rest()


def check_channel(policy: ChannelPolicy) -> str | None:
    """Returns what is wrong with a channel, without its secrets, or None; nothing is sent."""
    _quiet_libraries()
    try:
        _channel(policy)
    except ConfigError as error:
        return "; ".join(problem.message for problem in error.problems)
    return None


def _attempt(plugin: NotifyBase, sending: Sending) -> DeliveryError | None:
    body, form = _form(plugin, sending.message)
    title = _without_links(without_mentions(sending.message.subject))
    token = SENDING.set(sending)
    try:
        taken = plugin.notify(body=body, title=title, body_format=form)
    except DeliveryError as error:
        return error
    except Exception as error:  # noqa: BLE001 - 180 services, each fails in its own way
        return DeliveryError(f"{plugin.service_name} failed: {type(error).__name__}: {error}")
    finally:
        SENDING.reset(token)
    if taken:
        return None
    told = DeliveryError(" ".join(sending.complaints) or f"{plugin.service_name} gave no reason")
    return next(iter(sending.faults), told)


def _form(plugin: NotifyBase, message: Message) -> tuple[str, NotifyFormat]:
    """The form a service shows best; our own plugins take what they want from ``SENDING``.

    What is in the format of the service passes Apprise unchanged: converting would lose links.
    """
    # A service without titles puts ours into the body, some mark-up around it.
    size = plugin.body_maxlen - len(message.subject) - _AROUND_A_TITLE
    match plugin.resolve_format():
        case NotifyFormat.HTML if _MAIL_SIZE <= plugin.body_maxlen >= len(message.html):
            return message.html, NotifyFormat.HTML
        case NotifyFormat.MARKDOWN:
            short = _without_links(without_mentions(message.short))
            markdown = (message.markdown, *(each.markdown for each in message.shorter))
            return _fitting(markdown, size, short), NotifyFormat.MARKDOWN
        case form:
            if form is NotifyFormat.HTML:  # Apprise makes it of the text, which grows by that
                size //= 2
            texts = (message.text, *(each.text for each in message.shorter))
            return _fitting(texts, size, without_mentions(message.short)), NotifyFormat.TEXT


def _fitting(texts: Iterable[str], size: int, short: str) -> str:
    """The first of them that is no longer than that, without mentions; else the short one."""
    harmless = map(without_mentions, texts)
    return next((text for text in harmless if len(text) <= size), short)


def _without_links(text: str) -> str:
    """Plain text in which Markdown finds no link with another text than its address."""
    return text.replace("](", "]\N{ZERO WIDTH SPACE}(")


def _channel(policy: ChannelPolicy) -> _Channel:
    plugin = _plugin(policy)
    if objections := _objections(plugin, policy):
        raise _unusable(policy, *objections)
    plugin.request_rate_per_sec = 0  # single sends; its pauses would block our thread
    plugin.socket_connect_timeout = plugin.socket_read_timeout = _TIMEOUT
    plugin.overflow_mode = OverflowMode.TRUNCATE  # one alert never becomes several messages
    return _Channel(policy, plugin, Redactor(policy.url, shown(plugin.url(privacy=True))))


def _plugin(policy: ChannelPolicy) -> NotifyBase:
    plugin_class, parts = _parsed(policy)
    try:
        return plugin_class(**{**parts, "asset": _asset(), "tag": set()})
    except AppriseImproperlyConfigured as error:
        public = str(parts.get("host") or "") if plugin_class in _WITH_HOST else ""
        reason = Redactor(policy.url, public)(str(error))
        raise _unusable(policy, f"{reason} (service {plugin_class.service_name})") from None


def _parsed(policy: ChannelPolicy) -> tuple[type[NotifyBase], dict[str, object]]:
    """The plugin class of a URL and its arguments; ours come first and cost no search."""
    url = policy.url
    schema = url.partition("://")[0].lower() if "://" in url else ""
    own = _OWN.get(schema)
    if own:
        parts = own.parse_url(url.replace("/#", "/%23"))
    elif parts := MonitorSlack.parse_native_url(url):
        own = MonitorSlack
    else:
        parts = url_to_dict(url)
        own = NotificationManager()[str(parts["schema"])] if parts else None
    if not parts or not own:
        shape = f"({schema}://…)" if schema else "(expected e.g. mailtos://… or slack://…)"
        raise _unusable(
            policy, f"not a URL Apprise can send to {shape}; see https://appriseit.com/services"
        )
    return own, parts


def _unusable(policy: ChannelPolicy, *reasons: str) -> ConfigError:
    return ConfigError(Problem(Place(f"[channels.{policy.name}]"), reason) for reason in reasons)


def _objections(plugin: NotifyBase, policy: ChannelPolicy) -> list[str]:
    """What Apprise would accept although it breaks a promise of ours."""
    found = []
    if not plugin.enabled:
        found.append(f"{plugin.service_name} needs a library that is not installed")
    if plugin.retry:
        found.append("retry= is not for URLs: the outbox repeats, with growing pauses")
    if plugin.optional:
        found.append("optional= would hide failures: remove it")
    if plugin.overflow_mode is OverflowMode.SPLIT:
        found.append("overflow=split is not supported: a retry would send parts again")
    if plugin.redirects:
        found.append("redirect= is not supported: a redirected message may go nowhere unnoticed")
    if isinstance(plugin, MonitorEmail):
        found += _mail_objections(plugin, policy)
    elif policy.recipients:
        found.append("only e-mail channels have recipients")
    if _is_crowd(plugin):
        found.append(
            "names several targets: a retry would send again to those that took it;"
            " make one channel per target"
        )
    return found


def _is_crowd(plugin: NotifyBase) -> bool:
    """Whether one send of a stock service is several; in ours each target is a delivery."""
    if isinstance(plugin, MonitorEmail | MonitorSlack):
        return False
    return len(plugin) > plugin.retry + 1  # Apprise counts its own repeats in


def _mail_objections(plugin: MonitorEmail, policy: ChannelPolicy) -> list[str]:
    found = []
    if plugin.cc or plugin.bcc:
        found.append("cc= and bcc= are not supported: name every address in to=")
    if plugin.pgp_mode != "no":
        found.append("pgp= is not supported")
    try:
        addresses = [*map(mailbox, policy.recipients or plugin.recipients), plugin.sender]
    except PermanentDeliveryError as error:
        return [*found, str(error)]
    return found if len(addresses) > 1 else [*found, "no valid address in to="]


def _targets(channel: _Channel) -> tuple[str, ...]:
    if channel.policy.recipients:
        return channel.policy.recipients
    match channel.plugin:
        case MonitorEmail():
            return channel.plugin.recipients
        case MonitorSlack():
            return channel.plugin.destinations
        case _:
            return ("",)


@cache
def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Media Monitor",
        service_timeout=0,
        default_service_retry=0,
        http_redirects=False,
        image_url_mask=None,  # else some services show pictures of Apprise's
        image_url_logo=None,
    )


class _Complaints(logging.Handler):
    """Keeps what the libraries say about a send with that send."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        sending = SENDING.get(None)
        if sending:
            sending.complaints.append(record.getMessage())


@cache
def _quiet_libraries() -> None:
    """Their logs show URLs with their secrets: they reach nobody but the send they are about."""
    keep = _Complaints(logging.WARNING)
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.addHandler(keep)
