"""What an answer of a mail server or a web service means for the message and for the channel."""

from collections.abc import Mapping

from monitor.errors import AccessDenied, ChannelDown, DeliveryError, PermanentDeliveryError

_SMTP_CLOSING = 421
_SMTP_LOGIN = frozenset({530, 534, 535, 538})
_PERMANENT = 500  # SMTP replies from here on are final
_HTTP_LOGIN = frozenset({401, 407})
_HTTP_CHANNEL = frozenset({402, 403, 404, 405, 410})
_HTTP_PATIENCE = frozenset({408, 425, 429})
_HTTP_REDIRECTS = range(300, 400)
_HTTP_SERVER = 500
_SLACK_MESSAGE = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text"}
)
_SLACK_LOGIN = frozenset(
    {
        *("account_inactive", "invalid_auth", "invalid_token", "no_service", "no_team"),
        *("not_authed", "token_expired", "token_revoked", "missing_scope"),
    }
)
_SLACK_PATIENCE = frozenset(
    {"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}
)


def smtp_fault(code: int, reply: bytes | str, *, about_sender: bool = False) -> DeliveryError:
    """Returns the error a mail server's refusal stands for.

    Args:
        code: SMTP reply code.
        reply: its text.
        about_sender: it refused MAIL FROM, which is the same for all messages of a channel.
    """
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    text = f"mail server answered {code} {' '.join(words.split())}"
    if code in _SMTP_LOGIN:
        return AccessDenied(text, code=code)
    if code == _SMTP_CLOSING:
        return ChannelDown(text, code=code)
    if code < _PERMANENT:
        return DeliveryError(text, code=code)
    if about_sender:
        return ChannelDown(text, code=code)
    return PermanentDeliveryError(text, code=code)


def http_fault(status: int, reason: str, retry_after: float | None = None) -> DeliveryError:
    """Returns the error a web service's status (not 2xx) stands for."""
    text = f"service answered {status} {reason}".rstrip()
    if status in _HTTP_REDIRECTS:
        return ChannelDown(f"{text}: redirects are not followed, correct the URL", code=status)
    if status in _HTTP_LOGIN or reason in _SLACK_LOGIN:
        return AccessDenied(text, code=status)
    if status in _HTTP_CHANNEL:
        return ChannelDown(text, code=status, retry_after=retry_after)
    if status >= _HTTP_SERVER or status in _HTTP_PATIENCE:
        return DeliveryError(text, code=status, retry_after=retry_after)
    return PermanentDeliveryError(text, code=status)


def slack_fault(answer: Mapping[str, object]) -> DeliveryError:
    """Returns the error that Slack's API names in an answer with status 200."""
    name = str(answer.get("error", "unknown error"))
    text = f"Slack answered {name}"
    if name in _SLACK_MESSAGE:
        return PermanentDeliveryError(text)
    if name in _SLACK_PATIENCE:
        return DeliveryError(text)
    return AccessDenied(text) if name in _SLACK_LOGIN else ChannelDown(text)
