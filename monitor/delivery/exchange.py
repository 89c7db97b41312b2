"""How the HTTP requests behind a send ended, whichever of Apprise's services made them.

Apprise tells only yes or no: status and Retry-After are lost, or in a log line that also shows
the token. But every service that speaks HTTP does so through requests, and every request ends in
``HTTPAdapter.send``: it is wrapped once per process and notes what went wrong in the ``SENDING``
of its context; requests outside of a send pass untouched.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, wraps
from typing import ParamSpec

from requests import ConnectTimeout, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ProxyError, SSLError
from urllib3.exceptions import MaxRetryError

from monitor.delivery.faults import http_fault
from monitor.delivery.sending import SENDING
from monitor.errors import ChannelDown, DeliveryError

_REASON = 200  # characters of a body that may explain a refusal
_SUCCESS = range(200, 300)
_P = ParamSpec("_P")


@cache
def watch_exchanges() -> None:
    """From now on, notes how the HTTP requests of every send of this process end."""
    HTTPAdapter.send = _watched(HTTPAdapter.send)  # type: ignore[method-assign]  # see above


def _watched(send: Callable[_P, Response]) -> Callable[_P, Response]:
    @wraps(send)
    def watched(*args: _P.args, **kwargs: _P.kwargs) -> Response:
        sending = SENDING.get(None)
        if sending is None:
            return send(*args, **kwargs)
        try:
            response = send(*args, **kwargs)
        except RequestException as error:
            sending.faults.append(_lost(error))
            raise
        if response.status_code not in _SUCCESS:
            sending.faults.append(_refused(response))
        return response

    return watched


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
