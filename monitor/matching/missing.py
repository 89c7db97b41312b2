"""What a miss is explained by: the clauses that failed, each with its reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from monitor.rules.tree import At


class Lack(StrEnum):
    """What kept a clause from being as it should be."""

    ABSENT = "absent"
    TOO_FAR = "too-far"
    OTHER_SENTENCE = "other-sentence"
    EXCLUDED = "excluded"
    CASE = "case"
    UNDECIDED = "undecided"


Detail = Literal["paragraph", "context", "surname", "parts", "feeds", "languages", "until"]


@dataclass(frozen=True, slots=True)
class Weight:
    """A part of a weighted topic that holds, and the first passage of it."""

    weight: float
    passage: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A clause that failed.

    Attributes:
        at: its range in the query it was written in.
        distance: other words found between, ``allowed``: how many may be (only too-far).
        passage: where it nearly was, or what excluded the article.
        found: number of occurrences, of parts that hold, or the sum of weights; ``needed``: the
            least of it.
        there: of a weighted topic, the parts that hold.
        detail: ``paragraph``: the operands share none; ``context``: that of the alias fails;
            ``surname``: it stands alone; ``parts``: of ATLEAST, those that lack follow; else the
            key of the rule that keeps the article out.
    """

    clause: str
    at: At
    reason: Lack
    distance: int | None = None
    allowed: int | None = None
    passage: str | None = None
    found: float | None = None
    needed: float | None = None
    there: tuple[Weight, ...] = ()
    detail: Detail | None = None


Effort = tuple[int, int, int]


def effort(lacks: list[Missing]) -> Effort:
    """How much would have to change: fewest clauses first, then those that nearly held."""
    clauses = [lack for lack in lacks if lack.detail != "parts"]
    absent = sum(lack.reason is Lack.ABSENT and lack.passage is None for lack in clauses)
    return len(clauses), absent, min((lack.distance or 0 for lack in clauses), default=0)


def sentence(missing: Missing) -> str:
    """One line for people."""
    return f"{missing.clause}: {_reason(missing)}"


def _reason(missing: Missing) -> str:
    match missing.reason:
        case Lack.UNDECIDED:
            return "undecided until the text is known"
        case Lack.TOO_FAR:
            return f"{missing.distance} words apart, {missing.allowed} allowed"
        case Lack.OTHER_SENTENCE:
            unit = "paragraphs" if missing.detail == "paragraph" else "sentences"
            return f"only in different {unit}"
        case Lack.CASE:
            return f"“{missing.passage}” does not count by its case"
        case Lack.EXCLUDED:
            return f"excluded by “{missing.passage}”" if missing.passage else "excluded"
        case Lack.ABSENT:
            return _absence(missing)


def _absence(missing: Missing) -> str:
    if missing.detail == "context":
        return f"“{missing.passage}” counts only in its context"
    if missing.detail == "surname":
        return f"“{missing.passage}” counts only beside the full name"
    return "absent" if missing.found is None else _amount(missing)


def _amount(missing: Missing) -> str:
    there = ", ".join(
        f"{part.weight:g}" + (f" for “{part.passage}”" if part.passage else "")
        for part in missing.there
    )
    return f"{missing.found:g} of {missing.needed:g}" + (f" ({there})" if there else "")
