"""``monitor mute``, as typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.model.mute import Mute, MuteKind
from monitor.store import mutes
from monitor.store.engine import Store
from tests.support.stored import open_store
from tests.unit.cli.conftest import Run

RULE = "troop-deployment"


@pytest.fixture
def store(desk: Path) -> Store:
    return open_store(desk)


def stored(store: Store) -> list[Mute]:
    with store.read() as connection:
        return list(mutes.recent(connection))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param([RULE], (MuteKind.RULE, RULE), id="rule"),
        pytest.param(["17"], (MuteKind.STORY, "17"), id="number of a story"),
        pytest.param(["story:17"], (MuteKind.STORY, "17"), id="story"),
        pytest.param(["story-17"], (MuteKind.STORY, "17"), id="thread of a story"),
        pytest.param(
            ["--feed", "kurdistan24 (Seed)"], (MuteKind.FEED, "kurdistan24 (Seed)"), id="feed"
        ),
        pytest.param(["--feed", "tag:europe"], (MuteKind.FEED, "tag:europe"), id="tag"),
    ],
)
def test_a_rule_a_story_or_a_feed_is_muted_for_a_day(
    store: Store, run: Run, arguments: list[str], expected: tuple[MuteKind, str]
) -> None:
    result = run("mute", *arguments)

    assert result.exit_code == 0
    (mute,) = stored(store)
    assert (mute.kind, mute.subject) == expected
    assert mute.until - mute.created == timedelta(hours=24)
    assert result.output.startswith(f"{expected[0]} {expected[1]} is muted until ")


def test_how_long_and_why_are_kept_and_shown(store: Store, run: Run) -> None:
    result = run("mute", RULE, "--for", "3h", "--why", "training \x1b[31mweek")

    (mute,) = stored(store)
    assert mute.until - mute.created == timedelta(hours=3)
    assert mute.reason == "training \x1b[31mweek"
    assert result.output.endswith("(mute 1: training  [31mweek)\n")


def test_a_rule_that_is_called_like_a_number_goes_before_a_story(
    desk: Path, store: Store, run: Run
) -> None:
    (desk / "rules" / "n.toml").write_text("[rules.17]\nquery = 'tanks'\n", encoding="utf-8")
    run("mute", "17")
    run("mute", "story:17")
    assert [mute.kind for mute in stored(store)] == [MuteKind.STORY, MuteKind.RULE]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(
            ["troop-deploymen"],
            1,
            'there is no rule "troop-deploymen"; did you mean "troop-deployment"?',
            id="no such rule",
        ),
        pytest.param(
            ["--feed", "tag:europa"],
            1,
            'there is no feed "tag:europa"; did you mean "tag:europe"?',
            id="no such feed",
        ),
        pytest.param(
            ["--end", "7"], 1, "there is no mute 7; `monitor mute --list` shows them", id="no mute"
        ),
        pytest.param([], 2, "name a RULE or STORY, or one of --feed, --list and --end", id="none"),
        pytest.param(
            [RULE, "--list"],
            2,
            "name a RULE or STORY, or one of --feed, --list and --end",
            id="two",
        ),
        pytest.param([RULE, "--for", "0s"], 2, '"0s" is too short; the least is 1s', id="no time"),
        pytest.param(
            [RULE, "--for", "ever"],
            2,
            '"ever" is not a duration; write for example "10m"',
            id="for ever",
        ),
    ],
)
def test_what_is_not_there_is_refused(
    store: Store, run: Run, arguments: list[str], code: int, message: str
) -> None:
    result = run("mute", *arguments)

    assert result.exit_code == code
    assert message in (result.output + str(result.exception))
    assert stored(store) == []


@pytest.mark.usefixtures("store")
def test_a_mute_is_listed_and_ended(run: Run) -> None:
    run("mute", RULE, "--why", "noise")
    run("mute", "17")

    assert run("mute", "--end", "1").output.startswith(f"rule {RULE} is told again since ")
    lines = run("mute", "--list").output.splitlines()
    assert lines[0].split() == ["id", "muted", "since", "until", "state", "why"]
    assert [line.split()[:3] for line in lines[1:]] == [["2", "story", "17"], ["1", "rule", RULE]]
    assert [("on" in line.split(), "over" in line.split()) for line in lines[1:]] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.usefixtures("store")
def test_json_has_one_object_a_line(run: Run) -> None:
    made = json.loads(run("mute", RULE, "--for", "1h", "--json").output)
    ended = json.loads(run("mute", "--end", "1", "--json").output)
    (listed,) = map(json.loads, run("mute", "--list", "--json").output.splitlines())

    assert {key: made[key] for key in ("id", "kind", "subject", "reason", "active")} == {
        "id": 1,
        "kind": "rule",
        "subject": RULE,
        "reason": "",
        "active": True,
    }
    assert made["until"].endswith("Z")
    assert listed == ended == made | {"until": ended["until"], "active": False}


def test_status_shows_the_mutes_that_are_on(store: Store, run: Run) -> None:
    assert "mutes  none" in run("status").output
    now = datetime.now(UTC)
    with store.write() as connection:
        for number in range(4):
            until = now + timedelta(hours=1)
            mutes.add(connection, MuteKind.STORY, str(number), until, "", now)
        mutes.end(connection, 1, now)

    assert (
        "mutes  story 1, story 2, story 3; `monitor mute --list` tells until when"
        in run("status").output
    )
    with store.write() as connection:
        mutes.add(connection, MuteKind.RULE, RULE, now + timedelta(hours=1), "", now)
    assert "story 3 and 1 more; `monitor" in run("status").output
    shown = json.loads(run("status", "--json").output)["mutes"]
    assert [mute["subject"] for mute in shown] == ["1", "2", "3", RULE]
