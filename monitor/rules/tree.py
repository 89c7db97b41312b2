"""The query tree: what a query means, as the evaluator reads it.

Two kinds of nodes. *Positional* ones say where something stands: they yield ranges of tokens.
*Boolean* ones say whether it counts. A ``Clause`` is the bridge: a positional with the name under
which its passages are shown. Equal positionals of a rule set are one object.
"""

from dataclasses import dataclass
from datetime import date
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


class Unit(StrEnum):
    """What two operands must share."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Together:
    """Left and right in the same sentence or paragraph of a field, in any order.

    Its ranges are those of its operands: each left one that shares its unit with a right one, and
    the other way round.
    """

    left: "Positional"
    right: "Positional"
    unit: Unit


@dataclass(frozen=True, slots=True)
class Apart:
    """``NOT NEAR``: the passages of left that are not near any passage of right.

    Near is: in the same sentence with at most ``distance`` tokens between, in any order, or
    overlapping. A passage is a range that contains no other range of the same positional.
    """

    left: "Positional"
    right: "Positional"
    distance: int


@dataclass(frozen=True, slots=True)
class Outside:
    """``NOT IN``: the passages of left that don't lie inside a passage of right."""

    left: "Positional"
    right: "Positional"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Whatever one of the parts finds."""

    parts: tuple["Positional", ...]


@dataclass(frozen=True, slots=True)
class AliasForm:
    """A spelling of a name: raw and folded tokens, and how its case counts.

    Attributes:
        full: it has several words, so that a surname may count beside it.
        inflect: its words also match their case forms, in languages that decline names.
        context: it counts only in an article of which this is true.
    """

    raw: tuple[str, ...]
    fold: tuple[str, ...]
    case: Case
    full: bool
    inflect: bool = False
    context: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Mentions of somebody or something; ``surname`` counts beside a longer alias only."""

    id: str
    aliases: tuple[AliasForm, ...]
    surname: AliasForm | None


@dataclass(frozen=True, slots=True)
class Reference:
    """``@entity``, ``#topic`` or ``rule:name``, before expansion; the last has no places."""

    kind: Literal["entity", "topic", "rule"]
    id: str


Positional = Sequence | Window | Near | Together | Apart | Outside | AnyOf | Entity | Reference

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


@dataclass(frozen=True, slots=True)
class Regex:
    """An RE2 expression that is found in the original text of a field.

    ``pattern`` is ready for RE2 (flags in front, Unicode classes); ``name`` is as written.
    """

    name: str
    at: At
    pattern: str


@dataclass(frozen=True, slots=True)
class Count:
    """At least ``minimum`` occurrences of a positional, over all fields that are searched.

    Occurrences are passages (ranges that contain no other one) that don't overlap, as many as
    there can be.
    """

    clause: Clause
    minimum: int


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least ``minimum`` of the parts hold."""

    minimum: int
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Weighted:
    """The weights of the parts that hold reach the threshold; each part counts once."""

    name: str
    at: At
    parts: tuple[tuple["Node", float], ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Restriction:
    """The feeds, languages and last day of a rule; what is empty lets everything pass."""

    feeds: tuple[str, ...]
    languages: tuple[str, ...]
    until: date | None


Node = Clause | And | Or | Not | Scope | Meta | Regex | Count | AtLeast | Weighted | Restriction


def is_positive(node: Node, *, wanted: bool = True) -> bool:
    """Whether every way to make ``node`` true (or false) contains something that must occur."""
    match node:
        case And(parts):
            check = any if wanted else all
            return check(is_positive(part, wanted=wanted) for part in parts)
        case Or(parts):
            check = all if wanted else any
            return check(is_positive(part, wanted=wanted) for part in parts)
        case AtLeast(minimum, parts):
            # True by any ``minimum`` of the parts, false by all but ``minimum - 1`` of them.
            positive = sum(is_positive(part, wanted=wanted) for part in parts)
            needed = minimum if wanted else len(parts) - minimum + 1
            return len(parts) - positive < needed
        case Weighted(_, _, parts, threshold):
            # A part that may hold by absence must not reach the threshold alone.
            return wanted and threshold > sum(
                max(weight, 0.0) for part, weight in parts if not is_positive(part)
            )
        case Not(part):
            return is_positive(part, wanted=not wanted)
        case Scope(_, part):
            return is_positive(part, wanted=wanted)
        case Restriction():
            return False
        case _:
            return wanted


def operands(what: Positional) -> tuple[Positional, ...]:
    """The positionals that one is made of; none if it has no parts."""
    match what:
        case Near() | Together() | Apart() | Outside():
            return what.left, what.right
        case AnyOf(parts):
            return parts
        case _:
            return ()


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below one."""
    match node:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return parts
        case Weighted(_, _, weighted, _):
            return tuple(part for part, _ in weighted)
        case Not(part) | Scope(_, part):
            return (part,)
        case Count(clause, _):
            return (clause,)
        case _:
            return ()


def size(node: Node) -> int:
    """Number of clauses and questions of a tree."""
    below = children(node)
    if below:
        return sum(map(size, below))
    return positions(node.what) if isinstance(node, Clause) else 1


def positions(what: Positional) -> int:
    """Number of positionals without parts inside one, and what the contexts of aliases add."""
    if isinstance(what, Entity):
        return 1 + sum(map(size, contexts(what)))
    return sum(map(positions, operands(what))) or 1


def contexts(entity: Entity) -> tuple[Node, ...]:
    """The contexts of the aliases of an entity."""
    return tuple(alias.context for alias in entity.aliases if alias.context is not None)
