"""Generated rules: a mix like that of a newsroom, drawn from the words and names of articles.

A quarter are single words and phrases, a quarter entities of five names, a quarter topics (two or
three stems near each other), a fifth boolean queries of three to six clauses, one or two of them
negated, a twentieth prefixes. 45 % of the names are recombined from two and occur mostly nowhere.

Each form of rule is held at 0.235 hits per article and 100 rules: while its rules have had fewer,
the next one is drawn until it hits something (the further behind, the more), else until it hits
nothing. The same articles and seed give the same rules under any PYTHONHASHSEED; a longer list
begins with the shorter one.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

from monitor.analysis.stem import stem
from monitor.model.article import Article
from tests.bench.draft import Clause, Close, Draft, Prefix, Stem, Words
from tests.bench.word_index import Sentence, WordIndex

HIT_RATE: Final = 0.00235
"""Share of the articles that a rule hits, on average."""

_MOST: Final = 0.05  # nobody keeps a rule that hits more of the articles
_RECOMBINED: Final = 0.45
_COMMON: Final = 0.20  # shares of the articles that have a word
_MIDDLING: Final = (0.003, 0.10)
_RARE: Final = 0.01
_PATIENCE: Final = 20  # rules
_TRIES: Final = 2_000
_STRANGER: Final = 0.2  # each try that hits makes recombined words so much more likely
_LONGEST_NAME: Final = 4
_NEIGHBOURS: Final = 9


class TooLittleTextError(Exception):
    """Such rules can't be drawn from so few words."""


class RuleMix:
    """Draws rules.

    Raises:
        TooLittleTextError: the articles have no names, rare or middling words.
    """

    def __init__(self, articles: Sequence[Article], seed: int = 11) -> None:
        self._draw = Random(seed)  # noqa: S311  # repeatable, not secret
        self._index = WordIndex(articles)
        self._words = _Ingredients(self._index, self._draw)
        self._shares: dict[Callable[[], Draft], float] = {
            self._word: 0.075,
            self._name: 0.0875,
            self._phrase: 0.0875,
            self._entity: 0.25,
            self._topic: 0.25,
            self._boolean: 0.20,
            self._guarded_prefix: 0.04,
            self._prefix: 0.01,
        }
        self._due = dict.fromkeys(self._shares, 0.0)

    def drafts(self, count: int) -> list[Draft]:
        """The next rules."""
        forms, shares = list(self._shares), list(self._shares.values())
        return [self._next(self._draw.choices(forms, shares)[0]) for _ in range(count)]

    def _next(self, form: Callable[[], Draft]) -> Draft:
        """A rule of a form, with or without hits, as the form's hits so far want it."""
        expected = HIT_RATE * self._index.count
        self._due[form] += expected
        least = 1 + int(self._due[form] / (_PATIENCE * expected)) if self._due[form] > 0 else 0
        most = max(least, _MOST * self._index.count) if least else 0
        for number in range(_TRIES):
            self._words.strangeness = 0.0 if least else number * _STRANGER
            draft = form()
            hits = self._index.articles_of(draft).bit_count()
            if least <= hits <= most:
                self._due[form] -= hits
                return draft
        raise TooLittleTextError(f"no rule with {least} to {most:.0f} hits could be drawn")

    def _word(self) -> Draft:
        return _query(Words((self._words.rare(),)))

    def _name(self) -> Draft:
        return _query(Words(self._words.name()))

    def _phrase(self) -> Draft:
        return _query(Words(self._words.phrase()))

    def _topic(self) -> Draft:
        return _query(self._words.close())

    def _entity(self) -> Draft:
        names = [self._words.name() for _ in range(4)]
        last = (self._words.rare().title(),) if self._draw.random() < 0.5 else self._words.name()
        return Draft((Clause(tuple(map(Words, (*names, last)))),), is_entity=True)

    def _guarded_prefix(self) -> Draft:
        word = self._words.middling()
        prefix = Prefix(word[: max(4, len(word) - 2)])
        return Draft((Clause((prefix,)), Clause((Words((self._words.middling(),)),))))

    def _prefix(self) -> Draft:
        word = self._words.rare()
        return _query(Prefix(word[: max(4, len(word) - 1)]))

    def _boolean(self) -> Draft:
        positive = self._draw.choice((2, 2, 3, 4))
        clauses = [self._names_or_words(), self._condition()]
        clauses += [self._words_or_stem() for _ in range(positive - 2)]
        clauses += [self._exception() for _ in range(self._draw.choice((1, 1, 2)))]
        return Draft(tuple(clauses))

    def _names_or_words(self) -> Clause:
        size = self._draw.choice((1, 2, 3))
        return Clause(tuple(self._name_or_word(0.5) for _ in range(size)))

    def _name_or_word(self, names: float) -> Words:
        is_name = self._draw.random() < names
        return Words(self._words.name() if is_name else (self._words.middling(),))

    def _condition(self) -> Clause:
        kind = self._draw.random()
        if kind < 0.3:
            return Clause((self._words.close(),))
        if kind < 0.45:
            return Clause(tuple(Stem(self._words.stem(), title=True) for _ in range(2)))
        return Clause(tuple(Stem(self._words.stem()) for _ in range(3)))

    def _words_or_stem(self) -> Clause:
        words = [Words((self._words.middling(),)) for _ in range(2)]
        return Clause((*words, Stem(self._words.stem())))

    def _exception(self) -> Clause:
        return Clause((self._name_or_word(0.4),), negated=True)


def _query(atom: Words | Close | Prefix) -> Draft:
    return Draft((Clause((atom,)),))


class _Ingredients:
    """Draws words, names and stems of a corpus.

    Attributes:
        strangeness: how likely a rare word, a name or a phrase is recombined from two.
    """

    def __init__(self, index: WordIndex, draw: Random) -> None:
        self.strangeness = 0.0
        self._draw = draw
        self._index = index
        self._texts = [
            sentence for sentences in index.sentences for sentence in sentences if sentence.raw
        ]
        shares = {word: mask.bit_count() / index.count for word, mask in index.words.items()}
        self._common = {word for word, share in shares.items() if share > _COMMON}
        plain = {w: share for w, share in shares.items() if len(w) > 3 and w.isalpha()}
        least = 1 / index.count  # in small corpora one article is more than the bounds
        self._rare = [w for w, share in plain.items() if share <= max(least, _RARE)]
        low, high = _MIDDLING
        self._middling = [
            w for w, share in plain.items() if max(least, low) <= share <= max(2 * least, high)
        ]
        self._stems = [
            root for word in self._middling if self._is_usable(root := stem(word, "en"))
        ]
        self._names = self._all_names(max(1, _RARE * index.count))
        if not (self._rare and self._stems and self._names):
            raise TooLittleTextError("no names, rare or middling words were found")

    def rare(self) -> str:
        """A rare word, in small letters."""
        word = self._draw.choice(self._rare)
        if self._draw.random() >= self.strangeness:
            return word
        other = self._draw.choice(self._rare)
        return word[: len(word) // 2] + other[len(other) // 2 :]

    def middling(self) -> str:
        """A word of 0.3 to 10 % of the articles, in small letters."""
        return self._draw.choice(self._middling)

    def stem(self) -> str:
        """The stem of such a word."""
        return self._draw.choice(self._stems)

    def name(self) -> tuple[str, ...]:
        """A name with its capitals."""
        name = self._draw.choice(self._names)
        if self._draw.random() >= max(_RECOMBINED, self.strangeness):
            return name
        return name[0], self._draw.choice(self._names)[-1]

    def phrase(self) -> tuple[str, ...]:
        """Two or three words of a sentence, as they stand there."""
        phrase = next(filter(self._is_phrase, self._runs()))
        if self._draw.random() >= self.strangeness:
            return phrase
        return phrase[0], next(filter(self._is_phrase, self._runs()))[-1]

    def close(self) -> Close:
        """Two or three stems of neighbours; in 40 % one of them is swapped for a stranger."""
        for sentence in self._sentences(_NEIGHBOURS):
            size = self._draw.choice((2, 2, 3))
            start = self._draw.randrange(len(sentence.stems) - size + 1)
            around = dict.fromkeys(sentence.stems[start : start + _NEIGHBOURS])
            stems = [each for each in around if self._is_usable(each)]
            if len(stems) < size:
                continue
            picked = self._draw.sample(stems, size)
            if self._draw.random() < max(0.4, self.strangeness):
                picked[-1] = self.stem()
            if len(set(picked)) == size:
                return Close(tuple(picked))
        raise AssertionError

    def _sentences(self, least: int) -> Iterator[Sentence]:
        for _ in range(_TRIES):
            sentence = self._draw.choice(self._texts)
            if len(sentence.raw) >= least:
                yield sentence
        raise TooLittleTextError("the sentences are too short")

    def _runs(self) -> Iterator[tuple[str, ...]]:
        for sentence in self._sentences(3):
            size = self._draw.choice((2, 2, 3))
            start = self._draw.randrange(len(sentence.raw) - size + 1)
            yield tuple(sentence.raw[start : start + size])

    def _is_phrase(self, words: tuple[str, ...]) -> bool:
        common = sum(word.lower() in self._common for word in words)
        return common <= (0, 2)[len(words) - 2] and not all(map(str.isdigit, words))

    def _is_usable(self, root: str) -> bool:
        """A stem that occurs middling often and is its own stem, so that a rule may name it."""
        share = self._index.stems.get(root, 0).bit_count() / self._index.count
        low, high = _MIDDLING
        return (
            low <= share <= max(1.2 * high, 2 / self._index.count)
            and len(root) > 2
            and root.isalpha()
            and stem(root, "en") == root
        )

    def _all_names(self, most: float) -> list[tuple[str, ...]]:
        """Runs of two to four words with capitals, and their parts, that few articles have."""
        counts: dict[tuple[str, ...], int] = {}
        for sentences in self._index.sentences:
            found = (name for sentence in sentences[1:] for name in _names(sentence))
            for name in dict.fromkeys(found):
                counts[name] = counts.get(name, 0) + 1
        return [
            name
            for name, count in counts.items()
            if count <= most and not all(word.lower() in self._common for word in name)
        ]


def _names(sentence: Sentence) -> Iterator[tuple[str, ...]]:
    for start, capital in enumerate(sentence.capital):
        end = start
        while capital and end < len(sentence.raw) and sentence.capital[end]:
            end += 1
            if 2 <= end - start <= _LONGEST_NAME:
                yield tuple(sentence.raw[start:end])
