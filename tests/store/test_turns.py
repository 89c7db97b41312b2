"""Who asked first writes first."""

import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread, main_thread

from monitor.store.turns import Turns
from tests.support.process import eventually


def waiting(turns: Turns, write: Callable[[], None]) -> Thread:
    """A thread that waits for its turn."""
    before = len(turns._waiting)

    def run() -> None:
        with turns:
            write()

    thread = Thread(target=run)
    thread.start()
    eventually(lambda: len(turns._waiting) > before)
    return thread


def test_threads_come_in_the_order_in_which_they_asked() -> None:
    turns, came = Turns(), list[int]()
    with turns:
        threads = [waiting(turns, partial(came.append, number)) for number in range(5)]
    for thread in threads:
        thread.join()
    with turns:
        came.append(5)
    assert came == list(range(6))


def test_who_is_interrupted_while_waiting_holds_up_nobody() -> None:
    class InterruptError(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise InterruptError

    turns, came = Turns(), list[str]()

    def hold() -> None:
        with turns:
            eventually(lambda: len(turns._waiting) > 0)
            signal.pthread_kill(main_thread().ident or 0, signal.SIGUSR1)
            eventually(lambda: not turns._waiting)

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        holder = Thread(target=hold)
        holder.start()
        eventually(lambda: turns._taken)
        with suppress(InterruptError), turns:
            came.append("interrupted")
        holder.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    with turns:
        came.append("next")
    assert came == ["next"]
