"""Commands over a database with something in it, beside a daemon or without one."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.alerts.health import Rhythm
from monitor.jobs.stories import Stories
from monitor.model.alert import Decision, Reason
from monitor.model.delivery import ChannelHealth, ChannelState
from monitor.model.feed import FeedSpec, Validators
from monitor.model.source import EventKind, FeedEvent
from monitor.store import (
    articles,
    channels,
    feed_claims,
    feed_events,
    feed_polls,
    feeds,
    hits,
    rules,
)
from monitor.store.engine import Store
from monitor.store.feed_polls import Document
from monitor.store.lock import DaemonLock
from monitor.store.tables import DELIVERY
from monitor.stories.features import features_of
from tests.support.outbox import put
from tests.support.stored import (
    NOW,
    about,
    entry,
    facts,
    hit,
    open_store,
    sealed,
    store_entries,
)
from tests.unit.cli.conftest import Run

SEED = "seeds/kurdistan24.xml"
SEED_FEED = FeedSpec(url=SEED, location=SEED, name="Seed")
FEED_DOCUMENTS = {
    "xml": '\ufeff <?xml version="1.0"?><rss/>',
    "rss": "<rss version='2.0'></rss>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"/>',
}
REASONS = {
    Reason.BACKLOG: "not told: found by the quiet first poll",
    Reason.ARCHIVE: "not told: its article was there before the rule",
    Reason.FLOOD: "not told: came with hundreds of others; one notice told of all",
    Reason.NO_ROUTE: "not told: no route leads there",
    Reason.CHANNEL_REMOVED: "not told: its channel left the configuration",
}


@pytest.fixture
def store(desk: Path) -> Store:
    """The database of the desk, with its tables only."""
    return open_store(desk)


def append(desk: Path, text: str) -> None:
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def set_states(store: Store, **values: object) -> None:
    with store.write() as connection:
        connection.execute(sa.update(DELIVERY).values(**values))


# --- secrets ---------------------------------------------------------------------------------

SECRET = '\n[channels.hook]\nurl = "env:NOT_SET_ANYWHERE"\n'
READING = ["articles", "hits", "feeds", "outbox", "status", "channels", "feeds remove x"]


@pytest.mark.parametrize("command", READING)
def test_a_command_that_sends_nothing_needs_no_secret(desk: Path, run: Run, command: str) -> None:
    append(desk, SECRET)

    result = run(*command.split())

    assert "NOT_SET_ANYWHERE" not in result.output + str(result.exception)


def test_channels_without_their_secret_are_listed_with_the_reason(desk: Path, run: Run) -> None:
    append(desk, SECRET)

    lines = {line["channel"]: line for line in objects(run("channels", "--json").stdout)}

    assert lines["hook"]["url"] == "(its secret is not set here)"
    assert lines["terminal"]["url"].startswith("console://")


@pytest.mark.parametrize("command", ["check", "channels test hook"])
def test_a_command_that_sends_names_the_missing_secret(desk: Path, run: Run, command: str) -> None:
    append(desk, SECRET)

    result = run(*command.split())

    problems = getattr(result.exception, "problems", ())
    assert "NOT_SET_ANYWHERE" in result.output + " ".join(map(str, problems))


def test_check_does_not_count_rules_it_could_not_read(desk: Path, run: Run) -> None:
    append(desk, "\n[rulez]\n")

    people, programs = run("check"), run("check", "--json")

    assert people.stdout.splitlines()[-1] == "rules not read: mend config.toml first"
    assert (people.exit_code, programs.exit_code) == (1, 1)
    assert objects(programs.stdout)[-1]["rules"] == 0


# --- status ----------------------------------------------------------------------------------


def test_status_tells_whether_the_daemon_runs(desk: Path, run: Run) -> None:
    with DaemonLock(desk / "monitor.db"):
        running = run("status")
    stopped = run("status")

    first = running.stdout.splitlines()[0]
    assert first.strip() == f"daemon  running (process {os.getpid()})"
    assert stopped.stdout.splitlines()[0].strip() == "daemon  not running"
    assert objects(run("status", "--json").stdout)[0]["daemon"] is None


def test_status_complains_of_overdue_feeds_nobody_polls(
    desk: Path, store: Store, run: Run
) -> None:
    ago = datetime.now(UTC) - timedelta(minutes=1)
    with store.write() as connection:
        feeds.sync(connection, [SEED_FEED], ago)

    stopped = run("status")
    with DaemonLock(desk / "monitor.db"):
        running = run("status")

    assert stopped.exit_code == 1
    assert "the daemon is not running, and 1 feed is overdue" in stopped.stdout
    assert running.exit_code == 0


def test_status_leaves_out_channels_that_are_not_in_use(
    desk: Path, store: Store, run: Run
) -> None:
    append(desk, '\n[channels.off]\nurl = "json://127.0.0.1:9/x"\nenabled = false\n')
    with store.write() as connection:
        for name in ("off", "gone"):
            channels.save(connection, ChannelHealth(channel=name, state=ChannelState.DOWN))

    result = run("status")

    assert result.exit_code == 0
    assert "gone" not in result.stdout
    assert "off" not in result.stdout


def test_status_counts_the_last_good_set_while_the_files_are_wrong(
    desk: Path, store: Store, run: Run
) -> None:
    good = {"a.toml": "[rules.one]\nquery = 'troops'\n\n[rules.two]\nquery = 'nato'\n"}
    with store.write() as connection:
        rules.save(connection, "a" * 64, good, NOW)
    (desk / "rules" / "mine.toml").write_text("[rules.mine]\nquery = 'a1 OR'\n", encoding="utf-8")

    result = run("status")

    assert "rules  2 (last good set; the files have 1 problem: `monitor check`)" in result.stdout
    assert "rules: 1 problem, the last good set runs; rules/mine.toml:2:13" in result.stdout
    assert objects(run("status", "--json").stdout)[0]["rules"] == 2


def test_status_points_at_held_deliveries(desk: Path, store: Store, run: Run) -> None:
    with store.write() as connection:
        sealed(connection, channel="terminal")
    set_states(store, state="held")

    result = run("status")

    assert desk.exists()
    assert result.exit_code == 1
    assert "outbox: 1 held; `monitor outbox list --state held` shows them" in result.stdout


@pytest.fixture
def silent(store: Store) -> Store:
    """The seed's feed answers, but has been silent for too long; and it left a gap."""
    now = datetime.now(UTC)
    document = Document(
        title="",
        validators=Validators(),
        fetch_url=None,
        rhythm=Rhythm(longest=timedelta(hours=9), silent_at=now - timedelta(hours=1)),
    )
    with store.write() as connection:
        feeds.sync(connection, [SEED_FEED], now)
        (claim,) = feed_claims.claim_due(connection, now, now, 9)
        feed_polls.record_parsed(connection, [(claim, now, now + timedelta(hours=1), document)])
        gap = FeedEvent(feed=claim.id, kind=EventKind.GAP, at=now, text="a gap", told=True)
        feed_events.add(connection, [gap])
    return store


def test_status_complains_of_a_feed_that_is_not_well(silent: Store, run: Run) -> None:
    result = run("status")
    assert silent.path.exists()
    assert result.exit_code == 1
    assert "feeds: 1 silent; `monitor feeds list` tells why" in result.stdout
    assert "gaps  1 in 24 h" in result.stdout
    (figures,) = objects(run("status", "--json").stdout)
    assert (figures["feeds"]["silent"], figures["feeds"]["ok"]) == (1, 0)
    assert figures["gaps_24h"] == 1


def test_the_list_of_feeds_says_why_one_is_not_well(silent: Store, run: Run) -> None:
    assert silent.path.exists()
    assert "silent: has brought nothing new" in run("feeds").stdout
    line = next(one for one in objects(run("feeds", "--json").stdout) if one["url"] == SEED)
    assert (line["health"], line["error"]) == ("silent", None)
    assert line["reason"] == "has brought nothing new for longer than it ever paused"


# --- outbox ----------------------------------------------------------------------------------


@pytest.fixture
def outbox(store: Store) -> Store:
    """Three deliveries: two of the terminal, one of a channel that no longer exists."""
    with store.write() as connection:
        put(connection, 1, "terminal")
        put(connection, 2, "terminal")
        put(connection, 3, "press2")
    set_states(store, state="dead")
    return store


def states(run: Run) -> dict[int, str]:
    return {line["id"]: line["state"] for line in objects(run("outbox", "--json").stdout)}


def test_retry_takes_several_deliveries(outbox: Store, run: Run) -> None:
    result = run("outbox", "retry", "1", "2")

    assert outbox.path.exists()
    assert result.stdout == "delivery 1 is due now\ndelivery 2 is due now\n"
    assert states(run) == {1: "pending", 2: "pending", 3: "dead"}


def test_retry_refuses_a_channel_that_is_gone_and_then_changes_nothing(
    outbox: Store, run: Run
) -> None:
    result = run("outbox", "retry", "1", "3")

    assert outbox.path.exists()
    assert str(result.exception) == (
        'channel "press2" is not in the configuration, or disabled; put it back first'
    )
    assert set(states(run).values()) == {"dead"}


RETRIES = {
    "--state dead": [1, 2],
    "--state dead --channel press2": [],
    "--state held": [],
}


@pytest.mark.parametrize(("what", "due"), RETRIES.items(), ids=RETRIES.keys())
def test_retry_takes_all_in_a_state_that_can_be_sent(
    outbox: Store, run: Run, what: str, due: list[int]
) -> None:
    result = run("outbox", "retry", *what.split())

    assert outbox.path.exists()
    number = {0: "0 deliveries are", 2: "2 deliveries are"}[len(due)]
    assert result.stdout == f"{number} due now\n"
    assert [id_ for id_, state in sorted(states(run).items()) if state == "pending"] == due


DROPS = {
    "1 3": [1, 3],
    "--state dead": [1, 2, 3],
    "--state dead --channel press2": [3],
    "--state held": [],
}


@pytest.mark.parametrize(("what", "dropped"), DROPS.items(), ids=DROPS.keys())
def test_drop_takes_ids_or_all_in_a_state(
    outbox: Store, run: Run, what: str, dropped: list[int]
) -> None:
    result = run("outbox", "drop", *what.split())

    assert outbox.path.exists()
    assert result.exit_code == 0
    assert [id_ for id_, state in sorted(states(run).items()) if state == "dropped"] == dropped


@pytest.mark.parametrize("what", ["", "1 --state dead", "1 --channel press2", "--channel x"])
def test_retry_and_drop_want_either_ids_or_a_state(outbox: Store, run: Run, what: str) -> None:
    assert run("outbox", "retry", *what.split()).exit_code == 2
    assert run("outbox", "drop", *what.split()).exit_code == 2
    assert outbox.path.exists()
    assert set(states(run).values()) == {"dead"}


def test_the_outbox_shows_headlines_and_what_waits_for_its_channel(
    outbox: Store, run: Run
) -> None:
    set_states(outbox, state="pending")
    down = ChannelHealth(channel="terminal", state=ChannelState.DOWN, next_probe=NOW)
    with outbox.write() as connection:
        channels.save(connection, down)

    rows = run("outbox").stdout.splitlines()[1:]

    assert ["Title 3" in rows[0], "Title 2" in rows[1]] == [True, True]
    assert ["waits for its channel" in row for row in rows] == [False, True, True]
    (only,) = run("outbox", "--channel", "press2").stdout.splitlines()[1:]
    assert "Title 3" in only


# --- hits ------------------------------------------------------------------------------------


def test_a_hit_names_the_story_of_its_article(store: Store, run: Run) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1)])
        hit(connection)
        store_entries(connection, [entry(2)])
        hit(connection, 2)
        article = articles.load(connection, [2])[2]
        Stories().join(connection, [(2, article, features_of(article))], NOW)

    lines = objects(run("hits", "--json").stdout)

    assert [(line["article"]["id"], line["story"]) for line in lines] == [(2, 1), (1, None)]


# --- feeds -----------------------------------------------------------------------------------


def test_a_feed_that_can_not_be_read_is_refused_before_anything_is_written(
    desk: Path, run: Run
) -> None:
    nowhere, scheme = run("feeds", "add", "foo"), run("feeds", "add", "mailto:x@y.example")

    assert str(nowhere.exception) == (
        "foo is no http(s) address, and there is no such file beside config.toml"
    )
    assert str(scheme.exception) == '"mailto:" can\'t be fetched; write an http(s) URL'
    assert not (desk / "feeds.toml").exists()


def test_a_file_beside_the_configuration_can_be_added(desk: Path, run: Run) -> None:
    (desk / "own.xml").write_text("<rss/>", encoding="utf-8")

    assert run("feeds", "add", "own.xml").exit_code == 0
    assert 'url = "own.xml"' in (desk / "feeds.toml").read_text(encoding="utf-8")


def test_a_running_daemon_is_named_with_the_way_to_reload_it(desk: Path, run: Run) -> None:
    hint = f"reload the running daemon: kill -HUP {os.getpid()}"
    with DaemonLock(desk / "monitor.db"):
        added = run("feeds", "add", "--as-is", "https://desk.example/rss")
        unknown = run("feeds", "poll", "https://desk.example/rss")
        removed = run("feeds", "remove", "https://desk.example/rss")
    alone = run("feeds", "add", "--as-is", "https://desk.example/rss")

    assert hint in added.stdout
    assert hint in removed.stdout
    assert "kill" not in alone.stdout
    assert str(unknown.exception) == (
        f"the running daemon does not know it yet: kill -HUP {os.getpid()}"
    )


def test_a_feed_the_daemon_does_not_know_yet_is_listed_as_new(
    desk: Path, store: Store, run: Run
) -> None:
    append(desk, '\n[[feeds]]\nurl = "https://off.example/rss"\nenabled = false\n')
    with store.write() as connection:
        feeds.sync(connection, [SEED_FEED], NOW)
    run("feeds", "add", "--as-is", "https://desk.example/rss")

    lines = {line["url"]: line for line in objects(run("feeds", "--json").stdout)}

    assert lines.keys() == {SEED, "https://desk.example/rss"}
    new = lines["https://desk.example/rss"]
    assert (new["id"], new["health"], new["waits_for_daemon"]) == (None, "new", True)
    assert not lines[SEED]["waits_for_daemon"]
    assert "new (waits for the daemon)" in run("feeds").stdout


def test_a_feed_that_came_back_waits_for_the_daemon_too(
    desk: Path, store: Store, run: Run
) -> None:
    with store.write() as connection:
        feeds.sync(connection, [SEED_FEED], NOW)
        feeds.sync(connection, [], NOW)

    result = run("feeds")

    assert desk.exists()
    assert "retired (waits for the daemon)" in result.stdout


# --- hits ------------------------------------------------------------------------------------


def held_back(store: Store, reason: Reason) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        decision = Decision(channel="terminal", reason=reason)
        hits.decide(connection, {hit(connection): [(decision, None)]}, NOW)


def test_a_hit_shows_its_passage_and_that_it_was_told(store: Store, run: Run) -> None:
    with store.write() as connection:
        sealed(connection, 1, "terminal")
    waiting = run("hits").stdout
    set_states(store, state="sent")
    told = run("hits").stdout

    assert "text: *Troops* were deployed." in told
    assert "terminal: waits to be told\n" in waiting
    assert "terminal: told\n" in told


@pytest.mark.parametrize(("reason", "words"), REASONS.items(), ids=REASONS.keys())
def test_a_hit_says_in_words_why_it_was_not_told(
    store: Store, run: Run, reason: Reason, words: str
) -> None:
    held_back(store, reason)

    assert f"terminal: {words}\n" in run("hits").stdout
    (line,) = objects(run("hits", "--json").stdout)
    assert line["channels"]["terminal"]["reason"] == reason


def test_a_hit_that_was_refused_says_by_what(store: Store, run: Run) -> None:
    with store.write() as connection:
        sealed(connection, 1, "terminal")
    set_states(store, state="dead", last_error="550 no such user")

    assert "terminal: not told: 550 no such user\n" in run("hits").stdout


def test_a_hit_told_with_others_says_so(store: Store, run: Run) -> None:
    with store.write() as connection:
        alert = sealed(connection, 1, "terminal")
        article = alert.story.lead.article.id
        more = Decision(channel="terminal", reason=Reason.MORE, wait=about(article))
        hits.decide(connection, {hit(connection, article, "other"): [(more, alert.id)]}, NOW)
    set_states(store, state="sent")

    output = run("hits", "--rule", "other").stdout
    assert facts("other").title in output
    assert "terminal: told together with other rules\n" in output


def test_an_unknown_rule_has_no_hits_and_is_an_error(store: Store, run: Run) -> None:
    held_back(store, Reason.BACKLOG)

    stored, in_files = run("hits", "--rule", "troops"), run("hits", "--rule", "sanctions-package")
    unknown = run("hits", "--rule", "sanction-package")

    assert "[troops, normal]" in stored.stdout
    assert (in_files.exit_code, in_files.stdout, in_files.stderr) == (0, "", "no hits\n")
    assert str(unknown.exception) == (
        'there is no rule "sanction-package"; did you mean "sanctions-package"?'
    )


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_programs_are_not_told_that_there_are_no_hits(store: Store, run: Run, form: str) -> None:
    assert store.path.exists()
    assert run("hits", form).stderr == ""


def test_hits_have_one_form_at_a_time(desk: Path, run: Run) -> None:
    assert desk.exists()
    assert run("hits", "--json", "--csv").exit_code == 2
    assert run("hits", "--xlsx", "hits.xlsx", "--csv").exit_code == 2


# --- explain ---------------------------------------------------------------------------------


def test_explain_says_in_words_what_is_missing(desk: Path, run: Run) -> None:
    (desk / "rules" / "mine.toml").write_text(
        "[rules.mine]\nquery = 'troops NEAR/1 kyiv'\n", encoding="utf-8"
    )
    far = run("explain", "--rule", "mine", "-", input_="T\nTroops went to see Kyiv today.\n")
    absent = run("explain", "--rule", "mine", "-", input_="T\nNothing here.\n")

    assert "3 words apart, 1 allowed" in far.stdout
    assert "nearest: “Troops went to see Kyiv”" in far.stdout
    assert ": absent\n" in absent.stdout
    assert "too-far" not in far.stdout


@pytest.mark.parametrize("text", FEED_DOCUMENTS.values(), ids=FEED_DOCUMENTS.keys())
def test_explain_refuses_a_feed_document(desk: Path, run: Run, text: str) -> None:
    path = desk / "feed.xml"
    path.write_text(text, encoding="utf-8")

    result = run("explain", str(path))

    assert str(result.exception) == (
        f"{path}: this is a feed document, not an article; `monitor run` reads those"
    )


# --- articles --------------------------------------------------------------------------------


def test_a_terminal_shows_an_article_in_one_line(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "A headline " * 20
    with store.write() as connection:
        store_entries(connection, [replace(entry(), title=title)])
    pipe = run("articles").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    terminal = run("articles").stdout

    assert title.strip() in pipe
    assert len(terminal.splitlines()) == 2
    assert "…" in terminal
