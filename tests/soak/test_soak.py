"""Days of virtual time in which everything goes wrong: nothing is lost, nothing grows.

Two days, 30 feeds and 30 rules; ``MONITOR_LONG=1 pytest -n 0 -s tests/soak`` makes it 30 days,
1,000 feeds and 1,000 rules.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest

from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.soak.driver import Figures, SmallDisk
from tests.soak.ledger import Account, settle, slope
from tests.soak.receivers import CHANNELS
from tests.soak.soak import Soak, soak
from tests.soak.trouble import Calendar, Kind, evenly, trouble
from tests.soak.world import Fault, Profile
from tests.support import postgres
from tests.support.process import ROOT, environment
from tests.support.stored import ALL_BACKENDS

LONG = os.environ.get("MONITOR_LONG") == "1"
INDEPENDENT = ("words", "world", "trouble", "farm", "receivers", "driver", "soak", "ledger")
SHORT_PROFILE = Profile(days=2, feeds=30, rules=30, hits=0.5, step=timedelta(minutes=30))
LONG_PROFILE = Profile(days=30, feeds=1000, rules=1000, hits=0.1, step=timedelta(minutes=15))
SHORT_CALENDAR = Calendar(
    troubles=[
        trouble(Kind.AWAY, 0.3, 9),
        trouble(Kind.BAD_RULES, 0.8, 2),
        trouble(Kind.NO_MAIL, 0.9, 8),
        trouble(Kind.DISK, 1.0, 3),
        trouble(Kind.FROZEN, 1.3, 3),
        trouble(Kind.BACK, 1.45, 8, hours=9),
        trouble(Kind.BAD_CONFIG, 1.85, 2),
    ],
    kills=[*evenly(0.05, 0.29, 2), *evenly(1.05, 1.1, 1), *evenly(1.6, 1.9, 1)],
    strikes=list(evenly(0.7, 1.3, 2)),
)
LONG_CALENDAR = Calendar(
    troubles=[
        trouble(Kind.AWAY, 1.3, 9),
        trouble(Kind.AWAY, 3.1, 20),
        trouble(Kind.BAD_RULES, 4, 3),
        trouble(Kind.NO_MAIL, 5, 24),
        trouble(Kind.BAD_CONFIG, 6.3, 2),
        trouble(Kind.DISK, 7, 3),
        trouble(Kind.FROZEN, 8, 3),
        trouble(Kind.BACK, 9, 12, hours=14),
        trouble(Kind.NO_MAIL, 15, 24),
        trouble(Kind.DISK, 18, 4),
        trouble(Kind.BAD_RULES, 19, 2),
        trouble(Kind.FROZEN, 20, 5),
        trouble(Kind.BACK, 22, 10, hours=30),
        trouble(Kind.BAD_CONFIG, 23.5, 6),
    ],
    kills=[*evenly(0.1, 6, 50), *evenly(7.02, 7.1, 4), *evenly(7.3, 10, 26), *evenly(28, 30, 20)],
    strikes=list(evenly(0.5, 27, 30)),
)
WARM_UP = timedelta(days=3) if LONG else timedelta(hours=6)
MOST_GROWTH = 0.1  # of the memory: what is remembered of words fills up to its limit
MOST_HANDLES = 6.0  # the connections to the database that were ever used at once stay open
PROFILE, CALENDAR = (LONG_PROFILE, LONG_CALENDAR) if LONG else (SHORT_PROFILE, SHORT_CALENDAR)


@pytest.mark.slow
@pytest.mark.timeout(6 * 3600 if LONG else 900)
@pytest.mark.parametrize("backend", ALL_BACKENDS)
def test_everything_is_accounted_for_whatever_goes_wrong(tmp_path: Path, backend: str) -> None:
    disk, url, cut = None, "", None
    if backend == "postgresql":
        url = postgres.empty_database()
        cut = _cutter(url)
    else:
        disk = _small_disk(tmp_path)
    began = time.monotonic()
    with soak(tmp_path, PROFILE, CALENDAR, store=url, disk=disk, cut=cut) as life:
        life.run()
        life.program.end()
        if disk:
            disk.save(tmp_path)
        store = Store.open(url or f"sqlite:///{tmp_path / 'monitor.db'}")
        with store.read() as connection:
            account = settle(connection, life.world, CALENDAR, life.arrived)
        problems = integrity(store)
        store.close()
    print(f"{backend}: {time.monotonic() - began:.0f} s, {life.world.answers} answers of servers")
    print(dict(account.counts), dict(life.moods.counts), dict(life.program.codes))
    (tmp_path / "faults.txt").write_text("\n".join(account.faults), encoding="utf-8")
    assert problems == []
    assert account.faults[:20] == []
    assert "Traceback" not in (tmp_path / "log.txt").read_text(encoding="utf-8")
    _check_world(life, account)
    _check_growth(life.figures)


def _check_world(life: Soak, account: Account) -> None:
    """Everything that was to go wrong did."""
    log = (life.folder / "log.txt").read_text(encoding="utf-8")
    assert life.farm.faults == set(Fault)
    assert life.moods.counts.keys() == {"takes", "refuses", "drops", "swallows", "away"}
    assert account.counts["vanished"]
    signs = ["rules refused", "not reloaded", "channel is down"]
    signs += ["can't grow"] if life.cut is None else []
    assert [sign for sign in signs if sign not in log] == []
    kills = life.program.codes[-signal.SIGKILL]
    assert account.counts["repeats"] <= life.swallowed + len(CHANNELS) * kills
    assert account.counts["never matched"] <= kills // 3  # each takes three kills of its own
    assert kills + life.refused >= len(CALENDAR.kills) * 0.9  # there may be nothing to kill


def _longest_life(figures: Sequence[Figures]) -> list[Figures]:
    longest, _ = Counter(each.process for each in figures).most_common(1)[0]
    return [each for each in figures if each.process == longest]


def _check_growth(figures: Sequence[Figures]) -> None:
    """Once a life has filled its memory of three days of stories, it grows no more."""
    life = _longest_life(figures)
    later = [each for each in life if each.at >= life[0].at + WARM_UP]
    sizes = [each.resident / 1e6 for each in later]
    handles = [float(each.handles) for each in later]
    print(f"{len(later)} hours: {sizes[0]:.0f} to {sizes[-1]:.0f} MB, slope {slope(sizes):.1f} MB")
    print(f"workers {later[0].workers / 1e6:.0f} to {later[-1].workers / 1e6:.0f} MB")
    print(f"handles {min(handles):.0f} to {max(handles):.0f}, slope {slope(handles):.1f}")
    assert slope(sizes) < MOST_GROWTH * median(sizes)
    assert slope(handles) < MOST_HANDLES


def _small_disk(folder: Path) -> SmallDisk | None:
    disk = folder / "disk"
    disk.mkdir()
    return SmallDisk(disk, "3g" if LONG else "64m") if SmallDisk.is_possible(disk) else None


def _cutter(url: str) -> Callable[[], None]:
    return lambda: postgres.end_connections(url)


def test_the_ledger_knows_nothing_of_the_program() -> None:
    names = ", ".join(f"tests.soak.{name}" for name in INDEPENDENT)
    found = subprocess.run(
        [sys.executable, "-c", f"import sys, {names}\nprint('monitor' in sys.modules)"],
        env=environment(ROOT),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert found.stdout.strip() == "False"
