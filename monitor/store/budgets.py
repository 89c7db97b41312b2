"""Budgets of feeds: how many pages a day are fetched for each."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.article import Article
from monitor.store.tables import FEED

DAY = timedelta(days=1)  # from the first page on; then the count begins anew


class Purse:
    """What feeds may still spend on pages.

    Args:
        connection: of a write.
        budgets: of the feeds that fetch pages, by URL: how many a day.
        now: the time.
    """

    def __init__(
        self, connection: sa.Connection, budgets: Mapping[str, int], now: datetime
    ) -> None:
        self._connection = connection
        self._budgets = budgets
        self._now = now
        self._spent: dict[str, tuple[int, datetime]] = {}

    def payer(self, article: Article) -> str | None:
        """The first feed that carried it and fetches pages."""
        return next((each.url for each in article.carriers if each.url in self._budgets), None)

    def pay(self, feed: str) -> datetime | None:
        """Takes a page from the budget; None, or when there will be a new one."""
        number, since = self._spent.get(feed) or self._read(feed)
        if number >= self._budgets[feed]:
            return since + DAY
        self._spent[feed] = number + 1, since
        return None

    def _read(self, feed: str) -> tuple[int, datetime]:
        row = self._connection.execute(
            sa.select(FEED.c.pages, FEED.c.pages_since).where(FEED.c.url == feed)
        ).one()
        since: datetime | None = row.pages_since
        # A time to come was written before the clock was set back.
        if since is None or not since <= self._now < since + DAY:
            return 0, self._now
        return row.pages, since

    def save(self) -> None:
        """Stores what was spent."""
        for feed, (number, since) in self._spent.items():
            values = sa.update(FEED).values(pages=number, pages_since=since)
            self._connection.execute(values.where(FEED.c.url == feed))
