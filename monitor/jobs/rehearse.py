"""Writes held messages to files: what a dry run would have sent."""

from collections.abc import Callable
from pathlib import Path

from monitor.delivery.files import write_message
from monitor.errors import MonitorError
from monitor.model.alert import Message
from monitor.model.payload import Payload
from monitor.store import alerts, deliveries
from monitor.store.deliveries import HeldDelivery
from monitor.store.engine import Store

_BATCH = 100


class Rehearsal:
    """The job; takes the place of the outbox where alerts are sealed with held deliveries.

    A message is fixed as it is written: if its delivery is released later, just this is sent.

    Args:
        store: where the deliveries are.
        folder: where the files go, ``7-desk.txt`` and so on for delivery 7 to channel desk.
        render: makes the message of an alert for a channel.
        on_defect: told of a message that could not be made, with its channel; the others go on.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        *,
        render: Callable[[str, Payload], Message],
        on_defect: Callable[[str, Exception], None],
    ) -> None:
        self._store = store
        self._folder = folder
        self._render = render
        self._on_defect = on_defect
        self._last = 0  # nothing is tried twice by one process

    def run(self) -> int:
        """Writes a batch; returns how many deliveries were looked at, 0 when none is left.

        Raises:
            StoreError: it could not be stored; what was written is written again.
            MonitorError: the files can't be written.
        """
        with self._store.read() as connection:
            batch = deliveries.held_unrendered(connection, self._last, _BATCH)
        for held in batch:
            self._write(held)
            self._last = held.id
        return len(batch)

    def _write(self, held: HeldDelivery) -> None:
        with self._store.read() as connection:
            alert = alerts.get(connection, held.alert)
        if alert is None:
            raise LookupError(f"alert {held.alert} has no payload")
        try:
            message = self._render(held.channel, alert)
        except Exception as error:  # noqa: BLE001 - reported
            self._on_defect(held.channel, error)
            return
        try:
            write_message(self._folder, f"{held.id}-{held.channel}", message)
        except OSError as error:
            raise MonitorError(f"{self._folder} can't be written: {error.strerror}") from error
        with self._store.write() as connection:
            deliveries.freeze(connection, held.id, message)
