"""New rules that are matched against what was there before them, and how far that has come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.model.article import Stage
from monitor.store import articles
from monitor.store.tables import ARTICLE, CATCH_UP_RULES
from monitor.store.types import among, insert_or_replace, list_of

_ROW = CATCH_UP_RULES.c


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """Rules that have come equally far.

    Attributes:
        since: articles that were seen before do not matter.
        next_article: the least id that is still to be matched.
        revision: the rule revision they are of.
    """

    rules: tuple[str, ...]
    since: datetime
    next_article: int
    revision: str


def plan(
    connection: sa.Connection,
    new: Collection[str],
    known: Collection[str],
    revision: str,
    since: datetime,
) -> None:
    """Another revision is in force: its new rules begin, those that are left go on.

    Args:
        connection: of a write.
        new: rules that are new or changed.
        known: all rules there are.
        revision: of all of them; it is stored.
        since: the articles seen then or later are to be matched.
    """
    planned = connection.scalars(sa.select(_ROW.rule)).all()
    gone = list_of(rule for rule in planned if rule not in known)
    connection.execute(sa.delete(CATCH_UP_RULES).where(among(_ROW.rule, "gone")), {"gone": gone})
    connection.execute(sa.update(CATCH_UP_RULES).values(rule_revision=revision))
    first = articles.first_since(connection, since)
    if first is None:
        return
    for rule in new:
        values = {
            "rule": rule,
            "since": since,
            "next_article": first,
            "rule_revision": revision,
        }
        connection.execute(insert_or_replace(CATCH_UP_RULES, values))


def waiting(connection: sa.Connection, revision: str) -> CatchUp | None:
    """The rules to go on with; None if none of this revision are left."""
    mine = _ROW.rule_revision == revision
    first = connection.execute(
        sa.select(_ROW.since, _ROW.next_article)
        .where(mine)
        .order_by(_ROW.since, _ROW.next_article.desc())
        .limit(1)
    ).one_or_none()
    if first is None:
        return None
    rules = connection.scalars(
        sa.select(_ROW.rule)
        .where(mine, _ROW.since == first.since, _ROW.next_article == first.next_article)
        .order_by(_ROW.rule)
    )
    return CatchUp(
        rules=tuple(rules), since=first.since, next_article=first.next_article, revision=revision
    )


def ids(connection: sa.Connection, job: CatchUp, limit: int) -> Sequence[int]:
    """The next articles, by id, without those that ended the process.

    Those that are still to be matched meet the new rules anyway.
    """
    return connection.scalars(
        sa.select(ARTICLE.c.id)
        .where(
            ARTICLE.c.id >= job.next_article,
            ARTICLE.c.seen >= job.since,
            ARTICLE.c.stage.in_((Stage.WANTED, Stage.MATCHED)),
            sa.func.coalesce(ARTICLE.c.reason, "").not_like(f"{articles.GIVEN_UP}%"),
        )
        .order_by(ARTICLE.c.id)
        .limit(limit)
    ).all()


def advance(connection: sa.Connection, job: CatchUp, next_article: int | None) -> bool:
    """The articles before the next one are done, or all; False if another revision came before."""
    rows = sa.and_(
        _ROW.rule_revision == job.revision,
        _ROW.since == job.since,
        _ROW.next_article == job.next_article,
    )
    if next_article is None:
        done = connection.execute(sa.delete(CATCH_UP_RULES).where(rows))
    else:
        done = connection.execute(
            sa.update(CATCH_UP_RULES).where(rows).values(next_article=next_article)
        )
    return done.rowcount == len(job.rules)
