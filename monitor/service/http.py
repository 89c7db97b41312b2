"""Health and metrics over HTTP: ``/livez``, ``/readyz``, ``/metrics``; nothing can be changed."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET6, socket
from threading import Thread
from typing import Any, ClassVar, Final, TypeAlias

from typing_extensions import override

from monitor.errors import MonitorError
from monitor.service.health import Probes
from monitor.service.metrics import CONTENT_TYPE

_PLAIN: Final = "text/plain; charset=utf-8"
Answer: TypeAlias = tuple[HTTPStatus, str, bytes]
"""Status, content type and body."""

_PATIENCE: Final = 10.0  # seconds for a request to come in


class HealthServer:
    """Serves until it is closed.

    Args:
        host: an address of this machine; others than its own can be reached by anybody.
        port: 0 takes a free one.
        probes: path -> what is asked there.
        metrics: the page of figures.

    Attributes:
        port: that is listened on.

    Raises:
        MonitorError: the address can't be listened on.
    """

    def __init__(self, host: str, port: int, probes: Probes, metrics: Callable[[], bytes]) -> None:
        def answer(path: str) -> Answer:
            if path == "/metrics":
                return HTTPStatus.OK, CONTENT_TYPE, metrics()
            if path not in probes:
                return HTTPStatus.NOT_FOUND, _PLAIN, b"not found\n"
            problems = probes[path]()
            status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
            return status, _PLAIN, ("\n".join(problems or ["ok"]) + "\n").encode()

        try:
            self._server = _Server((host, port), partial(_Handler, answer))
        except OSError as error:
            reason = error.strerror or error
            raise MonitorError(f"[http] listen: {host} port {port}: {reason}") from error
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, name="http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, address: tuple[str, int], handler: Callable[..., BaseHTTPRequestHandler]
    ) -> None:
        if ":" in address[0]:
            self.address_family = AF_INET6
        super().__init__(address, handler)

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up early is no news."""


class _Handler(BaseHTTPRequestHandler):
    timeout: ClassVar[float | None] = _PATIENCE
    server_version = "media-monitor"
    sys_version = ""
    connection: socket

    def __init__(self, answer: Callable[[str], Answer], *request: Any) -> None:  # noqa: ANN401  # as it comes
        self._answer = answer
        super().__init__(*request)  # reads and answers the request

    def do_GET(self) -> None:
        self._reply(body=True)

    def do_HEAD(self) -> None:
        self._reply(body=False)

    def _reply(self, *, body: bool) -> None:
        status, kind, page = self._answer(self.path.partition("?")[0])
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if body:
            self.wfile.write(page)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are no news."""
