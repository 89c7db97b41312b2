"""Our own services behind Apprise's URLs (the door of the insides of its plugins).

Stock Apprise loses links in text mails, changes the Message-ID with every try, hides why a send
failed and has no ``console://``. These four replace it for the services we care most about; they
read the message from ``SENDING`` and raise the errors of our own tree.
"""

# mypy: disallow-untyped-calls=False
# (much of Apprise has no annotations)

import sys
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from functools import cached_property
from typing import Any, cast

import requests
from apprise import NotifyBase
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.email import NotifyEmail
from apprise.plugins.slack import CHANNEL_RE, NotifySlack, SlackMode
from typing_extensions import override

from monitor.alerts.slack import escape
from monitor.delivery.faults import slack_fault
from monitor.delivery.mail import compose, message_id
from monitor.delivery.sending import SENDING, Sending
from monitor.delivery.smtp import MailServer, MailSession, Security, tls_context
from monitor.errors import ChannelDown, PermanentDeliveryError
from monitor.model.delivery import Claim

_HTTP_OK = 200
_LOST_THREAD = frozenset({"cannot_reply_to_message", "message_not_found", "thread_not_found"})


class MonitorEmail(NotifyEmail):
    """``mailto://``, ``mailtos://``: one recipient a send, identity and faults as we need them."""

    @override
    def send(self, *args: Any, **more: Any) -> bool:
        """Hands the message of ``SENDING`` to the mail server."""
        sending = SENDING.get()
        sender = self.sender
        to = mailbox(sending.claim.target, str(self.names.get(sending.claim.target) or ""))
        mail = compose(
            sending.claim,
            sending.message,
            sender=sender,
            to=to,
            reply_to=map(mailbox, sorted(self.reply_to)),
            extra=self.headers,
        )
        self._session.hand_over(mail, sender.addr_spec, to.addr_spec)
        sending.receipt = message_id(sending.claim, sender)
        return True

    def rest(self) -> None:
        """There is nothing to send for now."""
        self._session.close()

    @property
    def sender(self) -> Address:
        """Who the mails are from."""
        name, address = self.from_addr
        return mailbox(str(address), str(name or ""))

    @property
    def recipients(self) -> tuple[str, ...]:
        """Addresses the URL names."""
        return tuple(address for _, address in self.targets)

    @cached_property
    def _session(self) -> MailSession:
        server = MailServer(
            host=self.smtp_host,
            port=cast("int", self.port),  # never None once the URL is parsed
            security=cast("Security", self.secure_mode),
            user=self.user,
            password=self.password,
            context=tls_context(verify=self.verify_certificate),
        )
        return MailSession(server)


class MonitorSlack(NotifySlack):
    """``slack://`` and hooks.slack.com: top-level text for pushes, blocks for the rest."""

    @override
    def send(self, *args: Any, **more: Any) -> bool:
        """Posts the message of ``SENDING`` (a workflow gets Apprise's own payload)."""
        if self.mode in {SlackMode.WORKFLOW, SlackMode.WORKFLOW_TRIGGER}:
            return bool(super().send(*args, **more))
        sending = SENDING.get()
        payload = self._payload(sending)
        try:
            reply = self._post(payload)
            if _answer(reply).get("error") in _LOST_THREAD and self._thread(sending.claim):
                del payload["thread_ts"]
                reply = self._post(payload)
        except requests.RequestException:
            return False  # ``faults`` of the sending says why, without the URL
        if reply.status_code == _HTTP_OK:
            self._check(reply, sending)
        return reply.status_code == _HTTP_OK

    @property
    def destinations(self) -> tuple[str, ...]:
        """Channels the URL names; an empty one stands for the webhook's own."""
        return tuple(channel or "" for channel in self.channels)

    def _post(self, payload: Mapping[str, object]) -> requests.Response:
        bot = self.mode is SlackMode.BOT
        return requests.post(
            self.api_url.format("chat.postMessage") if bot else self._hook,
            json=payload,
            headers={"Authorization": f"Bearer {self.access_token}"} if bot else {},
            timeout=self.request_timeout,
            verify=self.verify_certificate,
            allow_redirects=False,
        )

    @property
    def _hook(self) -> str:
        base = self.webhook_gov_url if self.mode is SlackMode.WEBHOOK_GOV else self.webhook_url
        return f"{base}/{self.token_a}/{self.token_b}/{self.token_c}"

    def _payload(self, sending: Sending) -> dict[str, object]:
        return {
            "text": escape(sending.message.subject),
            "blocks": sending.message.blocks,
            "unfurl_links": False,
            "unfurl_media": False,
            **self._thread(sending.claim),
            **self._place(sending.claim.target),
        }

    def _thread(self, claim: Claim) -> dict[str, str]:
        """The thread of the story; only a bot is told what its messages are called."""
        known = self.mode is SlackMode.BOT and claim.thread_receipt
        return {"thread_ts": claim.thread_receipt} if known else {}

    def _place(self, target: str) -> dict[str, str]:
        """Channel and thread of a target as Slack wants them."""
        if not target:
            return {}
        found = CHANNEL_RE.match(target)
        if not found:
            return {"channel": self._user(target)}
        name = found["channel"]
        channel = name.removeprefix("+") if name[0] in "+@#" else f"#{name}"
        return {"channel": channel, **({"thread_ts": found["thread_ts"]} if found[2] else {})}

    def _user(self, address: str) -> str:
        user = self.lookup_userid(address)
        if not user:
            raise ChannelDown(f"Slack knows no user {address}")
        return str(user)

    def _check(self, reply: requests.Response, sending: Sending) -> None:
        """A status of 200 is not yet a yes."""
        answer = _answer(reply)
        if reply.content != b"ok" and not answer:
            raise ChannelDown("what answered is not Slack: check the webhook's URL")
        if answer and not answer.get("ok"):
            raise slack_fault(answer)
        sending.receipt = str(answer.get("ts", ""))


def _answer(reply: requests.Response) -> Mapping[str, object]:
    """What Slack's API says; empty if it is not the API that speaks."""
    try:
        found = reply.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class MonitorJson(NotifyJSON):
    """``json://``: the receiver also gets what it needs to know a repeat."""

    body_maxlen: Any = 10_000_000  # a program reads it: it gets what a mail says, in full

    @override
    def send(self, *args: Any, **more: Any) -> bool:
        """Posts Apprise's JSON with ``key``, ``attempt``, ``alert`` and ``url`` added."""
        sending = SENDING.get()
        configured = self.payload_extras
        self.payload_extras = {
            "key": sending.claim.key,
            "attempt": sending.claim.attempt,
            "alert": sending.claim.alert,
            "url": sending.message.url,
            **configured,
        }
        try:
            return bool(super().send(*args, **more))
        finally:
            self.payload_extras = configured


class MonitorConsole(NotifyBase):
    """``console://``: the text on standard output."""

    service_name: Any = "Console"
    protocol: Any = "console"
    setup_url: Any = "https://github.com/media-monitor/media-monitor"
    templates: Any = ("{schema}://",)

    @override
    def send(self, *args: Any, **more: Any) -> bool:
        """Prints the text of ``SENDING``, in one write so that alerts never mix."""
        try:
            sys.stdout.write(f"{_printable(SENDING.get().message.text.rstrip())}\n\n")
            sys.stdout.flush()
        except (OSError, ValueError) as error:  # ValueError: it was closed
            raise ChannelDown(f"standard output takes nothing ({error})") from error
        return True

    @override
    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The URL that makes the same plugin."""
        return "console://"

    @staticmethod
    @override
    def parse_url(url: str, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The arguments a URL stands for."""
        return NotifyBase.parse_url(url, verify_host=False)


def mailbox(address: str, name: str = "") -> Address:
    """Returns a mail address.

    Raises:
        PermanentDeliveryError: it is none.
    """
    try:
        return Address(display_name=name, addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise PermanentDeliveryError(f"not a mail address: {address!r}") from error


def _printable(text: str) -> str:
    """The text with a question mark for what standard output can't show."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
