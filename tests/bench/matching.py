r"""Measures how fast many rules match articles, and that they match the right ones.

``python -m tests.bench.matching --json`` prints one JSON line per rule count and batch size:
processor time of the rules that match, per article, in microseconds and in yardsticks (one
``re.findall(r"\w+", text.lower())`` over the same articles in the same run), warm: the median of 5
passes over the same articles after a first one. ``compile_s`` and ``rss_mb``: see
``tests.bench.measure``. Up to 1,000 rules ``naive_us`` is a loop over compiled regular expressions,
one a clause, over 64 articles, and ``naive_ratio`` how much longer it takes for these.

Each rule count is measured in a process of its own. In each, 50 articles are compared with a plain
evaluation of the rules; a difference is printed and makes the exit status 1.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

from tests.bench.corpus import generated_articles, read_articles
from tests.bench.engine import Agreement
from tests.bench.job import Figures, Job, prepare
from tests.bench.measure import measure
from tests.bench.measure_load import CHANGED, measure_load
from tests.bench.rules_mix import RuleMix

_GENERATED: Final = 640  # ten batches of 64
_SHOWN: Final = 20  # differences

Result = TypeVar("Result")


def main() -> None:
    """Prints the figures."""
    asked = _options().parse_args()
    articles = read_articles(asked.docs) if asked.docs else generated_articles(_GENERATED)
    if not articles:
        sys.exit(f"there is no article of at least 250 words in {asked.docs}")
    most = max(asked.rules)
    spare = 2 * (most // CHANGED) if asked.load else 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = articles[: _whole(min(len(articles), asked.articles), max(asked.batches))]
        prepare(folder, measured, RuleMix(articles).drafts(most + spare))
        jobs = [
            Job(folder, rules, asked.batches, asked.cold, asked.spans) for rules in asked.rules
        ]
        show = _show_json if asked.json else _Table().show
        agreed = [_measured(job, show) for job in jobs]
        if asked.load:
            show(_apart(measure_load, Job(folder, most, (), cold=False, spans=False)))
    sys.exit(0 if all(agreed) else 1)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.bench.matching")
    options.add_argument(
        "--docs",
        type=Path,
        metavar="FOLDER",
        help="articles: *.txt, the title in the first line, or *.jsonl[.gz] with title and body;"
        " default: generated ones",
    )
    options.add_argument("--rules", type=_numbers, default=(10, 1_000, 10_000, 100_000))
    options.add_argument("--batches", type=_numbers, default=(1, 64))
    options.add_argument("--articles", type=int, default=_GENERATED, help="at most so many")
    options.add_argument("--json", action="store_true", help="JSON lines instead of a table")
    for name, what in (
        ("--cold", "also the first pass, with the first of the batch sizes"),
        ("--spans", "also what passages cost, in a line of its own"),
        ("--load", "also what loading the most rules from files takes, in a line of its own"),
    ):
        options.add_argument(name, action="store_true", help=what)
    return options


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _whole(count: int, batch: int) -> int:
    """The largest number of articles that fills its batches."""
    return count // batch * batch or count


def _apart(work: Callable[[Job], Result], job: Job) -> Result:
    """Run in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (job,))


def _measured(job: Job, show: Callable[[Figures], None]) -> bool:
    """Shows the figures of a job; whether the engine and the plain evaluation agree."""
    outcome = _apart(measure, job)
    for line in outcome.lines:
        show(line)
    _report(job, outcome.agreement)
    return not outcome.agreement.differences


def _report(job: Job, agreement: Agreement) -> None:
    sys.stderr.write(
        f"{job.rules:,} rules: {agreement.pairs:,} pairs of a rule and one of"
        f" {agreement.articles} articles compared, {len(agreement.differences):,} differ\n"
    )
    for difference in agreement.differences[:_SHOWN]:
        sys.stderr.write(f"  {difference}\n")


def _show_json(line: Figures) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


class _Table:
    """Prints lines of figures below a heading for each kind of line."""

    def __init__(self) -> None:
        self._heading = ""

    def show(self, line: Figures) -> None:
        """Print one line."""
        heading = "  ".join(line)
        if heading != self._heading:
            sys.stdout.write(f"\n{heading}\n")
            self._heading = heading
        cells = (f"{value:>{len(name)},}" for name, value in line.items())
        sys.stdout.write(f"{'  '.join(cells)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
