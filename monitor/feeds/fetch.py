"""Fetching feed documents, politely and from places that are allowed. The only door of aiohttp."""

import asyncio
import errno
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from monitor.errors import FetchError
from monitor.feeds.address import AddressGuard, refusal_in, refusal_of_literal
from monitor.feeds.files import read_file, too_large
from monitor.feeds.headers import authorization, fresh_for, retry_after
from monitor.feeds.pace import Pacer, Pauses
from monitor.feeds.redirect import PERMANENT, REDIRECTS, is_same_site, plain_url, redirect_target
from monitor.feeds.room import Reading, Room
from monitor.model.feed import FeedSpec, Validators, host_of
from monitor.model.settings import FetchPolicy

MAX_REDIRECTS = 5
_CONNECT_SECONDS = 10
_SILENT_SECONDS = 10  # between two pieces of an answer
_MOST_COMPRESSED = 3_000_000  # bytes
_KEEP_ALIVE_SECONDS = 3  # less than servers grant, so that none closes under a request
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_NOT_MODIFIED, _GONE = 304, 410
_RETRY_LATER = (429, 503)
_OK = range(200, 300)
_ADVICE = {
    401: "wants a password: set auth for this feed",
    403: "refuses us",
    404: "not found: check the address",
    410: "gone for good: remove the feed",
    429: "too many requests",
}
_MESSAGES: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ServerDisconnectedError, "the server closed the connection without an answer"),
    (aiohttp.ClientPayloadError, "the answer broke off, or its compression is damaged"),
    (aiohttp.ClientResponseError, "the answer is not valid HTTP"),
    (ValueError, "not a valid address"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document as it came, or the news that nothing changed.

    Attributes:
        body: decompressed; None if the document is the one the validators describe.
        url: where it came from in the end.
        validators: for the next fetch; to be stored once the body was read to its end.
        fresh_for: how long the headers say that it will not change.
        moved_to: where permanent redirects lead, if the first answer was one.
        took: seconds from asking to the last byte, without the wait for our turn.
        received: the document itself came, although it may be the one we know.
    """

    body: bytes | None
    url: str
    content_type: str = ""
    validators: Validators
    fresh_for: timedelta | None = None
    moved_to: str | None = None
    took: float = field(default=0.0, compare=False)
    received: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


_parsed = lru_cache(10_000)(URL)  # of feeds: to take it apart takes a fifth of a request


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Fetches documents over HTTP(S) or from files; an async context manager.

    Args:
        policy: limits and manners.
        now: the clock, for dates in headers and for pauses.
        pacer: lets requests begin; made of the policy unless a test has its own.

    Attributes:
        pauses: hosts that want to be left alone; they are not asked.
        room: bytes of documents at hand; no request begins while there are too many.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        now: Callable[[], datetime] = _utc_now,
        pacer: Pacer | None = None,
    ) -> None:
        self._policy = policy
        self._now = now
        self._guard = AddressGuard(policy.allow_private)
        self._pacer = pacer or Pacer(
            connections=policy.connections, per_host=policy.per_host, gap=policy.gap
        )
        self._sessions: dict[str | None, aiohttp.ClientSession] = {}
        self.pauses = Pauses()
        self.room = Room()

    async def __aenter__(self) -> Self:
        self._session(None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in self._sessions.values():
            await session.close()

    def slow_down(self, host: str, gap: timedelta) -> None:
        """Keeps requests to a host at least so far apart, up to a minute (crawl-delay)."""
        self._pacer.slow_down(host, gap)

    async def fetch(
        self, feed: FeedSpec, validators: Validators, *, cap: int | None = None
    ) -> Fetched:
        """Fetches the document of a feed, unless it is still the one we know.

        Args:
            feed: what to fetch; credentials belong into ``auth``, those in a URL are dropped.
            validators: of the last complete document; their headers go only to its address.
            cap: bytes after decompression with which it is refused, if fewer than for all.

        Raises:
            FetchError: the document did not come; the message says what happened.
        """
        most = min(cap or self._policy.max_body, self._policy.max_body)
        if not feed.location.lower().startswith(("http://", "https://")):
            body = await asyncio.to_thread(read_file, feed.location, most)
            return _unless_known(Fetched(body=body, url=feed.location, validators=validators))
        try:
            return _unless_known(await self._follow(feed, validators, most))
        except aiohttp.SocketTimeoutError:
            raise FetchError(f"the server said nothing for {_SILENT_SECONDS} s") from None
        except TimeoutError:
            seconds = self._policy.timeout.total_seconds()
            raise FetchError(f"timed out after {seconds:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Not chained: these errors may quote the whole address.
            raise FetchError(_what_happened(error)) from None

    async def _follow(self, feed: FeedSpec, validators: Validators, most: int) -> Fetched:
        start = plain_url(feed.location)
        url, moved_to, permanent, trusted = start, None, True, True
        seconds = self._policy.timeout.total_seconds()
        for _ in range(MAX_REDIRECTS + 1):
            known = _of_address(validators, url)
            headers = self._headers(feed, known, trusted=trusted)
            try:
                answer, spent = await self._ask(url, headers, seconds, feed.proxy, most)
            except aiohttp.ClientConnectorError as error:
                if url == start:
                    raise
                raise FetchError(_what_happened_there(error)) from None
            seconds -= spent
            if answer.status not in REDIRECTS:
                took = self._policy.timeout.total_seconds() - seconds
                return self._conclude(answer, url, known, moved_to, took)
            target = redirect_target(url, answer.status, answer.headers.get("Location", ""))
            permanent = permanent and answer.status in PERMANENT
            moved_to = target if permanent else moved_to
            trusted = trusted and is_same_site(url, target)
            url = target
        raise FetchError(f"more than {MAX_REDIRECTS} redirects")

    async def _ask(
        self, url: str, headers: Mapping[str, str], seconds: float, proxy: str | None, most: int
    ) -> tuple[_Answer, float]:
        """The answer, once it is our turn, and the seconds it took without the wait for that."""
        host = host_of(url)
        if proxy is not None and (refusal := refusal_of_literal(self._guard, host)):
            raise FetchError(refusal)  # all that we see of the address is its name
        self.pauses.check(host, self._now)
        async with self._pacer.slot(host):
            await self.room.wait()
            self.pauses.check(host, self._now)  # it may have had enough while we waited
            clock = asyncio.get_running_loop().time
            started = clock()
            answer = await self._exchange(url, headers, seconds, proxy, most)
            return answer, clock() - started

    def _session(self, proxy: str | None) -> aiohttp.ClientSession:
        """A session for each proxy: that one may be private, for the user named it."""
        if proxy not in self._sessions:
            session = self._sessions[proxy] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,  # the pacer counts
                    socket_factory=None if proxy else self._guard.make_socket,
                    keepalive_timeout=_KEEP_ALIVE_SECONDS,
                ),
                proxy=proxy,
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SILENT_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
            # It would ask a server that breaks off a second time, at once.
            session._retry_connection = False  # noqa: SLF001 - there is no other way
        return self._sessions[proxy]

    async def _exchange(
        self, url: str, headers: Mapping[str, str], seconds: float, proxy: str | None, most: int
    ) -> _Answer:
        is_asked_again = "If-None-Match" in headers or "If-Modified-Since" in headers
        address = _parsed(url) if is_asked_again else URL(url)  # not those of thousands of pages
        get = self._session(proxy).get(address, headers=headers, allow_redirects=False)
        async with asyncio.timeout(seconds), get as response:
            wanted = response.status in _OK
            body = await self._read_capped(response, most) if wanted else b""
            return _Answer(status=response.status, headers=response.headers, body=body)

    async def _read_capped(self, response: aiohttp.ClientResponse, most: int) -> bytes:
        """Reads step by step, as it is inflated, so that a bomb stops at the cap."""
        _check_stated(response, most)
        body = bytearray()
        with Reading(self.room) as reading:
            while chunk := await reading.next(response.content.readany):
                body += chunk
                if len(body) > most:
                    raise too_large(most)
            return bytes(body)

    def _headers(self, feed: FeedSpec, validators: Validators, *, trusted: bool) -> dict[str, str]:
        headers = {
            "Accept": _ACCEPT,
            "User-Agent": feed.user_agent or self._policy.user_agent,
            "If-None-Match": validators.etag or "",
            "If-Modified-Since": validators.last_modified or "",
        }
        if trusted:
            headers |= {name.title(): value for name, value in feed.headers.items()}
            headers |= {"Authorization": authorization(feed.auth)} if feed.auth else {}
        return {name: value for name, value in headers.items() if value}

    def _conclude(
        self, answer: _Answer, url: str, validators: Validators, moved_to: str | None, took: float
    ) -> Fetched:
        conditional = validators.etag or validators.last_modified
        unchanged = answer.status == _NOT_MODIFIED and conditional is not None
        if not unchanged and answer.status not in _OK:
            raise self._status_error(answer, host_of(url))
        received = _received(answer.headers, url, validators, unchanged=unchanged)
        return Fetched(
            body=None if unchanged else answer.body,
            url=url,
            content_type=answer.headers.get("Content-Type", ""),
            validators=received,
            fresh_for=fresh_for(answer.headers, self._now()),
            moved_to=moved_to,
            took=took,
            received=not unchanged,
        )

    def _status_error(self, answer: _Answer, host: str) -> FetchError:
        advice = _ADVICE.get(answer.status)
        now = self._now()
        wait = retry_after(answer.headers, now) if answer.status in _RETRY_LATER else None
        pause = self.pauses.note(host, answer.status, wait, now)
        return FetchError(
            f"HTTP {answer.status}" + (f" ({advice})" if advice else ""),
            status=answer.status,
            retry_after=(pause.until - now).total_seconds() if pause else None,
            gone=answer.status == _GONE,
            host=host if pause else None,
        )


def _check_stated(response: aiohttp.ClientResponse, most: int) -> None:
    """Refuses a body by its stated length, before it is read."""
    packed = "Content-Encoding" in response.headers
    most = min(most, _MOST_COMPRESSED) if packed else most
    if (response.content_length or 0) > most:
        raise too_large(most)


def _unless_known(fetched: Fetched) -> Fetched:
    """Puts the hash of the body into the validators; drops the body if it is the known one."""
    if fetched.body is None:
        return fetched
    body_hash = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
    known = body_hash == fetched.validators.body_hash
    return replace(
        fetched,
        body=None if known else fetched.body,
        validators=replace(fetched.validators, body_hash=body_hash),
    )


def _of_address(validators: Validators, url: str) -> Validators:
    """What may be sent there: the hash is of any body, the headers are of one address."""
    return validators if validators.url == url else Validators(body_hash=validators.body_hash)


def _received(
    headers: Mapping[str, str], url: str, known: Validators, *, unchanged: bool
) -> Validators:
    """What makes the next fetch conditional; a 304 need not repeat what we know."""
    etag, last_modified = _storable(headers.get("ETag")), _storable(headers.get("Last-Modified"))
    if unchanged:
        etag, last_modified = etag or known.etag, last_modified or known.last_modified
        if (etag, last_modified) == (known.etag, known.last_modified):
            return known
    return Validators(url=url, etag=etag, last_modified=last_modified, body_hash=known.body_hash)


def _storable(value: str | None) -> str | None:
    """A header value, unless it is not even UTF-8 and so can't be kept in a database."""
    try:
        return value if value and value.encode() else None
    except UnicodeEncodeError:
        return None


def _what_happened(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientSSLError):
        return f"no secure connection to {error.host}: {_tls_problem(error)}"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"no such host: {error.host}"
    if isinstance(error, OSError):
        return _connection_problem(error)
    return next((text for kind, text in _MESSAGES if isinstance(error, kind)), str(type(error)))


def _what_happened_there(error: aiohttp.ClientConnectorError) -> str:
    """After a redirect the address is not the one people know: the message names it."""
    what = _what_happened(error)
    named = error.host in what or refusal_in(error.os_error) is not None
    return what if named else f"redirected to {error.host}:{error.port}: {what}"


def _tls_problem(error: aiohttp.ClientSSLError) -> str:
    cause = error.__cause__ or error
    return getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or "TLS failed"


def _connection_problem(error: OSError) -> str:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if refusal := refusal_in(cause):
        return refusal
    if cause.errno == errno.ECONNREFUSED:
        return "connection refused"
    return f"connection failed: {cause.strerror or type(cause).__name__}"
