"""Rule books become rule sets, or a list of everything that is wrong with them."""

import pytest

from monitor.errors import RuleError
from monitor.model.rule import RuleSpec
from monitor.rules.compile import compile_rules
from monitor.rules.names import default_surname
from monitor.rules.tree import And, AnyOf, Clause, Entity, Near, Not, Or, Window
from tests.support.rulebook import HERE, book, entity, person, source, topic


def test_a_rule_is_any_topic_and_any_entity_and_query_and_not_any_exclude() -> None:
    spec = RuleSpec(
        id="r",
        title="R",
        topics=(source("asset freeze"), source("sanctions")),
        entities=(source("nato"),),
        query=source("brussels"),
        exclude=(source("football"), source("handball")),
        place=HERE,
    )

    rules = compile_rules(
        book([spec], [entity("nato", "NATO")], [topic("sanctions", phrases=["sanctions package"])])
    )

    match rules.rules["r"].tree:
        case And(
            (
                Or((Clause(phrase, _, Window()), Clause(reference, _, Window()))),
                Clause(name),
                query,
                Not(Or(excluded)),
            )
        ):
            assert (phrase, reference, name) == ("asset freeze", "#sanctions", "@nato")
            assert isinstance(query, Clause)
            assert [clause.name for clause in excluded] == ["football", "handball"]  # type: ignore[union-attr]
        case other:
            pytest.fail(repr(other))


def test_equal_clauses_of_all_rules_are_one_object() -> None:
    rules = compile_rules(
        book({"one": '"troop deployment"~4 a1', "two": 'b1 "troop deployment"~4'})
    ).rules
    one, two = rules["one"].tree, rules["two"].tree
    assert isinstance(one, And)
    assert isinstance(two, And)
    assert one.parts[0].what is two.parts[1].what  # type: ignore[union-attr]


def test_a_topic_beside_a_proximity_operator_gives_its_positions() -> None:
    rules = compile_rules(
        book(
            {"r": "#attack NEAR/3 @nato"},
            [entity("nato", "NATO")],
            [topic("attack", phrases=["drone attack"], queries=["missile*"])],
        )
    )
    tree = rules.rules["r"].tree
    assert isinstance(tree, Clause)
    assert isinstance(tree.what, Near)
    assert isinstance(tree.what.left, AnyOf)
    assert isinstance(tree.what.right, Entity)


def test_every_problem_of_a_book_is_reported_at_once() -> None:
    with pytest.raises(RuleError) as caught:
        compile_rules(
            book(
                {"one": "@nat", "two": "#sanction", "three": "a1 OR"},
                [entity("nato", "NATO"), entity("odd", "&")],
                [topic("sanctions", phrases=["--"])],
            )
        )

    assert sorted(problem.message.split("\n")[0] for problem in caught.value.problems) == [
        '"OR" needs an operand after it',
        "'--' has no letter or digit to search for",
        "the alias '&' has no letter or digit to search for",
        'unknown entity "nat"; did you mean "nato"?',
        'unknown topic "sanction"; did you mean "sanctions"?',
    ]


def test_topics_that_refer_to_each_other_are_an_error() -> None:
    topics = [topic("a", queries=["#b"]), topic("b", queries=["x1 OR #a"])]
    with pytest.raises(RuleError, match="this goes in a circle: #a -> #b -> #a"):
        compile_rules(book({"r": "#a"}, topics=topics))


def test_a_topic_with_and_has_no_position() -> None:
    with pytest.raises(RuleError, match="#a can't stand beside a proximity operator"):
        compile_rules(book({"r": "x1 NEAR #a"}, topics=[topic("a", queries=["b1 c1"])]))


def test_disabled_rules_are_checked_but_left_out() -> None:
    sleeping = RuleSpec(id="r", title="R", query=source("a1"), enabled=False, place=HERE)
    assert compile_rules(book([sleeping])).rules == {}
    broken = RuleSpec(id="r", title="R", query=source("a1 OR"), enabled=False, place=HERE)
    with pytest.raises(RuleError):
        compile_rules(book([broken]))


def test_what_deciding_needs_travels_as_facts() -> None:
    spec = RuleSpec(
        id="r",
        title="Troops",
        entities=(source("nato"),),
        tags=("defence",),
        channels=("desk",),
        place=HERE,
    )
    facts = compile_rules(book([spec], [entity("nato", "NATO")])).rules["r"].facts
    assert (facts.id, facts.title, facts.tags, facts.entities, facts.channels) == (
        *("r", "Troops", ("defence",)),
        *(("nato",), ("desk",)),
    )


SURNAMES = {
    "Volodymyr Zelenskyy": "Zelenskyy",
    "Ursula von der Leyen": "von der Leyen",
    "Charles de Gaulle": "de Gaulle",
    "Xi Jinping": "Jinping",
    "Li Bo": "",
    "Theresa May": "",
    "John XXIII": "",
    "Robert Kennedy Jr.": "",
    "Pelé": "",
    "习近平": "",
}


@pytest.mark.parametrize(("name", "surname"), SURNAMES.items(), ids=SURNAMES.keys())
def test_the_surname_is_the_last_word_with_its_particles(name: str, surname: str) -> None:
    assert default_surname(name) == surname


def test_only_persons_have_a_surname_by_themselves() -> None:
    rules = compile_rules(
        book({"r": "@p OR @o"}, [person("p", "Mark Rutte"), entity("o", "European Union")])
    )
    tree = rules.rules["r"].tree
    assert isinstance(tree, Or)
    surnames = [clause.what.surname for clause in tree.parts]  # type: ignore[union-attr]
    assert surnames[0] is not None
    assert surnames[0].fold == ("rutte",)
    assert surnames[1] is None
