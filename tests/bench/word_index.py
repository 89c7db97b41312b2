"""In which articles a draft holds: quick, by word lists; the matching of the program has no part.

Sets of articles are bit masks: article n is the bit ``1 << n``.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, product, takewhile
from operator import and_, or_
from typing import Final

from monitor.analysis.document import analyse
from monitor.analysis.fold import fold
from monitor.analysis.tokens import Tokens
from monitor.model.article import Article
from tests.bench.draft import SLOP, Atom, Clause, Close, Draft, Prefix, Stem, Words

_GAP: Final = 100  # between sentences, so that no window crosses them


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence; ``capital``: its capital means that the word is (part of) a name."""

    raw: list[str]
    folds: list[str]
    stems: list[str]
    capital: list[bool]


class WordIndex:
    """Articles by their words.

    Attributes:
        count: number of articles.
        sentences: of each article, the title first.
        words: folded word -> articles.
        stems: likewise.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self.sentences = list(map(_sentences, articles))
        self.count = len(self.sentences)
        self.words = _masks([each.folds for each in found] for found in self.sentences)
        self.stems = _masks([each.stems for each in found] for found in self.sentences)
        self._title_stems = _masks([found[0].stems] for found in self.sentences)
        self._sorted = sorted(self.words)
        self._places = list(map(_places, self.sentences))
        self._lines = [
            "|".join(f" {' '.join(each.folds)} " for each in found) for found in self.sentences
        ]

    def articles_of(self, draft: Draft) -> int:
        """The articles for which a draft holds."""
        found = (1 << self.count) - 1
        for clause in sorted(draft.clauses, key=_cost):
            if not found:
                break
            any_of = reduce(or_, map(self._with, clause.atoms))
            found &= ~any_of if clause.negated else any_of
        return found

    def _with(self, atom: Atom) -> int:
        match atom:
            case Words(words):
                return self._phrase(tuple(map(fold, words)))
            case Stem(stem, title):
                return (self._title_stems if title else self.stems).get(stem, 0)
            case Close(stems):
                return self._close(stems)
            case Prefix(letters):
                return reduce(or_, map(self.words.__getitem__, self._beginning(letters)), 0)

    def _phrase(self, words: tuple[str, ...]) -> int:
        line = f" {' '.join(words)} "
        found = _common(self.words, words)
        return found if len(words) == 1 else _only(found, lambda n: line in self._lines[n])

    def _close(self, stems: tuple[str, ...]) -> int:
        width = SLOP + len(stems) - 1

        def close(number: int) -> bool:
            places = (self._places[number][stem] for stem in stems)
            return any(max(chosen) - min(chosen) <= width for chosen in product(*places))

        return _only(_common(self.stems, stems), close)

    def _beginning(self, letters: str) -> Iterator[str]:
        words = self._sorted
        first = bisect_left(words, letters)
        ahead = (words[number] for number in range(first, len(words)))
        return takewhile(lambda word: word.startswith(letters), ahead)


def _sentences(article: Article) -> list[Sentence]:
    document = analyse(article.title, article.lead, article.text, article.language)
    title = _split(document.title) or [Sentence([], [], [], [])]
    return [*title, *_split(document.lead), *_split(document.text)]


def _split(tokens: Tokens) -> list[Sentence]:
    """The sentences of a field."""
    groups = groupby(range(len(tokens)), key=tokens.sentence.__getitem__)
    return [_sentence(tokens, list(places)) for _, places in groups]


def _sentence(tokens: Tokens, places: list[int]) -> Sentence:
    part = slice(places[0], places[-1] + 1)
    return Sentence(
        raw=tokens.raw[part],
        folds=tokens.fold[part],
        stems=tokens.stem[part],
        capital=[
            tokens.raw[i][0].isupper() and not (tokens.initial[i] or tokens.shouting[i])
            for i in places
        ],
    )


def _masks(articles: Iterable[list[list[str]]]) -> dict[str, int]:
    """Word -> the articles that have it, in the order of the first one."""
    found: defaultdict[str, int] = defaultdict(int)
    for number, sentences in enumerate(articles):
        for word in dict.fromkeys(word for words in sentences for word in words):
            found[word] |= 1 << number
    return dict(found)


def _places(sentences: list[Sentence]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    first = 0
    for sentence in sentences:
        for place, stem in enumerate(sentence.stems, first):
            found[stem].append(place)
        first += len(sentence.stems) + _GAP
    return dict(found)


def _common(masks: Mapping[str, int], words: tuple[str, ...]) -> int:
    return reduce(and_, (masks.get(word, 0) for word in words))


def _only(articles: int, holds: Callable[[int], bool]) -> int:
    return sum(1 << number for number in _numbers(articles) if holds(number))


def _numbers(articles: int) -> Iterator[int]:
    while articles:
        lowest = articles & -articles
        yield lowest.bit_length() - 1
        articles ^= lowest


def _cost(clause: Clause) -> int:
    return sum(isinstance(atom, Close) for atom in clause.atoms)
