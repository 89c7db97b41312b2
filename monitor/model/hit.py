"""Hits: a rule matched an article, and where."""

from dataclasses import dataclass
from typing import Literal

FieldName = Literal["title", "lead", "text"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A passage that made a clause true; offsets count characters of the stored field."""

    field: FieldName
    start: int
    end: int
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule that holds for an article.

    Attributes:
        spans: in the order title, lead, text, then by offset; empty if only e.g. a tag matched.
        why: one line for people.
        score: number of distinct clauses with a span.
    """

    rule: str
    spans: tuple[Span, ...]
    why: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFailure:
    """A rule that failed while it was evaluated: its verdict is unknown, the others stand."""

    rule: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule set says of an article."""

    matches: tuple[Match, ...]
    failures: tuple[RuleFailure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialVerdict:
    """What a rule set says of an article whose text is not known.

    Attributes:
        matches: of the rules that hold whatever the text says.
        undecided: whether the text can make any other rule true.
        evident: some of the undecided rules: those with a word in title or lead.
        failures: rules that failed while they were evaluated.
    """

    matches: tuple[Match, ...]
    undecided: bool
    evident: tuple[str, ...] = ()
    failures: tuple[RuleFailure, ...] = ()
