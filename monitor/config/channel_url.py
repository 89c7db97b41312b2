"""Channel addresses: e-mail tables and URLs -> one Apprise URL and the recipients beside it.

Recipients stand beside the URL because each is a delivery of its own: one that is refused does not
make the others receive the message again.
"""

import re
from email.utils import getaddresses
from typing import Final, Literal
from urllib.parse import quote, unquote

from monitor.config.values import mail_address

Tls = Literal["starttls", "ssl", "none"]
Address = tuple[str, tuple[str, ...]]
"""An Apprise URL and its recipients (none if the URL itself says where)."""

_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://[^?]*(\?.*)?")
_MAIL: Final = frozenset({"mailto", "mailtos"})
_MODES: Final = {"starttls": "starttls", "ssl": "ssl", "none": "insecure"}

_REFUSED: Final = {
    "retry": "the outbox tries again by itself, with growing waits and over restarts",
    "cc": 'it would hide who got the message; name all recipients in "to"',
    "bcc": 'it would hide who got the message; name all recipients in "to"',
    "optional": "it would hide that a message was not delivered",
    "overflow": "messages are made to fit; parts of one would come again after a fault",
    "redirect": "a message that is redirected may go nowhere and still count as sent",
}


def from_url(url: str) -> Address:
    """Check an Apprise URL and split its e-mail recipients off.

    Raises:
        ValueError: it is none, or asks for what would break the promises of the outbox. The
            message does not repeat it.
    """
    match = _URL.fullmatch(url)
    if match is None:
        raise ValueError('is not an Apprise URL; write SERVICE://…, for example "console://"')
    parameters = re.split("[&;]", (match[2] or "?")[1:])
    for parameter in parameters:
        if (key := _key(parameter)) in _REFUSED:
            raise ValueError(f'"{key}=" must not be in the URL: {_REFUSED[key]}')
    if match[1].lower() not in _MAIL:
        return url, ()
    return _split_recipients(url.partition("?")[0], parameters)


def from_email(
    *,
    host: str,
    port: int | None,
    tls: Tls,
    user: str | None,
    password: str | None,
    sender: str,
) -> str:
    """The Apprise URL of a mail server."""
    login = "" if user is None else f"{_encoded(user)}:{_encoded(password or '')}@"
    server = f"[{host}]" if ":" in host else host
    place = server if port is None else f"{server}:{port}"
    scheme = "mailto" if tls == "none" else "mailtos"
    # Apprise decodes these values twice. `smtp` keeps it from guessing the server by the domain.
    parameters = {"mode": _MODES[tls], "smtp": host, "from": sender}
    query = "&".join(f"{key}={_encoded(_encoded(text))}" for key, text in parameters.items())
    return f"{scheme}://{login}{place}?{query}"


def _split_recipients(address: str, parameters: list[str]) -> Address:
    scheme, _, rest = address.partition("://")
    server, *path = rest.split("/")
    named = [unquote(each.partition("=")[2]) for each in parameters if _key(each) == "to"]
    kept = "&".join(each for each in parameters if each and _key(each) != "to")
    recipients = _addresses([*map(unquote, filter(None, path)), *named])
    return f"{scheme}://{server}" + (f"?{kept}" if kept else ""), recipients


def _addresses(texts: list[str]) -> tuple[str, ...]:
    found = [address for _, address in getaddresses(texts)]
    try:
        return tuple(dict.fromkeys(map(mail_address, found)))
    except ValueError:
        raise ValueError("one of the recipients in the URL is not an e-mail address") from None


def _key(parameter: str) -> str:
    return unquote(parameter.partition("=")[0]).strip().lower()


def _encoded(text: str) -> str:
    return quote(text, safe="")
