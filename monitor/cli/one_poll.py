"""Polls one feed where no daemon runs."""

from datetime import UTC, datetime
from random import Random

from monitor.feeds.fetch import Fetcher
from monitor.jobs.poll import Poller
from monitor.model.settings import EngineKind, Settings
from monitor.store import feed_claims, feeds
from monitor.store.engine import Store


def now() -> datetime:
    """Aware UTC."""
    return datetime.now(UTC)


def poll_one(settings: Settings, store: Store, url: str) -> None:
    """Polls a feed, unless its server asked us to wait; the next daemon matches its articles.

    Args:
        settings: name the feed.
        store: locked as by a daemon.
        url: of the feed.
    """
    random = Random()  # noqa: S311 - spreads polls, no secret
    fetcher = Fetcher(settings.fetch)
    poller = Poller(store, fetcher, now=now, random=random, on_done=lambda _: None)
    try:
        if settings.engine is EngineKind.EMBEDDED:  # else workers may live
            with store.write() as connection:
                feed_claims.release_leases(connection)
        poller.use(settings.feeds.values())
        with store.write() as connection:
            feeds.reschedule(connection, url, now())
        poller.start_one(url, now())
        poller.drain()
    finally:
        poller.close()
