"""Commands over the stored articles: search, backtest."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.chart import bar, filled, sparkline
from monitor.model.article import Article
from monitor.store.engine import Store
from tests.support.archived import archive
from tests.support.stored import DAY, NOW, open_store
from tests.unit.cli.conftest import Run

ARTICLES = [
    Article(title="Oil price", text="The price of oil rose.", language="en", seen=NOW - 2 * DAY),
    Article(title="=Oil", text="No oil.", url="https://a.test/2", language="en", seen=NOW),
    Article(title="NATO meets", text="NATO met in Brussels.", language="en", seen=NOW),
]
RULES = """\
[rules.energy]
topics = ["oil price"]
[rules.any-oil]
query = 'oil'
spike = true
"""


@pytest.fixture
def store(desk: Path) -> Store:
    opened = open_store(desk)
    archive(opened, ARTICLES)
    return opened


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.usefixtures("store")
def test_search_shows_passages(run: Run) -> None:
    result = run("search", "price NEAR/3 oil")
    assert result.exit_code == 0
    assert "Oil price — News" in result.stdout
    assert "text: The *price of oil* rose." in result.stdout


@pytest.mark.usefixtures("store")
def test_search_prints_objects(run: Run) -> None:
    (found,) = objects(run("search", "price", "--json").stdout)
    assert found["article"] | {"url": ""} == {
        "id": 1, "title": "Oil price", "url": "", "source": "News", "published": None, "language": "en",
    }  # fmt: skip
    assert found["spans"][0] == {
        "field": "title", "start": 4, "end": 9, "text": "price", "clause": "price",
    }  # fmt: skip
    assert (found["score"], found["seen"]) == (1.0, "2026-11-22T12:00:00Z")
    assert found["why"].startswith("price: “price”")


@pytest.mark.usefixtures("store")
def test_search_prints_tables_that_no_spreadsheet_runs(run: Run) -> None:
    rows = list(csv.reader(io.StringIO(run("search", "oil", "--csv").stdout)))
    heading, newest = rows[0], rows[1]
    assert heading == ["id", "seen", "score", "title", "url", "source", "why"]
    assert newest[:5] == ["2", "2026-11-24T12:00:00Z", "1.0", "'=Oil", "https://a.test/2"]


@pytest.mark.usefixtures("store")
def test_search_writes_a_feed(run: Run, tmp_path: Path) -> None:
    result = run("search", "oil", "--feed-out", str(tmp_path / "oil.atom"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "oil.atom").read_text(encoding="utf-8").count("<entry>") == 2


@pytest.mark.usefixtures("store")
def test_search_may_name_entities_of_the_rules(run: Run) -> None:
    (found,) = objects(run("search", "@nato", "--json").stdout)
    assert found["article"]["id"] == 3


@pytest.mark.usefixtures("store")
def test_a_wrong_query_is_shown_with_its_place(run: Run) -> None:
    result = run("search", "oil NEAR/3")
    assert result.exit_code != 0
    problems = list(getattr(result.exception, "problems", ()))
    assert str(problems[0]).startswith("QUERY:1:")


@pytest.mark.usefixtures("store")
def test_finding_nothing_is_no_error(run: Run) -> None:
    result = run("search", "helicopter")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no articles\n")


def use(desk: Path, rules: str) -> None:
    for path in (desk / "rules").rglob("*.toml"):
        path.unlink()
    (desk / "rules" / "own.toml").write_text(rules, encoding="utf-8")


@pytest.mark.usefixtures("store")
def test_backtest_counts_by_rule_and_day(desk: Path, run: Run) -> None:
    use(desk, RULES)
    lines = {line["rule"]: line for line in objects(run("backtest", "--json").stdout)}
    assert lines.keys() == {"energy", "any-oil"}
    assert (lines["energy"]["hits"], lines["energy"]["articles"]) == (1, 3)
    assert (lines["energy"]["alerts"], lines["energy"]["channels"]) == (1, {"terminal": 1})
    assert lines["energy"]["days"] == {"2026-11-22": 1}
    assert lines["any-oil"]["terms"] == [{"clause": "oil", "text": "oil", "share": 1.0}]
    assert [hit["article"]["id"] for hit in lines["any-oil"]["sample"]] == [2, 1]


@pytest.mark.usefixtures("store")
def test_backtest_for_people(desk: Path, run: Run) -> None:
    use(desk, RULES)
    shown = run("backtest", "--rule", "any-oil").stdout
    assert "3 articles, 2 with a hit (66.7%)" in shown
    assert "any-oil  2 hits (66.67%), in 2 messages" in shown
    assert "terminal: 2 messages (2 first)" in shown
    assert "2026-11-22 █ █ 2026-11-24, most 1 a day" in shown
    assert "100% of the hits by oil: “oil”" in shown
    assert "text: The price of *oil* rose." in shown


@pytest.mark.usefixtures("store")
def test_a_new_version_of_a_file_is_compared_with_the_one_in_use(desk: Path, run: Run) -> None:
    use(desk, RULES)
    new = desk / "draft" / "own.toml"
    new.parent.mkdir()
    new.write_text("[rules.any-oil]\nquery = 'oil NOT title:price OR nato'\n", encoding="utf-8")

    result = run("backtest", "--rules", str(new), "--json")

    lines = {line["rule"]: line for line in objects(result.stdout)}
    oil, energy = lines["any-oil"], lines["energy"]
    assert (oil["gained"], oil["lost"], oil["unchanged"], oil["hits"]) == (1, 1, 1, 2)
    assert oil["gains"][0]["article"]["title"] == "NATO meets"
    assert (energy["gained"], energy["lost"]) == (0, 1)
    shown = run("backtest", "--rules", str(new), "--rule", "any-oil").stdout
    assert "1 gained, 1 lost, 1 unchanged" in shown
    assert "NATO meets — News" in shown


@pytest.mark.usefixtures("store")
def test_a_new_file_may_use_what_the_others_define(desk: Path, run: Run) -> None:
    new = desk / "fresh.toml"
    new.write_text("[rules.fresh]\nentities = ['nato']\n", encoding="utf-8")
    (line,) = objects(run("backtest", "--rules", str(new), "--json").stdout)
    assert (line["rule"], line["gained"]) == ("fresh", 1)


@pytest.mark.usefixtures("store")
def test_a_folder_takes_the_place_of_all_rules(desk: Path, run: Run) -> None:
    use(desk, RULES)
    folder = desk / "next"
    folder.mkdir()
    (folder / "a.toml").write_text("[rules.energy]\nquery = 'oil'\n", encoding="utf-8")
    lines = objects(run("backtest", "--rules", str(folder), "--json").stdout)
    figures = {line["rule"]: (line["gained"], line["lost"]) for line in lines}
    assert figures == {"energy": (1, 0), "any-oil": (0, 2)}


@pytest.mark.usefixtures("store")
def test_backtest_of_an_unknown_rule_names_the_nearest(desk: Path, run: Run) -> None:
    use(desk, RULES)
    result = run("backtest", "--rule", "enerjy")
    assert result.exit_code == 1
    assert 'there is no enabled rule "enerjy"; did you mean "energy"?' in str(result.exception)


def test_charts() -> None:
    assert sparkline([0, 1, 4, 8]) == " ▂▅█"
    assert sparkline([]) == ""
    today = NOW.date()
    days = {today - 9 * DAY: 1, today - 2 * DAY: 3, today: 2}
    assert list(filled(days, 4).values()) == [0, 3, 0, 2]
    assert filled({}) == {}
    assert (bar(1, 100, 10), bar(50, 100, 10), bar(0, 100, 10)) == ("█", "█████", "")
