"""Held deliveries are written to files and stay held."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.errors import MonitorError
from monitor.jobs.rehearse import Rehearsal
from monitor.model.alert import Message, Notice, NoticeLine
from monitor.model.delivery import DeliveryState
from monitor.model.payload import Payload
from monitor.store import deliveries, delivery_list
from monitor.store.codec import to_json
from monitor.store.engine import Connection, Store
from monitor.store.tables import ALERT, DELIVERY
from tests.support.stored import NOW


def notice(connection: Connection, title: str, state: DeliveryState) -> int:
    """Stores a sealed notice with a delivery; returns the id of the delivery."""
    line = NoticeLine(name="News", url="https://news.example/feed", text="silent", at=NOW)
    told = Notice(id=0, channel="desk", created=NOW, title=title, lines=(line,))
    alert = connection.scalars(
        sa.insert(ALERT)
        .values(
            channel="desk",
            kind="system",
            subject=title,
            seq=1,
            state="sealed",
            due_at=NOW,
            created=NOW,
            sealed_at=NOW,
            payload=to_json(told),
        )
        .returning(ALERT.c.id)
    ).one()
    delivery: int = connection.scalars(
        sa.insert(DELIVERY)
        .values(
            alert=alert,
            channel="desk",
            target="",
            key=title,
            state=state,
            next_try=NOW,
            created=NOW,
        )
        .returning(DELIVERY.c.id)
    ).one()
    return delivery


def render(channel: str, alert: Payload) -> Message:
    assert isinstance(alert, Notice)
    if alert.title == "bad":
        raise ValueError("a template is wrong")
    return Message(
        subject=f"{alert.title} for {channel}",
        text="t",
        html="h",
        markdown="m",
        short="",
        blocks=(),
    )


def rehearsal(store: Store, folder: Path, defects: list[str] | None = None) -> Rehearsal:
    told = [] if defects is None else defects
    return Rehearsal(
        store, folder, render=render, on_defect=lambda name, error: told.append(f"{name}: {error}")
    )


def run_all(job: Rehearsal) -> int:
    looked_at = 0
    while number := job.run():
        looked_at += number
    return looked_at


def test_what_is_held_is_written_and_stays_held_with_the_words_that_were_shown(
    store: Store, tmp_path: Path
) -> None:
    with store.write() as connection:
        held = notice(connection, "one", DeliveryState.HELD)
        pending = notice(connection, "two", DeliveryState.PENDING)
    folder = tmp_path / "dry"

    assert run_all(rehearsal(store, folder)) == 1

    assert {file.name for file in folder.iterdir()} == {
        f"{held}-desk.{ending}" for ending in ("txt", "html", "md", "slack.json")
    }
    assert (folder / f"{held}-desk.txt").read_text() == "one for desk\n\nt"
    with store.read() as connection:
        states = {line.id: line.state for line in delivery_list.lines(connection)}
        message = deliveries.message(connection, held)
        assert deliveries.message(connection, pending) is None
    assert states == {held: DeliveryState.HELD, pending: DeliveryState.PENDING}
    assert message is not None
    assert message.subject == "one for desk"


def test_what_was_written_is_not_written_again(store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        held = notice(connection, "one", DeliveryState.HELD)
    run_all(rehearsal(store, tmp_path / "first"))

    assert run_all(rehearsal(store, tmp_path / "second")) == 0

    assert not (tmp_path / "second").exists()
    with store.write() as connection:
        delivery_list.retry(connection, held, NOW, {"desk"})
        claim = deliveries.claim_one(connection, "desk", NOW, NOW)
    assert claim is not None
    assert claim.attempt == 1


def test_a_message_that_can_not_be_made_keeps_no_other_from_being_written(
    store: Store, tmp_path: Path
) -> None:
    with store.write() as connection:
        notice(connection, "bad", DeliveryState.HELD)
        good = notice(connection, "good", DeliveryState.HELD)
    defects: list[str] = []

    assert run_all(rehearsal(store, tmp_path / "dry", defects)) == 2

    assert defects == ["desk: a template is wrong"]
    assert (tmp_path / "dry" / f"{good}-desk.md").exists()


def test_a_folder_that_can_not_be_written_is_an_error_and_the_message_is_not_fixed(
    store: Store, tmp_path: Path
) -> None:
    with store.write() as connection:
        held = notice(connection, "one", DeliveryState.HELD)
    (tmp_path / "dry").touch()

    with pytest.raises(MonitorError, match="dry can't be written: File exists"):
        rehearsal(store, tmp_path / "dry").run()

    with store.read() as connection:
        assert deliveries.message(connection, held) is None
