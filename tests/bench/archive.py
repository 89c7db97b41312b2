r"""Measures search and backtest over a large archive.

``python -m tests.bench.archive`` makes a database of 200,000 articles in a temporary folder (some
five minutes and 1 GB; ``--store FILE`` keeps it for the next time), and prints one JSON line a
figure: seconds on the clock, seconds of processor time of the whole process tree divided by the
number of processors (what the clock would show on an idle machine), articles that the index left
over, hits, and for backtests the most memory of the tree (PSS, 10⁶ bytes; Linux).
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import psutil

from monitor.archive.backtest import backtest
from monitor.archive.preselect import preselected
from monitor.archive.queries import query_rules
from monitor.archive.replay import Job
from monitor.archive.search import search
from monitor.model.article import Article
from monitor.rules.compile import RuleSet, compile_rules
from monitor.store.engine import Store
from tests.bench.archive_store import make_store
from tests.bench.corpus import generated_articles, read_articles
from tests.bench.draft import rule_book, written
from tests.bench.rules_mix import RuleMix

_SOURCES: Final = 1_000
_RULES: Final = 1_000


def main() -> None:
    """Prints the figures."""
    asked = _options().parse_args()
    sources = read_articles(asked.news) if asked.news else generated_articles(_SOURCES)
    with tempfile.TemporaryDirectory() as folder:
        path = asked.store or Path(folder) / "monitor.db"
        if path.exists():
            store = Store.open(f"sqlite:///{path}")
        else:
            store = make_store(path, sources, asked.articles)
        words = _Words(sources)
        for best in (False, True):
            for name, query in words.queries().items():
                _print(search=name, best=best, **_searched(store, query, best=best))
        for name, query in words.queries().items():
            _print(backtest=name, **_replayed(store, query_rules(query)))
        rules = compile_rules(rule_book(written(RuleMix(sources).drafts(_RULES))))
        _print(backtest=f"{_RULES} rules", **_replayed(store, rules))
        store.close()


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.bench.archive")
    options.add_argument("--articles", type=int, default=200_000)
    options.add_argument("--store", type=Path, help="made if it is not there, and kept")
    options.add_argument(
        "--news", type=Path, metavar="FOLDER", help="see tests.bench.matching; default: made up"
    )
    return options


class _Words:
    """Words of the sources: rare, middling and common ones."""

    def __init__(self, sources: Iterable[Article]) -> None:
        counts: dict[str, int] = {}
        for article in sources:
            for word in {word for word in article.text.lower().split() if word.isalpha()}:
                counts[word] = counts.get(word, 0) + 1
        self._ranked = sorted(counts, key=lambda word: (counts[word], word))
        self._counts = counts

    def queries(self) -> dict[str, str]:
        """Queries by what they are."""
        rare = self._with_share(0.003)
        middling = self._with_share(0.05)
        common = self._with_share(0.5)
        return {
            "selective": f"{rare[0]} AND {common[0]}",
            "selective proximity": f"{middling[0]} NEAR/10 {middling[1]}",
            "common word": common[0],
            "end of a word": f"*{rare[1][-4:]}",
            "expression": f"/\\b{rare[2][:3]}[a-z]{{2,9}}{rare[2][-1]}\\b/",
            "site": "site:site3.example",
        }

    def _with_share(self, share: float) -> list[str]:
        wanted = share * _SOURCES
        near = sorted(self._ranked, key=lambda word: abs(self._counts[word] - wanted))
        return [word for word in near if len(word) > 4][:5]


def _searched(store: Store, query: str, *, best: bool) -> dict[str, Any]:
    rules = query_rules(query)
    search(store, rules, limit=20, best=best)  # warms up
    began, cpu = time.perf_counter(), time.process_time()
    found = search(store, rules, limit=20, best=best)
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "found": len(found),
        "query": query,
    }


def _replayed(store: Store, rules: RuleSet) -> dict[str, Any]:
    gauge = _Gauge()
    with store.read() as connection:
        tried = len(preselected(connection, rules, None))
    began = time.perf_counter()
    job = Job(store_url=f"sqlite:///{store.path}", rules=rules, modes={})
    result = backtest(job, gauge, sample=5)
    gauge(0, 0)
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_s_per_processor": round(gauge.cpu / (os.cpu_count() or 1), 2),
        "tried": tried,
        "hits": sum(each.hits for each in result.rules),
        "pss_mb": round(gauge.memory / 1e6),
    }


class _Gauge:
    """Processor time and memory of this process and those below it, whenever it is told."""

    def __init__(self) -> None:
        self.memory = 0
        self._began = _cpu(psutil.Process())
        self._below: dict[int, float] = {}
        self._told = 0

    @property
    def cpu(self) -> float:
        """Seconds since it was made."""
        return _cpu(psutil.Process()) - self._began + sum(self._below.values())

    def __call__(self, done: int, total: int) -> None:
        self._told += 1
        if self._told % 10 and done < total:
            return
        memory = 0
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            try:
                memory += process.memory_full_info().pss
                if process.pid != os.getpid():
                    self._below[process.pid] = _cpu(process)
            except psutil.Error:
                continue
        self.memory = max(self.memory, memory)


def _cpu(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _print(**line: object) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
