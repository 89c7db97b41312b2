"""The index of words of the stored articles.

It holds which article has which folded word or stem, and nothing else: it preselects, and the
evaluator decides. It may know too much (words of earlier revisions, pruned articles), never too
little: an article whose latest text is not in it is marked, and always looked at.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from monitor.model.article import Article
from monitor.model.search import AllOf, ArticleWords, Like, Need, OneOf, Word
from monitor.store import articles
from monitor.store.tables import (
    ARTICLE,
    ARTICLE_REVISION,
    SEARCH_LANGUAGE,
    SEARCH_STATE,
    TO_INDEX,
)
from monitor.store.types import insert_new
from monitor.store.wordindex import word_index

VERSION: Final = 1
"""Of what makes words out of texts; an index of another one is made anew."""

_LEAST_GONE: Final = 10_000  # pruned articles before the index is made anew
_MOST_LIKE: Final = 500


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
    word_index(connection).add(connection, [(each.article, each.words) for each in read])
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


def candidates(connection: sa.Connection, need: Need, first: int = 0) -> Sequence[int] | None:
    """The articles that may have what is needed, by the index or because they are not in it.

    Args:
        connection: of a read.
        need: in the languages of the index.
        first: the least id of an article.

    Returns:
        Ids, the greatest first; some may be of articles that are gone. None if the index can't
        tell: too many of its words are like a pattern.
    """
    spelled = _spelled(connection, need)
    if spelled is None:
        return None
    ids = word_index(connection).find(connection, spelled, first)
    more = connection.scalars(sa.select(ARTICLE.c.id).where(TO_INDEX, ARTICLE.c.id >= first)).all()
    return sorted({*ids, *more}, reverse=True) if more else ids


def _spelled(connection: sa.Connection, need: Need) -> Need | None:
    """The same with the words that are like its patterns; None if they are too many."""
    match need:
        case Like(pattern):
            words = word_index(connection).like(connection, pattern, _MOST_LIKE + 1)
            if words is None or len(words) > _MOST_LIKE:
                return None
            return OneOf(tuple(map(Word, words))) if words else Word(pattern)
        case AllOf(parts):
            some = [each for part in parts if (each := _spelled(connection, part)) is not None]
            return AllOf(tuple(some)) if some else None
        case OneOf(parts):
            every = [_spelled(connection, part) for part in parts]
            known = [each for each in every if each is not None]
            return OneOf(tuple(known)) if len(known) == len(every) else None
        case Word():
            return need


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


def erase(connection: sa.Connection, article: int) -> None:
    """Leaves no word of an article in the index; where that can't be, it is made anew."""
    if not word_index(connection).remove(connection, article):
        empty(connection)


def empty(connection: sa.Connection) -> None:
    """Empties the index; every article is to be put into it again."""
    word_index(connection).empty(connection)
    connection.execute(sa.delete(SEARCH_LANGUAGE))
    connection.execute(sa.update(ARTICLE).values(indexed=False))
    connection.execute(sa.update(SEARCH_STATE).values(version=VERSION, gone=0))
