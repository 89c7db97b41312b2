"""Whether this process is the one that matches and decides."""

from monitor import observe
from monitor.service.engines import Engine

log = observe.logger("monitor")


class Lead:
    """The lead among the processes of an engine, as one of them knows it.

    Who is elected takes up the configuration first; only then it leads.

    Args:
        engine: which knows who is elected; was entered.

    Attributes:
        is_ours: this process leads.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.is_ours = self._is_elected = engine.leads()

    def look(self) -> bool:
        """Whether this process has been elected since the last look.

        Raises:
            StoreError: it can't be known; then it leads no longer, for the lock ends with the
                connection.
        """
        elected = False
        try:
            elected = self._engine.leads()
        finally:
            if self.is_ours and not elected:
                log.warning("leads no longer")
            self.is_ours = self.is_ours and elected
            before, self._is_elected = self._is_elected, elected
        return elected and not before

    def lasts(self) -> bool:
        """Whether this process is still elected; raises StoreError."""
        return self._engine.leads()

    def take(self) -> None:
        """The configuration is taken up."""
        self.is_ours = self._is_elected = True
        log.info("leads: matches and decides from now on")

    def decline(self) -> None:
        """The configuration can't be taken up: the next look finds this process elected again."""
        self.is_ours = self._is_elected = False
