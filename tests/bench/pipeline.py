"""Measures the whole pipeline: a feed's document on the network to a message in the outbox.

``python -m tests.bench.pipeline --articles 10000 --rules 1000 [--json]`` runs the daemon
(``monitor run``, SQLite, one channel that is told every story by itself and at once) beside a
farm of feeds on the loopback network, and prints a line for each ``stage`` and one for ``total``.

``cpu_ms`` are milliseconds of processor time per article, ``share`` of all that the process tree
took from the first poll on; ``articles_per_s`` is by the clock, from the first poll to when the
last message is in the outbox; ``rss_mb`` is the most memory that the process tree had (PSS), ``parts_mb`` that of its processes then. All these
include the index of words as far as it came (``indexed``), the outbox is not emptied.

The articles stored, their hits, their stories and the messages must be exactly those that the
generator planted (``tests.bench.planted``); else it ends with an error.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import psutil

from tests.bench import planted
from tests.bench.draft import write_files, written
from tests.bench.planted import PER_FEED, Plan
from tests.support.farm import Farm, address, serve
from tests.support.process import ROOT, Program

_FILES: Final = 20  # of rules
_LOOK: Final = 0.2  # seconds between two looks at the database and at the memory
_PATIENCE: Final = 60.0  # seconds without any progress
_CONFIG: Final = """\
[rules]
path = ["rules"]

[fetch]
allow_private = ["127.0.0.0/8"]

[feed_defaults]
backlog = "alert"
every = "24h"

[channels.desk]
url = "json://127.0.0.1:9/"
group_wait = "0s"
follow_up = "off"
max_per_hour = "off"
"""
_DONE: Final = """\
SELECT (SELECT count(*) FROM article),
 (SELECT count(*) FROM article WHERE stage IN ('new', 'text'))
  + (SELECT count(*) FROM hit WHERE decided_at IS NULL)
  + (SELECT count(*) FROM alert WHERE state = 'open'),
 (SELECT count(*) FROM delivery)"""

_HITS: Final = "SELECT url, rule FROM hit JOIN article ON article.id = hit.article"
_STORIES: Final = "SELECT story, url FROM story_article JOIN article ON article.id = article"
_LEADS: Final = """\
SELECT min(url) FROM delivery JOIN alert ON alert.id = delivery.alert
 JOIN alert_hit ON alert_hit.alert = alert.id JOIN hit ON hit.id = alert_hit.hit
 JOIN article ON article.id = hit.article GROUP BY delivery.id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a run took: seconds by the clock, memory, processor seconds by stage."""

    seconds: float
    memory: "Memory"
    stages: dict[str, float]


@contextmanager
def farm(articles: int, rules: int) -> Iterator[int]:
    """A farm of the articles in a process of its own; gives its port."""
    command = [sys.executable, "-m", "tests.bench.pipeline", "--farm"]
    command += ["--articles", str(articles), "--rules", str(rules)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def _serve(articles: int, rules: int) -> None:
    plan = planted.plan(articles, rules)
    texts = planted.written_out(plan, planted.planted_rules(rules))
    served = Farm.serving(planted.feeds(texts, plan))
    asyncio.run(serve(served, lambda port: print(port, flush=True)))


def set_up(folder: Path, port: int, articles: int, rules: int) -> None:
    """Writes the configuration."""
    drafts = [each.draft for each in planted.planted_rules(rules)]
    (folder / "rules").mkdir()
    write_files(written(drafts), folder / "rules", min(_FILES, rules))
    feeds = (
        f'[[feeds]]\nurl = "{address(number, port)}"\nname = "Paper {number}"\n'
        for number in range(-(-articles // PER_FEED))
    )
    (folder / "config.toml").write_text("\n".join([_CONFIG, *feeds]), encoding="utf-8")


class Memory:
    """The most memory that a process tree had, sampled in a thread.

    Attributes:
        peak: bytes.
        parts: bytes of each process at that time, the largest first.
    """

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self.parts: list[int] = []
        self._process = psutil.Process(pid)
        self._ended = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK):
            parts = [_pss(process) for process in self._tree()]
            if sum(parts) > self.peak:
                self.peak, self.parts = sum(parts), sorted(parts, reverse=True)

    def _tree(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def close(self) -> None:
        """Ends it."""
        self._ended.set()
        self._thread.join()


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it has ended
        return 0


def run(folder: Path, articles: int) -> Cost:
    """Runs the daemon until the last message is in the outbox."""
    report = folder / "stages.json"
    command = (sys.executable, "-m", "tests.bench.stage_clock", str(report))
    with Program(folder, "run", command=command) as daemon:
        daemon.wait_for_error("started")
        start = time.perf_counter()
        memory = Memory(daemon.pid)
        with closing(sqlite3.connect(f"file:{folder / 'monitor.db'}?mode=ro", uri=True)) as store:
            _wait(store, articles, daemon)
        seconds = time.perf_counter() - start
        memory.close()
        daemon.end()
    return Cost(seconds=seconds, memory=memory, stages=json.loads(report.read_text()))


def _wait(store: sqlite3.Connection, articles: int, daemon: Program) -> None:
    pause, seen, last = Event(), (0, 0, 0), time.monotonic()
    while not (seen[0] >= articles and seen[1] == 0):
        pause.wait(_LOOK)
        now = store.execute(_DONE).fetchone()
        if now != seen:
            seen, last = now, time.monotonic()
        elif time.monotonic() - last > _PATIENCE:
            sys.exit(f"nothing goes on: {seen}\n{''.join(daemon.errors[-20:])}")


def differences(database: Path, plan: Sequence[Plan]) -> list[str]:
    """How what is stored differs from what was planted."""
    story_of = {url: story for story in planted.stories(plan) for url in story}
    with closing(sqlite3.connect(database)) as store:
        told = Counter(story_of.get(url) for url in _column(store, _LEADS))
        found: dict[str, Counter[Any]] = {
            "articles": Counter(_column(store, "SELECT url FROM article")),
            "hits": Counter(map(tuple, store.execute(_HITS))),
            "stories": Counter(_groups(store.execute(_STORIES))),
            "messages": told,
        }
    expected: dict[str, set[Any]] = {
        "articles": {each.url for each in plan},
        "hits": planted.hits(plan),
        "stories": set(story_of.values()),
        "messages": set(story_of.values()),
    }
    return [
        f"{len(wrong)} {what} are wrong, such as {next(iter(wrong))}"
        for what, each in expected.items()
        if (wrong := _wrong(found[what], each))
    ]


def _wrong(found: Counter[Any], expected: set[Any]) -> set[Any]:
    """What is missing, or not to be there, or there twice."""
    return {each for each in found.keys() | expected if found[each] != (each in expected)}


def _column(store: sqlite3.Connection, query: str) -> Iterator[str]:
    return (value for (value,) in store.execute(query))


def _groups(rows: Iterable[tuple[int, str]]) -> Iterator[frozenset[str]]:
    """The addresses of each story."""
    found: dict[int, set[str]] = {}
    for story, url in rows:
        found.setdefault(story, set()).add(url)
    return map(frozenset, found.values())


def lines(articles: int, rules: int, folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of one run."""
    plan = planted.plan(articles, rules)
    with farm(articles, rules) as port:
        set_up(folder, port, articles, rules)
        cost = run(folder, articles)
    if wrong := differences(folder / "monitor.db", plan):
        sys.exit("\n".join(wrong))
    cpu = sum(cost.stages.values())
    for stage, seconds in sorted(cost.stages.items(), key=lambda each: -each[1]):
        yield {
            "stage": stage,
            "cpu_ms": round(1000 * seconds / articles, 3),
            "share": round(seconds / cpu, 3),
        }
    with closing(sqlite3.connect(folder / "monitor.db")) as store:
        (indexed,) = store.execute("SELECT count(*) FROM article WHERE indexed").fetchone()
    yield {
        "total": "",
        "articles": articles,
        "rules": rules,
        "hits": len(planted.hits(plan)),
        "messages": len(planted.stories(plan)),
        "indexed": indexed,
        "articles_per_s": round(articles / cost.seconds),
        "cpu_ms": round(1000 * cpu / articles, 3),
        "rss_mb": round(cost.memory.peak / 1e6, 1),
        "parts_mb": [round(part / 1e6, 1) for part in cost.memory.parts],
    }


def main() -> None:
    """Prints the lines."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--rules", type=int, default=1_000)
    options.add_argument("--json", action="store_true")
    options.add_argument("--farm", action="store_true", help=argparse.SUPPRESS)
    wished = options.parse_args()
    if wished.farm:
        _serve(wished.articles, wished.rules)
        return
    with tempfile.TemporaryDirectory() as folder:
        for line in lines(wished.articles, wished.rules, Path(folder)):
            text = (
                json.dumps(line) if wished.json else "  ".join(f"{k} {v}" for k, v in line.items())
            )
            print(text, flush=True)


if __name__ == "__main__":
    main()
