"""What articles are compared by: a sketch of all they say, and the terms of their beginning."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from monitor.analysis.chunks import OPENING, Chunk, read_chunk
from monitor.analysis.common import is_common
from monitor.analysis.document import language_of
from monitor.analysis.language import primary
from monitor.analysis.lexicon import lexicon
from monitor.analysis.shingles import sketch
from monitor.model.article import Article

UNKNOWN: Final = "und"
_WORD: Final = 4  # weight of a word …
_NAME: Final = 5  # … of a name …
_IN_TITLE: Final = 3  # … and so many times as much in the title
_OPENING_WORDS: Final = 100
_OPENING_TERMS: Final = 250  # of these, where terms are pairs of letters
_READ: Final = 1_000  # characters that hold so many words
_LEAST_TITLE: Final = 4  # words of a title that tells one article from another
# Of languages that write them with a capital; reports of one month have no more in common.
_CALENDAR: Final = frozenset(
    """
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    januar februar marz mai juni juli oktober dezember
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    """.split()  # noqa: SIM905
)
_KEPT: Final = 10_000  # chunks a language; about 4 MB
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """An article as it is compared with others.

    Attributes:
        language: primary subtag (BCP 47), ``und`` if unknown; only articles of one language can
            tell the same story.
        sketch: see ``analysis.shingles``; empty if the article is too short.
        title: its folded words; empty if there are too few to tell it from others.
        terms: weights of stems: 4 for each time among the first 100 words, 5 for names, three
            times as much in the title; months and weekdays have none. In scripts
            without blanks the terms are pairs of letters.
    """

    language: str
    sketch: frozenset[int]
    title: str
    terms: Mapping[str, int]


def features_of(article: Article) -> Features:
    """What an article is compared by."""
    language = language_of(article.title, article.lead, article.text, article.language)
    tag = primary(language)
    title, opening = _read(article.title, tag), _read(_opening(article), tag)
    counts = Counter(opening.terms)
    for term in title.terms:
        counts[term] += _IN_TITLE
    terms = {
        term: count * (_NAME if term in opening.names else _WORD) for term, count in counts.items()
    }
    return Features(
        language=tag or UNKNOWN,
        sketch=sketch(f"{article.title}\n{article.lead}\n{article.text}"),
        title=_folded(article.title) if len(title.terms) >= _LEAST_TITLE else "",
        terms=terms,
    )


def _folded(title: str) -> str:
    known = _chunks(None)
    return " ".join([folded for chunk in title.split() if (folded := known[chunk].folded)])


def _opening(article: Article) -> str:
    """What an article begins with; a lead that begins the text as well counts once."""
    lead, text = article.lead, article.text[:_READ]
    if not text.startswith(lead[:_READ].rstrip(" .…[]")):
        text = f"{lead}\n{text}"
    return text[:_READ]


class _Terms(NamedTuple):
    """Terms in their order, and those that are names."""

    terms: list[str]
    names: set[str]


def _read(text: str, language: str | None) -> _Terms:
    read = list(map(_chunks(language).__getitem__, text.split()[:_OPENING_WORDS]))
    names = [
        name
        for before, chunk in pairwise(read)
        if chunk.names and not before.ends  # the first word of a sentence has a capital anyhow
        for name in chunk.names
    ]
    terms = [term for chunk in read for term in chunk.terms]
    return _Terms(terms[:_OPENING_TERMS], set(names))


class _Chunk(NamedTuple):
    """What stands between two blanks.

    Attributes:
        folded: its words, folded.
        terms: stems of its words, without months and weekdays; where letters are not
            told apart into words, each with the one that follows it.
        names: stems of its words with a capital.
        ends: a sentence ends behind it.
    """

    folded: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    ends: bool


class _Chunks(dict[str, _Chunk]):
    """What stands between two blanks -> its words in a language; fills itself.

    Threads may share it: every entry can be computed again, so a lost one does no harm.
    """

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, chunk: str) -> _Chunk:
        read = read_chunk(chunk, self._language, lexicon(self._language))
        found = _Chunk(
            folded=" ".join(word.fold for word in read.words),
            terms=tuple(_terms(read)),
            names=tuple(
                word.stem
                for word in read.words
                if word.raw[0].isupper() and not is_common(word.fold, self._language)
            ),
            ends=bool(read.after & OPENING),
        )
        if len(chunk) <= _LONGEST:
            if len(self) >= _KEPT:
                self.clear()
            self[chunk] = found
        return found


def _terms(read: Chunk) -> Iterator[str]:
    joined = [end == start for end, start in zip(read.end, read.start[1:], strict=False)]
    for number, word in enumerate(read.words):
        follows = number > 0 and joined[number - 1]
        if number < len(joined) and joined[number]:
            yield word.fold + read.words[number + 1].fold
        elif not follows and word.fold not in _CALENDAR:
            yield word.stem


@cache
def _chunks(language: str | None) -> _Chunks:
    return _Chunks(language)
