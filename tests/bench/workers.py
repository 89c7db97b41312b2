"""Measures what more workers bring: first polls of many feeds over Procrastinate and PostgreSQL.

``python -m tests.bench.workers --feeds 1200 --workers 1,4 --json`` starts so many ``monitor work
--parsers 0`` (each parses in its own process) on an empty database, hands them all feeds at once,
and prints a line for each number of workers: feeds a second of wall time, processor seconds of
the workers and of the database, ``cores`` that the workers had (on an idle machine of two cores:
up to 2). ``ratio`` is how often as fast as the first number of workers it is. ``--rounds N`` takes
turns and gives medians.

The documents are such that parsing is what costs: few entries, much HTML. With ``--templates
FOLDER`` they are those of a folder; where entries are many and small the database, which works on
the same cores, takes so large a share that more workers bring little on one machine.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import sqlalchemy as sa

from monitor.jobs.dispatch import Dispatch
from monitor.model.feed import FeedSpec
from monitor.service.taskqueue import TaskQueue
from monitor.service.together import new_token
from monitor.store import feeds, processes, schema
from monitor.store.engine import Store
from monitor.store.tables import ARTICLE, FEED
from tests.bench.polling import farm
from tests.support import postgres
from tests.support.farm import address
from tests.support.news import names
from tests.support.process import Program, eventually

_ENTRIES, _WORDS = 5, 600
_PATIENCE = 900.0
_CONFIG = """\
[store]
url = "{url}"

[runtime]
engine = "procrastinate"

[fetch]
gap = "0s"
allow_private = ["127.0.0.0/8"]

[log]
level = "warning"

[channels.desk]
url = "console://"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One pass over all feeds: seconds of wall time, of the workers and of the database."""

    wall: float
    workers: float
    database: float
    articles: int


def _document_in(folder: str) -> Path:
    """A folder with a feed of a few entries, each word of which is dressed in tags."""
    random = Random(1)  # noqa: S311 - a text
    items = "".join(_item(number, random) for number in range(_ENTRIES))
    Path(folder, "feed.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Paper</title><link>https://paper.example/</link>{items}</channel></rss>",
        encoding="utf-8",
    )
    return Path(folder)


def _item(number: int, random: Random) -> str:
    words = [names(random.randrange(10_000), 1) for _ in range(_WORDS)]
    dressed = " ".join(
        f'<span class="w w{n}" style="font-weight:{n}"><b><i>{word}</i></b></span>'
        for n, word in enumerate(words)
    )
    link = f"https://paper.example/{number}"
    return (
        f"<item><title>{' '.join(words[:8])}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Tue, 24 Nov 2026 10:{number:02}:00 GMT</pubDate>"
        f"<content:encoded><![CDATA[<div>{dressed}</div>]]></content:encoded></item>\n"
    )


def _first_polls(folder: Path, urls: Sequence[str], workers: int) -> Cost:
    url = postgres.new_database()
    store, tasks = Store.open(url), TaskQueue(url)
    schema.upgrade(store)
    tasks.prepare(store)
    specs = [FeedSpec(url=each, location=each, name=each) for each in urls]
    with store.write() as connection:
        feeds.sync(connection, specs, datetime.now(UTC))
    lines = [f'[[feeds]]\nurl = "{each}"\n' for each in urls]
    config = _CONFIG.format(url=url) + "\n".join(lines)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    with ExitStack() as stack:
        stack.callback(store.close)
        programs = [
            stack.enter_context(Program(folder, "work", "--parsers", "0")) for _ in range(workers)
        ]
        eventually(lambda: _present(store) == workers, _PATIENCE)
        cost = _handed_over(store, tasks, programs)
        for program in programs:
            if code := program.end():
                raise RuntimeError(f"a worker ended with {code}: {''.join(program.errors)}")
    return cost


def _handed_over(store: Store, tasks: TaskQueue, programs: Sequence[Program]) -> Cost:
    dispatch = Dispatch(store, tasks, new_token)

    def done() -> bool:
        dispatch.run(datetime.now(UTC))
        return _left(store) == 0

    own = _cpu(programs)
    served = _database_cpu(store)
    began = time.perf_counter()
    eventually(done, _PATIENCE)
    wall = time.perf_counter() - began
    with store.read() as connection:
        stored = connection.scalar(sa.select(sa.func.count()).select_from(ARTICLE)) or 0
    return Cost(
        wall=wall,
        workers=_cpu(programs) - own,
        database=_database_cpu(store) - served,
        articles=stored,
    )


def _present(store: Store) -> int:
    with store.read() as connection:
        return len(processes.entered(connection))


def _left(store: Store) -> int:
    query = sa.select(sa.func.count()).where(FEED.c.polled_at.is_(None))
    with store.read() as connection:
        return connection.scalar(query) or 0


def _cpu(programs: Sequence[Program]) -> float:
    return sum(program.cpu_seconds() for program in programs)


def _database_cpu(store: Store) -> float:
    """Of the server and all its processes so far, those that ended included."""
    with store.read() as connection:
        mine = connection.scalar(sa.select(sa.func.pg_backend_pid()))
    server = psutil.Process(mine).parent()
    assert server is not None
    own = server.cpu_times()
    times = [own, *(each.cpu_times() for each in server.children())]
    ended = own.children_user + own.children_system
    return float(ended + sum(spent.user + spent.system for spent in times))


def run(
    count: int, numbers: Sequence[int], rounds: int, templates: Path | None
) -> Iterator[dict[str, Any]]:
    """The lines of one run."""
    costs: dict[int, list[Cost]] = {number: [] for number in numbers}
    with TemporaryDirectory() as made, farm(count, templates or _document_in(made)) as port:
        urls = [address(number, port) for number in range(count)]
        for _ in range(rounds):
            for number in numbers:
                with TemporaryDirectory() as scratch:
                    costs[number].append(_first_polls(Path(scratch), urls, number))

    def median(number: int, figure: Callable[[Cost], float]) -> float:
        return statistics.median(map(figure, costs[number]))

    first = median(numbers[0], lambda cost: cost.wall)
    for number in numbers:
        wall = median(number, lambda cost: cost.wall)
        workers = median(number, lambda cost: cost.workers)
        yield {
            "workers": number,
            "feeds": count,
            "articles": costs[number][0].articles,
            "feeds_per_s": round(count / wall, 1),
            "workers_cpu_s": round(workers, 1),
            "database_cpu_s": round(median(number, lambda cost: cost.database), 1),
            "cores": round(workers / wall, 2),
            "ratio": round(first / wall, 2),
        }


def main() -> None:
    """Prints the lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1200)
    parser.add_argument("--workers", default="1,4", help="numbers of workers, by commas")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--templates", type=Path, help="folder of feeds")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    numbers = [int(number) for number in options.workers.split(",")]
    for line in run(options.feeds, numbers, options.rounds, options.templates):
        text = json.dumps(line) if options.json else "  ".join(f"{k} {v}" for k, v in line.items())
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
