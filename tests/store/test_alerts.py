from concurrent.futures import ThreadPoolExecutor

from monitor.model.alert import Alert, Reason
from monitor.model.delivery import DeliveryState
from monitor.store import alerts, delivery_list
from monitor.store.engine import Store
from tests.support.stored import (
    HOUR,
    MINUTE,
    NOW,
    about,
    entry,
    hit,
    seal,
    sealed,
    store_entries,
    told_hit,
)


def test_hits_of_an_article_join_the_open_alert_of_a_channel(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        first = told_hit(connection, "desk", rule="a")
        assert told_hit(connection, "desk", rule="b") == first
        assert told_hit(connection, "press", rule="c") != first


def test_a_hit_that_comes_after_the_seal_opens_the_next_alert(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        first = told_hit(connection, rule="a")
        said = seal(connection, first)
        assert isinstance(said, Alert)
        assert [hit.rule.id for hit in said.story.hits] == ["a"]
        second = told_hit(connection, rule="b")
        assert second != first
        assert told_hit(connection, rule="c") == second
        connection.rollback()


def test_an_alert_is_due_when_its_time_has_come(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1), entry(2)])
        late = alerts.join(connection, "desk", about(1, NOW + HOUR), NOW)
        soon = alerts.join(connection, "desk", about(2, NOW + MINUTE), NOW)
        assert list(alerts.due(connection, NOW, 9)) == []
        assert list(alerts.due(connection, NOW + MINUTE, 9)) == [soon]
        assert list(alerts.due(connection, NOW + HOUR, 9)) == [soon, late]
        assert list(alerts.due(connection, NOW + HOUR, 1)) == [soon]
        assert list(alerts.due(connection, NOW, 9, skip_wait=True)) == [soon, late]
        connection.rollback()


def test_a_sealed_alert_says_for_ever_what_it_said(store: Store) -> None:
    with store.write() as connection:
        alert = sealed(connection, targets=("a@news.example", "b@news.example"))
        store_entries(connection, [entry(text="changed")])
        hit(connection, rule="late")
        assert alerts.get(connection, alert.id) == alert
        lines = delivery_list.lines(connection)
        assert alerts.take(connection, alert.id) is None
    assert alert.story.lead.article.text == "Troops were deployed."
    assert [(line.target, line.state) for line in reversed(lines)] == [
        ("a@news.example", DeliveryState.PENDING),
        ("b@news.example", DeliveryState.PENDING),
    ]


def test_an_open_alert_says_nothing_yet(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        assert alerts.get(connection, told_hit(connection)) is None


def test_an_alert_that_nobody_can_be_told_ends_with_its_reason(store: Store) -> None:
    with store.write() as connection:
        alert = sealed(connection, dead=Reason.CHANNEL_REMOVED)
        assert alerts.get(connection, alert.id) == alert
        (line,) = delivery_list.lines(connection)
    assert (line.state, line.last_error) == (DeliveryState.DEAD, "channel-removed")


def test_a_hit_is_in_exactly_one_alert_while_others_seal(store: Store) -> None:
    """Two threads: one keeps adding hits of one article, one keeps sealing what is open."""
    with store.write() as connection:
        store_entries(connection, [entry()])

    def add(number: int) -> None:
        with store.write() as connection:
            told_hit(connection, rule=f"rule-{number}")

    def seal_due(_: int) -> list[str]:
        with store.write() as connection:
            due = alerts.due(connection, NOW, 9, skip_wait=True)
            said = [seal(connection, alert) for alert in due]
        return [hit.rule.id for each in said if isinstance(each, Alert) for hit in each.story.hits]

    with ThreadPoolExecutor(2) as pool:
        adding = [pool.submit(add, number) for number in range(20)]
        sealing = [pool.submit(seal_due, number) for number in range(20)]
        told = [rule for future in sealing for rule in future.result()]
        for future in adding:
            future.result()
    told += seal_due(99)
    assert sorted(told) == sorted(f"rule-{number}" for number in range(20))
