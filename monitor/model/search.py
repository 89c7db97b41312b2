"""What an article must have for a query to hold: the question that the index of words answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """The article has this word or stem; as a prefix: one that begins so."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Like:
    """It has a word of this form: ``*`` any letters, ``?`` one; with letters between them."""

    pattern: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """It has all of these; there is at least one."""

    parts: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """It has at least one of these; there is at least one."""

    parts: tuple["Need", ...]


Need = Word | Like | AllOf | OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWords:
    """The folded words and stems of a text of an article, each once.

    Attributes:
        language: see ``analysis.wordset.language_key``.
    """

    article: int
    revision: int
    language: str
    words: frozenset[str]
