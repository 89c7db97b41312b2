import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model.delivery import DeliveryState, Outcome
from monitor.store import deliveries, delivery_list
from monitor.store.backup import backup
from monitor.store.deliveries import Result
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.support.stored import HOUR, NOW, ON_SQLITE, sealed

pytestmark = ON_SQLITE


def fill_outbox(store: Store) -> None:
    """One delivery sent, one being sent, one pending."""
    with store.write() as connection:
        for number in (1, 2, 3):
            sealed(connection, number)
        first = deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
        assert first is not None
        deliveries.record(connection, first, Result(outcome=Outcome.SENT), NOW)
        deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)


def states(store: Store) -> list[DeliveryState]:
    with store.read() as connection:
        return [line.state for line in delivery_list.lines(connection)]


def test_a_backup_holds_what_was_not_sent_yet(store: Store, tmp_path: Path) -> None:
    fill_outbox(store)
    held = backup(store, tmp_path / "copy.db")
    copy = Store.open(f"sqlite:///{tmp_path / 'copy.db'}")
    assert held == 2
    assert states(copy) == [DeliveryState.HELD, DeliveryState.HELD, DeliveryState.SENT]
    assert integrity(copy) == []
    copy.close()
    assert states(store) == [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT]


def test_a_backup_is_made_while_others_write(store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        sealed(connection)
        backup(store, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM alert").fetchone() == (0,)


def test_a_backup_never_replaces_a_file(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(StoreError) as caught:
        backup(store, target)
    assert str(caught.value) == (f"{target} exists already; choose another name for the backup")
    assert target.read_text() == "precious"


def test_a_backup_that_can_not_be_written_leaves_nothing(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "copy.db"
    with pytest.raises(StoreError) as caught:
        backup(store, target)
    assert str(caught.value) == (
        f"the copy {target} can't be written: unable to open database file; "
        "check its folder and the free space there"
    )
    assert not target.parent.exists()
