import pytest

from monitor.model.alert import Decision, HitFacts, Reason
from monitor.model.article import Arrival, Carrier
from monitor.model.delivery import DeliveryState, Outcome
from monitor.store import alerts, articles, deliveries, delivery_list, hit_list, hits
from monitor.store.deliveries import Result
from monitor.store.engine import Connection, Store
from monitor.store.hit_list import Fate
from monitor.store.hits import Matched
from tests.support.stored import (
    DAY,
    FEED,
    HOUR,
    NOW,
    REVISION,
    about,
    entry,
    facts,
    hit,
    match,
    sealed,
    store_entries,
    told_hit,
)


def test_a_hit_waits_to_be_decided_with_all_that_deciding_needs(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()], arrival=Arrival.BACKLOG)
        assert not hits.has_undecided(connection)
        found = hit(connection)
        assert hits.has_undecided(connection)
        assert hits.undecided(connection, 9) == [
            HitFacts(
                id=found,
                article=1,
                clauses=frozenset({"#troops"}),
                rule=facts(),
                arrival=Arrival.BACKLOG,
                carriers=(Carrier(name="News", url=FEED.url),),
            )
        ]


def test_a_rule_hits_an_article_once(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        hit(connection)
        article = articles.load(connection, [1])[1]
        again = Matched(article=article, matches=[match()], facts={"troops": facts()})
        assert hits.add(connection, [again, again], REVISION, NOW + HOUR) == 0
        assert hits.add(connection, [], REVISION, NOW) == 0
        (line,) = hit_list.recent(connection)
    assert line.seen == NOW


def test_a_decision_is_kept_for_every_channel_with_its_reason(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        found = hit(connection)
        alert = alerts.join(connection, "desk", about(1, NOW + HOUR), NOW)
        told = Decision(channel="desk", reason=Reason.FIRST, wait=about(1))
        silent = Decision(channel="press", reason=Reason.NO_ROUTE)
        hits.decide(connection, {found: [(told, alert), (silent, None)]}, NOW)
        assert not hits.has_undecided(connection)
        assert [each.id for each in hits.of_alert(connection, alert)] == [found]
        (line,) = hit_list.recent(connection)
    assert line.channels == {
        "desk": Fate(decision="waiting", reason="first", alert=alert),
        "press": Fate(decision="not-told", reason="no-route", alert=None),
    }


def test_a_hit_without_any_channel_is_decided_too(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        hits.decide(connection, {hit(connection): []}, NOW)
        assert not hits.has_undecided(connection)
        assert hit_list.recent(connection)[0].channels == {}


def test_a_listed_hit_shows_the_text_that_matched(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        hit(connection)
        store_entries(connection, [entry(text="Something else.")])
        (line,) = hit_list.recent(connection)
    assert (line.article.revision, line.article.text) == (1, "Troops were deployed.")
    (span,) = line.spans
    assert line.article.text[span.start : span.end] == span.text
    assert (line.rule, line.why, line.score) == (facts(), "#troops: “Troops” in text", 1.0)
    assert line.rule_revision == REVISION


def test_a_list_can_be_cut_by_rule_time_and_number(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        hit(connection, 1, "a", now=NOW)
        hit(connection, 1, "b", now=NOW + DAY)
        hit(connection, 1, "c", now=NOW + 2 * DAY)

        def names(**cut: object) -> list[str]:
            return [line.rule.id for line in hit_list.recent(connection, **cut)]  # type: ignore[arg-type]

        assert names() == ["c", "b", "a"]
        assert names(rules=["a", "c"]) == ["c", "a"]
        assert names(since=NOW + DAY) == ["c", "b"]
        assert names(limit=1) == ["c"]


def deliver(connection: Connection, outcome: Outcome, error: str = "") -> None:
    claim = deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
    assert claim is not None
    deliveries.record(connection, claim, Result(outcome=outcome, error=error), NOW)


@pytest.mark.parametrize(
    ("outcomes", "decision", "reason"),
    [
        pytest.param((), "waiting", "first", id="pending"),
        pytest.param((Outcome.RETRY,), "waiting", "first", id="to be tried again"),
        pytest.param((Outcome.SENT,), "waiting", "first", id="sent to one of two"),
        pytest.param((Outcome.SENT, Outcome.SENT), "told", "first", id="sent"),
        pytest.param((Outcome.SENT, Outcome.PERMANENT), "told", "first", id="sent, refused"),
        pytest.param(
            (Outcome.PERMANENT, Outcome.PERMANENT), "not-told", "550 no such user", id="refused"
        ),
    ],
)
def test_the_fate_of_a_hit_follows_its_deliveries(
    store: Store, outcomes: tuple[Outcome, ...], decision: str, reason: str
) -> None:
    with store.write() as connection:
        alert = sealed(connection, targets=("a@news.example", "b@news.example"))
        for outcome in outcomes:
            deliver(connection, outcome, "" if outcome is Outcome.SENT else "550 no such user")
        fate = hit_list.recent(connection)[0].channels["desk"]
    assert (fate.decision, fate.reason, fate.alert) == (decision, reason, alert.id)


def test_a_dropped_delivery_is_told_nobody(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
        delivery_list.drop(connection, 1)
        fate = hit_list.recent(connection)[0].channels["desk"]
    assert (fate.decision, fate.reason) == ("not-told", DeliveryState.DROPPED)


def test_hits_of_several_articles_come_with_their_own(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(2), entry(1)])
        told_hit(connection, article=1)
        told_hit(connection, article=2)
        lines = hit_list.recent(connection)
    assert [line.article.title for line in lines] == ["Title 2", "Title 1"]


def test_the_rules_with_hits_are_known(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        hit(connection, rule="a")
        hit(connection, rule="b")
        assert hit_list.rules(connection) == {"a", "b"}
