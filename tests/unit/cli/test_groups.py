"""How the program answers to names of commands, and to options without one."""

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run

UNKNOWN = {
    "statuss": 'there is no command "statuss"; did you mean "status"?',
    "outbox retyr": 'there is no command "retyr"; did you mean "retry"?',
    "db bakup": 'there is no command "bakup"; did you mean "backup"?',
    "feeds zzz": 'there is no command "zzz"; there are: add, export, find, import, list, poll, remove',
}
SAME = [
    ("feeds --json", "feeds list --json"),
    ("channels --json", "channels list --json"),
    ("channels", "channels list"),
    ("outbox --state dead --json", "outbox list --state dead --json"),
]


@pytest.mark.parametrize(("command", "answer"), UNKNOWN.items(), ids=UNKNOWN.keys())
def test_an_unknown_command_is_answered_with_the_nearest(
    run: Run, command: str, answer: str
) -> None:
    result = run(*command.split())

    assert result.exit_code == 2
    assert answer in result.stderr


@pytest.mark.parametrize(("short", "long"), SAME, ids=[short for short, _ in SAME])
def test_options_of_a_group_are_those_of_its_list(
    desk: Path, run: Run, short: str, long: str
) -> None:
    brief, whole = run(*short.split()), run(*long.split())

    assert desk.exists()
    assert (brief.exit_code, brief.stdout) == (0, whole.stdout)


def test_a_group_shows_its_own_help(run: Run) -> None:
    result = run("outbox", "--help")

    assert result.exit_code == 0
    assert {"list", "retry", "drop"} <= set(result.stdout.split())
