"""Handing mails to a mail server, one connection for many."""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from typing import Any, Literal

from typing_extensions import override

from monitor.delivery.faults import smtp_fault
from monitor.delivery.limit import TimeLimit
from monitor.errors import AccessDenied, ChannelDown, DeliveryError

_LINE_OF_DOT = re.compile(rb"^\.", re.MULTILINE)
_ERRNO = re.compile(r"^\[Errno -?\d+\] (.)")
_OK = range(200, 300)
_GO_ON = 354
_FAREWELL = 5.0  # seconds
Security = Literal["insecure", "starttls", "ssl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mails are handed in.

    Attributes:
        timeout: seconds without a byte after which a connection counts as lost.
        patience: seconds after which it is cut, however many bytes come.
    """

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    context: ssl.SSLContext = field(repr=False)
    timeout: float = 30.0
    patience: float = 60.0


def tls_context(*, verify: bool) -> ssl.SSLContext:
    """Returns a client context; loading the trusted roots takes 20 ms, so keep it."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class MailSession:
    """Hands mails to a server, over one connection as long as that goes well.

    Used by one thread at a time; ``close`` it when there is nothing to hand over for now.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: _Limited | None = None

    def hand_over(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Returns once the server has taken the mail.

        Raises:
            PermanentDeliveryError: the server refuses this mail or recipient for good.
            ChannelDown: the server can't be reached, or does not let us in.
            DeliveryError: anything else; ``uncertain`` if the server may have taken it.
        """
        content = mail.as_bytes()
        with TimeLimit(self._server.patience) as limit:
            smtp = self._ready(limit, sender, recipient)
            _data(smtp, content)
            self._smtp = smtp

    def close(self) -> None:
        """Takes leave of the server."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with TimeLimit(_FAREWELL) as limit:
                smtp.be_limited(limit)
                _leave(smtp)

    def _ready(self, limit: TimeLimit, sender: str, recipient: str) -> "_Limited":
        """A connection that waits for the content; after a fault there is none to be kept."""
        kept, self._smtp = self._smtp, None
        if kept is not None:
            kept.be_limited(limit)
            # Servers end connections that are old or had their share: a new one is asked again.
            with contextlib.suppress(DeliveryError):
                _envelope(kept, sender, recipient)
                return kept
        smtp = _opened(self._server, limit)
        _envelope(smtp, sender, recipient)
        return smtp


class _Limited(smtplib.SMTP):
    def __init__(
        self,
        limit: TimeLimit,
        server: MailServer,
        **tls: Any,  # noqa: ANN401 - what only SMTP_SSL takes
    ) -> None:
        self._limit = limit  # first of all: the constructor connects
        super().__init__(
            server.host,
            server.port,
            local_hostname=_own_name(),
            timeout=server.timeout,
            **tls,
        )

    def be_limited(self, limit: TimeLimit) -> None:
        """From now on, this is the limit."""
        self._limit = limit
        limit.watch(self.sock)

    @override
    def getreply(self) -> tuple[int, bytes]:
        """The server's reply, the greeting too, if it comes in time."""
        self._limit.watch(self.sock)
        late = smtplib.SMTPServerDisconnected(f"not done after {self._limit.seconds:g} seconds")
        try:
            reply = super().getreply()
        except smtplib.SMTPServerDisconnected as error:
            raise (late if self._limit.exceeded else error) from error.__cause__
        if self._limit.exceeded:  # half a line before the cut passes for a reply
            self.close()
            raise late
        return reply


class _LimitedSsl(_Limited, smtplib.SMTP_SSL):
    pass


def _opened(server: MailServer, limit: TimeLimit) -> _Limited:
    """A connection past greeting, TLS and login; whatever fails there fails every message."""
    at = f"{server.host}:{server.port}"
    try:
        with _left_on_error(_connected(server, limit)) as smtp:
            if server.security == "starttls":
                _encrypt(smtp, server)
            smtp.ehlo_or_helo_if_needed()
            if server.user and server.password:
                smtp.login(server.user, server.password)
            return smtp
    except smtplib.SMTPAuthenticationError as error:
        raise AccessDenied(
            f"mail server refused the login of {server.user}"
            f" ({error.smtp_code}): check user and password",
            code=error.smtp_code,
        ) from error
    except smtplib.SMTPResponseException as error:
        text = f"mail server {at} refuses us ({error.smtp_code})"
        raise ChannelDown(text, code=error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelDown(f"no session with mail server {at} ({_plain(error)})") from error


@contextlib.contextmanager
def _left_on_error(smtp: _Limited) -> Iterator[_Limited]:
    try:
        yield smtp
    except BaseException:
        _leave(smtp)
        raise


def _encrypt(smtp: smtplib.SMTP, server: MailServer) -> None:
    try:
        smtp.starttls(context=server.context)
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
        at = f"{server.host}:{server.port}"
        text = f'mail server {at} refuses STARTTLS; write tls = "none" or "ssl" if that is meant'
        raise ChannelDown(text, code=getattr(error, "smtp_code", None)) from error


def _plain(error: Exception) -> str:
    """What an error says, without the number of the operating system."""
    return _ERRNO.sub(lambda start: start[1].lower(), str(error))


def _connected(server: MailServer, limit: TimeLimit) -> _Limited:
    if server.security == "ssl":
        return _LimitedSsl(limit, server, context=server.context)
    return _Limited(limit, server)


@cache
def _own_name() -> str:
    """Our name for EHLO; without it smtplib asks the resolver for every connection."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"  # strict servers refuse half a name


def _leave(smtp: _Limited) -> None:
    """The mail's fate is known by now; that of the connection does not matter."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()


def _envelope(smtp: _Limited, sender: str, recipient: str) -> None:
    with _left_on_error(smtp):
        try:
            _expect(smtp.mail(sender), about_sender=True)
            _expect(smtp.rcpt(recipient))
            code, reply = smtp.docmd("DATA")
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            text = f"mail server dropped the connection ({_plain(error)})"
            raise DeliveryError(text) from error
        if code != _GO_ON:
            raise smtp_fault(code, reply)


def _data(smtp: _Limited, content: bytes) -> None:
    with _left_on_error(smtp):
        try:
            smtp.send(_LINE_OF_DOT.sub(b"..", content) + b".\r\n")
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            text = f"mail server did not confirm the message ({_plain(error)})"
            raise DeliveryError(text, uncertain=True) from error
        _expect(answer)


def _expect(answer: tuple[int, bytes], *, about_sender: bool = False) -> None:
    code, reply = answer
    if code not in _OK:
        raise smtp_fault(code, reply, about_sender=about_sender)
