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
aliases = ["USA", { text = "US", case = "exact", context = "congress" }]
inflect = false

[topics.troops]
phrases = ["troop deployment"]
queries = ['troop* NEAR/4 deploy*']

[topics.escalation]
threshold = 4.5
[topics.escalation.weights]
'missile OR drone*' = 3
sanction            = 2
'football'          = -6

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
spike = true
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
            Alias(text=text("US", 5, 29), case=Case.EXACT, context=text("congress", 5, 61)),
        ),
        surname="",
        inflect=False,
        place=Place("r.toml", 1, 11),
    )
    assert book.topics["troops"] == TopicSpec(
        id="troops",
        phrases=(text("troop deployment", 9, 13),),
        queries=(text("troop* NEAR/4 deploy*", 10, 13),),
        place=Place("r.toml", 8, 9),
    )
    assert book.topics["escalation"] == TopicSpec(
        id="escalation",
        weights=(
            (text("missile OR drone*", 15, 2), 3.0),
            (text("sanction", 16, 1), 2.0),
            (text("football", 17, 2), -6.0),
        ),
        threshold=4.5,
        place=Place("r.toml", 12, 9),
    )
    assert book.rules["watch"] == RuleSpec(
        id="watch",
        title="Troops",
        topics=(text("troops", 21, 12), text("boots on the ground", 21, 22)),
        entities=(text("us", 22, 14),),
        exclude=(text("  football", 24, 1),),
        query=text("title:troop*", 25, 10),
        feeds=("tag:europe",),
        languages=("en",),
        severity=Severity.HIGH,
        tags=("defence",),
        channels=("desk",),
        until=date(2027, 12, 31),
        spike=True,
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
                place=Place("r.toml", 35, 15),
            ),
        ),
        place=Place("r.toml", 19, 8),
    )


def test_the_shortest_rule_has_the_documented_defaults() -> None:
    assert book_of({"r.toml": RULES}).book.rules["short"] == RuleSpec(
        id="short",
        title="short",
        topics=(text("asset freeze", 45, 12),),
        place=Place("r.toml", 44, 8),
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
            "[topics.a]\nphrases = ['b']\nthreshold = 3\n",
            "r.toml:3:13: threshold: there are no weights that could reach it; "
            "add [topics.NAME.weights]",
            id="a threshold without weights",
        ),
        pytest.param(
            "[topics.a.weights]\n'b' = 3\n",
            "r.toml:1:9: [topics.a] needs a threshold that the sum of its weights must reach",
            id="weights without a threshold",
        ),
        pytest.param(
            "[topics.a.weights]\n'b' = 3\nthreshold = 3\n",
            "r.toml:1:9: [topics.a] needs a threshold that the sum of its weights must reach; "
            "the one below the header of the weights is a query there, so move it above that header",
            id="a threshold among the weights",
        ),
        pytest.param(
            "[topics.a]\nthreshold = 4\n[topics.a.weights]\n'b' = 3\n'c' = 0.5\n'd' = -9\n",
            "r.toml:2:13: threshold: 4 is out of reach: all weights make 3.5",
            id="a threshold out of reach",
        ),
        pytest.param(
            "[topics.a]\nthreshold = 0\n[topics.a.weights]\n'b' = 3\n",
            "r.toml:2:13: threshold: must be above 0, else the topic is there without any of its "
            "queries",
            id="a threshold that nothing reaches already",
        ),
        pytest.param(
            "[topics.a]\nthreshold = 1\n[topics.a.weights]\n'b' = 0\n'c' = '1'\n'd' = inf\n'e' = true\n",
            "r.toml:4:7: b: a weight of 0 says nothing; write one above or below 0\n"
            "r.toml:5:7: c: must be a number, without quotes\n"
            "r.toml:6:7: d: a weight of inf says nothing; write one above or below 0\n"
            "r.toml:7:7: e: must be a number, without quotes",
            id="weights that weigh nothing",
        ),
        pytest.param(
            "[topics.a]\nphrases = ['b']\nthreshold = 1\n[topics.a.weights]\n'b' = 1\n",
            "r.toml:2:11: phrases: a topic has either phrases and queries, or weights; "
            "a phrase with a weight is written '\"sanctions package\"~4' = 3",
            id="weights and phrases",
        ),
        pytest.param(
            "[topics.a]\nthreshold = 1\n[topics.a.weights]\n'b' = 1\nphrases = ['c']\n",
            'r.toml:5:1: "phrases" is a key of [topics.a], but in TOML a key belongs to the header '
            "above it, here [topics.a.weights]; move it above [topics.a.weights]",
            id="phrases among the weights",
        ),
        pytest.param(
            '[topics.a]\nthreshold = 1\n[topics.a.weights]\n"\\b" = 1\n',
            "r.toml:4:1: weights: holds a control character, because TOML reads \\b inside "
            "\"…\" as one; write the text in single quotes '…'",
            id="a backspace in a key",
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
            "[rules.a]\nquery = 'x'\nspikes = true\n",
            'r.toml:3:1: unknown key "spikes"; did you mean "spike"?',
            id="several spikes",
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


ESCAPES = {
    "plain": ("'a1 OR'", "a1 OR"),
    "an escaped quote": (r'"\"b1\" OR"', '"b1" OR'),
    "code points": (r'"\u00e9\U000000e9 OR"', "éé OR"),
    "a line end": (r'"a1\nb1 OR"', "a1\nb1 OR"),
    "several lines": ("'''\na1\n  b1 OR'''", "a1\n  b1 OR"),
    "lines that go on": ('"""\\\n  a1 \\\n\n   b1\\t OR"""', "a1 b1\t OR"),
    "a line that goes on right before": ('"""\na1 \\\n  OR"""', "a1 OR"),
    "no escapes": (r"'''a1\\b1 OR'''", r"a1\\b1 OR"),
}


@pytest.mark.parametrize(("written", "said"), ESCAPES.values(), ids=ESCAPES.keys())
def test_a_place_inside_a_text_counts_what_the_file_writes(written: str, said: str) -> None:
    file = f"[rules.a]\nquery = {written}\n"
    query = book_of({"r.toml": file}).book.rules["a"].query
    assert query is not None
    assert query.text == said
    place = query.place.inside(said, said.index("OR"))
    assert file.split("\n")[place.line - 1][place.column - 1 :].startswith("OR")


def test_what_is_right_in_a_rule_with_wrong_keys_is_still_read() -> None:
    reading = book_of({"r.toml": "[rules.a]\nquery = 'a1 OR'\nseverity = 'hgh'\ncolour = 1\n"})
    assert len(reading.problems) == 2
    assert reading.book.rules["a"].query == text("a1 OR", 2, 10)


def test_files_that_say_the_same_are_not_read_again() -> None:
    first = book_of({"a.toml": RULES, "b.toml": "[rules.b]\nquery = 'b1'\n"})
    again = book_of({"a.toml": RULES, "b.toml": "[rules.b]\nquery = 'b2'\n"}, first.files)

    assert again.book.rules["watch"] is first.book.rules["watch"]
    assert again.book.rules["b"].query == SourceText("b2", Place("b.toml", 2, 10))


def test_of_a_file_that_has_changed_the_same_tables_are_taken_over_with_their_places() -> None:
    old = "[rules.a]\nquery = 'a1'\n[topics.t]\nphrases = ['b1 c1']\n[rules.b]\nquery = 'b1'\n"
    new = f"# a line more\n{old.replace('a1', 'a2')}"
    first = book_of({"r.toml": old})
    again = book_of({"r.toml": new}, first.files)

    assert again.book.rules["b"] is first.book.rules["b"]
    assert again.book.topics["t"] is first.book.topics["t"]
    assert again.book.rules["a"] is not first.book.rules["a"]
    assert again.book == book_of({"r.toml": new}).book
    assert again.book.rules["b"].place == Place("r.toml", 6, 8)


def test_a_text_that_is_refused_moves_no_place() -> None:
    old = "[rules.a]\nquery = 'a1'\n[rules.b]\nquery = 'b1'\n"
    first = book_of({"r.toml": old})
    for refused in (f"# a line\n{old}[rules.c]\n", f"# a line\n{old}["):
        assert book_of({"r.toml": refused}, first.files).problems
        assert first.book.rules["b"].place == Place("r.toml", 3, 8)
    book_of({"r.toml": f"# a line\n{old}"}, first.files)
    assert book_of({"r.toml": old}, first.files).book.rules["b"].place == Place("r.toml", 3, 8)


def test_the_same_text_under_another_name_is_another_file() -> None:
    first = book_of({"a.toml": "[rules.b]\nquery = 'b1'\n"})
    again = book_of({"b.toml": "[rules.b]\nquery = 'b1'\n"}, first.files)
    assert again.book.rules["b"].place == Place("b.toml", 1, 8)


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
