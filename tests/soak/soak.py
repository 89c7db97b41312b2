"""Lets the program live through the calendar of a world."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

from tests.soak.driver import Figures, Program, SmallDisk
from tests.soak.farm import Farm
from tests.soak.receivers import Arrived, Hook, Moods, Postbox
from tests.soak.trouble import Calendar, Kind
from tests.soak.words import rule_file
from tests.soak.world import BEGAN, HOUR, Profile, World

_RULES_PER_FILE: Final = 100
_SOME_PAGES: Final = 1  # no more than there are
_TRAPS: Final = ("time", "between", "feed", "message")

_SETTINGS = """\
[store]
url = "{store}"

[rules]
path = ["rules"]

[fetch]
gap = "0s"
allow_private = ["127.0.0.0/8"]

[feed_defaults]
backlog = "alert"
language = "en"

[alerts]
heartbeat = "07:00"

[log]
level = "warning"
format = "json"

[channels.desk]
group_wait = "5m"
follow_up = "off"
max_per_hour = "off"
email = {{ host = "127.0.0.1", port = {mail}, tls = "none", from = "monitor@soak.example", to = ["desk@soak.example"] }}

[channels.press]
mode = "digest"
follow_up = "off"
digest = {{ at = ["00:00", "06:00", "12:00", "18:00"] }}
email = {{ host = "127.0.0.1", port = {mail}, tls = "none", from = "monitor@soak.example", to = ["press@soak.example"] }}

[channels.hook]
url = "json://127.0.0.1:{hook}/hook"
group_wait = "0s"
follow_up = "off"
"""


@dataclass(slots=True)
class Soak:
    """A world, the program in it, and what is known of both.

    Attributes:
        figures: of all lives, an hour apart.
        refused: starts that failed, as they must on a full disk.
    """

    world: World
    calendar: Calendar
    folder: Path
    farm: Farm
    program: Program
    disk: SmallDisk | None
    arrived: Arrived
    moods: Moods
    moods_of_hook: Moods
    cut: Callable[[], None] | None
    random: Random
    figures: list[Figures] = field(default_factory=list)
    refused: int = 0
    _bad: frozenset[Kind] = frozenset()
    _full: bool = False
    _reloads: bool = False

    @property
    def swallowed(self) -> int:
        """How many messages were taken without a reply."""
        return self.moods.counts["swallows"] + self.moods_of_hook.counts["swallows"]

    def run(self) -> None:
        """All of it, from the first day until everything is told."""
        profile, step = self.world.profile, self.world.profile.step
        while self.world.now < profile.ends + profile.settles:
            self.world.now += step if self.world.now < profile.ends else HOUR
            self._live_through(self.world.now - step)

    def _live_through(self, before: datetime) -> None:
        found = self.calendar.at(self.world.now)
        self._change(frozenset(found) & {Kind.BAD_RULES, Kind.BAD_CONFIG})
        self._fill(full=Kind.DISK in found)
        if Kind.AWAY in found:
            self._kill()
            return
        kills = [kill for kill in self.calendar.kills if before < kill <= self.world.now]
        for _ in kills:
            self._step(lethal=True)
        self._step()
        for _ in (each for each in self.calendar.strikes if before < each <= self.world.now):
            self._strike()
        if self.program.process and (self.world.now - BEGAN) % HOUR < self.world.profile.step:
            self.figures.append(self.program.figures(self.world.now))

    def _clock(self) -> datetime:
        return self.world.now + self.calendar.ahead(self.world.now)

    def _step(self, *, lethal: bool = False) -> None:
        if not self.program.runs and not self.program.start(self._clock()):
            self.refused += 1
            return
        trap = self.random.choice(_TRAPS) if lethal else ""
        self._arm(trap)
        self.program.step(
            {
                "now": self._clock().isoformat(),
                "elapsed": (self.world.now - BEGAN).total_seconds(),
                "pages": _SOME_PAGES if self._full and self.disk is None else 0,
                "reload": self._reloads,
            }
        )
        self._reloads = False
        if trap == "time":
            time.sleep(self.random.uniform(0, 0.1))  # of the machine
            self.program.kill()
        self.program.finish()
        self._arm("")
        if lethal:
            self._kill()

    def _arm(self, trap: str) -> None:
        """Lets the daemon die at a request, or while it hands over a message."""
        left = self.random.randrange(4)

        def kill() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                self.program.kill()

        self.farm.asked = kill if trap == "feed" else _nothing
        self.moods.asked = kill if trap == "message" else _nothing

    def _kill(self) -> None:
        self.program.end()

    def _strike(self) -> None:
        if self.cut is not None and self.random.random() < 0.5:
            self.cut()
        elif self.program.runs:
            self.program.strike(self.random.randrange(100))

    def _change(self, bad: frozenset[Kind]) -> None:
        """Edits the files."""
        if bad != self._bad:
            self._bad = bad
            self._reloads = self.program.runs
            _write_rules(self.folder, self.world.profile.rules, bad=Kind.BAD_RULES in bad)
            config = self.folder / "config.toml"
            text = config.read_text(encoding="utf-8").replace("colour = 1\n", "", 1)
            config.write_text("colour = 1\n" * (Kind.BAD_CONFIG in bad) + text, encoding="utf-8")

    def _fill(self, *, full: bool) -> None:
        if self.disk is not None and full:
            self.disk.fill()  # again and again: whatever the program freed
        elif self.disk is not None and self._full:
            self.disk.free()
        self._full = full


def _nothing() -> None:
    """No trap."""


def _write_rules(folder: Path, count: int, *, bad: bool = False) -> None:
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    for first in range(0, count, _RULES_PER_FILE):
        text = rule_file(range(first, min(first + _RULES_PER_FILE, count)))
        spoilt = text + "\n[rules.half-saved]\nquery = '(a OR" * (bad and first == 0)
        (rules / f"{first}.toml").write_text(spoilt, encoding="utf-8")


@contextmanager
def soak(
    folder: Path,
    profile: Profile,
    calendar: Calendar,
    *,
    store: str = "",
    disk: SmallDisk | None = None,
    cut: Callable[[], None] | None = None,
) -> Iterator[Soak]:
    """Servers, receivers and files, all ready; the program is not started yet.

    Args:
        folder: for the files of the program.
        profile: how large the world is.
        calendar: what goes wrong.
        store: URL of the database; a file on the disk if there is none.
        disk: a small one, where that is possible.
        cut: ends all connections to the database, where it is a server.
    """
    random = Random(profile.seed)  # noqa: S311  # repeatable, not secret
    arrived = Arrived()
    with ExitStack() as stack:
        farm = stack.enter_context(Farm(profile))
        world = farm.world
        moods = Moods(world, random, calendar.spans(Kind.NO_MAIL))
        mail = stack.enter_context(Postbox(arrived, moods))
        moods_of_hook = Moods(world, random)
        hook = stack.enter_context(Hook(arrived, moods_of_hook))
        file = disk.folder / "monitor.db" if disk else folder / "monitor.db"
        settings = _SETTINGS.format(
            store=store or f"sqlite:///{file}", mail=mail.port, hook=hook.port
        )
        feeds = "".join(f'\n[[feeds]]\nurl = "{url}"\n' for url in farm.urls())
        (folder / "config.toml").write_text(settings + feeds, encoding="utf-8")
        _write_rules(folder, profile.rules)
        program = Program(folder, disk)
        stack.callback(program.close)
        yield Soak(
            world,
            calendar,
            folder,
            farm,
            program,
            disk,
            arrived,
            moods,
            moods_of_hook,
            cut,
            random,
        )
