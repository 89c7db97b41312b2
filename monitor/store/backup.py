"""A copy of a database that is in use."""

import sqlite3
from pathlib import Path

from monitor.errors import StoreError
from monitor.model.delivery import DeliveryState
from monitor.store.engine import Store
from monitor.store.sqlite import driver_connection

_HOLD = "UPDATE delivery SET state = ?, lease_until = NULL WHERE state IN (?, ?)"


def backup(store: Store, target: Path) -> int:
    """Copies a database; a daemon may go on writing meanwhile.

    What was waiting to be sent is ``held`` in the copy: after a restore it is old news, and the
    running database has told it.

    Returns:
        The number of deliveries that are held in the copy.

    Raises:
        StoreError: the target exists or can't be written.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; choose another name for the backup")
    if store.backend.path is None:
        raise StoreError(
            f"{store.name} has a backup program of its own: pg_dump --format=custom; "
            "docs/operations.md tells how"
        )
    with store.read() as connection:
        return copy_database(driver_connection(connection), target, hold=True)


def copy_database(source: sqlite3.Connection, target: Path, *, hold: bool = False) -> int:
    """Copies a database to a file, which appears only once it is whole.

    Args:
        source: a connection that is not inside a write.
        target: the file; replaced if it is there.
        hold: whether waiting deliveries are held in the copy.

    Returns:
        The number of deliveries that are held in the copy.

    Raises:
        StoreError: the target can't be written.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        held = _copy(source, partial, hold=hold)
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        message = f"the copy {target} can't be written: {error}"
        raise StoreError(f"{message}; check its folder and the free space there") from error
    return held


def _copy(source: sqlite3.Connection, target: Path, *, hold: bool) -> int:
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        if not hold:
            return 0
        states = (DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.SENDING)
        with copy:
            return copy.execute(_HOLD, [state.value for state in states]).rowcount
    finally:
        copy.close()
