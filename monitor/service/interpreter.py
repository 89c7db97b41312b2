"""How Python runs in a process that is always on: its heap, its collector, turns of threads."""

import ctypes
import gc
import sys
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h
_TURN: Final = 0.0005  # seconds
_LIBC: Final = ctypes.CDLL(None)
_MALLOPT: Final = getattr(_LIBC, "mallopt", None)
_TRIM: Final = getattr(_LIBC, "malloc_trim", None)


def share_heap() -> None:
    """Lets all threads share one heap, with glibc; to be called before there are any.

    glibc gives threads heaps of their own, up to eight a core, and each keeps what was freed in
    it. Our threads take turns anyway, and texts of articles wander from one to the other: with one
    heap a busy daemon takes 70 MB less.
    """
    if _MALLOPT is not None:
        _MALLOPT(_ARENA_MAX, 1)


def give_back() -> None:
    """Gives the system back what was freed, with glibc; a few milliseconds.

    Documents come and go among small objects that stay, so that a busy daemon keeps 20 MB of
    holes.
    """
    if _TRIM is not None:
        _TRIM(0)


def keep_what_is_loaded() -> None:
    """Lets the garbage collector leave alone what was loaded, and look at the rest less often.

    To be called again when other things were loaded. Polling makes many objects and few cycles;
    looking for them took an eighth of its time. Where thousands of rules are loaded, each look at
    everything held matching up for 200 ms.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def take_short_turns() -> None:
    """Lets threads that wait for their turn to run Python have it sooner than after 5 ms.

    A thread that has an answer of a worker process should ask for the next at once: with so short
    turns first polls are a tenth faster.
    """
    sys.setswitchinterval(_TURN)
