"""How the HTTP requests behind a send ended, whichever of Apprise's services made them.

Apprise tells only yes or no: status and Retry-After are lost, or in a log line that also shows
the token. But every service that speaks HTTP does so through requests, and every request ends in
``HTTPAdapter.send``: it is wrapped once per process and notes what went wrong in the ``SENDING``
of its context; requests outside of a send pass untouched. It also reads the answer, as far as
we care for it: no service may fill our memory or hold the outbox for ever.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, wraps

from requests import ConnectTimeout, PreparedRequest, ReadTimeout, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ProxyError, SSLError
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError
from urllib3.response import HTTPResponse

from monitor.delivery.faults import http_fault
from monitor.delivery.limit import TimeLimit
from monitor.delivery.sending import SENDING
from monitor.errors import ChannelDown, DeliveryError

_REASON = 200  # characters of a body that may explain a refusal
_SUCCESS = range(200, 300)
_PATIENCE = 30.0  # seconds for a whole exchange
_LONGEST = 65_536  # bytes of an answer; none we know how to read is longer
_PIECE = 4096
_LIMIT: ContextVar[TimeLimit] = ContextVar("_LIMIT")
_Send = Callable[..., Response]
_GetResponse = Callable[[HTTPConnection], HTTPResponse]


@cache
def watch_exchanges() -> None:
    """From now on, notes how the HTTP requests of every send of this process end."""
    HTTPAdapter.send = _watched(HTTPAdapter.send)  # type: ignore[method-assign]  # see above
    getresponse = _limited(HTTPConnection.getresponse)
    HTTPConnection.getresponse = getresponse  # type: ignore[method-assign,assignment]


def _watched(send: _Send) -> _Send:
    @wraps(send)
    def watched(adapter: HTTPAdapter, request: PreparedRequest, **how: object) -> Response:
        sending = SENDING.get(None)
        if sending is None:
            return send(adapter, request, **how)
        try:
            response = _exchange(send, adapter, request, {**how, "stream": True})
        except RequestException as error:
            sending.faults.append(_lost(error))
            raise
        if response.status_code not in _SUCCESS:
            sending.faults.append(_refused(response))
        return response

    return watched


def _limited(getresponse: _GetResponse) -> _GetResponse:
    """The first place that knows the connection before a byte of the answer has come."""

    @wraps(getresponse)
    def limited(connection: HTTPConnection) -> HTTPResponse:
        if limit := _LIMIT.get(None):
            limit.watch(connection.sock)
        return getresponse(connection)

    return limited


def _exchange(
    send: _Send, adapter: HTTPAdapter, request: PreparedRequest, how: Mapping[str, object]
) -> Response:
    """The answer with its content, unless that takes too long."""
    with TimeLimit(_PATIENCE) as limit:
        token = _LIMIT.set(limit)
        try:
            response = send(adapter, request, **how)
            _read(response)
        except RequestException as error:
            if limit.exceeded:
                raise ReadTimeout(request=request) from error
            raise
        finally:
            _LIMIT.reset(token)
        if limit.exceeded:  # a connection that is shut down may look like the end of an answer
            raise ReadTimeout(request=request)
        return response


def _read(response: Response) -> None:
    content = bytearray()
    with closing(response):
        for piece in response.iter_content(_PIECE):
            content += piece
            if len(content) >= _LONGEST:
                break
    # What requests itself sets once it has read everything.
    vars(response).update(_content=bytes(content[:_LONGEST]), _content_consumed=True)


def _lost(error: RequestException) -> DeliveryError:
    """The text names the kind only: that of the library shows the URL, which may be a secret."""
    kind = type(error).__name__
    never_came = isinstance(error, (ConnectTimeout, SSLError, ProxyError)) or (
        bool(error.args) and isinstance(error.args[0], MaxRetryError)
    )
    if never_came:
        return ChannelDown(f"no connection to the service ({kind})")
    return DeliveryError(f"the service did not answer ({kind})", uncertain=True)


def _refused(response: Response) -> DeliveryError:
    reason = " ".join(response.text.split())[:_REASON]
    return http_fault(response.status_code, reason, _retry_after(response))


def _retry_after(response: Response) -> float | None:
    """Seconds from the header, which holds seconds or a date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):  # no date, or one without a zone
        return None
