"""What a daemon does with the tables before its jobs start."""

from collections.abc import Collection

from monitor.store import deliveries, feeds
from monitor.store.engine import Store


def take_over(store: Store, channels: Collection[str]) -> int:
    """Frees what a dead process held; the lock of the daemon proves that it is dead.

    Args:
        store: the database; the caller holds its lock.
        channels: the enabled ones; what waits for others ends as ``channel-removed``.

    Returns:
        The number of deliveries that may have been sent already and are sent again.

    Raises:
        StoreError: it could not be stored.
    """
    with store.write() as connection:
        feeds.release_leases(connection)
        repeats = deliveries.release_leases(connection)
        deliveries.retire(connection, channels)
    return repeats
