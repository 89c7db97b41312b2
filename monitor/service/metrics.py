"""Figures for Prometheus (the only door of its client); a registry of our own, no feed in a label.

Counters are what happened in this process. Gauges are read from the tables when somebody asks.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from typing_extensions import override

from monitor.jobs.intake import PollReport
from monitor.model.delivery import DeliveryState
from monitor.store.status import Status

if TYPE_CHECKING:  # a worker that polls needs no rules
    from monitor.jobs.deliver import DeliveryReport
    from monitor.jobs.match import MatchReport

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Read = Callable[[], tuple[Status, datetime] | None]
"""The figures of the tables and their time; None if they can't be read."""


class Metrics:
    """Everything that is counted.

    Args:
        read: asked at each scrape.
    """

    def __init__(self, read: Read) -> None:
        self._registry = CollectorRegistry()
        self._polls = self._counter("polls", "Polls by how they ended", "outcome")
        self._new = self._counter("articles_new", "Articles stored for the first time")
        self._matched = self._counter("articles_matched", "Articles matched")
        self._hits = self._counter("hits", "Hits found")
        self._failures = self._counter("rule_failures", "Rules that failed on an article")
        self._sent = self._counter("deliveries", "Attempts to deliver", "channel", "outcome")
        self._uncertain = self._counter(
            "deliveries_repeated", "Attempts of messages that were tried before"
        )
        self._events = self._counter(
            "scheduler_events", "Ticks that were missed, overlapped or failed", "event"
        )
        self._reloaded = self._gauge(
            "config_last_reload_successful", "1 if configuration and rules were taken up"
        )
        self._reloaded_at = self._gauge(
            "config_last_reload_success_timestamp_seconds", "When they last were"
        )
        self._registry.register(_Tables(read))

    def page(self) -> bytes:
        """The figures in Prometheus' text format."""
        return generate_latest(self._registry)

    def polled(self, report: PollReport) -> None:
        """A poll ended."""
        self._polls.labels(report.outcome).inc()
        self._new.inc(report.stored.new)

    def matched(self, report: "MatchReport") -> None:
        """A batch was matched."""
        self._matched.inc(report.articles)
        self._hits.inc(report.hits)
        self._failures.inc(len(report.failures))

    def delivered(self, report: "DeliveryReport") -> None:
        """An attempt ended."""
        self._sent.labels(report.claim.channel, report.verdict.outcome.value).inc()
        self._uncertain.inc(report.claim.attempt > 1)

    def scheduler(self, event: str) -> None:
        """A tick did not go as it should: ``missed``, ``max_instances`` or ``error``."""
        self._events.labels(event).inc()

    def reloaded(self, now: datetime) -> None:
        """Configuration and rules were taken up."""
        self._reloaded.set(1)
        self._reloaded_at.set(now.timestamp())

    def refused(self) -> None:
        """They were not, at least not all of them."""
        self._reloaded.set(0)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"monitor_{name}", text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"monitor_{name}", text, registry=self._registry)


class _Tables(Collector):
    def __init__(self, read: Read) -> None:
        self._read = read

    @override
    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = self._read()
        yield _one("database_readable", "1 if the tables could be read", found is not None)
        if found is None:
            return
        status, now = found
        lag = status.poll_lag.total_seconds()
        yield _one("poll_lag_seconds", "How long the most overdue feed waits: the health", lag)
        yield _one("feeds_overdue", "Feeds that are due", status.overdue)
        waiting = now - status.oldest_pending if status.oldest_pending else None
        yield _one(
            "deliveries_oldest_seconds",
            "Age of the oldest message that waits to be sent",
            waiting.total_seconds() if waiting else 0,
        )
        for state in (DeliveryState.PENDING, DeliveryState.DEAD, DeliveryState.HELD):
            text = f"Messages that are {state.value}"
            yield _one(f"deliveries_{state.value}", text, status.outbox[state])
        yield _one("articles_unmatched", "Articles that wait to be matched", status.unmatched)
        yield _one("hits_undecided", "Hits that wait to be decided", status.open_hits)
        feeds = GaugeMetricFamily("monitor_feeds", "Feeds by health", labels=["health"])
        for health, number in status.feeds.items():
            feeds.add_metric([health.value], number)
        yield feeds


def _one(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"monitor_{name}", text, value=float(value))
