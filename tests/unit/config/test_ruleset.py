"""Rule files on their way to a rule set: all problems at once, or none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config.load import load_settings
from monitor.config.ruleset import check_rules, load_rules, restore_rules
from monitor.errors import RuleError
from monitor.model.settings import Settings

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


def test_a_stored_set_is_restored_whatever_the_channels_are_now(desk: Desk) -> None:
    loaded = load_rules(desk("[rules.one]\nquery = 'tanks'\nchannels = ['desk']\n"))

    assert restore_rules(loaded.book.sources).book == loaded.book
