"""Rule files on their way to a rule set: all problems at once, or none."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from monitor.config.load import load_settings
from monitor.config.ruleset import check_rules, load_rules, odd_names, restore_rules
from monitor.errors import RuleError
from monitor.matching.ruletests import TestReport, run_tests
from monitor.model.settings import Settings
from monitor.rules.compile import RuleSet

Desk = Callable[[str], Settings]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Settings of a folder with one rule file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(
        '[channels.desk]\nurl = "console://"\n', encoding="utf-8"
    )
    (tmp_path / "rules").mkdir()

    def settings(rules: str) -> Settings:
        (tmp_path / "rules" / "r.toml").write_text(rules, encoding="utf-8")
        return load_settings(Path("config.toml"), {}).settings

    return settings


def test_problems_of_tables_and_of_queries_are_told_together(desk: Desk) -> None:
    rules = "[rules.one]\nquerry = 'a1'\n\n[rules.two]\nquery = 'a1 OR'\n\n[rules.three]\nquery = '(a1'\n"

    with pytest.raises(RuleError) as caught:
        load_rules(desk(rules))

    assert [str(problem).split("\n")[0] for problem in caught.value.problems] == [
        'rules/r.toml:2:1: unknown key "querry"; did you mean "query"?',
        'rules/r.toml:5:13: "OR" needs an operand after it',
        'rules/r.toml:8:10: "(" is never closed',
    ]


UNKNOWN = {
    "an entity": (
        "[rules.a]\nentities = ['moon']\n",
        'rules/r.toml:2:14: unknown entity "moon"; define it under [entities.moon]',
    ),
    "a topic misspelt": (
        "[topics.sanctions]\nphrases = ['asset freeze']\n[rules.a]\ntopics = ['sanction']\n",
        'rules/r.toml:4:12: unknown topic "sanction"; did you mean "sanctions"?',
    ),
    "a word as topic": (
        "[rules.a]\ntopics = ['sanctions', 'asset freeze']\n",
        'rules/r.toml:2:12: unknown topic "sanctions"; define it under [topics.sanctions], '
        "or look for the word with query = 'sanctions'",
    ),
    "in a query": (
        "[entities.eu-council]\nname = 'Council'\n"
        "[rules.a]\nquery = '(@eu-council OR @eu) NEAR/3 x1'\n",
        'rules/r.toml:4:26: unknown entity "eu"; define it under [entities.eu]',
    ),
}


@pytest.mark.parametrize(("rules", "message"), UNKNOWN.values(), ids=UNKNOWN.keys())
@pytest.mark.parametrize(
    "beside", ["", "[rules.z]\nquerry = 'a1'\n"], ids=["alone", "with others"]
)
def test_names_that_nothing_defines_are_told_whatever_else_is_wrong(
    desk: Desk, rules: str, message: str, beside: str
) -> None:
    problems = check_rules(desk(rules + beside)).problems

    assert message in [str(problem).split("\n")[0] for problem in problems]


def test_topics_that_grow_by_references_are_refused_in_good_time(desk: Desk) -> None:
    doubling = "".join(f"[topics.t{n}]\nqueries = ['#t{n - 1} #t{n - 1}']\n" for n in range(1, 19))
    deep = "".join(f"[topics.d{n}]\nqueries = ['#d{n - 1}']\n" for n in range(1, 300))
    first = "[topics.t0]\nphrases = ['a1']\n[topics.d0]\nphrases = ['a1']\n[rules.r]\nquery = '#d299'\n"

    problems = [str(problem) for problem in check_rules(desk(first + doubling + deep)).problems]

    assert any("#t15 is too large: 32,768 parts" in problem for problem in problems)
    assert any(
        "references lead to references more than 20 deep" in problem for problem in problems
    )


def test_a_failed_rule_test_refuses_the_set_at_the_place_of_the_test(desk: Desk) -> None:
    rules = "[rules.one]\nquery = 'tanks'\n\n[[rules.one.tests]]\ntitle = 'Trucks'\nmatch = true\n"

    with pytest.raises(RuleError) as caught:
        load_rules(desk(rules))

    assert [str(problem) for problem in caught.value.problems] == [
        'rules/r.toml:4:13: test of rule "one" expected a match, got none: tanks: absent'
    ]


def test_a_rule_for_a_channel_that_is_not_there_is_refused(desk: Desk) -> None:
    checked = check_rules(desk("[rules.one]\nquery = 'tanks'\nchannels = ['desk', 'desks']\n"))

    assert [str(problem) for problem in checked.problems] == [
        'rules/r.toml:1:8: rule "one": unknown channel "desks"; did you mean "desk"?'
    ]


def test_a_reload_takes_over_what_has_not_changed_and_its_tests(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = "[[rules.{0}.tests]]\ntitle = '{0}'\nmatch = true\n"
    rules = "".join(
        f"[rules.{name}]\nquery = '{name}'\n{test.format(name)}" for name in ("one", "two")
    )
    before = load_rules(desk(rules))
    tried: list[str] = []

    def noting(rules: RuleSet) -> TestReport:
        tried.extend(rules.rules)
        return run_tests(rules)

    monkeypatch.setattr("monitor.config.ruleset.run_tests", noting)

    checked = check_rules(desk(f"# new\n{rules}".replace("'two'", "'Two'")), before)

    assert checked.rules is not None
    assert checked.rules.rules["one"] is before.rules.rules["one"]
    assert tried == ["two"]
    assert (checked.report.tests, checked.problems) == (2, ())


def test_a_rule_with_wrong_keys_shows_the_errors_of_its_query_too(desk: Desk) -> None:
    problems = check_rules(desk("[rules.one]\nquery = 'a1 OR'\nseverity = 'hgh'\n")).problems

    assert [str(problem.place) for problem in problems] == [
        "rules/r.toml:2:13",
        "rules/r.toml:3:12",
    ]


def test_a_stored_set_is_restored_whatever_the_channels_are_now(desk: Desk) -> None:
    loaded = load_rules(desk("[rules.one]\nquery = 'tanks'\nchannels = ['desk']\n"))

    assert restore_rules(loaded.book.sources).book == loaded.book


def test_names_that_find_or_tell_nothing_are_worth_a_warning(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[channels.desk]\nurl = "console://"\n'
        '[[feeds]]\nurl = "https://desk.example/rss"\nname = "Desk"\ntags = ["europe"]\n'
        '[[routes]]\nrules = ["one", "two"]\nentities = ["moon"]\nfeeds = ["tag:asia", "Desk"]\n'
        'channels = ["desk"]\ntags = ["army", "navi"]\n'
        '[channels.idle]\nurl = "console://"\n'
        '[channels.off]\nurl = "console://"\nenabled = false\n'
        '[channels.own]\nurl = "console://"\n'
        '[channels.health]\nurl = "console://"\n'
        '[alerts]\nsystem = ["health"]\n',
        encoding="utf-8",
    )
    rules = (
        "[rules.one]\nquery = 'tanks'\nuntil = 2026-01-31\n"
        "[rules.three]\nquery = 'tanks'\nfeeds = ['tag:europe', 'Desks']\n"
        "tags = ['army', 'navy']\nchannels = ['own']\n"
    )
    loaded = load_settings(tmp_path / "config.toml", {}, tmp_path)
    book = restore_rules({"r.toml": rules}).book

    found = [str(problem) for problem in odd_names(loaded, book, date(2026, 2, 1))]

    assert found == [
        'r.toml:1:8: warning: rule "one" ended on 2026-01-31: it finds nothing',
        'r.toml:4:8: warning: rule "three": no feed is called "Desks"',
        'config.toml:8:17: warning: a route names the rule "two"; no rule file defines it',
        'config.toml:9:13: warning: a route names the entity "moon"; no rule file defines it',
        'config.toml:12:17: warning: a route names the tag "navi"; did you mean "navy"?',
        'config.toml:10:10: warning: a route names "tag:asia", but no feed is called so',
        'config.toml:14:7: warning: no route and no rule names the channel "idle": it gets no hits',
    ]
