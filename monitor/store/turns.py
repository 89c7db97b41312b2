"""A lock that threads get in the order in which they ask for it."""

from collections import deque
from threading import Lock
from types import TracebackType


class Turns:
    """Lets one thread in at a time, the one that waits longest first.

    Python's own lock goes to whoever happens to run when it is given back, mostly the thread that
    gave it back: a step that writes one batch after another would keep all others waiting.
    """

    def __init__(self) -> None:
        self._mutex = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def __enter__(self) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:  # Ctrl-C: nobody waits for this turn any more
            self._leave(turn)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _leave(self, turn: Lock) -> None:
        with self._mutex:
            waits = turn in self._waiting
            if waits:
                self._waiting.remove(turn)
        if not waits:  # it had come already
            self._pass_on()
