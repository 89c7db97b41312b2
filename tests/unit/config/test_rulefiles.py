"""Rule files -> a rule book whose texts know their places, or every problem of every file."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from monitor.config.rulefiles import book_of, read_rules
from monitor.errors import Place
from monitor.model.rule import (
    Alias,
    Case,
    EntitySpec,
    EntityType,
    RuleSpec,
    RuleTest,
    Severity,
    SourceText,
    TopicSpec,
)

RULES = """\
[entities.us]
name = "United States"
type = "place"
surname = ""
aliases = ["USA", { text = "US", case = "exact" }]

[topics.troops]
phrases = ["troop deployment"]
queries = ['troop* NEAR/4 deploy*']

[rules.watch]
title = "Troops"
topics = ["troops", "boots on the ground"]
entities = ["us"]
exclude = ['''
  football''']
query = 'title:troop*'
feeds = ["tag:europe"]
languages = ["en"]
severity = "high"
tags = ["defence"]
channels = ["desk"]
until = 2027-12-31
enabled = false

[[rules.watch.tests]]
title = "t"
lead = "l"
text = "x"
language = "en"
feed = "f"
tags = ["g"]
match = true

[rules.short]
topics = ["asset freeze"]
"""


def text(words: str, line: int, column: int) -> SourceText:
    return SourceText(words, Place("r.toml", line, column))


def problems_of(sources: Mapping[str, str]) -> list[str]:
    return [str(problem) for problem in book_of(sources).problems]


def test_every_key_of_a_rule_file_reaches_the_book() -> None:
    book = book_of({"r.toml": RULES}).book
    assert book.entities["us"] == EntitySpec(
        id="us",
        name="United States",
        type=EntityType.PLACE,
        aliases=(
            Alias(text=text("United States", 2, 9)),
            Alias(text=text("USA", 5, 13)),
            Alias(text=text("US", 5, 29), case=Case.EXACT),
        ),
        surname="",
        place=Place("r.toml", 1, 11),
    )
    assert book.topics["troops"] == TopicSpec(
        id="troops",
        phrases=(text("troop deployment", 8, 13),),
        queries=(text("troop* NEAR/4 deploy*", 9, 13),),
        place=Place("r.toml", 7, 9),
    )
    assert book.rules["watch"] == RuleSpec(
        id="watch",
        title="Troops",
        topics=(text("troops", 13, 12), text("boots on the ground", 13, 22)),
        entities=(text("us", 14, 14),),
        exclude=(text("  football", 16, 1),),
        query=text("title:troop*", 17, 10),
        feeds=("tag:europe",),
        languages=("en",),
        severity=Severity.HIGH,
        tags=("defence",),
        channels=("desk",),
        until=date(2027, 12, 31),
        enabled=False,
        tests=(
            RuleTest(
                title="t",
                lead="l",
                text="x",
                language="en",
                feed="f",
                tags=("g",),
                match=True,
                place=Place("r.toml", 26, 15),
            ),
        ),
        place=Place("r.toml", 11, 8),
    )


def test_the_shortest_rule_has_the_documented_defaults() -> None:
    assert book_of({"r.toml": RULES}).book.rules["short"] == RuleSpec(
        id="short",
        title="short",
        topics=(text("asset freeze", 36, 12),),
        place=Place("r.toml", 35, 8),
    )


def test_folders_are_read_in_path_order_and_without_the_files_of_editors(tmp_path: Path) -> None:
    for name in ("b/x.toml", "a.toml", "b/.#x.toml", ".git/y.toml", "b/notes.md", "c.toml"):
        file = tmp_path / "rules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        stem = file.stem.strip(".#")
        file.write_text(f"[rules.{stem}]\nquery = '{stem}'\n", encoding="utf-8")
    book = read_rules([Path("rules"), tmp_path / "rules" / "a.toml"], tmp_path).book
    assert list(book.sources) == ["rules/a.toml", "rules/b/x.toml", "rules/c.toml"]
    assert list(book.rules) == ["a", "x", "c"]


def test_a_stored_book_reads_back_the_same(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES, encoding="utf-8")
    book = read_rules([Path("r.toml")], tmp_path).book
    assert book_of(book.sources).book == book


def test_the_revision_changes_with_every_name_and_text() -> None:
    sources: list[dict[str, str]] = [
        {},
        {"a": ""},
        {"b": ""},
        {"a": "# x"},
        {"a": "", "# x": ""},
        {"a# x": ""},
    ]
    assert len({book_of(each).book.revision for each in sources}) == len(sources)


def test_a_folder_without_rules_and_a_missing_file_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    reading = read_rules([Path("empty"), Path("none.toml")], tmp_path)
    assert [str(problem) for problem in reading.problems] == [
        "empty:1:1: there is no rule file (*.toml) in this folder; `monitor init` writes some",
        "none.toml:1:1: can't be read: No such file or directory",
    ]


def test_three_errors_in_one_file_are_three_problems_in_their_order() -> None:
    rules = """\
[rules.a]
query = "\\bfoo"
severity = "hgh"
[rules.b]
entities = ["ukrane"]
[entities.ukraine]
name = "Ukraine"
"""
    assert problems_of({"r.toml": rules}) == [
        'r.toml:2:9: query: holds a control character, because TOML reads \\b inside "…" as one; '
        "write the text in single quotes '…'",
        'r.toml:3:12: severity: "hgh" is none of "low", "normal", "high", "urgent"; '
        'did you mean "high"?',
    ]


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        pytest.param(
            "[rules.a]\nseverity = 'high'\n",
            "r.toml:1:8: [rules.a] needs topics, entities or a query",
            id="an empty rule",
        ),
        pytest.param(
            "[topics.a]\n",
            "r.toml:1:9: [topics.a] needs phrases or queries, or weights and a threshold",
            id="an empty topic",
        ),
        pytest.param(
            "[entities.a]\naliases = ['A']\n",
            'r.toml:1:11: [entities.a] needs "name"',
            id="a nameless entity",
        ),
        pytest.param(
            "[entities.a]\nname = 'A'\ntype = 'organization'\n",
            'r.toml:3:8: type: "organization" is none of "person", "organisation", "place", '
            '"product", "event", "other"; did you mean "organisation"?',
            id="an unknown type",
        ),
        pytest.param(
            "[entities.a]\nname = 'A'\naliases = ['B', 5, { text = 'C', case = 'lower' }]\n",
            "r.toml:3:17: aliases: must be a text in quotes, or { text = …, case = …, context = … }\n"
            'r.toml:3:41: case: "lower" is none of "auto", "exact", "any"',
            id="wrong aliases",
        ),
        pytest.param(
            "[entities.a]\nname = ' '\n", "r.toml:2:8: name: is empty", id="a blank name"
        ),
        pytest.param(
            "[rules.Nato]\nquery = 'nato'\n",
            'r.toml:1:8: "Nato" is not a name; names are made of a-z, 0-9, - and _ '
            "and begin with a letter or digit",
            id="a name in capitals",
        ),
        pytest.param(
            "[[rules]]\nquery = 'nato'\n",
            "r.toml:1:3: [[rules]] is no list; write [rules.NAME]",
            id="a list of rules",
        ),
        pytest.param(
            "[rule.a]\nquery = 'nato'\n",
            'r.toml:1:2: unknown key "rule"; did you mean "rules"?',
            id="a wrong header",
        ),
        pytest.param(
            "[rules.a]\nquery = 'x'\nuntil = '2027-12-31'\n",
            'r.toml:3:9: until: "2027-12-31" is not a day; '
            "write it without quotes, like 2027-12-31",
            id="a day in quotes",
        ),
        pytest.param(
            "[rules.a]\nquery = 'x'\nuntil = 2027-12-31T00:00:00Z\n",
            "r.toml:3:9: until: 2027-12-31 00:00:00+00:00 is not a day; "
            "write it without quotes, like 2027-12-31",
            id="a time as day",
        ),
        pytest.param(
            "[rules.a]\nquery = 'x'\n[[rules.a.tests]]\nmatch = true\nseverity = 'low'\n",
            'r.toml:5:1: "severity" is a key of [rules.a], but in TOML a key belongs to the '
            "header above it, here [[rules.a.tests]]; move it above the first [[rules.a.tests]]",
            id="a key below the tests",
        ),
        pytest.param(
            "[rules.a]\nquery = 'x'\n[[rules.a.tests]]\nmatch = true\nfeeds = ['low']\n",
            'r.toml:5:1: "feeds" is a key of [rules.a], but in TOML a key belongs to the '
            "header above it, here [[rules.a.tests]]; move it above the first [[rules.a.tests]] "
            '(did you mean "feed"?)',
            id="a key below the tests that looks like one of theirs",
        ),
        pytest.param(
            "[rules.a]\nquery = 'x'\n[[rules.a.tests]]\ntitle = 'x'\n",
            'r.toml:3:11: [[rules.a.tests]] needs "match"',
            id="a test without a verdict",
        ),
        pytest.param(
            "[rules.a]\nquery = 'x'\n[rules.a]\nquery = 'y'\n",
            "r.toml:3:9: [rules.a] is there twice, first at r.toml:1:8; join the two",
            id="a rule twice in a file",
        ),
    ],
)
def test_a_wrong_rule_file_is_refused_with_what_was_expected(rules: str, problem: str) -> None:
    assert problems_of({"r.toml": rules}) == problem.split("\n")


def test_a_name_defined_in_two_files_names_both_places() -> None:
    assert problems_of(
        {"a.toml": "[rules.x]\nquery='a'\n", "b.toml": "[rules.x]\nquery='b'\n"}
    ) == ["b.toml:1:8: [rules.x] is defined at a.toml:1:8 as well; rename one"]


def test_a_rule_a_topic_and_an_entity_may_share_a_name() -> None:
    rules = "[rules.x]\nquery='a'\n[topics.x]\nphrases=['a']\n[entities.x]\nname='a'\n"
    book = book_of({"r.toml": rules}).book
    assert list(book.rules) == list(book.topics) == list(book.entities) == ["x"]


def test_names_are_known_over_files_whatever_their_order() -> None:
    book = book_of(
        {"a.toml": "[rules.x]\nentities=['e']\n", "b.toml": "[entities.e]\nname = 'E'\n"}
    ).book
    assert book.rules["x"].entities[0].text == "e"


def test_nothing_is_called_unknown_that_an_unreadable_file_may_define() -> None:
    assert problems_of({"a.toml": "[rules.x]\nentities=['e']\n", "b.toml": "[entities.e\n"}) == [
        "b.toml:1:12: not TOML: Expected ']' at the end of a table declaration"
    ]
