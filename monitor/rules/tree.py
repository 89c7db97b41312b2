"""The query tree: what a query means, as the evaluator reads it.

Two kinds of nodes. *Positional* ones say where something stands: they yield ranges of tokens.
*Boolean* ones say whether it counts. A ``Clause`` is the bridge: a positional with the name under
which its passages are shown. Equal positionals of a rule set are one object.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from monitor.model.hit import FieldName
from monitor.model.rule import Case


@dataclass(frozen=True, slots=True)
class Term:
    """A word in any inflection: stems are equal in the language of the article."""

    fold: str


@dataclass(frozen=True, slots=True)
class Form:
    """A word in exactly this form, case and accents aside."""

    fold: str


@dataclass(frozen=True, slots=True)
class CasedForm:
    """A word in exactly this form and case."""

    raw: str
    fold: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A folded word with wildcards: ``*`` any letters, ``?`` one."""

    fold: str


TokenTest = Term | Form | CasedForm | Pattern


@dataclass(frozen=True, slots=True)
class Sequence:
    """Neighbouring words in this order, within one sentence."""

    tokens: tuple[TokenTest, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """These words in any order within one sentence, at most ``slop`` other words among them.

    A part is a word: several neighbouring tokens if it is written with a hyphen or in a script
    without blanks.
    """

    parts: tuple[tuple[TokenTest, ...], ...]
    slop: int


@dataclass(frozen=True, slots=True)
class Near:
    """Left and right within one sentence, at most ``distance`` words between them."""

    left: "Positional"
    right: "Positional"
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Whatever one of the parts finds."""

    parts: tuple["Positional", ...]


@dataclass(frozen=True, slots=True)
class AliasForm:
    """A spelling of a name: raw and folded tokens, and how its case counts.

    ``full`` says that it has several words, so that a surname may count beside it.
    """

    raw: tuple[str, ...]
    fold: tuple[str, ...]
    case: Case
    full: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """Mentions of somebody or something; ``surname`` counts beside a longer alias only."""

    id: str
    aliases: tuple[AliasForm, ...]
    surname: AliasForm | None


@dataclass(frozen=True, slots=True)
class Reference:
    """``@entity`` or ``#topic``, before expansion."""

    kind: Literal["entity", "topic"]
    id: str


Positional = Sequence | Window | Near | AnyOf | Entity | Reference

At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clause:
    """A positional under a name; ``at`` is its range in the query it was written in."""

    name: str
    at: At
    what: Positional


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Scope:
    """The part, looked for in one field only."""

    field: FieldName
    part: "Node"


class MetaField(StrEnum):
    """What is asked about an article besides its words."""

    AUTHOR = "author"
    URL = "url"
    SITE = "site"
    FEED = "feed"
    TAG = "tag"
    LANG = "lang"


@dataclass(frozen=True, slots=True)
class Meta:
    """``author:x``, ``site:x`` …; ``value`` is as written."""

    field: MetaField
    value: str
    at: At


Node = Clause | And | Or | Not | Scope | Meta


def is_positive(node: Node, *, wanted: bool = True) -> bool:
    """Whether every way to make ``node`` true (or false) contains something that must occur."""
    match node:
        case And(parts):
            check = any if wanted else all
            return check(is_positive(part, wanted=wanted) for part in parts)
        case Or(parts):
            check = all if wanted else any
            return check(is_positive(part, wanted=wanted) for part in parts)
        case Not(part):
            return is_positive(part, wanted=not wanted)
        case Scope(_, part):
            return is_positive(part, wanted=wanted)
        case _:
            return wanted


def size(node: Node) -> int:
    """Number of clauses and questions of a tree."""
    match node:
        case And(parts) | Or(parts):
            return sum(map(size, parts))
        case Not(part) | Scope(_, part):
            return size(part)
        case Clause(_, _, what):
            return positions(what)
        case Meta():
            return 1


def positions(what: Positional) -> int:
    """Number of positionals without parts inside one."""
    match what:
        case Near(left, right, _, _):
            return positions(left) + positions(right)
        case AnyOf(parts):
            return sum(map(positions, parts))
        case _:
            return 1
