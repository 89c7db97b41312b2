"""A real mail server (aiosmtpd in a thread) on 127.0.0.1 that answers as a test wants.

::

    with SmtpServer() as server:
        server.on_data = lambda message: "451 4.3.0 later"
        ...
        assert [received.to for received in server.messages] == []
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import Enum, auto
from threading import Condition
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from typing_extensions import override

OK = "250 OK"


class Drop(Enum):
    """Instead of a reply to DATA the connection is closed; STORED keeps the message."""

    LOST = auto()
    STORED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message the server keeps; ``received_at`` is monotonic seconds."""

    sender: str
    to: tuple[str, ...]
    message: EmailMessage
    content: bytes
    received_at: float


OnAddress = Callable[[str], str]
OnData = Callable[[EmailMessage], str | Drop]


class SmtpServer:
    """Takes mail from entering to leaving the context.

    Args:
        login: user and password that AUTH must bring, if any.
        tls: certificate of the server, if it speaks TLS.
        implicit: TLS from the first byte, else by STARTTLS (then required).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
    ) -> None:
        self.on_mail: OnAddress = lambda _: OK
        self.on_rcpt: OnAddress = lambda _: OK
        self.on_data: OnData = lambda _: OK
        self.connections = 0
        self._messages: list[Received] = []
        self._arrived = Condition()
        self._login = login
        self._controller = _Controller(
            self, port, starttls=None if implicit else tls, tls=tls if implicit else None
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._controller.bound_port

    @property
    def messages(self) -> list[Received]:
        """Every message the server kept, in the order of arrival (a copy)."""
        with self._arrived:
            return list(self._messages)

    def wait_for_messages(self, count: int, timeout: float = 20.0) -> list[Received]:
        """Blocks until ``count`` messages have come; TimeoutError after ``timeout`` seconds."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._messages) >= count, timeout):
                raise TimeoutError(f"{len(self._messages)} of {count} messages came")
            return list(self._messages)

    def keep(self, received: Received) -> None:
        """Notes a message."""
        with self._arrived:
            self._messages.append(received)
            self._arrived.notify_all()

    def authenticate(self, *facts: object) -> AuthResult:
        """Whether a login is the right one (aiosmtpd's authenticator)."""
        login = facts[-1]
        good = isinstance(login, LoginPassword) and (
            (login.login.decode(), login.password.decode()) == self._login
        )
        return AuthResult(success=good, handled=False)

    @property
    def wants_login(self) -> bool:
        """Whether mail is taken only after AUTH."""
        return self._login is not None


class _Controller(Controller):
    def __init__(
        self,
        owner: SmtpServer,
        port: int,
        *,
        starttls: ssl.SSLContext | None,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._owner = owner
        self._starttls = starttls
        self.bound_port = port
        super().__init__(_Handler(owner), hostname="127.0.0.1", port=port, ssl_context=tls)

    @override
    def factory(self) -> SMTP:
        self._owner.connections += 1
        return SMTP(
            self.handler,
            hostname="mx.test",
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            authenticator=self._owner.authenticate if self._owner.wants_login else None,
            auth_require_tls=False,
        )

    @override
    def _trigger_server(self) -> None:
        """Called once the server listens: only now is the number behind port 0 known."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.bound_port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Handler:
    def __init__(self, owner: SmtpServer) -> None:
        self._owner = owner

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        reply = self._owner.on_mail(address)
        if reply.startswith("2"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        reply = self._owner.on_rcpt(address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        received = _received(envelope)
        reply = self._owner.on_data(received.message)
        if reply is Drop.STORED or (isinstance(reply, str) and reply.startswith("2")):
            self._owner.keep(received)
        if isinstance(reply, Drop):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return OK
        return reply


def _received(envelope: Envelope) -> Received:
    content = envelope.content
    assert isinstance(content, bytes)
    return Received(
        sender=envelope.mail_from or "",
        to=tuple(envelope.rcpt_tos),
        message=message_from_bytes(content, policy=default),
        content=content,
        received_at=time.monotonic(),
    )
