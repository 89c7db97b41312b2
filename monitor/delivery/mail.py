"""An alert as an e-mail."""

import hashlib
from collections.abc import Iterable, Mapping
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from itertools import takewhile
from typing import Any
from urllib.parse import quote

from typing_extensions import override

from monitor.alerts.plain import tidy
from monitor.model.alert import Message
from monitor.model.delivery import Claim

_LINE = 76  # characters of a header's line
_SUBJECT = "Subject"


class _Policy(EmailPolicy):
    """Writes a subject as it is.

    That of the standard library decodes what looks encoded, line breaks and all, and where it
    folds it may double a space: mail programs would not see that a follow-up has the subject of
    its thread.
    """

    @override
    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name == _SUBJECT:
            return name, tidy(value).strip()
        return super().header_store_parse(name, value)

    @override
    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == _SUBJECT:
            return f"{_SUBJECT}: {_encoded(value)}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


def _encoded(subject: str) -> str:
    """The subject as encoded words (RFC 2047) from the first word on that needs it."""
    words = subject.split(" ")
    plain = " ".join(takewhile(_needs_no_encoding, words))
    rest = subject[len(plain) :].removeprefix(" ")
    parts = (Header(plain, header_name=_SUBJECT), Header(rest, "utf-8", header_name=_SUBJECT))
    return "\r\n ".join(part.encode(linesep="\r\n") for part in parts if str(part))


def _needs_no_encoding(word: str) -> bool:
    return word.isascii() and "=?" not in word and len(word) < _LINE - len(_SUBJECT) - 2


def compose(
    claim: Claim,
    message: Message,
    *,
    sender: Address,
    to: Address,
    reply_to: Iterable[Address] = (),
    extra: Mapping[str, str],
) -> EmailMessage:
    """Returns the mail of a claim; later attempts differ only in X-Monitor-Attempt.

    Args:
        claim: gives identity (Message-ID), date and number of the attempt.
        message: what it says.
        sender: shown as From; its domain is that of the Message-ID.
        to: the only recipient.
        reply_to: where answers go, if not to the sender.
        extra: further headers; those we set ourselves win.
    """
    mail = EmailMessage(policy=_POLICY)
    mail[_SUBJECT] = message.subject
    mail["From"] = sender
    mail["To"] = to
    if answers := tuple(reply_to):
        mail["Reply-To"] = answers
    mail["Date"] = format_datetime(claim.created)
    mail["Message-ID"] = message_id(claim, sender)
    if message.thread:
        # A root that was never sent: below it all mails on a story are one thread, whichever
        # of them a mailbox has.
        root = f"<{quote(message.thread, safe='')}@{sender.domain}>"
        mail["In-Reply-To"] = mail["References"] = root
    if message.rule:
        mail["List-Id"] = f"<{quote(message.rule, safe='')}.{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Monitor-Alert"] = str(claim.alert)
    mail["X-Monitor-Attempt"] = str(claim.attempt)
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    # Quoted-printable never holds "=_", and a fixed boundary keeps later attempts identical.
    mail.set_boundary(f"=_{hashlib.sha256(claim.key.encode()).hexdigest()[:32]}")
    for name, value in extra.items():
        if name not in mail:
            mail[name] = value
    return mail


def message_id(claim: Claim, sender: Address) -> str:
    """Returns the Message-ID of a claim, the same over all its attempts."""
    return f"<{quote(claim.key, safe='')}@{sender.domain}>"
