"""What it takes to load rule files, and to load them again after some rules have changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.bench import engine
from tests.bench.draft import Written, write_files
from tests.bench.engine import Live
from tests.bench.gauges import resident, timed
from tests.bench.job import Figures, Job, rules_of

FILES: Final = 100
CHANGED: Final = 100
"""One in so many rules changes; so that needs two spare rules in so many."""


def measure_load(job: Job) -> Figures:
    """Seconds from 100 rule files to rules that match, in one process that runs on.

    ``load_s``: the first time; ``load_again_s``: nothing has changed; ``reload_one_file_s``: all
    rules of one file have changed (1 %); ``reload_spread_s``: as many, spread over the files;
    ``load_rss_mb``: growth of the process by the first load, rule book included.
    """
    share = job.rules // CHANGED
    every = list(rules_of(job, spare=2 * share))
    rules, spare = every[: job.rules], every[job.rules :]
    one_file = dict(enumerate(spare[:share]))
    spread = {number * CHANGED: rule for number, rule in enumerate(spare[share:])}
    folder = job.folder / "rule-files"
    folder.mkdir()
    figures: Figures = {"rules": job.rules, "files": FILES}
    before = resident()
    live = _load(folder, rules, {}, figures, "load_s")
    figures["load_rss_mb"] = round((resident() - before) / 1e6, 1)
    live = _load(folder, rules, {}, figures, "load_again_s", live)
    live = _load(folder, rules, one_file, figures, "reload_one_file_s", live)
    _load(folder, rules, one_file | spread, figures, "reload_spread_s", live)
    return figures


def _load(
    folder: Path,
    rules: list[Written],
    changed: Mapping[int, Written],
    figures: Figures,
    name: str,
    running: Live | None = None,
) -> Live:
    """Load the rules with changes, while others run."""
    now = [_with_content(rule, changed.get(rule.number, rule)) for rule in rules]
    write_files(now, folder, FILES)
    live, spent = timed(lambda: engine.load(folder, running))
    figures[name] = round(spent, 2)
    return live


def _with_content(rule: Written, other: Written) -> Written:
    return Written(rule.number, other.names, other.query)
