"""The index of words in each kind of database: FTS5 of SQLite, tsvector of PostgreSQL."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, Protocol

import sqlalchemy as sa
from typing_extensions import override

from monitor.model.search import AllOf, Like, Need, OneOf, Word

# ⑴ is a letter of its own, and folded it is (1), which the index would take apart.
_EXCEPT_WILDCARDS: Final = re.compile(r"[\x00-\x29\x2b-\x2f\x3a-\x3e\x40\x5b-\x60\x7b-\x7f]")
_PUNCTUATION: Final = re.compile(r"[\x00-\x09\x0b-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]")
_LONGEST: Final = 400  # characters of a lexeme; PostgreSQL refuses those above 2,046 bytes


class WordIndex(Protocol):
    """Which article has which words."""

    def add(self, connection: sa.Connection, words: Iterable[tuple[int, Collection[str]]]) -> None:
        """Puts words of articles in; those that an article had before may stay."""

    def find(self, connection: sa.Connection, need: Need, first: int) -> Sequence[int]:
        """Articles from the id ``first`` on that have what is needed, the greatest id first."""

    def like(self, connection: sa.Connection, pattern: str, most: int) -> Sequence[str] | None:
        """The first words of a form; None if the index can't tell."""

    def remove(self, connection: sa.Connection, article: int) -> bool:
        """Takes the words of an article out; False if that needs a new index."""

    def empty(self, connection: sa.Connection) -> None:
        """Takes everything out."""


class SqliteWords(WordIndex):
    """A table of FTS5 without the texts; what stands where, the evaluator tells."""

    @override
    def add(self, connection: sa.Connection, words: Iterable[tuple[int, Collection[str]]]) -> None:
        connection.exec_driver_sql(
            "INSERT INTO article_words (rowid, words) VALUES (?, ?)",
            [(article, _safe("\n".join(each))) for article, each in words],
        )

    @override
    def find(self, connection: sa.Connection, need: Need, first: int) -> Sequence[int]:
        found = connection.exec_driver_sql(
            "SELECT rowid FROM article_words WHERE article_words MATCH ? AND rowid >= ? "
            "ORDER BY rowid DESC",
            (_written(need, _quoted_for_fts, (" AND ", " OR ")), first),
        )
        return found.scalars().all()

    @override
    def like(self, connection: sa.Connection, pattern: str, most: int) -> Sequence[str] | None:
        found = connection.exec_driver_sql(
            "SELECT term FROM article_words_known WHERE term GLOB ? LIMIT ?",
            (_safe(pattern, _EXCEPT_WILDCARDS), most),
        )
        return found.scalars().all()

    @override
    def remove(self, connection: sa.Connection, article: int) -> bool:
        return False  # a table without the texts has to be told them, of each revision

    @override
    def empty(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "INSERT INTO article_words (article_words) VALUES ('delete-all')"
        )


class PostgresWords(WordIndex):
    """A column of our own stems as lexemes, under GIN."""

    @override
    def add(self, connection: sa.Connection, words: Iterable[tuple[int, Collection[str]]]) -> None:
        connection.execute(
            sa.text(
                "INSERT INTO article_words (article, words) "
                "VALUES (:article, array_to_tsvector(CAST(:words AS text[]))) "
                "ON CONFLICT (article) DO UPDATE SET words = excluded.words"
            ),
            [
                {"article": article, "words": sorted({word[:_LONGEST] for word in each} - {""})}
                for article, each in words
            ],
        )

    @override
    def find(self, connection: sa.Connection, need: Need, first: int) -> Sequence[int]:
        found = connection.execute(
            sa.text(
                "SELECT article FROM article_words "
                "WHERE words @@ CAST(:query AS tsquery) AND article >= :first "
                "ORDER BY article DESC"
            ),
            {"query": _written(need, _quoted_for_tsquery, (" & ", " | ")), "first": first},
        )
        return found.scalars().all()

    @override
    def like(self, connection: sa.Connection, pattern: str, most: int) -> Sequence[str] | None:
        return None  # the words of a tsvector column are known only by reading all of it

    @override
    def remove(self, connection: sa.Connection, article: int) -> bool:
        statement = sa.text("DELETE FROM article_words WHERE article = :article")
        connection.execute(statement, {"article": article})
        return True

    @override
    def empty(self, connection: sa.Connection) -> None:
        connection.execute(sa.text("TRUNCATE article_words"))


def word_index(connection: sa.Connection) -> WordIndex:
    """The index of the database of a connection."""
    return SqliteWords() if connection.dialect.name == "sqlite" else PostgresWords()


def _safe(words: str, unsafe: "re.Pattern[str]" = _PUNCTUATION) -> str:
    """One word or several lines of one, of which each is one to the index."""
    return unsafe.sub("_", words)


def _quoted_for_fts(word: Word) -> str:
    return f'"{_safe(word.text)}"{"*" if word.prefix else ""}'


def _quoted_for_tsquery(word: Word) -> str:
    text = word.text[:_LONGEST].replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'{':*' if word.prefix else ''}"


def _written(need: Need, quoted: Callable[[Word], str], joins: tuple[str, str]) -> str:
    match need:
        case Like():
            raise AssertionError(need)  # spelled out before
        case Word():
            return quoted(need)
        case AllOf(parts):
            return f"({joins[0].join(_written(part, quoted, joins) for part in parts)})"
        case OneOf(parts):
            return f"({joins[1].join(_written(part, quoted, joins) for part in parts)})"
