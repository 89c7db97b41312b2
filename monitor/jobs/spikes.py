"""Looks whether rules hit much more, or nothing, against their own rhythm."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.alerts.rhythm import HOUR, counts, hour_of, told_silence, told_spike
from monitor.alerts.spike_words import in_words
from monitor.alerts.spikes import HOURS, LEAST_STORIES, Counts, spike
from monitor.model.source import EventKind, FeedEvent
from monitor.model.spike import Evidence, Rhythm, Sign, TopStory, WatchedRule
from monitor.store import drafts, feed_events, rhythms
from monitor.store.engine import Connection, Store
from monitor.store.rhythms import FoundStory

BATCH: Final = 20  # rules that one transaction looks at again
_TOP: Final = 5  # stories that are shown
_LAST: Final = 3  # that came before a silence
_NAMED: Final = 10  # outlets
_WINDOW: Final = HOURS * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What is to be remembered of a rule, and what is to be told of it."""

    rhythm: Rhythm
    told: tuple[Evidence, ...] = ()


class SpikeWatch:
    """The job; ``rules`` may be replaced at any time.

    Args:
        store: where the hits are.
        rules: those to be watched.
    """

    def __init__(self, store: Store, rules: Collection[WatchedRule]) -> None:
        self.rules = rules
        self._store = store
        self._heard = _Heard()
        self._silence_at: datetime | None = None

    def run(self, now: datetime) -> int:
        """Looks at what came in this hour and the last one, and once an hour at who is silent.

        Returns:
            How many spikes and silences people will be told of.

        Raises:
            StoreError: it could not be stored.
        """
        rules = {rule.facts.id: rule for rule in self.rules}
        if not rules:
            return 0
        with self._store.read() as connection:
            due = self._due(connection, rules, now)
            heard = self._heard.at(connection, now) if due else set()
            look = _Look(connection, heard, now)
            changing = [rules[rule] for rule in due if look.at(rules[rule]) is not None]
        batches = range(0, len(changing), BATCH)
        told = sum(self._write(changing[first : first + BATCH], now) for first in batches)
        self._silence_at = hour_of(now)
        return told

    def _due(
        self, connection: Connection, rules: Mapping[str, WatchedRule], now: datetime
    ) -> list[str]:
        """The rules that may have changed: with several hits, with none, or never looked at."""
        lately = rhythms.numbers(connection, hour_of(now) - HOUR)
        known = rhythms.get(connection, rules)
        silence_due = self._silence_at != hour_of(now)
        return [
            rule
            for rule in rules
            if rule not in known
            or lately[rule] >= LEAST_STORIES
            or (lately[rule] and known[rule].silent_since is not None)
            or (silence_due and not lately[rule])
        ]

    def _write(self, rules: Collection[WatchedRule], now: datetime) -> int:
        with self._store.write() as connection:
            look = _Look(connection, self._heard.at(connection, now), now)
            changes = {rule.facts.id: look.at(rule) for rule in rules}
            events = []
            for rule, change in changes.items():
                if change is not None:
                    rhythms.save(connection, rule, change.rhythm)
                    events += [_event(evidence, now) for evidence in change.told]
            feed_events.add(connection, events)
        return len(events)


class _Heard:
    """The hours of the window in which articles came; those that are over are read once."""

    def __init__(self) -> None:
        self._hours: set[datetime] = set()
        self._from: datetime | None = None

    def at(self, connection: Connection, now: datetime) -> set[datetime]:
        """The hours up to now."""
        start, hour = _start(now), hour_of(now)
        if self._from is None or not start <= self._from <= hour:  # at first, or after long
            self._hours, self._from = set(), start
        self._hours = {each for each in self._hours if each >= start}
        self._hours |= rhythms.heard(connection, self._from, now)
        self._from = hour - HOUR
        return self._hours


def _start(now: datetime) -> datetime:
    return hour_of(now) - _WINDOW - HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """The stories of a rule: when it found each, and how many by the hour from ``start`` on."""

    rule: WatchedRule
    start: datetime
    came: Mapping[int, datetime]
    counts: Counts

    def upto(self, hour: datetime) -> Counts:
        """The counts, that of the hour as the last one."""
        return self.counts[: max(0, (hour - self.start) // HOUR + 1)]


class _Look:
    """A look at the stored hits."""

    def __init__(self, connection: Connection, heard: set[datetime], now: datetime) -> None:
        self._connection = connection
        self._heard = heard
        self._now = now
        self._hour = hour_of(now)

    def at(self, rule: WatchedRule) -> _Change | None:
        """What changes for a rule; None if nothing does."""
        before = rhythms.get(self._connection, [rule.facts.id]).get(rule.facts.id)
        rhythm = before or self._first(rule)
        series = self._series(rule, rhythm)
        told = []
        for hour in (self._hour - HOUR, self._hour):
            rhythm, evidence = self._spike(series, rhythm, hour)
            told.append(evidence)
        rhythm, evidence = self._silence(series, rhythm)
        told.append(evidence)
        if rhythm == before:
            return None
        return _Change(rhythm=rhythm, told=tuple(each for each in told if each))

    def _first(self, rule: WatchedRule) -> Rhythm:
        first = rhythms.first_hit(self._connection, rule.facts.id)
        return Rhythm(since=self._now if first is None else first)

    def _series(self, rule: WatchedRule, rhythm: Rhythm) -> _Series:
        start = max(_start(self._now), hour_of(rhythm.since))
        since = max(start, rhythm.since)
        came = rhythms.stories(self._connection, rule.facts.id, since)
        by_hour = counts(list(came.values()), self._heard, start, self._hour + HOUR)
        return _Series(rule=rule, start=start, came=came, counts=by_hour)

    def _spike(
        self, series: _Series, rhythm: Rhythm, hour: datetime
    ) -> tuple[Rhythm, Evidence | None]:
        upto = series.upto(hour)
        if not upto or (upto[-1] or 0) < LEAST_STORIES:
            return rhythm, None
        keys = {key for key, seen in series.came.items() if hour_of(seen) == hour}
        stories = self._found(series.rule, keys, hour, hour + HOUR)
        found = spike(upto, len(_together(each.own for each in stories)))
        if found is None:
            return rhythm, None
        rhythm, told = told_spike(rhythm, found, hour, self._now)
        if not told:
            return rhythm, None
        outlets = sorted(_together(each.outlets for each in stories))
        return rhythm, Evidence(
            sign=Sign.SPIKE,
            rule=series.rule.facts,
            since=hour,
            until=min(self._now, hour + HOUR),
            stories=found.stories,
            usual=found.usual,
            outlets=tuple(outlets[:_NAMED]),
            outlet_count=len(outlets),
            top=self._top(stories[:_TOP]),
        )

    def _silence(self, series: _Series, rhythm: Rhythm) -> tuple[Rhythm, Evidence | None]:
        past = series.counts[:-1]  # of hours that are over
        rhythm, found = told_silence(series.rule, rhythm, past, self._hour)
        if found is None or rhythm.silent_since is None:
            return rhythm, None
        last = sorted(series.came, key=series.came.__getitem__)[-_LAST:]
        return rhythm, Evidence(
            sign=Sign.SILENCE,
            rule=series.rule.facts,
            since=rhythm.silent_since,
            until=self._now,
            stories=0,
            usual=found.usual,
            top=self._top(self._found(series.rule, last, series.start, self._hour)),
        )

    def _found(
        self, rule: WatchedRule, keys: Collection[int], since: datetime, until: datetime
    ) -> list[FoundStory]:
        return rhythms.found(self._connection, rule.facts.id, keys, since, until)

    def _top(self, stories: Collection[FoundStory]) -> tuple[TopStory, ...]:
        ids = [each.article for each in stories]
        headlines = drafts.headlines(self._connection, ids, ())
        return tuple(
            TopStory(article=headlines[each.article], outlets=len(each.outlets))
            for each in stories
            if each.article in headlines
        )


def _together(outlets: Iterable[frozenset[str]]) -> set[str]:
    return {name for each in outlets for name in each}


def _event(evidence: Evidence, now: datetime) -> FeedEvent:
    kind = EventKind(evidence.sign)
    return FeedEvent(kind=kind, at=now, text=in_words(evidence), told=True, evidence=evidence)
