"""How a reload disturbs matching: ``python -m tests.bench.reload [--rules N] [--batch N]``.

One line of JSON a reload: of the same files, of one changed file, and in a new process. Rates are
articles a second on the clock, gaps the longest time between two batches that were matched. Each
stands beside the same while nothing else happens and while another process merely computes, since
a busy machine takes its share of everything. Every batch must be matched as a whole by one of the
two sets; else the program ends with an error.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle, pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Final

from monitor.model.article import Article
from monitor.service.ruleprocess import RuleProcess, RunningRules
from monitor.service.wire import RuleFiles
from tests.bench.corpus import generated_articles
from tests.bench.draft import write_files, written
from tests.bench.measure_load import FILES
from tests.bench.rules_mix import RuleMix

_SECONDS: Final = 3.0
_EXTRA: Final = "\n[rules.extra]\nquery = 'tanks'\n"


def _burn() -> None:
    while True:
        sum(range(1000))


class _Desk:
    """Matches batches for as long as is wished."""

    def __init__(self, rules: RunningRules, articles: list[Article], batch: int) -> None:
        self.rules = rules
        starts = range(0, len(articles) - batch + 1, batch)
        self._batches = [articles[start : start + batch] for start in starts]
        self._turns = cycle(self._batches)
        self._hits: dict[tuple[str, int], int] = {}

    def run(self, until: Callable[[], bool]) -> tuple[float, float]:
        """Articles a second, and the longest gap in milliseconds."""
        marks, done = [time.monotonic()], 0
        while not until() or not done:
            done += self._match(next(self._turns))
            marks.append(time.monotonic())
        gap = max(later - earlier for earlier, later in pairwise(marks))
        return done / (marks[-1] - marks[0]), 1000 * gap

    def for_seconds(self) -> tuple[float, float]:
        """The same for a while."""
        end = time.monotonic() + _SECONDS
        return self.run(lambda: time.monotonic() > end)

    def once(self) -> tuple[float, float]:
        """The same for each batch once."""
        turns = iter(range(len(self._batches)))
        return self.run(lambda: next(turns, None) is None)

    def _match(self, batch: list[Article]) -> int:
        rules = self.rules
        found = rules.match_batch(batch)
        hits = sum(len(verdict.matches) for verdict in found)
        known = self._hits.setdefault((rules.revision, id(batch)), hits)
        if len(found) != len(batch) or known != hits:
            sys.exit("an article was matched by half a set, or not at all")
        return len(batch)


def _beside_a_burner(desk: _Desk) -> tuple[float, float]:
    burner = multiprocessing.get_context("spawn").Process(target=_burn, daemon=True)
    burner.start()
    desk.for_seconds()  # it starts
    figures = desk.for_seconds()
    burner.kill()
    burner.join()
    return figures


def _measure(name: str, desk: _Desk, load: Callable[[], RunningRules]) -> dict[str, object]:
    alone, burdened = desk.for_seconds(), _beside_a_burner(desk)
    loaded = Event()

    def reload() -> None:
        with suppress(BaseException):  # the old rules would then run on for ever
            desk.rules = load()
        loaded.set()

    before, began = desk.rules, time.monotonic()
    Thread(target=reload).start()
    rate, gap = desk.run(loaded.is_set)
    took = time.monotonic() - began
    if desk.rules is before:
        sys.exit("not reloaded")
    after = desk.once()
    return {
        "reload": name,
        "took_s": round(took, 2),
        "rate": round(rate),
        "rate_alone": round(alone[0]),
        "rate_beside_a_burner": round(burdened[0]),
        "share_of_alone": round(rate / alone[0], 2),
        "share_of_burner": round(rate / burdened[0], 2),
        "gap_ms": round(gap),
        "gap_alone_ms": round(alone[1]),
        "gap_beside_a_burner_ms": round(burdened[1]),
        "gap_after_ms": round(after[1]),
    }


def main() -> None:
    """Measures three reloads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--articles", type=int, default=600)
    options = parser.parse_args()
    articles = generated_articles(options.articles)
    with tempfile.TemporaryDirectory() as scratch, RuleProcess() as process:
        folder = Path(scratch)
        write_files(list(written(RuleMix(articles).drafts(options.rules))), folder, FILES)
        source = RuleFiles(paths=(folder,), channels=frozenset())
        desk = _Desk(process.load(source), articles, options.batch)
        desk.once()
        first = min(folder.iterdir())
        text = first.read_text(encoding="utf-8")
        for name in ("same files", "one file changed"):
            if name == "one file changed":
                first.write_text(text + _EXTRA, encoding="utf-8")
            figures = _measure(name, desk, lambda: process.load(source))
            print(json.dumps({"rules": options.rules, "batch": options.batch, **figures}))
        with RuleProcess() as other:
            figures = _measure("new process", desk, lambda: other.load(source))
            print(json.dumps({"rules": options.rules, "batch": options.batch, **figures}))


if __name__ == "__main__":
    main()
