"""Commands in one process: what they print and how they end."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click import BadParameter

from monitor.cli.common import Since
from monitor.cli.output import inert
from monitor.errors import MonitorError, StoreError
from monitor.store import schema
from tests.unit.cli.conftest import Run


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_check_counts_rules_and_tests(desk: Path, run: Run) -> None:
    result = run("check", "--json")

    assert result.exit_code == 0
    (figures,) = objects(result.stdout)  # and no warning
    assert figures["rules"] == 24
    assert figures["tests"] >= 66
    assert figures["failed"] == 0
    assert desk.joinpath("monitor.db").exists() is False


def test_check_names_every_problem_with_its_place(desk: Path, run: Run) -> None:
    (desk / "rules" / "mine.toml").write_text(
        "[rules.mine]\nquery = 'a1 OR'\n\n[rules.other]\nentities = [\"natoo\"]\n",
        encoding="utf-8",
    )

    result = run("check", "--json")

    assert result.exit_code == 1
    *problems, figures = objects(result.stdout)
    problems = [problem for problem in problems if problem["level"] == "error"]
    assert [
        (problem["level"], problem["file"], problem["line"], problem["column"])
        for problem in problems
    ] == [
        ("error", "rules/mine.toml", 2, 13),
        ("error", "rules/mine.toml", 5, 14),
    ]
    assert problems[0]["message"].startswith('"OR" needs an operand after it')
    assert "nato" in problems[1]["message"]
    assert figures.keys() == {"rules", "entities", "topics", "tests", "failed", "unfiltered"}


def test_check_names_rules_that_every_article_is_tried_against(desk: Path, run: Run) -> None:
    (desk / "rules" / "mine.toml").write_text(
        "[rules.mine]\nquery = 'site:ft.com'\n", encoding="utf-8"
    )

    result = run("check")

    assert result.exit_code == 0
    assert 'rules/mine.toml:1:8: warning: rule "mine" has no word that must occur' in result.stdout
    assert result.stdout.endswith("failed; 1 rules are evaluated for every article\n")


def test_check_builds_the_channels(desk: Path, run: Run) -> None:
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.odd]\nurl = "nosuchservice://x"\n')

    result = run("check")

    assert result.exit_code == 1
    line = (desk / "config.toml").read_text(encoding="utf-8").splitlines().index("[channels.odd]")
    assert f"config.toml:{line + 2}:7: channel odd: not a URL Apprise can send to" in result.stdout


def test_explain_tells_why_in_the_agreed_shape(desk: Path, run: Run) -> None:
    text = desk / "article.txt"
    text.write_text("A deal\nThe EU prepared its 19th package of sanctions.\n", encoding="utf-8")

    result = run(
        "explain", "--json", "--rule", "sanctions-package", "--rule", "energy-supply", str(text)
    )

    hit, miss = objects(result.stdout)
    assert hit["source"] == str(text)
    assert hit["article"] is None
    assert (hit["rule"], hit["match"]) == ("sanctions-package", True)
    assert hit["spans"] == [
        {
            "field": "text",
            "start": 25,
            "end": 45,
            "text": "package of sanctions",
            "clause": "#sanctions-package",
        }
    ]
    assert hit["why"] == "#sanctions-package: “package of sanctions” in text"
    assert (miss["match"], miss["spans"]) == (False, [])
    assert miss["missing"][0].keys() >= {"clause", "at", "reason"}


def test_explain_reads_json_lines_and_keeps_their_ids(desk: Path, run: Run) -> None:
    path = desk / "articles.jsonl"
    articles = [
        {"id": "a-1", "title": "EU agrees sanctions package", "language": "en"},
        {"id": 2, "title": "Nothing", "text": "at all"},
    ]
    path.write_text("\n".join(map(json.dumps, articles)) + "\n[]\n", encoding="utf-8")

    result = run("explain", "--json", "--rule", "sanctions-package", str(path))

    assert [(line["article"], line["match"]) for line in objects(result.stdout)] == [
        ("a-1", True),
        (2, False),
    ]
    assert result.stderr == f"{path}:3:1: not a JSON object of an article\n"
    assert result.exit_code == 1


def test_explain_reads_standard_input(desk: Path, run: Run) -> None:
    result = run("explain", "-", input_="New package of sanctions\n")

    assert desk.exists()
    assert "match    sanctions-package" in result.stdout
    assert "New *package of sanctions*" in result.stdout


def test_an_unknown_rule_is_an_error_with_the_nearest(desk: Path, run: Run) -> None:
    result = run("explain", "--rule", "sanction-package", "-", input_="x")

    assert desk.exists()
    assert isinstance(result.exception, MonitorError)
    assert (
        str(result.exception)
        == 'there is no enabled rule "sanction-package"; did you mean "sanctions-package"?'
    )


def test_lists_of_a_new_database_are_empty(desk: Path, run: Run) -> None:
    for command in ("hits", "articles", "outbox list"):
        result = run(*command.split(), "--json")
        assert (result.exit_code, result.stdout) == (0, ""), command
    assert (desk / "monitor.db").exists()


def test_feeds_are_added_to_and_removed_from_feeds_toml_only(desk: Path, run: Run) -> None:
    before = (desk / "config.toml").read_bytes()

    added = run(
        "feeds", "add", "--as-is", "https://desk.example/rss", "--name", "Desk", "--tag", "europe"
    )
    again = run("feeds", "add", "--as-is", "https://desk.example/rss")
    wrong = run("feeds", "add", "ftp://desk.example/rss")
    after_wrong = (desk / "feeds.toml").read_text(encoding="utf-8")
    removed = run("feeds", "remove", "https://desk.example/rss")
    elsewhere = run("feeds", "remove", "seeds/kurdistan24.xml")

    assert added.exit_code == 0
    assert str(again.exception) == "https://desk.example/rss is subscribed already"
    assert str(wrong.exception) == '"ftp:" can\'t be fetched; write an http(s) URL'
    assert after_wrong.count("[[feeds]]") == 1
    assert "ftp" not in after_wrong
    assert removed.exit_code == 0
    assert "desk.example" not in (desk / "feeds.toml").read_text(encoding="utf-8")
    assert "config.toml names it: remove it there" in str(elsewhere.exception)
    assert (desk / "config.toml").read_bytes() == before


def test_init_writes_a_start_and_never_overwrites(tmp_path: Path, run: Run) -> None:
    first = run("init", str(tmp_path / "desk"))
    (tmp_path / "desk" / "config.toml").write_text("mine", encoding="utf-8")
    second = run("init", str(tmp_path / "desk"))

    assert first.exit_code == 0
    assert (tmp_path / "desk" / "seeds" / "kurdistan24.xml").is_file()
    assert (tmp_path / "desk" / "rules" / "watch.toml").is_file()
    assert str(second.exception) == (
        f"{tmp_path}/desk/config.toml, {tmp_path}/desk/rules, {tmp_path}/desk/seeds already "
        "exist; nothing was written. Name another folder: monitor init FOLDER"
    )
    assert (tmp_path / "desk" / "config.toml").read_text(encoding="utf-8") == "mine"


def test_a_database_of_an_older_version_asks_for_an_upgrade(desk: Path, run: Run) -> None:
    (desk / "monitor.db").touch()

    refused = run("hits")
    upgraded = run("db", "upgrade")
    accepted = run("hits")

    assert isinstance(refused.exception, StoreError)
    assert "run `monitor db upgrade`" in str(refused.exception)
    assert f"is at version {schema.head()}" in upgraded.stdout
    assert accepted.exit_code == 0


def test_channels_are_shown_without_their_secrets(desk: Path, run: Run) -> None:
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.hook]\nurl = "json://user:topsecret@127.0.0.1:9/x"\n')

    result = run("channels", "list", "--json")

    assert [line["channel"] for line in objects(result.stdout)] == ["terminal", "hook"]
    assert "topsecret" not in result.output


def test_a_channel_test_says_how_it_went(desk: Path, run: Run) -> None:
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.hook]\nurl = "json://127.0.0.1:9/x"\n')

    good = run("channels", "test", "terminal")
    bad = run("channels", "test", "hook")
    unknown = run("channels", "test", "desk")

    assert good.exit_code == 0
    assert "accepted after" in good.stdout
    assert bad.exit_code == 1
    failed, consequence = bad.stdout.splitlines()
    assert failed.startswith("hook: failed after ")
    assert failed.endswith("no connection to the service (ConnectionError)")
    assert consequence == "hook: the daemon would keep the channel's messages and try again"
    assert str(unknown.exception) == 'there is no channel "desk"; known: terminal, hook'


def test_status_of_a_fresh_start_is_healthy(desk: Path, run: Run) -> None:
    result = run("status", "--json")

    (figures,) = objects(result.stdout)
    assert (result.exit_code, figures["healthy"], figures["rules"]) == (0, True, 24)
    assert (desk / "rules").is_dir()


def test_status_tells_of_wrong_rules(desk: Path, run: Run) -> None:
    (desk / "rules" / "mine.toml").write_text("[rules.mine]\nquery = 'a1 OR'\n", encoding="utf-8")

    result = run("status")

    assert result.exit_code == 1
    assert "rules  0 (the files have 1 problem: `monitor check`)" in result.stdout
    assert "rules: 1 problem, no good set is stored yet; rules/mine.toml:2:13" in result.stdout


TIMES = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "90s": timedelta(seconds=90)}


@pytest.mark.parametrize(("text", "ago"), TIMES.items(), ids=TIMES.keys())
def test_since_counts_back_from_now(text: str, ago: timedelta) -> None:
    moment = Since().convert(text, None, None)

    assert timedelta() <= datetime.now(UTC) - ago - moment < timedelta(minutes=1)


def test_since_takes_a_day_in_local_time() -> None:
    moment = Since().convert("2026-11-01", None, None)

    assert moment.tzinfo is UTC
    assert moment.astimezone().strftime("%Y-%m-%d %H:%M") == "2026-11-01 00:00"


def test_since_refuses_the_rest() -> None:
    with pytest.raises(BadParameter, match='write "24h", "7d" or "2026-11-01"'):
        Since().convert("yesterday", None, None)


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "+1", "-1", "@SUM", " =1", "\t=1", "\r=1", "＝1"]
)
def test_cells_that_a_spreadsheet_would_run_are_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["a = 1", "", "1-0", 7, -1.5])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert inert(cell) == cell
