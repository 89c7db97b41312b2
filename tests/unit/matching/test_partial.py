"""Rule sets against articles of which only title and lead are known."""

import pytest

from monitor.matching.evaluate import Evaluation
from monitor.matching.partial import PartialPercolator
from monitor.matching.verdict import Truth
from monitor.model.article import Article, Carrier
from monitor.model.hit import FieldName, PartialVerdict, RuleFailure
from monitor.model.rule import RuleSpec
from monitor.rules.compile import compile_rules
from monitor.rules.tree import Node
from tests.support.rulebook import HERE, book, person, source


def verdict(
    queries: dict[str, str], *, title: str = "", lead: str = "", text: str = ""
) -> PartialVerdict:
    article = Article(
        title=title, lead=lead, text=text, language="en", url="https://ft.com/world/1"
    )
    (found,) = PartialPercolator(compile_rules(book(queries))).match_partly([article])
    return found


def matched(found: PartialVerdict) -> list[str]:
    return [match.rule for match in found.matches]


def test_what_stands_in_the_title_is_certain_and_the_rest_is_open() -> None:
    found = verdict(
        {"here": "troops", "half": "troops AND sanctions", "far": "football"},
        title="Troops arrive",
    )
    assert matched(found) == ["here"]
    assert found.undecided
    assert found.evident == ("half",)
    assert found.matches[0].spans[0].text == "Troops"


def test_nothing_is_open_if_no_text_can_change_a_verdict() -> None:
    found = verdict({"title": "title:troops", "other": "title:football"}, title="Troops arrive")
    assert (matched(found), found.undecided) == (["title"], False)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("troops AND NOT football", True),
        ("sanctions AND NOT troops", False),  # excluded for good
        ("text:troops", True),
        ("title:sanctions", False),
        ("lead:sanctions", False),
        ("troops{2,}", True),
        ("ATLEAST/2(troops a b)", True),
        ("site:ft.com sanctions", True),
        ("site:bbc.com sanctions", False),
        ("title:troops AND lang:de", False),
        ("/troop deploy/", True),
        ("title:/troop deploy/", False),
    ],
)
def test_a_rule_is_undecided_if_the_text_can_make_it_true(query: str, *, expected: bool) -> None:
    found = verdict({"rule": query}, title="Troops arrive", lead="They came by train.")
    assert matched(found) == []
    assert found.undecided is expected


def test_a_rule_without_a_word_in_title_or_lead_has_no_evidence() -> None:
    found = verdict({"rule": "sanctions AND oil"}, title="Troops arrive")
    assert (found.undecided, found.evident) == (True, ())


def test_a_word_that_only_bars_a_rule_is_no_evidence() -> None:
    found = verdict({"rule": "oil AND NOT (troops{2,})"}, title="Troops arrive")
    assert (found.undecided, found.evident) == (True, ())


def test_only_some_of_many_undecided_rules_are_named() -> None:
    found = verdict({f"r{n}": f"troops AND word{n}" for n in range(9)}, title="Troops arrive")
    assert found.evident == ("r0", "r1", "r2")


def test_the_text_of_the_article_is_left_out_of_account() -> None:
    found = verdict({"rule": "sanctions"}, title="Troops arrive", text="No sanctions.")
    assert (matched(found), found.undecided) == ([], True)


def test_a_surname_in_the_title_waits_for_the_full_name() -> None:
    rules = compile_rules(book({"r": "title:@rutte"}, [person("rutte", "Mark Rutte")]))
    (found,) = PartialPercolator(rules).match_partly(
        [Article(title="Rutte speaks", language="nl")]
    )
    assert (matched(found), found.undecided) == ([], True)


def test_rules_of_other_feeds_are_not_open() -> None:
    rules = [
        RuleSpec(id=f"r{n}", title="", query=source("oil"), feeds=("Other",), place=HERE)
        for n in range(3)
    ]
    article = Article(title="Oil", carriers=(Carrier(name="News", url="https://news.example/f"),))
    (found,) = PartialPercolator(compile_rules(book(rules))).match_partly([article])
    assert (matched(found), found.undecided) == ([], False)


def test_each_article_of_a_batch_gets_its_own_verdict() -> None:
    percolator = PartialPercolator(compile_rules(book({"oil": "title:oil", "öl": "title:öl"})))
    articles = [
        Article(title="Oil and gas are scarce", language="en"),
        Article(title="Das Öl ist knapp", language="de"),
        Article(title="", language="en"),
        Article(title="Oil again", language="en"),
    ]
    found = percolator.match_partly(articles)
    assert [matched(each) for each in found] == [["oil"], ["öl"], [], ["oil"]]


def test_a_rule_that_fails_is_named_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = compile_rules(book({"bad": "troops", "good": "troops OR tanks"}))
    bad, original = rules.rules["bad"].tree, Evaluation.verdict

    def broken(self: Evaluation, node: Node, field: FieldName | None = None) -> Truth:
        if node is bad:
            raise ValueError("no verdict")
        return original(self, node, field)

    monkeypatch.setattr(Evaluation, "verdict", broken)
    (found,) = PartialPercolator(rules).match_partly([Article(title="Troops", language="en")])
    assert matched(found) == ["good"]
    assert found.failures == (RuleFailure(rule="bad", error="ValueError: no verdict"),)
