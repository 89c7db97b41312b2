"""Time and memory of this process, and the pass that times are compared with.

Times are seconds of processor time: on an idle machine the same as on the clock, and on a busy one
steadier.
"""

import gc
import re
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import psutil

from monitor.model.article import Article

Result = TypeVar("Result")

ROUNDS: Final = 5
"""Rounds of which a figure is the median, after a first one that warms up."""


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What a piece of work gives, and the seconds it takes."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def in_turns(works: list[Callable[[], object]]) -> tuple[list[float], list[float]]:
    """What each piece of work takes in the first round, and the median of the others.

    They take turns, so that whatever else the machine does slows all of them.
    """
    first, *rounds = ([timed(work)[1] for work in works] for _ in range(1 + ROUNDS))
    return first, [statistics.median(column) for column in zip(*rounds, strict=True)]


def resident() -> int:
    """Bytes of memory that the process holds, after a garbage collection."""
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def yardstick(articles: Iterable[Article]) -> None:
    """One pass of the simplest tokeniser over each article."""
    for article in articles:
        re.findall(r"\w+", f"{article.title}\n{article.text}".lower())
