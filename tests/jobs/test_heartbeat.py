"""What the program tells of itself: once a day that it lives, and files that stay refused."""

from datetime import UTC, time, timedelta

from monitor.errors import Place, Problem
from monitor.jobs.heartbeat import Heartbeat
from monitor.jobs.refusal import PATIENCE, Refusal
from monitor.store import feed_events
from monitor.store.engine import Store
from tests.support.stored import DAY, HOUR, NOW

SECOND = timedelta(seconds=1)
WRONG = (Problem(Place("rules/a.toml"), "unknown key"),)
HOUR_OF_DAY = time((NOW + 2 * HOUR).hour, NOW.minute)


def told(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        events = feed_events.recent(connection, NOW - DAY)
    return [(event.name, event.text) for event in reversed(events)]


def test_a_sign_of_life_is_told_once_a_day_at_its_hour(store: Store) -> None:
    job = Heartbeat(store, HOUR_OF_DAY, UTC, NOW)
    due = (NOW + 2 * HOUR).replace(second=0, microsecond=0)

    assert not job.run(due - SECOND)
    assert job.run(due)
    assert not job.run(due + SECOND)
    assert not job.run(due + DAY - SECOND)
    assert job.run(due + DAY)
    assert told(store) == [("Media Monitor", "still alive: 0 articles and 0 hits in 24 hours")] * 2


def test_what_was_due_while_no_daemon_ran_is_not_made_up_for(store: Store) -> None:
    after = NOW + 2 * HOUR + SECOND
    assert not Heartbeat(store, HOUR_OF_DAY, UTC, after).run(after)


def test_without_an_hour_nothing_is_told(store: Store) -> None:
    assert not Heartbeat(store, None, UTC, NOW).run(NOW + 2 * DAY)


def test_files_that_are_wrong_for_five_minutes_are_told_once(store: Store) -> None:
    job = Refusal(store)
    job.note(WRONG, NOW)
    assert not job.run(NOW + PATIENCE - SECOND)
    job.note(WRONG, NOW + PATIENCE - SECOND)  # saved again, still wrong
    assert job.run(NOW + PATIENCE)
    job.note(WRONG, NOW + PATIENCE)
    assert not job.run(NOW + DAY)
    ((name, text),) = told(store)
    assert name == "Media Monitor"
    assert "rules/a.toml:1:1: unknown key" in text


def test_files_that_were_put_right_in_time_are_not_told(store: Store) -> None:
    job = Refusal(store)
    job.note(WRONG, NOW)
    job.note((), NOW + SECOND)
    assert not job.run(NOW + DAY)
    job.note(WRONG, NOW + DAY)
    assert job.run(NOW + DAY + PATIENCE)
