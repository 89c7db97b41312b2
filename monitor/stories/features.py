"""What articles are compared by: a sketch of all they say, and the terms of their beginning."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from monitor.analysis.chunks import read_chunk
from monitor.analysis.document import language_of
from monitor.analysis.language import primary
from monitor.analysis.lexicon import lexicon
from monitor.analysis.shingles import is_unspaced, sketch
from monitor.analysis.stem import stem_language
from monitor.analysis.tokens import tokenise
from monitor.model.article import Article

UNKNOWN: Final = "und"
_TITLE_WEIGHT: Final = 3
_OPENING_WORDS: Final = 60
_OPENING_LETTERS: Final = 150  # where words are not told apart
_READ: Final = 1_200  # characters that hold so many words
_LEAST_TITLE: Final = 4  # words of a title that tells one article from another
_KEPT: Final = 20_000  # chunks a language; about 4 MB
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """An article as it is compared with others.

    Attributes:
        language: primary subtag (BCP 47), ``und`` if unknown; only articles of one language can
            tell the same story.
        sketch: see ``analysis.shingles``; empty if the article is too short.
        title: its folded words; empty if there are too few to tell it from others.
        terms: how often each stem stands in the title (each time counts three) and the first 60
            words; pairs of letters in scripts without blanks.
    """

    language: str
    sketch: frozenset[int]
    title: str
    terms: Mapping[str, int]


def features_of(article: Article) -> Features:
    """What an article is compared by."""
    language = language_of(article.title, article.lead, article.text, article.language)
    title = _terms(article.title, language)
    terms = Counter(dict.fromkeys(title, 0))
    for term in title:
        terms[term] += _TITLE_WEIGHT
    terms.update(_opening(article, language))
    return Features(
        language=primary(language) or UNKNOWN,
        sketch=sketch(f"{article.title}\n{article.lead}\n{article.text}"),
        title=_title(article.title, len(title)),
        terms=terms,
    )


def _title(title: str, terms: int) -> str:
    return " ".join(tokenise(title, None, title=True).fold) if terms >= _LEAST_TITLE else ""


def _opening(article: Article, language: str | None) -> list[str]:
    """The terms an article begins with; a lead that begins the text as well counts once."""
    lead, text = article.lead, article.text
    begun = lead.rstrip(" .…[]")
    beginning = text if text.startswith(begun) else f"{lead}\n{text[:_READ]}"
    terms = _terms(beginning[:_READ], language)
    return terms[: _OPENING_LETTERS if is_unspaced(beginning[:_READ]) else _OPENING_WORDS]


def _terms(text: str, language: str | None) -> list[str]:
    if is_unspaced(text):
        return [one + two for one, two in pairwise(tokenise(text, None).fold)]
    known = _chunks(stem_language(language))
    return [term for chunk in text.split() for term in known[chunk]]


class _Chunks(dict[str, tuple[str, ...]]):
    """What stands between two blanks -> the stems of its words in a language; fills itself."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language
        self._words = lexicon(language)

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        words = read_chunk(chunk, self._language, self._words).words
        stems = tuple(word.stem for word in words)
        if len(chunk) <= _LONGEST:
            if len(self) >= _KEPT:
                self.clear()
            self[chunk] = stems
        return stems


@cache
def _chunks(language: str | None) -> _Chunks:
    return _Chunks(language)
