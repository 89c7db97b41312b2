"""Composition root: builds every part, wakes the jobs, obeys signals."""

import os
import queue
import random
import signal
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Final

from monitor import observe
from monitor.alerts.render import Renderer
from monitor.config.hours import machine_zone
from monitor.delivery.sender import Sender
from monitor.delivery.templates import renderers_of, shipped_templates
from monitor.errors import ConfigError, Problem, StoreError, WorkerError
from monitor.feeds.fetch import Fetcher
from monitor.feeds.pages import read_page
from monitor.feeds.parse import read_apart
from monitor.feeds.sites import Sites
from monitor.feeds.workers import WorkerPool
from monitor.jobs import extract, journal
from monitor.jobs.aftermath import Aftermath
from monitor.jobs.alert import Alerting
from monitor.jobs.catch_up import CatchingUp
from monitor.jobs.deliver import ChannelWorker, DeliveryReport
from monitor.jobs.extract import Extraction, PageReport, Reading
from monitor.jobs.heartbeat import Heartbeat
from monitor.jobs.index import Indexing
from monitor.jobs.intake import PollReport
from monitor.jobs.match import Matching, MatchReport
from monitor.jobs.outbox import Outbox
from monitor.jobs.poll import Poller
from monitor.jobs.prune import Pruning
from monitor.jobs.publish import Publishing
from monitor.jobs.refusal import Refusal
from monitor.jobs.rehearse import Rehearsal
from monitor.jobs.spikes import SpikeWatch
from monitor.jobs.watch import Watching
from monitor.model.alert import Message
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import Outcome
from monitor.model.payload import Payload
from monitor.model.settings import Settings
from monitor.plan import Plan, complain, retire, take_up
from monitor.service.engines import Engine
from monitor.service.filewatch import Watched
from monitor.service.interpreter import give_back
from monitor.service.lead import Lead
from monitor.service.notify import Notifier
from monitor.service.ruleprocess import RunningRules
from monitor.service.ticker import Ticker, Ticking
from monitor.service.vitals import Vitals
from monitor.store import channels
from monitor.store.engine import Store

_TICK: Final = timedelta(seconds=1)
_TIDY: Final = timedelta(seconds=10)
_MINUTELY: Final = timedelta(minutes=1)
_SPIKES: Final = timedelta(minutes=5)
_HOURLY: Final = timedelta(hours=1)
_INDEX_BATCHES: Final = 20  # of a pass
_GIVE_WAY: Final = 10  # ticks, of which the index gets one while news are matched
_CHANGED: Final = 0  # stands among the signals for files that have changed
_ELECTED: Final = -1  # … and for having become the one that leads
_OF_ALL: Final = ("engine", "poll", "deliver")  # jobs that wait for no lead
_LAST_SECONDS: Final = 9.0  # that SIGTERM leaves to the steps and sends at hand

log = observe.logger("monitor")


Reread = Callable[[RunningRules | None], Plan]


@dataclass(frozen=True, slots=True)
class Pools:
    """The processes that read what strangers wrote.

    Attributes:
        parsers: of feeds.
        pages: of pages; apart, so that hostile ones hold up no feed. Closed with the daemon.
    """

    parsers: WorkerPool
    pages: WorkerPool


def now() -> datetime:
    """The clock of the daemon: aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """What tells the daemon the time, runs its jobs, and lets it wait.

    Attributes:
        now: aware UTC.
        ticker: makes what runs the jobs.
        stop: makes the wish to end, on which waits are made.
    """

    now: Callable[[], datetime]
    ticker: Callable[[Vitals, Callable[[], datetime]], Ticking] = Ticker
    stop: Callable[[], Event] = Event


class Daemon:
    """Every part of one running monitor, and how they wake each other.

    Where it leads, constructing it voids the leases of the process before, which is dead, and
    takes up feeds, rules and channels of the plan.

    Args:
        wishes: the plan.
        store: open.
        engine: how the work is shared; was entered.
        pools: that read feeds and pages.
        dry_run: folder for messages as files; then none is sent, and what is sealed is held.
        clockwork: that of the machine, unless somebody has another.
    """

    def __init__(
        self,
        wishes: Plan,
        store: Store,
        engine: Engine,
        pools: Pools,
        *,
        dry_run: Path | None = None,
        clockwork: Clockwork | None = None,
    ) -> None:
        clockwork = clockwork or Clockwork(now=now)
        settings = wishes.settings
        self._now = clockwork.now
        self._store = store
        self._engine = engine
        self._lead = Lead(engine)
        self._readers = pools.pages
        self._settings = settings
        self._rules = wishes.rules
        self._stop = clockwork.stop()
        self._undelivered = 0
        self._random = random.Random()  # noqa: S311 - spreads polls and retries, no secret
        if self._lead.is_ours:
            self._take_up(wishes, begins=True)
        self._renderers = renderers_of(settings.routing.channels.values())
        self._sender = Sender(settings.routing.channels)
        self._matching = Matching(store, wishes.rules, self._matched)
        self._catching_up = CatchingUp(store, self._matching, wishes.rules)
        self._indexing = Indexing(store)
        self._is_matching, self._gave_way = False, 0
        self._alerting = Alerting(
            store,
            settings.routing,
            targets=self._targets,
            new_key=lambda: f"alert-{uuid.uuid4().hex}",
            held=dry_run is not None,
        )
        self._renderer = Renderer(shipped_templates())  # templates compile slowly
        self._rehearsal = (
            Rehearsal(store, dry_run, render=self._render, on_defect=self._crashed)
            if dry_run
            else None
        )
        self._outbox = Outbox(
            store,
            self._workers(settings),
            now=self._now,
            stop=self._stop,
            on_crash=self._crashed,
            turn=engine.turn,
        )
        self._use_retention(settings)
        fetcher = Fetcher(settings.fetch, now=self._now)
        self._watching = Watching(store)
        self._refusal = Refusal(store)
        self._vitals = Vitals(store, Notifier(os.environ), self._now)
        self._ticker = clockwork.ticker(self._vitals, self._now)
        self._took_up(wishes)
        self._poller = Poller(
            store,
            fetcher,
            now=self._now,
            random=self._random,
            on_done=self._polled,
            on_room=lambda: self._ticker.wake("poll"),
            parse=partial(read_apart, workers=pools.parsers),
        )
        reading = Reading(
            loop=self._poller.loop,
            fetcher=fetcher,
            robots=Sites(fetcher, settings.fetch.user_agent, now=self._now),
            read=partial(pools.pages.run, read_page, seconds=extract.SECONDS),
        )
        self._extraction = Extraction(store, reading, now=self._now, on_done=self._extracted)
        if self._lead.is_ours:
            self._use_feeds(settings)

    def _took_up(self, wishes: Plan) -> None:
        hour = wishes.settings.heartbeat
        zone = machine_zone() if hour else UTC
        self._heartbeat = Heartbeat(self._store, hour, zone, self._now())
        self._spikes = SpikeWatch(self._store, wishes.rules.watched)
        folder = wishes.settings.feed_folder
        self._publishing = (
            Publishing(self._store, Path(folder), wishes.rules.facts) if folder else None
        )
        self._refusal.note(wishes.refused, self._now())
        if wishes.refused:
            self._vitals.metrics.refused()
        else:
            self._vitals.metrics.reloaded(self._now())

    def _take_up(self, wishes: Plan, *, begins: bool) -> None:
        with self._store.write() as connection:
            if begins:
                self._engine.begin(connection)
            take_up(connection, wishes, self._now())

    def _refused(self, problems: Sequence[Problem]) -> None:
        self._refusal.note(problems, self._now())
        self._vitals.metrics.refused()

    def _use_feeds(self, settings: Settings) -> None:
        self._poller.use(settings.feeds.values())
        wished = {url: spec for url, spec in settings.feeds.items() if spec.enabled}
        self._extraction.specs = wished
        self._matching.modes = {url: spec.full_text for url, spec in wished.items()}

    def _use_retention(self, settings: Settings) -> None:
        self._pruning = Pruning(self._store, settings.retention)
        self._matching.keeps_texts = settings.retention.texts == "all"

    def _targets(self, channel: str) -> tuple[str, ...]:
        return self._sender.targets(channel)  # a reload replaces the sender

    def _policy(self, channel: str) -> ChannelPolicy | None:
        return self._settings.routing.channels.get(channel)

    def _render(self, channel: str, alert: Payload) -> Message:
        policy = self._policy(channel)
        renderer = self._renderers.get(channel) or self._renderer
        return renderer.render(alert, policy.zone if policy else UTC)

    def _workers(self, settings: Settings) -> Mapping[str, ChannelWorker]:
        aftermath = Aftermath(self._policy)
        return {
            name: ChannelWorker(
                name,
                self._store,
                sender=self._sender,
                render=partial(self._render, name),
                policy=settings.delivery,
                random=self._random,
                on_done=self._delivered,
                aftermath=aftermath,
            )
            for name, policy in settings.routing.channels.items()
            if policy.enabled
        }

    def run_once(self, *, everything: bool = False) -> bool:
        """One pass until nothing is due: poll, match, watch, alert, deliver, prune.

        The time that alerts wait for more hits counts as elapsed.

        Args:
            everything: also polls feeds that are not due, never those asked to wait.

        Returns:
            Whether every delivery went out and no channel failed of late.
        """
        began = self._now()
        if not self._poller.start_due(began, everything=everything):
            log.info("no feed was due; `monitor feeds list` tells when, --all polls now")
        self._poller.drain()
        while not everything and self._poller.start_due(began):  # more than there are slots
            self._poller.drain()
        self._match_and_extract()
        while self._catch_up():
            pass
        self._watching.run(self._now())
        self._spikes.run(self._now())
        while self._alerting.run(self._now(), skip_wait=True):
            pass
        self._send()
        self._outbox.wait()
        self._publish()
        for _ in range(_INDEX_BATCHES):  # what is left, a search reads; the next pass goes on
            if not self._indexing.run():
                break
        while self._pruning.run(self._now()):
            pass
        return not self._undelivered and not self._channel_waits()

    def _match_and_extract(self) -> None:
        """Until neither an article nor a page is due."""
        going_on = True
        while going_on:
            while self._matching.run(self._now()):
                pass
            going_on = self._extraction.start_due(self._now()) > 0
            self._extraction.drain()

    def _channel_waits(self) -> bool:
        with self._store.read() as connection:
            known = channels.all_health(connection)
        used = self._outbox.channels
        return any(each.next_probe is not None and each.channel in used for each in known)

    def _figures(self) -> str:
        return f"{len(self._settings.feeds)} feeds, {len(self._rules.facts)} rules"

    def run(self, reread: Reread, give_up: Callable[[], None] = lambda: None) -> None:
        """The daemon, in the foreground until SIGTERM or SIGINT.

        A new plan is taken up at SIGHUP, and when the files of the running one have changed.

        Args:
            reread: reads the files again, given the rules that run, or None if others may have
                run meanwhile; what it raises leaves everything as it is.
            give_up: called at the signal to end; lets ``reread`` end early.

        Raises:
            MonitorError: health and metrics can't be served where they are wished.
        """
        wishes: queue.SimpleQueue[int] = queue.SimpleQueue()

        def obey(number: int, _: FrameType | None) -> None:
            if number != signal.SIGHUP:
                give_up()
            wishes.put(number)

        vitals = self._vitals
        if port := vitals.serve(self._settings.http):
            log.info("serving health and metrics", port=port)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, obey)
        self._schedule(lambda: wishes.put(_ELECTED))
        log.info("started", feeds=len(self._settings.feeds), process=os.getpid())
        with Watched(self._settings, lambda: wishes.put(_CHANGED)) as watched:
            vitals.notifier.ready(self._figures())
            while (wish := _next_signal(wishes)) in {signal.SIGHUP, _CHANGED, _ELECTED}:
                if wish == _CHANGED and not watched.changed():
                    continue
                vitals.notifier.reloading()
                watched.looked()
                if wish == _ELECTED:
                    self._take_lead(reread)
                else:
                    self._reload(reread)
                watched.follow(self._settings)
                vitals.notifier.ready(self._figures())
        log.info("stopping")
        vitals.notifier.stopping()
        self._stop.set()
        ending = Thread(target=self._wind_up, daemon=True)
        ending.start()
        ending.join(_LAST_SECONDS)
        if not ending.is_alive():
            log.info("stopped")
            return
        log.warning("stopped in the middle of a step; its lease or its transaction covers it")
        sys.stdout.flush()
        os._exit(0)  # threads that hang in a send or a lookup would hold the process

    def _wind_up(self) -> None:
        self._ticker.shutdown()
        self._vitals.close()
        self.close()
        self._outbox.wait()

    def close(self) -> None:
        """Ends the threads that poll and read, and their workers."""
        self._poller.close()  # with the pages in flight: they are tried again
        self._readers.close()
        self._extraction.close()

    def _schedule(self, on_election: Callable[[], None]) -> None:
        jobs: dict[str, Callable[[], None]] = {
            "engine": partial(self._tend, on_election),
            "poll": self._poll,
            "match": self._match,
            "extract": self._extract,
            "alert": self._alert,
            "deliver": self._deliver,
            "index": self._index,
        }
        for name, job in jobs.items():
            self._ticker.every(_TICK, name, job if name in _OF_ALL else self._where_it_leads(job))
        self._ticker.every(_TIDY, "heap", give_back)
        self._ticker.every(_MINUTELY, "watch", self._where_it_leads(self._watch))
        self._ticker.every(_MINUTELY, "publish", self._where_it_leads(self._publish))
        self._ticker.every(_SPIKES, "spikes", self._where_it_leads(self._spike))
        self._ticker.every(_HOURLY, "prune", self._where_it_leads(self._prune))
        self._ticker.start()

    def _where_it_leads(self, job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            if self._goes_on():
                job()

        return run

    def _tend(self, on_election: Callable[[], None]) -> None:
        if self._lead.look():
            on_election()
        self._engine.tend(self._now())

    def _poll(self) -> None:
        self._engine.poll(self._poller, self._now())

    def _goes_on(self) -> bool:
        return self._lead.is_ours and not self._stop.is_set()

    def _match(self) -> None:
        self._is_matching = True
        try:
            while self._goes_on():
                if self._matching.run(self._now()):
                    self._ticker.wake("alert")
                elif not self._catch_up():  # one batch at a time: news go first
                    return
        finally:
            self._is_matching = False

    def _catch_up(self) -> bool:
        report = self._catching_up.run(self._now())
        if report is None:
            return False
        journal.caught_up(report)
        return True

    def _extract(self) -> None:
        self._extraction.start_due(self._now())

    def _alert(self) -> None:
        while self._goes_on() and self._alerting.run(self._now()):
            self._vitals.ticks.completed("alert")
            self._ticker.wake("deliver")

    def _deliver(self) -> None:
        if not self._stop.is_set():
            self._send()

    def _send(self) -> None:
        if self._rehearsal is None:
            self._outbox.start_due()
            return
        while self._rehearsal.run():
            pass

    def _index(self) -> None:
        # One batch a tick: nobody waits for it, and a search reads what is not in it yet. So it
        # gives way while news are matched, but not for ever.
        self._gave_way = self._gave_way + 1 if self._is_matching else 0
        if self._gave_way % _GIVE_WAY == 0:
            self._indexing.run()

    def _watch(self) -> None:
        told = [job.run(self._now()) for job in (self._watching, self._refusal, self._heartbeat)]
        if any(told):
            self._ticker.wake("alert")

    def _spike(self) -> None:
        if self._spikes.run(self._now()):
            self._ticker.wake("alert")

    def _publish(self) -> None:
        publishing = self._publishing
        while publishing and self._goes_on() and publishing.run():
            pass

    def _prune(self) -> None:
        with self._store.write() as connection:
            retire(connection, self._settings)  # what was sealed while a reload removed a channel
        while self._goes_on() and self._pruning.run(self._now()):
            pass

    def _take_lead(self, reread: Reread) -> None:
        """Goes on where the one that led before ended, by the files as they are now."""
        try:
            wishes = self._latest(reread)
            if not self._lead.lasts():
                return
        except (StoreError, WorkerError) as error:
            log.error("can't lead yet", problem=str(error))  # noqa: TRY400 - it says it all
            self._lead.decline()
            return
        self._matching.forget()
        if self._adopt(lambda: wishes, begins=True):
            self._lead.take()
        else:
            self._lead.decline()

    def _latest(self, reread: Reread) -> Plan:
        """What the files say; if they are wrong, what runs here."""
        try:
            return reread(None)
        except ConfigError as error:
            complain("not reloaded", error)
            return Plan(settings=self._settings, rules=self._rules, refused=error.problems)

    def _reload(self, reread: Reread) -> None:
        self._adopt(lambda: reread(self._rules), begins=False)

    def _adopt(self, read: Callable[[], Plan], *, begins: bool) -> bool:
        """Works by another plan from now on; whether it does."""
        try:
            wishes = read()
            sender = Sender(wishes.settings.routing.channels)
            renderers = renderers_of(wishes.settings.routing.channels.values())
            if self._lead.is_ours or begins:
                self._take_up(wishes, begins=begins)
                self._use_feeds(wishes.settings)
        except ConfigError as error:
            complain("not reloaded", error)
            self._refused(error.problems)
            return False
        except (StoreError, WorkerError) as error:
            log.error("not reloaded", problem=str(error))  # noqa: TRY400 - it says it all
            self._vitals.metrics.refused()
            return False
        self._matching.matcher = wishes.rules
        self._catching_up.rules = wishes.rules
        self._sender, self._renderers = sender, renderers
        self._alerting.routing = wishes.settings.routing
        self._outbox.replace(self._workers(wishes.settings))
        self._use_retention(wishes.settings)
        if wishes.needs_restart(self._settings):
            log.warning("[store], [runtime], [fetch], [http], [log] count from the next start")
        self._settings, self._rules = wishes.settings, wishes.rules
        self._took_up(wishes)
        log.info("reloaded", feeds=len(wishes.settings.feeds), rules=len(wishes.rules.facts))
        return True

    def _polled(self, report: PollReport) -> None:
        journal.polled(report)
        self._vitals.metrics.polled(report)
        if report.outcome in {"stored", "incomplete"}:
            self._ticker.wake("match")
        if report.event:
            self._ticker.wake("alert")

    def _matched(self, report: MatchReport) -> None:
        journal.matched(report)
        self._vitals.metrics.matched(report)
        if report.wanted:
            self._ticker.wake("extract")

    def _extracted(self, report: PageReport) -> None:
        journal.extracted(report)
        if report.outcome != "later":
            self._ticker.wake("match")

    def _delivered(self, report: DeliveryReport) -> None:
        journal.delivered(report)
        self._vitals.metrics.delivered(report)
        self._undelivered += report.verdict.outcome is not Outcome.SENT

    def _crashed(self, channel: str, error: Exception) -> None:
        journal.stopped(channel, error)
        self._undelivered += 1


def _next_signal(wishes: "queue.SimpleQueue[int]") -> int:
    while True:
        # A signal that comes just before a wait without an end would not interrupt it.
        with suppress(queue.Empty):
            return wishes.get(timeout=_TICK.total_seconds())
