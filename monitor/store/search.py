"""The index of words of the stored articles (the door of SQLite's FTS5).

It holds which article has which folded word or stem, and nothing else: it preselects, and the
evaluator decides. It may know too much (words of earlier revisions, pruned articles), never too
little: an article whose latest text is not in it is marked, and always looked at.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa

from monitor.model.article import Article
from monitor.model.search import AllOf, ArticleWords, Need, OneOf, Word
from monitor.store import articles
from monitor.store.tables import (
    ARTICLE,
    ARTICLE_REVISION,
    SEARCH_LANGUAGE,
    SEARCH_STATE,
    TO_INDEX,
)
from monitor.store.types import insert_new

VERSION: Final = 1
"""Of what makes words out of texts; an index of another one is made anew."""

_LEAST_GONE: Final = 10_000  # pruned articles before the index is made anew
# ⑴ is a letter of its own, and folded it is (1), which the index would take apart.
_PUNCTUATION: Final = re.compile(r"[\x00-\x09\x0b-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]")


def to_index(connection: sa.Connection, limit: int) -> list[Article]:
    """The newest articles whose latest text is not in the index."""
    ids = connection.scalars(
        sa.select(ARTICLE.c.id).where(TO_INDEX).order_by(ARTICLE.c.id.desc()).limit(limit)
    ).all()
    return list(articles.load(connection, ids).values())


def add(connection: sa.Connection, read: Sequence[ArticleWords]) -> None:
    """Puts words into the index; what was revised meanwhile stays marked."""
    if not read:
        return
    connection.exec_driver_sql(
        "INSERT INTO article_words (rowid, words) VALUES (?, ?)",
        [(each.article, _safe("\n".join(each.words))) for each in read],
    )
    keys = {each.language for each in read}
    connection.execute(insert_new(SEARCH_LANGUAGE), [{"key": key} for key in sorted(keys)])
    by_revision: dict[int, list[int]] = {}
    for each in read:
        by_revision.setdefault(each.revision, []).append(each.article)
    later = ARTICLE_REVISION.alias("later")
    for revision, ids in by_revision.items():
        is_latest = ~sa.exists().where(later.c.article == ARTICLE.c.id, later.c.n > revision)
        connection.execute(
            sa.update(ARTICLE).where(ARTICLE.c.id.in_(ids), is_latest).values(indexed=True)
        )


def languages(connection: sa.Connection) -> tuple[str, ...]:
    """The keys of the languages that indexed texts are in."""
    return tuple(connection.scalars(sa.select(SEARCH_LANGUAGE.c.key)))


def candidates(connection: sa.Connection, need: Need, first: int = 0) -> list[int]:
    """The articles that may have what is needed, by the index or because they are not in it.

    Args:
        connection: of a read.
        need: in the languages of the index.
        first: the least id of an article.

    Returns:
        Ids, the greatest first; some may be of articles that are gone.
    """
    found = connection.exec_driver_sql(
        "SELECT rowid FROM article_words WHERE article_words MATCH ? AND rowid >= ? "
        "ORDER BY rowid DESC",
        (_written(need), first),
    )
    unknown = connection.scalars(sa.select(ARTICLE.c.id).where(TO_INDEX, ARTICLE.c.id >= first))
    ids = [id_ for (id_,) in found]
    more = set(unknown)
    return sorted(more.union(ids), reverse=True) if more else ids


def forget(connection: sa.Connection, number: int) -> None:
    """Articles were pruned. When most of the index is about such ones, it is made anew."""
    if number:
        connection.execute(sa.update(SEARCH_STATE).values(gone=SEARCH_STATE.c.gone + number))


def is_outdated(connection: sa.Connection) -> bool:
    """Whether the index is to be made anew: by another version, or mostly of pruned articles."""
    version, gone = connection.execute(
        sa.select(SEARCH_STATE.c.version, SEARCH_STATE.c.gone)
    ).one()
    if version != VERSION:
        return True
    if gone < _LEAST_GONE:
        return False
    stored: int = connection.scalar(sa.select(sa.func.count()).select_from(ARTICLE)) or 0
    return bool(gone > stored)


def empty(connection: sa.Connection) -> None:
    """Empties the index; every article is to be put into it again."""
    connection.exec_driver_sql("INSERT INTO article_words (article_words) VALUES ('delete-all')")
    connection.execute(sa.delete(SEARCH_LANGUAGE))
    connection.execute(sa.update(ARTICLE).values(indexed=False))
    connection.execute(sa.update(SEARCH_STATE).values(version=VERSION, gone=0))


def _safe(words: str) -> str:
    """One word or several lines of one, of which each is one to the index."""
    return _PUNCTUATION.sub("_", words)


def _written(need: Need) -> str:
    match need:
        case Word(text, prefix):
            return f'"{_safe(text)}"{"*" if prefix else ""}'
        case AllOf(parts):
            return _joined(parts, " AND ")
        case OneOf(parts):
            return _joined(parts, " OR ")


def _joined(parts: Collection[Need], operator: str) -> str:
    return f"({operator.join(map(_written, parts))})"
