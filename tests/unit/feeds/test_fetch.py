"""Fetching from a real server: what comes, what is refused, and what the errors say."""

import asyncio
import gzip
import hashlib
import os
import socket
import tracemalloc
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import brotli
import pytest

from monitor.errors import FetchError, HostPaused, TooLarge
from monitor.feeds import fetch as door
from monitor.feeds.fetch import Fetched, Fetcher
from monitor.feeds.room import Room
from monitor.model.feed import FeedSpec, Validators
from monitor.model.settings import FetchPolicy
from tests.support.http_server import Answer, HttpServer, Request

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = b"<rss/>"
HASH = hashlib.blake2b(BODY, digest_size=16).hexdigest()
NOTHING = Validators()
POLICY = FetchPolicy(
    user_agent="media-monitor/1.0",
    gap=timedelta(),
    timeout=timedelta(seconds=20),
    allow_private=("127.0.0.1/32",),
)


@pytest.fixture(name="server")
def _server() -> Iterator[HttpServer]:
    with HttpServer() as server:
        server.answers["/feed"] = Answer(body=BODY)
        yield server


def spec(location: str) -> FeedSpec:
    return FeedSpec(url=location, location=location, name="feed")


def fetch(
    feed: FeedSpec | str, validators: Validators = NOTHING, policy: FetchPolicy = POLICY
) -> Fetched:
    async def run() -> Fetched:
        async with Fetcher(policy, now=lambda: NOW) as fetcher:
            return await fetcher.fetch(spec(feed) if isinstance(feed, str) else feed, validators)

    return asyncio.run(run())


def failure(feed: FeedSpec | str, policy: FetchPolicy = POLICY) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(feed, policy=policy)
    return caught.value


def test_a_document_comes_with_what_makes_the_next_fetch_conditional(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(
        body=BODY,
        headers={
            "ETag": 'W/"odd, tag"',
            "Last-Modified": "some time ago",
            "Content-Type": "text/xml; charset=utf-8",
            "Cache-Control": "max-age=600",
        },
    )
    assert fetch(server.url("/feed")) == Fetched(
        body=BODY,
        url=server.url("/feed"),
        content_type="text/xml; charset=utf-8",
        validators=Validators(
            url=server.url("/feed"),
            etag='W/"odd, tag"',
            last_modified="some time ago",
            body_hash=HASH,
        ),
        fresh_for=timedelta(minutes=10),
    )


def test_validators_are_sent_as_they_came_and_304_is_no_body(server: HttpServer) -> None:
    server.answers["/feed"] = Answer.conditional(BODY, '"1"')
    known = Validators(
        url=server.url("/feed"), etag='"1"', last_modified="some time ago", body_hash=HASH
    )
    fetched = fetch(server.url("/feed"), known)
    assert (fetched.body, fetched.validators) == (None, known)
    headers = server.requests[0].headers
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', "some time ago")


def test_the_same_body_again_is_no_news_even_under_another_etag(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(body=BODY, headers={"ETag": '"2"'})
    known = Validators(url=server.url("/feed"), etag='"1"', body_hash=HASH)
    fetched = fetch(server.url("/feed"), known)
    assert fetched.body is None
    assert fetched.validators == replace(known, etag='"2"')


def test_another_body_under_the_same_etag_is_news(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(body=b"<new/>", headers={"ETag": '"1"'})
    known = Validators(url=server.url("/feed"), etag='"1"', body_hash=HASH)
    assert fetch(server.url("/feed"), known).body == b"<new/>"


def test_304_to_an_unconditional_request_is_an_error(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(status=304)
    assert str(failure(server.url("/feed"))) == "HTTP 304"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("br", brotli.compress(BODY)),
    ],
    ids=["gzip", "deflate", "brotli"],
)
def test_compressed_bodies_are_inflated(server: HttpServer, encoding: str, body: bytes) -> None:
    server.answers["/feed"] = Answer(body=body, headers={"Content-Encoding": encoding})
    assert fetch(server.url("/feed")).body == BODY


def test_a_request_says_who_asks_and_for_what(server: HttpServer) -> None:
    fetch(server.url("/feed"))
    fetch(replace(spec(server.url("/feed")), user_agent="own/2", headers={"x-key": "k"}))
    first, second = (request.headers for request in server.requests)
    assert first["User-Agent"] == "media-monitor/1.0"
    assert "application/rss+xml" in first["Accept"]
    assert (second["User-Agent"], second["X-Key"]) == ("own/2", "k")


def test_a_feed_may_have_credentials(server: HttpServer) -> None:
    fetch(replace(spec(server.url("/feed")), auth="jo:pass"))
    fetch(replace(spec(server.url("/feed")), auth="bearer abc"))
    basic, bearer = (request.headers["Authorization"] for request in server.requests)
    assert b64decode(basic.removeprefix("Basic ")) == b"jo:pass"
    assert bearer == "Bearer abc"


@pytest.mark.parametrize(
    ("status", "headers", "message", "retry_after"),
    [
        (404, {}, "HTTP 404 (not found: check the address)", None),
        (401, {}, "HTTP 401 (wants a password: set auth for this feed)", None),
        (500, {"Retry-After": "90"}, "HTTP 500", None),
        (503, {"Retry-After": "90"}, "HTTP 503", 90),
        (429, {"Retry-After": "5"}, "HTTP 429 (too many requests)", 60),
        (
            429,
            {"Retry-After": "Tue, 24 Nov 2026 12:10:00 GMT"},
            "HTTP 429 (too many requests)",
            600,
        ),
        (429, {}, "HTTP 429 (too many requests)", 900),
    ],
    ids=["404", "401", "500", "503", "429 soon", "429 date", "429"],
)
def test_an_error_status_is_named(
    server: HttpServer,
    status: int,
    headers: dict[str, str],
    message: str,
    retry_after: float | None,
) -> None:
    server.answers["/feed"] = Answer(status=status, headers=headers)
    error = failure(server.url("/feed"))
    assert (str(error), error.status, error.gone) == (message, status, False)
    assert error.retry_after == retry_after


async def _twice(server: HttpServer, paths: tuple[str, str]) -> list[BaseException | Fetched]:
    async with Fetcher(POLICY, now=lambda: NOW) as fetcher:
        return [
            (await asyncio.gather(_fetch(fetcher, server.url(path)), return_exceptions=True))[0]
            for path in paths
        ]


async def _fetch(fetcher: Fetcher, url: str) -> Fetched:
    return await fetcher.fetch(spec(url), NOTHING)


def test_a_host_that_is_busy_is_not_asked_for_anything_else(server: HttpServer) -> None:
    server.answers["/busy"] = Answer(status=429)
    _, paused = asyncio.run(_twice(server, ("/busy", "/feed")))
    assert isinstance(paused, HostPaused)
    assert str(paused) == "127.0.0.1 asked us to wait until 12:15 UTC"
    assert [request.path for request in server.requests] == ["/busy"]


def test_a_server_that_fails_without_asking_us_to_wait_is_asked_on(server: HttpServer) -> None:
    server.answers["/bad"] = Answer(status=503)
    _, fetched = asyncio.run(_twice(server, ("/bad", "/feed")))
    assert isinstance(fetched, Fetched)


def test_a_request_that_waited_for_its_turn_hears_of_the_pause_meanwhile(
    server: HttpServer,
) -> None:
    async def run() -> list[object]:
        async with Fetcher(POLICY, now=lambda: NOW) as fetcher:
            urls = [server.url(path) for path in ("/busy", "/feed", "/feed")]
            return await asyncio.gather(
                *(_fetch(fetcher, url) for url in urls), return_exceptions=True
            )

    server.answers["/busy"] = Answer(status=429)
    _, *others = asyncio.run(run())
    assert [type(other) for other in others] == [HostPaused, HostPaused]
    assert [request.path for request in server.requests] == ["/busy"]


def test_many_large_documents_at_a_time_all_come_and_leave_their_room(server: HttpServer) -> None:
    large = b"x" * 300_000
    server.answers["/feed"] = Answer(
        body=gzip.compress(large), headers={"Content-Encoding": "gzip"}
    )

    async def run() -> tuple[set[bytes | None], int, int]:
        async with Fetcher(replace(POLICY, per_host=9), now=lambda: NOW) as fetcher:
            fetcher.room = Room(limit=500_000)
            url = server.url("/feed")
            got = await asyncio.gather(*(_fetch(fetcher, url) for _ in range(20)))
            room = fetcher.room
            return {fetched.body for fetched in got}, room.small.held, room.large.held

    assert asyncio.run(run()) == ({large}, 0, 0)


def test_410_means_gone(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(status=410)
    assert failure(server.url("/feed")).gone


# -- redirects


def _moves(server: HttpServer, path: str, to: str, status: int) -> None:
    server.answers[path] = Answer(status=status, headers={"Location": to})


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ((301,), "/feed"),
        ((308, 301), "/feed"),
        ((302,), None),
        ((303, 301), None),
        ((301, 307), "/1"),
    ],
    ids=["permanent", "permanent chain", "temporary", "temporary first", "temporary last"],
)
def test_redirects_are_followed_and_permanent_ones_reported(
    server: HttpServer, statuses: tuple[int, ...], moved_to: str | None
) -> None:
    for n, status in enumerate(statuses):
        _moves(server, f"/{n}", "/feed" if n == len(statuses) - 1 else f"/{n + 1}", status)
    fetched = fetch(server.url("/0"))
    assert (fetched.body, fetched.url) == (BODY, server.url("/feed"))
    assert fetched.moved_to == (moved_to and server.url(moved_to))


def test_validators_go_only_to_the_address_they_came_from(server: HttpServer) -> None:
    server.answers["/feed"] = Answer.conditional(BODY, '"1"')
    server.answers["/mirror"] = Answer.conditional(b"<new/>", '"1"')
    _moves(server, "/old", "/feed", 302)
    known = fetch(server.url("/old")).validators
    assert fetch(server.url("/old"), known).body is None
    _moves(server, "/old", "/mirror", 302)
    assert fetch(server.url("/old"), known).body == b"<new/>"
    sent = [(request.path, request.headers["If-None-Match"]) for request in server.requests]
    assert sent[2:] == [("/old", None), ("/feed", '"1"'), ("/old", None), ("/mirror", None)]


def test_a_connection_refused_after_a_redirect_says_where(server: HttpServer) -> None:
    with HttpServer() as gone:
        target = gone.url("/feed?key=secret")
    _moves(server, "/old", target, 302)
    assert str(failure(server.url("/old"))) == (
        f"redirected to 127.0.0.1:{gone.port}: connection refused"
    )


def test_a_redirect_loop_ends_after_five_hops(server: HttpServer) -> None:
    _moves(server, "/loop", "/loop", 302)
    assert str(failure(server.url("/loop"))) == "more than 5 redirects"
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("file:///etc/passwd", "redirects to file:, which is neither http nor https"),
        ("", "HTTP 302 without a Location"),
        ("http://[::1", "not a valid address"),
    ],
    ids=["file", "nowhere", "invalid"],
)
def test_a_redirect_must_lead_somewhere_on_the_web(
    server: HttpServer, location: str, message: str
) -> None:
    _moves(server, "/old", location, 302)
    assert str(failure(server.url("/old"))) == message


def test_credentials_stay_with_their_site(server: HttpServer) -> None:
    with HttpServer() as other:
        other.answers["/feed"] = Answer(body=BODY)
        _moves(server, "/old", "/here", 302)
        _moves(server, "/here", other.url("/feed").replace("//", "//eve:x@"), 302)
        fetch(replace(spec(server.url("/old")), auth="jo:pass", headers={"X-Key": "k"}))
        sent = [
            (request.headers["Authorization"], request.headers["X-Key"])
            for request in [*server.requests, *other.requests]
        ]
    assert sent == [("Basic am86cGFzcw==", "k"), ("Basic am86cGFzcw==", "k"), (None, None)]


# -- addresses


def _refusal(ip: str, bits: int = 32) -> str:
    return f'{ip} is a private address; add "{ip}/{bits}" to allow_private in [fetch] to permit it'


@pytest.mark.parametrize(
    "host", ["127.0.0.2", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.2]"]
)
def test_a_redirect_to_a_private_address_is_refused(server: HttpServer, host: str) -> None:
    _moves(server, "/old", f"http://{host}:{server.port}/feed", 301)
    ip = host.strip("[]").removeprefix("::ffff:")
    assert str(failure(server.url("/old"))) == _refusal(ip)
    assert [request.path for request in server.requests] == ["/old"]


def test_a_private_address_is_refused_unless_it_is_allowed(server: HttpServer) -> None:
    strict = replace(POLICY, allow_private=())
    assert str(failure(server.url("/feed"), strict)) == _refusal("127.0.0.1")
    assert server.requests == []


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(_host: str, port: int, **_hints: object) -> list[tuple[Any, ...]]:
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in addresses
        ]

    def patched(host: str, port: int, *_args: object, **hints: object) -> list[tuple[Any, ...]]:
        return getaddrinfo(host, port, **hints)

    monkeypatch.setattr(socket, "getaddrinfo", patched)


def test_a_name_of_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, "10.0.0.1")
    assert str(failure("http://feeds.example/feed")) == _refusal("10.0.0.1")


def test_a_name_of_several_private_addresses_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, "::1", "10.0.0.1")
    assert str(failure("http://feeds.example/feed")) == _refusal("::1", 128)


def test_a_name_of_an_allowed_address_is_fetched(
    monkeypatch: pytest.MonkeyPatch, server: HttpServer
) -> None:
    _resolve_to(monkeypatch, "127.0.0.1")
    assert fetch(server.url("/feed", host="feeds.example")).body == BODY


# -- proxies


def test_all_requests_of_a_feed_go_through_its_proxy_which_may_be_private(
    server: HttpServer,
) -> None:
    server.answers["http://feeds.example/feed"] = Answer(
        status=302, headers={"Location": "http://other.example/feed"}
    )
    server.answers["http://other.example/feed"] = Answer(body=BODY)
    proxied = replace(
        spec("http://feeds.example/feed"), proxy=server.url("").replace("//", "//jo:pass@")
    )
    strict = replace(POLICY, allow_private=())
    fetched = fetch(proxied, policy=strict)
    assert (fetched.body, fetched.url) == (BODY, "http://other.example/feed")
    logins = [request.headers["Proxy-Authorization"] for request in server.requests]
    assert [b64decode(login.removeprefix("Basic ")) for login in logins] == [b"jo:pass"] * 2


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "[::1]"])
def test_a_proxy_does_not_open_the_private_network_behind_it(
    server: HttpServer, host: str
) -> None:
    proxied = replace(spec(f"http://{host}/feed"), proxy=server.url(""))
    error = failure(proxied, replace(POLICY, allow_private=()))
    assert "is a private address" in str(error)
    assert server.requests == []


# -- what goes wrong


def test_a_host_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_hints: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert str(failure("http://nowhere.example/feed")) == "no such host: nowhere.example"


def test_a_refused_connection_is_named() -> None:
    with HttpServer() as server:
        url = server.url("/feed")
    assert str(failure(url)) == "connection refused"


def test_a_dropped_connection_is_named(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(drop=True)
    assert str(failure(server.url("/feed"))) == (
        "the server closed the connection without an answer"
    )
    assert len(server.requests) == 1  # nobody is asked twice in one poll


def test_a_body_that_is_shorter_than_announced_is_an_error(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(body=iter([BODY]), headers={"Content-Length": "999"})
    assert str(failure(server.url("/feed"))).startswith("the answer broke off")


def test_a_damaged_compression_is_an_error(server: HttpServer) -> None:
    server.answers["/feed"] = Answer(body=BODY, headers={"Content-Encoding": "gzip"})
    assert str(failure(server.url("/feed"))).startswith("the answer broke off")


def test_a_server_without_tls_is_named(server: HttpServer) -> None:
    url = server.url("/feed").replace("http:", "https:")
    assert str(failure(url)).startswith("no secure connection to 127.0.0.1: ")


@pytest.mark.parametrize("url", ["http://[::1/", "http:///feed", "http://a.example:x/"])
def test_an_invalid_address_is_named(url: str) -> None:
    assert str(failure(url)) == "not a valid address"


def test_credentials_in_an_address_are_never_shown(server: HttpServer) -> None:
    url = server.url("/gone").replace("//", "//jo:secret@")
    error = failure(url)
    assert "secret" not in f"{error} {error.__cause__} {error.__context__}"
    assert fetch(server.url("/feed").replace("//", "//jo:secret@")).url == server.url("/feed")


def test_a_silent_server_times_out(server: HttpServer) -> None:
    never = Event()
    server.answers["/feed"] = Answer(delay_until=never)
    policy = replace(POLICY, timeout=timedelta(seconds=0.25))
    assert str(failure(server.url("/feed"), policy)) == "timed out after 0.25 s"
    never.set()


def test_a_slow_drip_times_out_although_something_always_comes(server: HttpServer) -> None:
    done = Event()

    def drip() -> Iterator[bytes]:
        while not done.wait(0.02):
            yield b"x"

    server.answers["/feed"] = Answer(body=drip())
    policy = replace(POLICY, timeout=timedelta(seconds=0.25))
    assert str(failure(server.url("/feed"), policy)) == "timed out after 0.25 s"
    done.set()


# -- size


def _gzip_bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(wbits=31)
    zeros = bytes(1_000_000)
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", _gzip_bomb(100)), ("br", brotli.compress(bytes(100_000_000), quality=1))],
    ids=["gzip", "brotli"],
)
def test_a_compression_bomb_stops_at_the_cap_and_takes_no_memory(
    server: HttpServer, encoding: str, body: bytes
) -> None:
    server.answers["/feed"] = Answer(body=body, headers={"Content-Encoding": encoding})
    tracemalloc.start()
    error = failure(server.url("/feed"), replace(POLICY, max_body=2_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(error) == "body is larger than 2 MB"
    assert peak < 20_000_000


def test_a_body_beyond_the_cap_is_not_read_to_its_end(server: HttpServer) -> None:
    refused = Event()

    def endless() -> Iterator[bytes]:
        yield bytes(200_000)
        refused.wait(60)

    server.answers["/feed"] = Answer(body=endless())
    error = failure(server.url("/feed"), replace(POLICY, max_body=100_000))
    refused.set()
    assert str(error) == "body is larger than 0.1 MB"


def test_a_body_of_exactly_the_cap_is_read(server: HttpServer) -> None:
    assert fetch(server.url("/feed"), policy=replace(POLICY, max_body=len(BODY))).body == BODY


# -- several at once


def test_no_more_requests_than_allowed_run_on_one_host(server: HttpServer) -> None:
    running: list[int] = []
    most = 0
    hold = Event()

    def body(request: Request) -> Iterator[bytes]:
        nonlocal most
        running.append(id(request))
        most = max(most, len(running))
        hold.wait(0.05)  # long enough for the others to come, if they may
        running.pop()
        yield BODY

    server.answers["/feed"] = lambda request: Answer(body=body(request))

    async def run() -> list[Fetched]:
        async with Fetcher(replace(POLICY, per_host=2)) as fetcher:
            feed = spec(server.url("/feed"))
            return await asyncio.gather(*(fetcher.fetch(feed, NOTHING) for _ in range(6)))

    assert [fetched.body for fetched in asyncio.run(run())] == [BODY] * 6
    assert most == 2


def test_an_answer_may_depend_on_the_request(server: HttpServer) -> None:
    def answer(request: Request) -> Answer:
        return Answer(body=request.path.encode())

    server.answers["/feed"] = answer
    assert fetch(server.url("/feed?page=2")).body == b"/feed?page=2"


# -- files


def test_a_local_file_is_read_and_known_again(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(BODY)
    first = fetch(str(path))
    assert first == Fetched(body=BODY, url=str(path), validators=Validators(body_hash=HASH))
    assert fetch(str(path), first.validators).body is None
    path.write_bytes(b"<new/>")
    assert fetch(str(path), first.validators).body == b"<new/>"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "none.xml"
    assert str(failure(str(missing))) == f"no such file: {missing}"
    os.mkfifo(pipe := tmp_path / "pipe")
    assert str(failure(str(pipe))) == f"not a file: {pipe}"


@pytest.mark.parametrize(
    ("cap", "size", "headers"),
    [(50_000, 50_001, {}), (5_000_000, 3_000_001, {"Content-Encoding": "gzip"})],
    ids=["whole", "compressed"],
)
def test_a_stated_length_beyond_the_cap_is_refused_before_it_is_read(
    server: HttpServer, cap: int, size: int, headers: dict[str, str]
) -> None:
    server.answers["/page"] = Answer(body=bytes(size), headers=headers)

    async def run() -> None:
        page = spec(server.url("/page"))
        async with Fetcher(POLICY) as fetcher:
            await fetcher.fetch(page, NOTHING, cap=cap)

    with pytest.raises(TooLarge, match=r"larger than (0\.05|3) MB"):
        asyncio.run(run())


def test_a_server_that_falls_silent_is_left(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_SILENT_SECONDS", 0.2)
    over = Event()

    def silent() -> Iterator[bytes]:
        yield b"<rss>"
        over.wait(60)

    server.answers["/feed"] = Answer(body=silent())
    error = failure(server.url("/feed"))
    over.set()
    assert str(error) == "the server said nothing for 0.2 s"


def test_a_file_beyond_the_cap_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(bytes(1001))
    error = failure(str(tmp_path / "feed.xml"), replace(POLICY, max_body=1000))
    assert str(error) == "body is larger than 0.001 MB"
