"""A real HTTP server on this machine whose answers a test writes down beforehand.

::

    with HttpServer() as server:
        server.answers["/feed"] = Answer(body=b"<rss/>")
        ...
        assert [request.path for request in server.requests] == ["/feed"]
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, Self

from typing_extensions import override

PATIENCE = 60.0  # seconds; no handler outlives the test run, whatever the test forgot to set


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent; ``path`` holds the query, ``headers`` ignores case."""

    method: str
    path: str
    headers: Message
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server sends back.

    Attributes:
        body: bytes, or pieces that are sent one by one, without a Content-Length.
        delay_until: nothing is sent before this event is set.
        drop: close the connection instead of answering.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_until: Event | None = None
    drop: bool = False

    @staticmethod
    def conditional(
        body: bytes, etag: str, headers: Mapping[str, str] | None = None
    ) -> Callable[[Request], "Answer"]:
        """An answer that is 304 for a client that already has this ETag."""
        sent = {"ETag": etag, **(headers or {})}

        def answer(request: Request) -> Answer:
            if request.headers.get("If-None-Match") == etag:
                return Answer(status=304, headers=sent)
            return Answer(body=body, headers=sent)

        return answer


class HttpServer:
    """Serves ``answers`` by path (without the query) from entering to leaving the context.

    Args:
        port: 0 for a free one.
        address: that it listens on; all of the loopback network are hosts of this machine.
    """

    def __init__(self, port: int = 0, address: str = "127.0.0.1") -> None:
        self.answers: dict[str, Answer | Callable[[Request], Answer]] = {}
        self._requests: list[Request] = []
        self._arrived = Condition()
        owner = self

        class Handler(_Handler):
            server_owner = owner

        self._server = _Server((address, port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of ``path`` on this server."""
        return f"http://{host}:{self.port}{path}"

    @property
    def requests(self) -> list[Request]:
        """Every request so far, in the order of arrival (a copy)."""
        with self._arrived:
            return list(self._requests)

    def wait_for_requests(self, count: int, timeout: float = 20.0) -> list[Request]:
        """Blocks until ``count`` requests have come; TimeoutError after ``timeout`` seconds."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._requests) >= count, timeout):
                raise TimeoutError(f"{len(self._requests)} of {count} requests came")
            return list(self._requests)

    def answer(self, request: Request) -> Answer:
        """Notes the request and looks its answer up; an unknown path is a 404."""
        with self._arrived:
            self._requests.append(request)
            self._arrived.notify_all()
        found = self.answers.get(request.path.partition("?")[0], Answer(status=404))
        return found if isinstance(found, Answer) else found(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away early is what several tests are about: no noise for that."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server_owner: HttpServer

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=self.path,
            headers=self.headers,
            body=self.rfile.read(length),
        )
        answer = self.server_owner.answer(request)
        if answer.delay_until is not None:
            answer.delay_until.wait(PATIENCE)
        if not answer.drop:
            self._send(answer)

    do_POST = do_PUT = do_GET  # noqa: N815

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        pieces: Iterable[bytes] = ()
        if not isinstance(answer.body, bytes):
            pieces = answer.body
        elif answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
            pieces = (answer.body,)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at ``requests`` instead."""
