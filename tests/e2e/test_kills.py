"""SIGKILL at every commit and after the mail server's 250: nothing is lost, repeats are marked.

Right after a commit the next one is not far: of those kills every second is tried here, and all of
them with ``MONITOR_LONG=1``.
"""

import os
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.e2e.forks import Forks
from tests.e2e.launch import Hooks
from tests.e2e.newsroom import mail_to, problems, set_up
from tests.e2e.told import by_json, by_mail, repeats
from tests.support.http_server import Answer, HttpServer
from tests.support.news import AcknowledgedFeed
from tests.support.process import Program, run_monitor
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.slow

ARTICLES = [1, 2]
SHARES = 4  # so that several workers of pytest can divide the commits among them
LONG = os.environ.get("MONITOR_LONG") == "1"


def _before(commit: int) -> Hooks:
    return Hooks(before_commit=commit)


def _after(commit: int) -> Hooks:
    return Hooks(after_commit=commit)


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    with Forks(tmp_path_factory.mktemp("forks")) as started:
        yield started


@pytest.mark.parametrize(
    ("kill", "share"),
    [
        *(pytest.param(_before, share, id=f"before-{share + 1}") for share in range(SHARES)),
        *(
            pytest.param(_after, share, id=f"after-{share + 1}")
            for share in range(0, SHARES, 1 if LONG else 2)
        ),
    ],
)
def test_a_kill_at_a_commit_loses_nothing_and_marks_what_it_repeats(
    forks: Forks,
    tmp_path: Path,
    kill: Callable[[int], Hooks],
    share: int,
) -> None:
    kills = 0
    for number in count(share + 1, SHARES):
        if not _survives(forks, tmp_path / str(number), kill(number)):
            break
        kills += 1
    assert kills >= 5  # two articles on two channels need more than twenty commits


@pytest.mark.parametrize("mail", ARTICLES)
def test_a_kill_after_the_250_repeats_that_mail_with_the_same_identity(
    forks: Forks, tmp_path: Path, mail: int
) -> None:
    folder = tmp_path / "run"
    assert _survives(forks, folder, Hooks(after_250=mail), expected_repeats=1)


def test_killing_only_the_parent_leaves_nothing_that_blocks_the_next_start(tmp_path: Path) -> None:
    with HttpServer() as http:
        feed = AcknowledgedFeed(ARTICLES.copy())
        http.answers["/feed"] = feed
        set_up(tmp_path, feeds=[http.url("/feed")], channels=['url = "console://"'])
        with Program(tmp_path, "run") as daemon:
            http.wait_for_requests(1)
            assert daemon.kill() == -signal.SIGKILL
        second = run_monitor(tmp_path, "run", "--once")
    assert second.code == 0, second.errors


def _survives(
    forks: Forks, folder: Path, hooks: Hooks, *, expected_repeats: int | None = None
) -> bool:
    """Runs with a kill, then without; False if the run ended before the kill."""
    folder.mkdir()
    with SmtpServer() as mail, HttpServer() as http:
        http.answers["/feed"] = AcknowledgedFeed(ARTICLES.copy())
        http.answers["/hook"] = Answer()
        set_up(
            folder,
            feeds=[http.url("/feed")],
            channels=[mail_to(mail.port), f'url = "json://127.0.0.1:{http.port}/hook"'],
        )
        first = forks.run(folder, "run", "--once", hooks=hooks)
        assert first in {0, -signal.SIGKILL}
        assert forks.run(folder, "run", "--once", "--all") == 0
        mails, posts = by_mail(mail.messages), by_json(http.requests)
    for tellings in (mails, posts):
        assert {telling.number for telling in tellings} == set(ARTICLES), hooks
        assert repeats(tellings) <= 1, hooks
    if expected_repeats is not None:
        assert repeats(mails) == expected_repeats
    assert problems(folder) == []
    return first != 0
