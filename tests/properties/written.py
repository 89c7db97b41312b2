"""Trees as the queries they come from: for failures that can be read, and to test the parser."""

from dataclasses import replace
from typing import Any

from typing_extensions import override

from monitor.model.rule import EntitySpec, RuleBook, RuleSpec, TopicSpec
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
    Near,
    Node,
    Not,
    Or,
    Outside,
    Pattern,
    Positional,
    Reference,
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
    operands,
)
from tests.support.rulebook import HERE, book, source

_UNSPACED_FROM = "\u0e00"  # Thai, Lao, Khmer, kana, Han, Hangul: words without blanks


def written(what: Node | Positional) -> str:
    """The query of a tree; <…> for what no query says in one piece."""
    return Writer().write(what)


class Writer:
    """Writes each kind of node and positional by the method that has its name."""

    def write(self, what: Node | Positional) -> str:
        text: str = getattr(self, f"_{type(what).__name__.lower()}")(what)
        return text

    def _clause(self, node: Clause) -> str:
        return self.write(node.what)

    def _and(self, node: And) -> str:
        return f"({' AND '.join(map(self.write, node.parts))})"

    def _or(self, node: Or | AnyOf) -> str:
        return f"({' OR '.join(map(self.write, node.parts))})"

    def _not(self, node: Not) -> str:
        return f"(NOT {self.write(node.part)})"

    def _scope(self, node: Scope) -> str:
        return f"{node.field}:{self._group(node.part)}"

    def _count(self, node: Count) -> str:
        return f"{self._group(node.clause)}{{{node.minimum},}}"

    def _atleast(self, node: AtLeast) -> str:
        return f"ATLEAST/{node.minimum}({' '.join(map(self._group, node.parts))})"

    def _weighted(self, node: Weighted) -> str:
        weights = ", ".join(f"{self.write(part)} = {weight:g}" for part, weight in node.parts)
        return f"<{weights}; threshold {node.threshold:g}>"

    def _restriction(self, node: Restriction) -> str:
        return f"<feeds {node.feeds}, languages {node.languages}, until {node.until}>"

    def _meta(self, node: Meta) -> str:
        return f'{node.field}:"{node.value}"'

    def _regex(self, node: Regex) -> str:
        return node.name

    def _group(self, node: Node) -> str:
        text = self.write(node)
        return text if text.startswith("(") else f"({text})"

    # --- Positionals ---

    def _sequence(self, what: Sequence) -> str:
        match what.tokens:
            case (Term() | Pattern() as test,):
                return _letters(test)
            case (Form() as test,):
                return f"={_letters(test)}"
            case (CasedForm(), *_) as tests:
                return f"{{{' '.join(map(_letters, tests))}}}"
            case tests:
                stems = any(isinstance(test, Term) for test in tests)
                return f'"{" ".join(map(_letters, tests))}"{"~" if stems else ""}'

    def _window(self, what: Window) -> str:
        return f'"{" ".join(map(_word, what.parts))}"~{what.slop}'

    def _near(self, what: Near) -> str:
        return self._pair(what, f"{'O' if what.ordered else ''}NEAR/{what.distance}")

    def _together(self, what: Together) -> str:
        return self._pair(what, "SENT" if what.unit is Unit.SENTENCE else "PARA")

    def _apart(self, what: Apart) -> str:
        return self._pair(what, f"NOT NEAR/{what.distance}")

    def _outside(self, what: Outside) -> str:
        return self._pair(what, "NOT IN")

    def _pair(self, what: Near | Together | Apart | Outside, operator: str) -> str:
        return f"({self._operand(what.left)} {operator} {self._operand(what.right)})"

    def _operand(self, what: Positional) -> str:
        return self.write(what)

    def _anyof(self, what: AnyOf) -> str:
        return self._or(what)

    def _entity(self, what: Entity) -> str:
        return f"@{what.id}"

    def _reference(self, what: Reference) -> str:
        sign = {"entity": "@", "topic": "#", "rule": "rule:"}[what.kind]
        return f"{sign}{what.id}"


def _letters(test: TokenTest) -> str:
    """A token as it is typed: folding takes the Thai sara am apart, which makes two signs of it."""
    text = test.raw if isinstance(test, CasedForm) else test.fold
    return text.replace("\u0e4d\u0e32", "\u0e33")


def _word(tests: tuple[TokenTest, ...]) -> str:
    """A word of several tokens, as it must be written to stay one."""
    words = [_letters(test) for test in tests]
    return ("" if words[0] >= _UNSPACED_FROM else "-").join(words)


class Unwritable(Exception):
    """No rule file says this."""


class BookWriter(Writer):
    """Writes what no query says in one piece as topics and other rules."""

    def __init__(self) -> None:
        self._topics: list[TopicSpec] = []
        self._rules: list[RuleSpec] = []
        self._in_field = False

    def book(self, trees: tuple[Node, ...], entities: tuple[EntitySpec, ...]) -> RuleBook:
        """The rules r0, r1 …; those that they refer to come after them."""
        queries = [self.write(tree) for tree in trees]
        rules = [self._rule(f"r{number}", query) for number, query in enumerate(queries)]
        return book((*rules, *self._rules), entities, self._topics)

    def _rule(self, id_: str, query: str) -> RuleSpec:
        return RuleSpec(id=id_, title=id_, query=source(query), place=HERE)

    @override
    def _and(self, node: And) -> str:
        match node.parts:
            case (Restriction(feeds, languages, until), other) if is_positive(other):
                query = self.write(other)
                rule = self._rule(f"other{len(self._rules)}", query)
                rule = replace(rule, feeds=feeds, languages=languages, until=until)
                self._rules.append(rule)
                return f"rule:{rule.id}"
            case _:
                return super()._and(node)

    @override
    def _restriction(self, node: Restriction) -> str:
        raise Unwritable(node)

    @override
    def _scope(self, node: Scope) -> str:
        """A field inside a field is the query of a topic."""
        if not self._in_field:
            self._in_field = True
            text = super()._scope(node)
            self._in_field = False
            return text
        self._in_field = False
        text = self._topic(queries=(source(self._scope(node)),))
        self._in_field = True
        return text

    @override
    def _weighted(self, node: Weighted) -> str:
        lines = tuple((source(self.write(part)), weight) for part, weight in node.parts)
        return self._topic(weights=lines, threshold=node.threshold)

    @override
    def _operand(self, what: Positional) -> str:
        """A proximity beside another one is the query of a topic."""
        if operands(what) and not isinstance(what, AnyOf):
            return self._topic(queries=(source(self.write(what)),))
        return self.write(what)

    def _topic(self, **facts: Any) -> str:  # noqa: ANN401
        spec = TopicSpec(id=f"t{len(self._topics)}", place=HERE, **facts)
        self._topics.append(spec)
        return f"#{spec.id}"
