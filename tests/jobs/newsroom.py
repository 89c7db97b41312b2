"""A newsroom in a store: articles of stories come out, the alert job runs, time goes by."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from monitor.jobs.alert import Alerting
from monitor.model.alert import Alert, Digest
from monitor.model.channel import ChannelPolicy, Routing
from monitor.model.delivery import DeliveryState
from monitor.model.feed import Entry
from monitor.model.rule import Severity
from monitor.store import alerts, articles, hit_list, hits, rules
from monitor.store.engine import Store
from monitor.store.hits import Matched
from monitor.store.tables import ALERT, ALERT_HIT, DELIVERY, HIT
from tests.support.stored import NOW, REVISION, entry, facts, in_story, match, store_entries

FOREVER = datetime.max.replace(tzinfo=UTC)
_TOLD = (DeliveryState.PENDING, DeliveryState.SENT)


class Newsroom:
    """A store, the alert job, and a clock that goes from one due time to the next.

    Args:
        store: an empty one.
        channels: that all hits are routed to.
    """

    def __init__(self, store: Store, *channels: ChannelPolicy, now: datetime = NOW) -> None:
        self.store = store
        self.now = now
        self._routing = Routing(channels={policy.name: policy for policy in channels})
        self._articles, self._keys = count(1), count(1)
        self.restart()

    def restart(self) -> None:
        """The job begins anew with what is stored."""
        self.alerting = self.alerting_to("")

    def alerting_to(self, *targets: str) -> Alerting:
        """The job of channels with these targets."""
        return Alerting(
            self.store,
            self._routing,
            targets=lambda _: targets,
            new_key=lambda: f"alert-{next(self._keys)}",
        )

    def publish(
        self,
        *stories: int,
        rule: str = "troops",
        copy: bool = False,
        severity: Severity = Severity.NORMAL,
        clause: str = "#troops",
    ) -> int:
        """An article of each story comes out and a rule hits it; returns the last one's id."""
        numbers = [next(self._articles) for _ in stories]
        found = match(rule)
        found = replace(found, spans=(replace(found.spans[0], clause=clause),))
        told = {rule: facts(rule, severity)}
        with self.store.write() as connection:
            rules.save(connection, REVISION, {"a.toml": "[rules]"}, self.now)
            store_entries(connection, map(_printed, numbers), now=self.now)
            for number, story in zip(numbers, stories, strict=True):
                in_story(connection, number, story, copy=copy, now=self.now)
            stored = articles.load(connection, numbers).values()
            matched = [Matched(article=each, matches=[found], facts=told) for each in stored]
            hits.add(connection, matched, REVISION, self.now)
        return numbers[-1]

    def wait(self, how_long: timedelta = timedelta()) -> None:
        """Time goes by while the job runs whenever something is due."""
        end = self.now + how_long
        while True:
            while self.alerting.run(self.now):
                pass
            if self.now >= end:
                return
            self.now = min(end, self._next_due())

    def _next_due(self) -> datetime:
        with self.store.read() as connection:
            due = connection.scalars(sa.select(ALERT.c.due_at).where(ALERT.c.state == "open"))
            return min((each for each in due if each > self.now), default=FOREVER)

    def messages(self, channel: str = "desk") -> list[Alert | Digest]:
        """What was told to a channel, in order."""
        with self.store.read() as connection:
            ids = connection.scalars(sa.select(ALERT.c.id).order_by(ALERT.c.sealed_at, ALERT.c.id))
            said = [alerts.get(connection, id_) for id_ in ids.all()]
        return [
            each for each in said if isinstance(each, Alert | Digest) and each.channel == channel
        ]

    def kinds(self) -> list[str]:
        return [message.kind.value for message in self.messages()]

    def reasons(self) -> list[str]:
        """What was decided of each hit, in the order they came."""
        with self.store.read() as connection:
            lines = hit_list.recent(connection)
        return [line.channels["desk"].reason for line in sorted(lines, key=lambda one: one.id)]


def _printed(number: int) -> Entry:
    """Every article by an outlet of its own."""
    return replace(entry(number), url=f"https://outlet-{number}.example/{number}")


def quoted(message: Alert | Digest) -> list[int]:
    """The articles a message quotes."""
    stories = [message.story] if isinstance(message, Alert) else message.stories
    return [each.article.id for story in stories for each in (story.lead, *story.also)]


def named(message: Alert | Digest) -> list[int]:
    """The articles a message names besides."""
    if isinstance(message, Alert):
        return [each.article for each in message.story.others]
    others = [each.article for story in message.stories for each in story.others]
    return others + [each.article for each in message.headlines]


def tellings(store: Store, channel: str = "desk", held: Iterable[str] = ()) -> list[int]:
    """How often each hit is in a message sent or to be sent, or held back for such a reason."""
    sealed = sa.and_(
        ALERT.c.state == "sealed",
        sa.exists().where(DELIVERY.c.alert == ALERT.c.id, DELIVERY.c.state.in_(_TOLD)),
    )
    once = sa.or_(sealed, ALERT_HIT.c.reason.in_(list(held)))
    with store.read() as connection:
        rows = connection.execute(
            sa.select(sa.func.sum(sa.case((once, 1), else_=0)))
            .select_from(HIT)
            .outerjoin(
                ALERT_HIT, sa.and_(ALERT_HIT.c.hit == HIT.c.id, ALERT_HIT.c.channel == channel)
            )
            .outerjoin(ALERT, ALERT.c.id == ALERT_HIT.c.alert)
            .group_by(HIT.c.id)
        )
        return [number for (number,) in rows]
