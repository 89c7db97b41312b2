"""Commands about what became of articles and hits: trace, stats, mark."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.sample import sample_spike
from monitor.alerts.spike_words import in_words
from monitor.archive.judging import not_candidates, rule_test
from monitor.cli.output import rfc3339
from monitor.config.rulefile import read_file
from monitor.model.article import Article
from monitor.model.source import EventKind, FeedEvent
from monitor.model.spike import Rhythm
from monitor.store import feed_events, marks, rhythms
from monitor.store.engine import Store
from monitor.store.marks import Mark, Precision
from monitor.store.stats import RuleFigures
from tests.support.stored import (
    NOW,
    OTHER,
    entry,
    facts,
    hit,
    in_story,
    open_store,
    sealed,
    store_entries,
)
from tests.unit.cli.conftest import Run


@pytest.fixture
def store(desk: Path) -> Store:
    """An article that was told, one that other feeds carry, one that was revised."""
    opened = open_store(desk)
    with opened.write() as connection:
        sealed(connection, 1)
        store_entries(connection, [entry(2), entry(3)])
        store_entries(connection, [entry(2)], spec=OTHER)
        store_entries(connection, [entry(3, text="Troops left.")], now=NOW + timedelta(hours=1))
        for article in (2, 3):
            hit(connection, article)
        hit(connection, 2, "other")
    return opened


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "name", ["1", "id:1", "https://news.example/1", "http://www.news.example/1/?utm_source=x"]
)
def test_trace_tells_the_life_of_an_article(run: Run, name: str) -> None:
    lines = objects(run("trace", name, "--json").stdout)
    kinds = [line["what"] for line in lines]
    assert kinds == [
        "published", "seen", "carried", "text", "hit", "decision", "alert", "state", "delivery",
    ]  # fmt: skip
    by_kind = {line["what"]: line for line in lines}
    assert by_kind["published"]["at"] == "2026-11-24T11:00:00Z"
    assert by_kind["carried"]["text"] == "by News"
    assert by_kind["text"]["text"] == "revision 1: “Title 1”, 0 characters of lead, 21 of text"
    assert by_kind["hit"]["text"] == "1 by troops on revision 1: #troops: “Troops” in text"
    assert by_kind["decision"]["text"] == "desk: told (first), alert 1 for hit 1"
    assert by_kind["alert"]["text"] == "alert 1 (first) to desk: sealed"
    assert by_kind["delivery"]["text"] == "1 of alert 1 to desk is pending"
    assert by_kind["state"]["at"] is None


def test_trace_names_feeds_texts_stories_marks_and_tries(run: Run, store: Store) -> None:
    with store.write() as connection:
        in_story(connection, 1, 7)
        marks.put(connection, [1], Mark.USEFUL, NOW)
    shown = run("trace", "1").stdout
    assert "story      story 7: " in shown
    assert "mark       hit 1 is useful" in shown
    assert "now                  state      new" in shown
    twice = [line["text"] for line in objects(run("trace", "3", "--json").stdout)]
    carried = [text for text in twice if text.startswith("by ")]
    revised = [text for text in twice if text.startswith("revision")]
    assert (len(carried), len(revised)) in {(1, 2), (2, 1)}


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("name", ["77", "https://nowhere.example/", "x"])
def test_trace_of_an_unknown_article_is_an_error(run: Run, name: str) -> None:
    result = run("trace", name)
    assert result.exit_code == 1
    assert f"there is no article {name}" in str(result.exception)


@pytest.mark.usefixtures("store")
def test_stats_of_all_rules(run: Run) -> None:
    troops, other = objects(run("stats", "--json").stdout)
    assert (troops["rule"], troops["hits"], troops["stories"], troops["outlets"]) == (
        "troops",
        3,
        3,
        1,
    )
    assert troops["delay"] == {"median": 3600.0, "p95": 3600.0, "of": 1}
    assert troops["days"] == {"2026-11-24": 3}
    assert troops["sources"] == {"News": 3}
    assert (troops["useful"], troops["noise"], troops["precision"]) == (0, 0, None)
    assert (other["rule"], other["hits"]) == ("other", 1)
    assert "troops" in run("stats").stdout


@pytest.mark.usefixtures("store")
def test_stats_of_one_rule_for_people(run: Run) -> None:
    run("mark", "1", "2", "useful")
    run("mark", "3", "noise")
    shown = run("stats", "troops").stdout
    assert "3 hits on 3 stories in 1 outlet" in shown
    assert "median 1 h 0 min, 95 % within 1 h 0 min (of 1 told hit)" in shown
    assert "precision: 67% of 3" in shown
    assert "2026-11-24      3 ██████████████████████████████" in shown
    assert run("stats", "trops").exit_code == 1
    assert run("stats", "troops", "--since", "2026-11-25").exit_code == 1


def test_stats_and_status_tell_what_a_rule_did_against_its_rhythm(run: Run, store: Store) -> None:
    now = datetime.now(UTC)
    spike = sample_spike(facts(), "desk", now).evidence[0]
    line = in_words(spike)
    event = FeedEvent(kind=EventKind.SPIKE, at=now, text=line, told=True, evidence=spike)
    with store.write() as connection:
        feed_events.add(connection, [event])
    assert objects(run("stats", "--json").stdout)[0]["spikes"] == [
        {"at": rfc3339(now), "kind": "spike", "text": line}
    ]
    assert objects(run("stats", "--json").stdout)[1]["spikes"] == []
    assert f"spike: {line}" in run("stats", "troops").stdout
    assert "spikes  1 in 24 h\n" in run("status").stdout
    with store.write() as connection:
        for rule in ("a", "b", "c", "d"):
            rhythms.save(connection, rule, Rhythm(since=now, silent_since=now))
    assert "spikes  1 in 24 h; silent: a, b, c and 1 more" in run("status").stdout
    (shown,) = objects(run("status", "--json").stdout)
    assert (shown["spikes_24h"], shown["silent_rules"]) == (1, ["a", "b", "c", "d"])


def test_delays_are_told_by_their_ranks() -> None:
    each = RuleFigures(rule="a", delays=tuple(map(float, range(100))))
    assert (each.delay(0.5), each.delay(0.95), RuleFigures(rule="a").delay(0.5)) == (50, 95, None)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_stats_are_drawn(run: Run, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"chart.{ending}"
    assert run("stats", "--plot", str(file)).exit_code == 0
    assert file.read_bytes()[:5] in {b"\x89PNG\r", b"<?xml"}


@pytest.mark.usefixtures("store")
def test_a_chart_of_another_format_is_refused(run: Run) -> None:
    assert "charts are .png or .svg files" in str(run("stats", "--plot", "a.bmp").exception)


def test_marks_are_kept_and_may_be_changed(run: Run, store: Store) -> None:
    assert run("mark", "1", "2", "useful").stdout == "2 hits marked as useful\n"
    result = run("mark", "1", "99", "noise")
    assert (result.exit_code, result.stdout) == (1, "1 hit marked as noise\n")
    assert "there is no hit 99" in result.stderr
    with store.read() as connection:
        assert marks.precision(connection) == {"troops": Precision(useful=1, noise=1)}
        assert marks.marked(connection, "troops") == {1: Mark.NOISE, 2: Mark.USEFUL}


def test_a_list_of_hits_is_read_from_a_pipe(run: Run, store: Store) -> None:
    table = run("hits", "--csv", "--rule", "troops").stdout
    assert run("mark", "-", "noise", input_=table).stdout == "3 hits marked as noise\n"
    with store.read() as connection:
        assert marks.precision(connection) == {"troops": Precision(noise=3)}


@pytest.mark.usefixtures("store")
def test_what_is_no_hit_is_refused(run: Run) -> None:
    assert run("mark", "x", "noise").exit_code == 1
    assert run("mark", "1", "nice").exit_code == 2


def news(text: str) -> Article:
    return Article(title="Troops", text=text, language="en")


def test_words_of_noise_are_candidates_to_exclude() -> None:
    useful = [news(f"Troops were deployed near town {n}.") for n in range(4)]
    noise = [news(f"Scouts troops sing in the choir of village {n}.") for n in range(3)]
    found = not_candidates(useful, noise)
    assert {each.word for each in found} == {"scouts", "choir"}
    assert all((each.noise, each.useful) == (3, 0) for each in found)
    assert not_candidates(useful, []) == []
    assert not_candidates([], noise)


def test_noise_becomes_a_test_of_its_rule(run: Run, store: Store) -> None:
    hostile = Article(title='A "quoted" \\ title\x7f', text="x" * 999 + "\nTroops", language="en")
    text = rule_test("troops", hostile, 1000, match=False)
    read = read_file("a.toml", f"[rules.troops]\nquery = 'troops'\n{text}\n", None)
    (test,) = read.rules.specs["troops"].tests
    assert (test.title, test.match, test.language) == (hostile.title, False, "en")
    assert test.text.endswith("x Troops")
    assert len(test.text) < 500
    with store.write() as connection:
        marks.put(connection, [1, 2], Mark.NOISE, NOW)
    shown = run("stats", "troops", "--proposals").stdout
    assert "candidates for NOT" in shown
    assert "[[rules.troops.tests]]" in shown
    assert "match = false" in shown


@pytest.mark.usefixtures("store")
def test_proposals_need_marks_and_a_rule(run: Run) -> None:
    assert "no hit is marked as noise" in run("stats", "troops", "--proposals").stderr
    assert run("stats", "--proposals").exit_code == 2
