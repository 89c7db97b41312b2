"""A generated rule before it is written down: an AND of clauses, each an OR of atoms.

It can be written as rule files, as the specs that these would give, and as regular expressions.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Final

from monitor.model.rule import EntitySpec, RuleBook, RuleSpec
from tests.support.rulebook import HERE, entity, source

SLOP: Final = 10

_BETWEEN: Final = r"\W+"
_NEAR: Final = rf"\w*(?:\W+\w+){{0,{SLOP}}}?\W+"


@dataclass(frozen=True, slots=True)
class Words:
    """Neighbouring words, as they stand in a text."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stem:
    """A word in any inflection; ``title``: in the title only."""

    stem: str
    title: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """Stems in any order in one sentence, at most 10 other words among them."""

    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins so."""

    letters: str


Atom = Words | Stem | Close | Prefix


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of the atoms; ``negated``: none of them. Title stems are not mixed with others."""

    atoms: tuple[Atom, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """All of the clauses. An entity has one clause: its names, as ``Words``."""

    clauses: tuple[Clause, ...]
    is_entity: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The aliases of an entity; none of a query."""
        if not self.is_entity:
            return ()
        words = (atom.words for atom in self.clauses[0].atoms if isinstance(atom, Words))
        return tuple(map(" ".join, words))

    @property
    def query(self) -> str | None:
        """The query in our language; an entity has none."""
        return None if self.is_entity else " AND ".join(map(_query, self.clauses))


def _query(clause: Clause) -> str:
    texts = list(map(_operand, clause.atoms))
    text = texts[0] if len(texts) == 1 else f"({' OR '.join(texts)})"
    if any(isinstance(atom, Stem) and atom.title for atom in clause.atoms):
        text = f"title:{text}"
    return f"NOT {text}" if clause.negated else text


def _operand(atom: Atom) -> str:
    match atom:
        case Words((word,)):
            return f"={word}"
        case Words(words):
            return f'"{" ".join(words)}"'
        case Stem(stem):
            return stem
        case Close(stems):
            return f'"{" ".join(stems)}"~{SLOP}'
        case Prefix(letters):
            return f"{letters}*"


# --- our rules ---


@dataclass(frozen=True, slots=True)
class Written:
    """A rule as a rule file says it: the names of an entity, or a query."""

    number: int
    names: tuple[str, ...]
    query: str | None

    @property
    def id(self) -> str:
        """Its name in the rule file."""
        return f"r{self.number}"


def written(drafts: Iterable[Draft]) -> list[Written]:
    """The rules r0, r1 and so on."""
    return [Written(number, draft.names, draft.query) for number, draft in enumerate(drafts)]


def rule_book(rules: Iterable[Written]) -> RuleBook:
    """What the rule files would give; an entity rule rN names the entity eN."""
    specs: dict[str, RuleSpec] = {}
    entities: dict[str, EntitySpec] = {}
    for rule in rules:
        specs[rule.id] = _spec(rule)
        if rule.names:
            entities[f"e{rule.number}"] = entity(f"e{rule.number}", *rule.names)
    return RuleBook(entities=entities, topics={}, rules=specs, revision="bench", sources={})


def _spec(rule: Written) -> RuleSpec:
    return RuleSpec(
        id=rule.id,
        title=f"Rule {rule.number}",
        entities=(source(f"e{rule.number}"),) if rule.names else (),
        query=source(rule.query) if rule.query else None,
        place=HERE,
    )


def toml(rules: Iterable[Written]) -> str:
    """A rule file of these rules and their entities."""
    return "\n".join(line for rule in rules for line in _lines(rule))


def _lines(rule: Written) -> Iterator[str]:
    if rule.names:
        name, *aliases = (json.dumps(each, ensure_ascii=False) for each in rule.names)
        yield from (f"[entities.e{rule.number}]", f"name = {name}")
        yield f"aliases = [{', '.join(aliases)}]\n"
    yield from (f"[rules.{rule.id}]", f'title = "Rule {rule.number}"')
    yield f'entities = ["e{rule.number}"]\n' if rule.names else f"query = '{rule.query}'\n"


def write_files(rules: list[Written], folder: Path, files: int) -> None:
    """The rules as so many rule files, in order."""
    size = -(-len(rules) // files)
    for number in range(files):
        part = rules[number * size : (number + 1) * size]
        (folder / f"rules-{number:03}.toml").write_text(toml(part), encoding="utf-8")


# --- the naive way ---


@dataclass(frozen=True, slots=True)
class Search:
    """A regular expression of a clause, for text in small letters."""

    pattern: str
    negated: bool
    title: bool


def searches(draft: Draft) -> list[Search]:
    """One expression a clause; a stem becomes a prefix."""
    return [
        Search(
            "|".join(expression for atom in clause.atoms for expression in _expressions(atom)),
            clause.negated,
            any(isinstance(atom, Stem) and atom.title for atom in clause.atoms),
        )
        for clause in draft.clauses
    ]


def _expressions(atom: Atom) -> Iterator[str]:
    match atom:
        case Words(words):
            yield rf"\b{_BETWEEN.join(re.escape(word.lower()) for word in words)}\b"
        case Stem(stem):
            yield rf"\b{re.escape(stem)}"
        case Close(stems):
            for order in permutations(map(re.escape, stems)):
                yield rf"\b{_NEAR.join(order)}"
        case Prefix(letters):
            yield rf"\b{re.escape(letters)}"
