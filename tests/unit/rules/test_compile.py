"""Rule books become rule sets, or a list of everything that is wrong with them."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
import regex

from monitor.errors import RuleError
from monitor.model.rule import EntitySpec, EntityType, RuleSpec, TopicSpec
from monitor.rules.compile import compile_rules, watched
from monitor.rules.names import default_surname
from monitor.rules.tree import (
    And,
    AnyOf,
    Clause,
    Count,
    Entity,
    Near,
    Node,
    Not,
    Or,
    Restriction,
    Weighted,
    Window,
    children,
)
from tests.support.rulebook import HERE, book, entity, person, source, topic, weighted


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


def test_the_watched_rules_are_those_that_wish_it_and_run() -> None:
    def rule(id_: str, *, spike: bool, enabled: bool = True) -> RuleSpec:
        return RuleSpec(
            id=id_,
            title=id_,
            query=source("nato"),
            until=date(2027, 12, 31),
            spike=spike,
            enabled=enabled,
            place=HERE,
        )

    rules = [rule("a", spike=True), rule("b", spike=False), rule("c", spike=True, enabled=False)]
    (found,) = watched(compile_rules(book(rules)))
    assert (found.facts.id, found.until) == ("a", date(2027, 12, 31))


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


def rule(
    id_: str,
    query: str,
    *,
    feeds: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
    until: date | None = None,
    enabled: bool = True,
) -> RuleSpec:
    return RuleSpec(
        id=id_,
        title=id_,
        query=source(query),
        feeds=feeds,
        languages=languages,
        until=until,
        enabled=enabled,
        place=HERE,
    )


def tree_of(
    id_: str,
    rules: Sequence[RuleSpec] | Mapping[str, str],
    entities: Sequence[EntitySpec] = (),
    topics: Sequence[TopicSpec] = (),
) -> Node:
    return compile_rules(book(rules, entities, topics)).rules[id_].tree


def names_in(node: Node) -> set[str]:
    own = {node.name} if isinstance(node, Clause | Weighted) else set()
    return own.union(*map(names_in, children(node)))


def test_a_weighted_topic_sums_its_lines_under_its_name() -> None:
    lines = {"missile OR drone*": 3, '"air raid"': 2.5, "football": -6}
    tree = tree_of("r", {"r": "#escalation"}, [], [weighted("escalation", 5, lines)])

    assert isinstance(tree, Weighted)
    assert (tree.name, tree.at, tree.threshold) == ("#escalation", (0, 11), 5)
    assert [weight for _, weight in tree.parts] == [3, 2.5, -6]
    assert names_in(tree) == {"#escalation"}


def test_a_reference_to_a_rule_is_its_whole_tree_with_its_limits() -> None:
    other = rule("other", "b1 OR title:c1", languages=("en",), until=date(2027, 1, 1))
    tree = tree_of("r", [other, rule("r", "a1 AND rule:other")])

    match tree:
        case And((Clause("a1"), And((Restriction(feeds, languages, until), Or() as found)))):
            assert (feeds, languages, until) == ((), ("en",), date(2027, 1, 1))
            assert names_in(found) == {"rule:other"}
        case _:
            pytest.fail(repr(tree))


def test_a_disabled_rule_may_be_referred_to() -> None:
    assert isinstance(
        tree_of("r", [rule("shared", "a1", enabled=False), rule("r", "rule:shared")]), Clause
    )


def test_the_limits_of_a_rule_stand_in_front_of_its_tree_if_it_has_any() -> None:
    rules = compile_rules(
        book([rule("limited", "a1", feeds=("tag:x",)), rule("free", "a1")])
    ).rules

    assert isinstance(rules["free"].tree, Clause)
    match rules["limited"].tree:
        case And((Restriction(("tag:x",), (), None), Clause("a1"))):
            pass
        case other:
            pytest.fail(repr(other))


CIRCLES = {
    "topics": ({"r": "#a"}, [], [topic("a", queries=["#b"]), topic("b", queries=["x1 OR #a"])]),
    "rules": ({"a": "x1 OR rule:b", "b": "x1 rule:a"}, [], []),
    "a rule and itself": ({"a": "x1 OR rule:a"}, [], []),
    "a context and its entity": (
        {"r": "@us"},
        [entity("us", "United States", contexts={"US": "@us OR congress"})],
        [],
    ),
    "all three": (
        {"a": "#b"},
        [entity("c", "Congress", contexts={"House": "rule:a"})],
        [topic("b", queries=["@c"])],
    ),
}
SHOWN = {
    "topics": "#a -> #b -> #a",
    "rules": "rule:b -> rule:a -> rule:b",
    "a rule and itself": "rule:a -> rule:a",
    "a context and its entity": "@us -> @us",
    "all three": "#b -> @c -> rule:a -> #b",
}


@pytest.mark.parametrize("name", CIRCLES)
def test_what_refers_to_itself_is_an_error_that_shows_the_circle(name: str) -> None:
    with pytest.raises(RuleError, match=f"this goes in a circle: {SHOWN[name]}"):
        compile_rules(book(*CIRCLES[name]))


NO_PLACES = {
    "a weighted topic beside proximity": (
        "x1 NEAR #w",
        "#w can't stand beside a proximity operator: it has weights",
    ),
    "a weighted topic counted": ("#w{2,}", "#w can't be counted: it has weights"),
    "a topic with AND counted": ("#a{2,}", "#a can't be counted: one of its queries"),
    "a topic with AND beside proximity": (
        "x1 SENT #a",
        "#a can't stand beside a proximity operator: one of its queries",
    ),
}


@pytest.mark.parametrize(("query", "message"), NO_PLACES.values(), ids=NO_PLACES.keys())
def test_what_stands_nowhere_in_particular_is_refused_where_places_count(
    query: str, message: str
) -> None:
    topics = [weighted("w", 2, {"a1": 2}), topic("a", queries=["b1 c1"])]
    with pytest.raises(RuleError, match=regex.escape(message)):
        compile_rules(book({"r": query}, topics=topics))


def test_mentions_and_topics_can_be_counted() -> None:
    match tree_of(
        "r",
        {"r": "@nato{3,} #attack{2,}"},
        [entity("nato", "NATO")],
        [topic("attack", phrases=["drone attack"], queries=["missile*"])],
    ):
        case And(
            (Count(Clause("@nato", _, Entity()), 3), Count(Clause("#attack", _, AnyOf()), 2))
        ):
            pass
        case other:
            pytest.fail(repr(other))


def test_the_context_of_an_alias_is_a_tree_of_its_own() -> None:
    tree = tree_of(
        "r",
        {"r": "@us"},
        [entity("us", "United States", contexts={"US": "@eu OR congress"}), entity("eu", "EU")],
    )

    assert isinstance(tree, Clause)
    assert isinstance(tree.what, Entity)
    whole, short = tree.what.aliases
    assert whole.context is None
    assert isinstance(short.context, Or)
    assert names_in(short.context) == {"@eu", "congress"}


FULL = {
    "Mark Rutte": True,
    "NATO": False,
    "J-Lo": False,
    "& Co": False,
    "习近平": False,
    "A. Merkel": True,
}


@pytest.mark.parametrize(("name", "full"), FULL.items(), ids=FULL.keys())
def test_an_alias_is_full_if_it_has_several_words_that_are_words(name: str, full: bool) -> None:  # noqa: FBT001
    tree = tree_of("r", {"r": "@e"}, [entity("e", name)])
    assert isinstance(tree, Clause)
    assert isinstance(tree.what, Entity)
    assert tree.what.aliases[0].full is full


DECLINED = {
    "a person": (entity("e", "Mark Rutte", type_=EntityType.PERSON), True),
    "a place": (entity("e", "Kyiv", type_=EntityType.PLACE), True),
    "an organisation": (entity("e", "Gazprom", type_=EntityType.ORGANISATION), True),
    "a product": (entity("e", "Leopard", type_=EntityType.PRODUCT), False),
    "capitals": (entity("e", "NATO", type_=EntityType.ORGANISATION), False),
    "switched off": (entity("e", "Kyiv", type_=EntityType.PLACE, inflect=False), False),
}


@pytest.mark.parametrize(("spec", "declined"), DECLINED.values(), ids=DECLINED.keys())
def test_names_of_people_places_and_organisations_have_case_forms(
    spec: EntitySpec,
    declined: bool,  # noqa: FBT001
) -> None:
    tree = tree_of("r", {"r": "@e"}, [spec])
    assert isinstance(tree, Clause)
    assert isinstance(tree.what, Entity)
    assert tree.what.aliases[0].inflect is declined


def test_references_deeper_than_twenty_are_refused_in_any_order_of_the_files() -> None:
    chain = [topic("d0", queries=["a1"])]
    chain += [topic(f"d{n}", queries=[f"#d{n - 1}"]) for n in range(1, 22)]
    compile_rules(book({}, topics=chain[:-1]))
    for topics in (chain, chain[::-1]):
        with pytest.raises(RuleError, match="more than 20 deep"):
            compile_rules(book({}, topics=topics))


def test_what_references_nest_too_deep_is_refused() -> None:
    group = "(" * 50 + "{} a1" + " OR b1) c1" * 25 + " OR b1)" * 25
    topics = [topic("t0", queries=["x1"])]
    topics += [topic(f"t{n}", queries=[group.format(f"#t{n - 1}")]) for n in range(1, 4)]
    with pytest.raises(RuleError, match=r"#t\d is nested too deep: 1\d\d levels"):
        compile_rules(book({}, topics=topics))


def test_what_nests_deeper_than_python_calls_is_refused() -> None:
    group = "(" * 59 + "{} a1" + " OR b1) c1" * 29 + " OR b1)" * 30
    topics = [topic("t19", queries=["x1"])]
    topics += [topic(f"t{n}", queries=[group.format(f"#t{n + 1}")]) for n in range(19)]
    with pytest.raises(RuleError, match=r"#t\d+ is nested too deep"):
        compile_rules(book({"r": "#t0"}, topics=topics))


def test_a_mistake_below_topics_that_repeat_each_other_is_told_once() -> None:
    # Told by each of those that refer to it, it would fill the memory.
    topics = [topic("t0", queries=["a1 AND"])]
    topics += [
        topic(f"t{n}", queries=[f"#t{n - 1} OR x{m}" for m in range(9)]) for n in range(1, 19)
    ]
    with pytest.raises(RuleError) as caught:
        compile_rules(book({"r": " OR ".join(["#t18"] * 9)}, topics=topics))
    assert len(caught.value.problems) == 1


def test_contexts_that_lead_to_contexts_are_refused_when_they_grow() -> None:
    names = [
        entity(f"e{n}", f"Name{n}", contexts={f"al{n}{m}": f"@e{n + 1} OR y{m}" for m in range(9)})
        for n in range(19)
    ]
    with pytest.raises(RuleError, match=r"@e\d+ is too large: [\d,]+ parts"):
        compile_rules(book({"r": "@e0"}, [*names, entity("e19", "End")]))


def test_contexts_that_lead_to_contexts_are_refused_when_they_nest() -> None:
    group = "(" * 40 + "{} a1" + " OR b1) c1" * 20 + " OR b1)" * 20
    names = [
        entity(f"e{n}", f"Name{n}", contexts={f"al{n}": group.format(f"@e{n + 1}")})
        for n in range(9)
    ]
    with pytest.raises(RuleError, match=r"@e\d is nested too deep"):
        compile_rules(book({"r": "@e0"}, [*names, entity("e9", "End")]))


def test_what_has_not_changed_is_taken_over_from_the_book_before() -> None:
    rules = [rule("same", "a1"), rule("new", "b1"), rule("uses", "@nato #t"), rule("other", "@eu")]
    nato, eu, subject = entity("nato", "NATO"), entity("eu", "EU"), topic("t", phrases=["c1"])
    old = book(rules, [nato, eu], [subject])
    before = compile_rules(old)
    changed = [rules[0], rule("new", "b2"), *rules[2:]]

    now = compile_rules(
        book(changed, [nato, entity("eu", "EU", "Union")], [subject]), (old, before)
    )

    same = {id_ for id_ in now.rules if now.rules[id_] is before.rules[id_]}
    assert same == {"same", "uses"}
    assert (
        now.rules
        == compile_rules(book(changed, [nato, entity("eu", "EU", "Union")], [subject])).rules
    )


def test_what_a_rule_took_from_a_topic_that_is_gone_is_an_error_again() -> None:
    rules = [rule("r", "#t")]
    old = book(rules, topics=[topic("t", phrases=["c1"])])
    before = compile_rules(old)
    with pytest.raises(RuleError, match='unknown topic "t"'):
        compile_rules(book(rules), (old, before))


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
