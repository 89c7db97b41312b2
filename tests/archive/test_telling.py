"""The messages that rules would have sent are those that the daemon sends."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from monitor.archive.replay import Job, replay
from monitor.archive.telling import tell
from monitor.jobs.alert import Alerting
from monitor.jobs.match import Matching
from monitor.matching.partial import PartialPercolator
from monitor.model.article import Article, Carrier
from monitor.model.channel import (
    ChannelPolicy,
    DigestTimes,
    Mode,
    QuietHours,
    Route,
    Routing,
)
from monitor.model.rule import Severity
from monitor.rules.compile import RuleSet, compile_rules
from monitor.store import copying, rules
from monitor.store.copying import Sent
from monitor.store.engine import Store
from tests.support.archived import archive, keep
from tests.support.rulebook import book
from tests.support.stored import NOW, open_store

SEEDS = (1, 2, 3) if os.environ.get("MONITOR_LONG") == "1" else (1,)
STEP = timedelta(seconds=30)
HOURS = timedelta(hours=30)
RULES = compile_rules(book({"flood": "flood*", "rain": "rain* NOT title:quiet", "none": "zebra"}))
NIGHT = QuietHours(start=time(22), end=time(6, 30), but=frozenset({Severity.URGENT}))
CHANNELS = {
    "desk": ChannelPolicy(name="desk", url="x:", max_per_hour=3),
    "calm": ChannelPolicy(name="calm", url="x:", quiet=NIGHT, follow_up=timedelta(hours=2)),
    "daily": ChannelPolicy(name="daily", url="x:", mode=Mode.DIGEST, digest=DigestTimes(at=(time(7), time(17)))),
    "none": ChannelPolicy(name="none", url="x:"),
}  # fmt: skip
ROUTES = (Route(channels=("desk", "calm", "daily")),)
WORDS = ["river", "rose", "night", "bridge", "town", "closed", "people", "water", "late", "roads"]


def news(seed: int) -> list[Article]:
    """Some hundred articles of a few stories, many of them copies, over more than a day."""
    draw = Random(seed)  # noqa: S311  # repeatable, not secret
    found = []
    for number in range(80):
        story = draw.randrange(12)
        about = draw.choice(["Floods", "Rain", "Rain and floods", "A quiet fair", "Sport"])
        body = [*WORDS, f"place{story}", f"name{story}", f"thing{story}"] * 3
        if draw.random() < 0.4:
            draw.shuffle(body)
        outlet = draw.randrange(9)
        found.append(
            Article(
                title=f"{about} in Place{story} hit Name{story}",
                text=f"{about}. " + " ".join(body),
                language="en",
                url=f"https://outlet{outlet}.example/{number}",
                carriers=(Carrier(name=f"F{outlet}", url=f"https://outlet{outlet}.example/rss"),),
                seen=NOW + draw.randrange(2 * 24 * 60) * STEP,
            )
        )
    return sorted(found, key=lambda each: each.seen or NOW)


def lived(
    store: Store, articles: Sequence[Article], routing: Routing, until: datetime
) -> list[Sent]:
    """The jobs run every half a minute, and all articles come when they do."""
    matching = Matching(store, PartialPercolator(RULES), lambda _: None)
    keys = count(1)
    alerting = Alerting(
        store, routing, targets=lambda _: ("",), new_key=lambda: f"key-{next(keys)}"
    )
    with store.write() as connection:
        rules.save(connection, RULES.revision, {}, NOW)
    waiting = list(articles)
    now = NOW
    while now <= until:
        come = [each for each in waiting if each.seen == now]
        if come:
            keep(store, come)
            waiting = [each for each in waiting if each.seen != now]
        while matching.run(now):
            pass
        while alerting.run(now):
            pass
        now += STEP
    with store.read() as connection:
        return copying.sent(connection)


def counted(sent: Sequence[Sent]) -> list[tuple[str, str, datetime, frozenset[str]]]:
    return sorted((each.channel, each.kind, each.at, each.rules) for each in sent)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_backtest_counts_the_messages_that_the_daemon_sends(tmp_path: Path, seed: int) -> None:
    articles = news(seed)
    routing = Routing(channels=CHANNELS, routes=ROUTES)
    until = NOW + timedelta(hours=30)
    (tmp_path / "live").mkdir()
    live = open_store(tmp_path / "live")
    expected = lived(live, articles, routing, until)
    live.close()
    kept = open_store(tmp_path)
    archive(kept, articles)
    kept.close()
    job = Job(store_url=kept.url, rules=RULES, modes={})
    hit = set(replay(job, lambda *_: None).articles)
    told: list[int] = []

    found = tell(job, routing, hit, until, lambda done, _: told.append(done))

    assert 0 < len(hit) < len(articles)
    assert counted(found) == counted(expected)
    assert {each.channel for each in found} == {"desk", "calm", "daily"}
    assert {each.kind for each in found} >= {"first", "follow-up", "digest"}
    assert told[-1] == len(hit)


def test_rules_that_hit_nothing_tell_nothing(store: Store) -> None:
    archive(store, news(1)[:9])
    nothing: RuleSet = replace(RULES, rules={"none": RULES.rules["none"]})
    job = Job(store_url=store.url, rules=nothing, modes={})
    assert tell(job, Routing(channels=CHANNELS), (), NOW + HOURS, lambda *_: None) == []
