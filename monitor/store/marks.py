"""What people think of hits: useful, or noise."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from monitor.store.tables import HIT, HIT_MARK
from monitor.store.types import insert_or_replace


class Mark(StrEnum):
    """A judgement."""

    USEFUL = "useful"
    NOISE = "noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How many hits of a rule were found useful, and how many noise."""

    useful: int = 0
    noise: int = 0

    @property
    def share(self) -> float | None:
        """Of the useful ones among those that were judged; None if none was."""
        judged = self.useful + self.noise
        return self.useful / judged if judged else None


def put(connection: sa.Connection, hits: Collection[int], mark: Mark, at: datetime) -> list[int]:
    """Marks hits, in place of earlier marks; returns the ids of which there is no hit."""
    known = set(connection.scalars(sa.select(HIT.c.id).where(HIT.c.id.in_(hits))))
    for hit in known:
        row = {"hit": hit, "mark": mark, "at": at}
        connection.execute(insert_or_replace(HIT_MARK, row))
    return [hit for hit in hits if hit not in known]


def precision(connection: sa.Connection) -> dict[str, Precision]:
    """Of each rule of which hits were marked."""
    rows = connection.execute(
        sa.select(HIT.c.rule, HIT_MARK.c.mark, sa.func.count())
        .join(HIT, HIT.c.id == HIT_MARK.c.hit)
        .group_by(HIT.c.rule, HIT_MARK.c.mark)
    )
    counts: dict[str, dict[str, int]] = {}
    for rule, mark, number in rows:
        counts.setdefault(rule, {})[mark] = number
    return {rule: Precision(**found) for rule, found in counts.items()}


def marked(connection: sa.Connection, rule: str) -> dict[int, Mark]:
    """The marked hits of a rule."""
    rows = connection.execute(
        sa.select(HIT_MARK.c.hit, HIT_MARK.c.mark)
        .join(HIT, HIT.c.id == HIT_MARK.c.hit)
        .where(HIT.c.rule == rule)
    )
    return {hit: Mark(mark) for hit, mark in rows}
