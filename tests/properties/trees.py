"""Generated query trees: every operator, on words and names of one vocabulary."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from monitor.model.rule import EntitySpec, SourceText
from monitor.rules.names import entity_of
from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Clause,
    Count,
    Entity,
    Form,
    Meta,
    MetaField,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Pattern,
    Positional,
    Regex,
    Restriction,
    Scope,
    Sequence,
    Term,
    Together,
    TokenTest,
    Unit,
    Weighted,
    Window,
    is_positive,
)
from tests.properties.choices import Choices
from tests.properties.vocabularies import VOCABULARIES, Vocabulary, tests_of
from tests.properties.written import written
from tests.support.rulebook import source

AT: Final = (0, 1)
EXPRESSIONS: Final = {
    "/sanctio[a-z]+/i": "(?i)sanctio[a-z]+",
    "/troops? of/": "troops? of",
    "/^The|of$/m": "(?m)^The|of$",
    "/[td]..[td]/s": "(?s)[td]..[td]",
    "/[A-Z]{3,4}[ -]/": "[A-Z]{3,4}[ -]",
    "/[0-9]+ (wo)?men/": "[0-9]+ (wo)?men",
}
QUESTIONS: Final = (
    *[Meta(MetaField.AUTHOR, "smith", AT)] * 2,
    *[Meta(MetaField.URL, "World/2026", AT)] * 2,
    Meta(MetaField.SITE, "desk.example", AT),
    Meta(MetaField.SITE, "desk.example/world", AT),
    Meta(MetaField.FEED, "the desk", AT),
    Meta(MetaField.FEED, "https://desk.example/rss", AT),
    Meta(MetaField.TAG, "Europe", AT),
    Meta(MetaField.TAG, "politique", AT),
    Meta(MetaField.LANG, "en", AT),
    Meta(MetaField.LANG, "RU", AT),
)
RESTRICTIONS: Final = (
    Restriction(("tag:europe",), (), None),
    Restriction(("The Desk", "https://other.example/rss"), (), None),
    Restriction((), ("en", "zh"), None),
    Restriction((), ("de",), date(2026, 6, 1)),
    Restriction(("tag:asia",), (), date(2026, 6, 1)),
    Restriction((), (), date(2026, 6, 1)),
)


@dataclass(frozen=True, eq=False)
class World:
    """What the rules and articles of one example speak of.

    Attributes:
        specs: the entities as a rule file has them.
        spellings: id of an entity -> how an article may write it, rightly or not.
    """

    vocabulary: Vocabulary
    specs: tuple[EntitySpec, ...]
    entities: tuple[Entity, ...]
    spellings: dict[str, tuple[str, ...]]


Maker = Callable[[Choices, World], Positional]
Grower = Callable[[Choices, World, int], Node]


def world(choose: Choices) -> World:
    vocabulary = choose.one(VOCABULARIES)
    named = [_named(choose, vocabulary, spec) for spec, _ in vocabulary.names]
    spellings = {
        spec.id: (*(alias.text.text for alias in spec.aliases), *more)
        for spec, more in vocabulary.names
    }
    specs, entities = zip(*named, strict=True)
    return World(vocabulary, specs, entities, spellings)


def _named(choose: Choices, vocabulary: Vocabulary, spec: EntitySpec) -> tuple[EntitySpec, Entity]:
    """The entity; now and then one of its aliases has a context."""
    if not choose.chance(25):
        return spec, entity_of(spec, no_query)
    context = clause(_word(choose, vocabulary))
    at = choose.number(0, len(spec.aliases) - 1)
    alias = replace(spec.aliases[at], context=source(context.name))
    aliases = (*spec.aliases[:at], alias, *spec.aliases[at + 1 :])
    spec = replace(spec, aliases=aliases)
    return spec, entity_of(spec, lambda _: context)


def no_query(query: SourceText) -> Node:
    """For entities without a context."""
    raise AssertionError(query)


# --- Positionals ----------------------------------------------------------------------------------


def word(choose: Choices, of: World) -> Sequence:
    """One word: stemmed, in its form, in its case or with a wildcard."""
    return _word(choose, of.vocabulary)


def _word(choose: Choices, vocabulary: Vocabulary) -> Sequence:
    written_word = choose.one(vocabulary.words)
    kind = choose.one((Term, Term, Form, CasedForm, Pattern))
    if kind is not Pattern:
        return Sequence(tests_of(written_word, kind))
    tests = tests_of(written_word, Term)
    return Sequence(tuple(_pattern(choose, test) for test in tests))


def _pattern(choose: Choices, test: TokenTest) -> TokenTest:
    """A wildcard in front, at the end or inside, if at least two letters are left."""
    fold = test.fold
    if len(fold) < 4 or fold >= "\u0e00":  # a sign of its own
        return test
    ends = f"{fold[:3]}*", f"*{fold[-3:]}", f"{fold[:2]}?{fold[3:]}", f"{fold[0]}*{fold[-2:]}"
    pattern = choose.one((*ends, ends[2]))
    return Pattern(pattern) if sum(map(str.isalpha, pattern)) > 1 else test


def phrase(choose: Choices, of: World) -> Sequence:
    kind = choose.one((Term, Form, Form, CasedForm))
    words = [choose.one(of.vocabulary.words) for _ in range(choose.number(2, 3))]
    tests = [test for each in words for test in tests_of(each, kind)]
    if kind is not CasedForm and choose.chance(25):
        tests[-1] = _pattern(choose, tests[-1])
    return Sequence(tuple(tests))


def window(choose: Choices, of: World) -> Window:
    words = [choose.one(of.vocabulary.words) for _ in range(choose.number(2, 4))]
    parts = [tests_of(each, Term) for each in words]
    if choose.chance(15):
        parts[-1] = tuple(_pattern(choose, test) for test in parts[-1])
    return Window(tuple(parts), choose.number(0, 4))


def entity(choose: Choices, of: World) -> Entity:
    people = [each for each in of.entities if each.surname]
    return choose.one(people if people and choose.chance(50) else of.entities)


def any_of(choose: Choices, of: World) -> AnyOf:
    kinds: tuple[Maker, ...] = (word, word, word, phrase, window, entity)
    parts = tuple(choose.one(kinds)(choose, of) for _ in range(choose.number(2, 3)))
    return AnyOf(parts)


def operand(choose: Choices, of: World) -> Positional:
    """What may stand beside a proximity operator; the last two come from a #topic."""
    names: tuple[Maker, ...] = (entity, entity, any_of, any_of)
    kinds: tuple[Maker, ...] = (*[word] * 7, *names, phrase, window, near, apart)
    return choose.one(kinds)(choose, of)


def near(choose: Choices, of: World) -> Near:
    distance = choose.one((0, 0, 1, 1, 2, 3, 4, 64))
    return Near(operand(choose, of), operand(choose, of), distance, choose.chance(40))


def together(choose: Choices, of: World) -> Together:
    unit = choose.one((Unit.SENTENCE, Unit.PARAGRAPH))
    return Together(operand(choose, of), operand(choose, of), unit)


def apart(choose: Choices, of: World) -> Apart:
    return Apart(operand(choose, of), operand(choose, of), choose.one((0, 1, 2, 3, 64)))


def outside(choose: Choices, of: World) -> Outside:
    left = operand(choose, of)
    if not isinstance(left, Sequence) or choose.chance(30):
        return Outside(left, operand(choose, of))
    kind = next((type(test) for test in left.tokens if not isinstance(test, Pattern)), Form)
    before, after = (
        tests_of(choose.one(of.vocabulary.words), kind) if choose.chance(60) else ()
        for _ in range(2)
    )
    return Outside(left, Sequence((*before, *left.tokens, *after)))


_POSITIONALS: Final[tuple[Maker, ...]] = (
    *[word] * 4,
    *[phrase] * 3,
    *[window] * 3,
    *[entity] * 4,
    *[near] * 5,
    *[together] * 4,
    *[apart] * 3,
    *[outside] * 3,
)


def positional(choose: Choices, of: World) -> Positional:
    return choose.one(_POSITIONALS)(choose, of)


# --- Nodes ----------------------------------------------------------------------------------------


def clause(what: Positional) -> Clause:
    name = written(what)
    return Clause(name, (0, len(name)), what)


def _clause(choose: Choices, of: World) -> Clause:
    return clause(positional(choose, of))


def _count(choose: Choices, of: World) -> Count:
    return Count(_clause(choose, of), choose.one((2, 2, 3, 1, 4)))


def _regex(choose: Choices, _: World) -> Regex:
    name, pattern = choose.one(tuple(EXPRESSIONS.items()))
    return Regex(name, (0, len(name)), pattern)


def _question(choose: Choices, _: World) -> Meta:
    return choose.one(QUESTIONS)


def _restriction(choose: Choices, _: World) -> Restriction:
    return choose.one(RESTRICTIONS)


def _leaf(choose: Choices, of: World) -> Node:
    kinds: tuple[Callable[[Choices, World], Node], ...] = (
        *[_clause] * 16,
        *[_count] * 4,
        *[_question] * 6,
        *[_regex] * 2,
        _restriction,
    )
    return choose.one(kinds)(choose, of)


def _parts(choose: Choices, of: World, depth: int, most: int = 3) -> tuple[Node, ...]:
    return tuple(_node(choose, of, depth - 1) for _ in range(choose.number(2, most)))


def _plain_parts(choose: Choices, of: World) -> tuple[Node, ...]:
    """The lines of most topics."""
    kinds: tuple[Maker, ...] = (word, word, phrase, window, entity)
    return tuple(clause(choose.one(kinds)(choose, of)) for _ in range(choose.number(2, 3)))


def _and(choose: Choices, of: World, depth: int) -> Node:
    return And(_parts(choose, of, depth, 2))


def _but_not(choose: Choices, of: World, depth: int) -> Node:
    return And((_node(choose, of, depth - 1), Not(_node(choose, of, depth - 1))))


def _or(choose: Choices, of: World, depth: int) -> Node:
    return Or(_parts(choose, of, depth, 2))


def _scope(choose: Choices, of: World, depth: int) -> Node:
    return Scope(choose.one(("title", "lead", "text")), _node(choose, of, depth - 1))


def _at_least(choose: Choices, of: World, depth: int) -> Node:
    parts = _parts(choose, of, depth)
    return AtLeast(choose.number(1, len(parts)), parts)


def _weighted(choose: Choices, of: World, depth: int) -> Node:
    parts = _parts(choose, of, depth) if choose.chance(40) else _plain_parts(choose, of)
    weights = [choose.one((1.0, 2.0, 3.0, 0.5, -2.0, -2.0)) for _ in parts]
    threshold = choose.one((0.5, 1.0, 1.0, 2.0, 2.0, 3.0))
    return Weighted("#topic", AT, tuple(zip(parts, weights, strict=True)), threshold)


def _node(choose: Choices, of: World, depth: int) -> Node:
    if depth == 0 or choose.chance(35):
        return _leaf(choose, of)
    kinds: tuple[Grower, ...] = (_and, _or, _or, _but_not, _scope, _scope, _at_least, _weighted)
    return choose.one(kinds)(choose, of, depth)


def tree(choose: Choices, of: World) -> Node:
    """A tree that needs something positive, as the language wants it."""
    node = _node(choose, of, choose.number(0, 2))
    if choose.chance(10):
        node = And((_restriction(choose, of), node))
    return node if is_positive(node) else And((_clause(choose, of), node))
