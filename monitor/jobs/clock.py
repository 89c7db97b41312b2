"""Notices a clock that was set back, which would leave stored times far in the future."""

from datetime import datetime


class ClockWatch:
    """Remembers the last time a job saw."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def went_back(self, now: datetime) -> bool:
        """Whether stored times may lie too far ahead: at the first look, and after a step back."""
        suspicious = self._last is None or now < self._last
        self._last = now
        return suspicious
