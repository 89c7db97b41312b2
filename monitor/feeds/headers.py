"""Header values: credentials to send; in answers, how long they are fresh, when to come again."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST_WAIT, LONGEST_WAIT = 60.0, 24 * 3600.0  # seconds; Retry-After is obeyed within these
_MAX_DIGITS = 9
_UNCACHED = {"no-cache", "no-store"}


def authorization(auth: str) -> str:
    """The Authorization header of ``user:password`` or ``bearer TOKEN``."""
    scheme, _, token = auth.partition(" ")
    if scheme.lower() == "bearer" and token:
        return f"Bearer {token.strip()}"
    return f"Basic {b64encode(auth.encode()).decode()}"


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer stays fresh by Cache-Control and Expires, the longer of the two."""
    control, expiry = headers.get("Cache-Control"), headers.get("Expires")
    if not (control or expiry):
        return None
    directives = [part.strip().lower() for part in (control or "").split(",")]
    if _UNCACHED.intersection(directives):
        return None
    ages = [_seconds(d.removeprefix("max-age=")) for d in directives if d.startswith("max-age=")]
    expires = _date(expiry or "")
    ages.append((expires - now).total_seconds() if expires else None)
    longest = max((age for age in ages if age is not None), default=0)
    return timedelta(seconds=longest) if longest > 0 else None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by Retry-After (a number or a date), from a minute to a day."""
    value = headers.get("Retry-After", "")
    wait = _seconds(value)
    if wait is None:
        date = _date(value)
        wait = (date - now).total_seconds() if date else None
    return None if wait is None else min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _seconds(value: str) -> float | None:
    digits = value.strip().strip('"')
    return float(digits[:_MAX_DIGITS]) if digits.isascii() and digits.isdecimal() else None


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=date.tzinfo or UTC)
    except (ValueError, OverflowError, TypeError):
        return None
