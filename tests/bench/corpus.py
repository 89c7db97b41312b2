"""Articles to measure with: a folder of news, or generated ones.

A generated article has 450 ± 150 words. Words are function words of English and made-up ones, drawn
by the law of Zipf and Mandelbrot [1]_ from a vocabulary of 40,000; each article has a subject whose
words come more often, and people and firms that it names several times. A tenth of the words have a
capital; quotes are curly, dashes long, some letters accented. The same seed gives the same articles
under any PYTHONHASHSEED.

.. [1] B. Mandelbrot, "An informational theory of the statistical structure of language", 1953.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

from monitor.model.article import Article

MIN_WORDS: Final = 250
MOST: Final = 2_000
"""Articles of a folder that are read at most."""

_SEED: Final = 7
_VOCABULARY: Final = 40_000
_SUBJECTS: Final = 80
_SUBJECT_WORDS: Final = 100
_CORE: Final = 5_000
_SHIFT: Final = 1.0  # Mandelbrot's: the commonest words are less common than by Zipf
_FUNCTION_WORDS: Final = (
    "the of and to in a is that for on it as was with by he be at from have has are this an but "
    "had not his its they were said which will who their or been one more she we you all also "
    "would there can about new up her if out after into than could over when some no other what "
    "only most first two last so them between during against under while before because three"
)
_ONSETS: Final = "b c d f g h k l m n p r s t v w b d l m n p r s t br ch dr gr pl sh st tr"
_VOWELS: Final = "a e i o u a e i o a e i o ai ea ou"
_CODAS: Final = "n r l s t m d n r l s t m ck nd st"
_ENDINGS: Final = ("", "", "", "", "", "s", "s", "ed", "ing", "er", "al", "ly")
_ACCENTS: Final = {"a": "á", "e": "é", "i": "ï", "o": "ö", "u": "ü"}
_FIRMS: Final = ("Group", "Bank", "Holdings", "Energy", "Union", "Council", "Institute", "Airways")

_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*|\n[ \t]{2,}")


def read_articles(folder: Path) -> list[Article]:
    """The articles of at least 250 words below a folder, at most 2,000, in a fixed random order.

    Args:
        folder: searched for ``*.txt`` (UTF-8, else Latin-1; the first line is the title) and for
            ``*.jsonl`` and ``*.jsonl.gz`` (objects with ``title`` and ``body``); or such a file.
    """
    files = sorted(folder.rglob("*"), key=str) if folder.is_dir() else [folder]
    found = [
        Article(title=" ".join(title.split()), text=_unwrapped(body), language="en")
        for file in files
        for title, body in _pieces(file)
        if len(body.split()) >= MIN_WORDS
    ]
    Random(_SEED).shuffle(found)  # noqa: S311  # repeatable, not secret
    return found[:MOST]


def _pieces(file: Path) -> Iterator[tuple[str, str]]:
    if file.suffix == ".txt":
        title, _, body = _decoded(file.read_bytes()).strip().partition("\n")
        yield title, body
    elif file.name.endswith((".jsonl", ".jsonl.gz")):
        data = file.read_bytes()
        for line in _decoded(gzip.decompress(data) if file.suffix == ".gz" else data).splitlines():
            entry = json.loads(line)
            yield entry["title"], entry["body"]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unwrapped(body: str) -> str:
    """One line a paragraph, as the program stores articles; else each line would be a sentence."""
    paragraphs = (" ".join(part.split()) for part in _PARAGRAPH.split(body))
    return "\n\n".join(part for part in paragraphs if part)


def generated_articles(count: int, seed: int = _SEED) -> list[Article]:
    """Made-up English news; a longer list begins with the shorter one."""
    return [_Writer(seed, number).article() for number in range(count)]


@dataclass(frozen=True, slots=True)
class _World:
    """What all articles draw from.

    Attributes:
        words: the vocabulary, the commonest first.
        weights: its cumulated frequencies.
        names: people and firms, the best known first.
        subjects: words and terms of each subject, its commonest first.
        interest: cumulated frequencies of these.
    """

    words: list[str]
    weights: list[float]
    names: list[str]
    fame: list[float]
    subjects: list[list[str]]
    interest: list[float]


@cache
def _world(seed: int) -> _World:
    draw = Random(seed)  # noqa: S311  # repeatable, not secret
    function_words = _FUNCTION_WORDS.split()
    words = function_words + _made_up(draw, _VOCABULARY - len(function_words))
    names = _names(draw, 4_000)
    middling = words[len(function_words) : 8_000]
    return _World(
        words=words,
        weights=_zipf(len(words)),
        names=names,
        fame=_zipf(len(names)),
        subjects=[_subject(draw, middling) for _ in range(_SUBJECTS)],
        interest=_zipf(2 * _SUBJECT_WORDS),
    )


def _subject(draw: Random, words: list[str]) -> list[str]:
    """A subject's words, and terms of two or three of them (oil price, price of oil)."""
    own = draw.sample(words, _SUBJECT_WORDS)
    joints = (" ", " ", " of ", " and ", f" {draw.choice(own)} ")
    terms = [draw.choice(joints).join(draw.sample(own[:50], 2)) for _ in own]
    return [text for pair in zip(own, terms, strict=True) for text in pair]


def _zipf(size: int) -> list[float]:
    """Cumulated frequencies; behind the core they fall faster, as in large corpora."""
    weights = (min(1, (_CORE / rank) ** 0.5) / (rank + _SHIFT) for rank in range(1, size + 1))
    return list(accumulate(weights))


def _made_up(draw: Random, count: int) -> list[str]:
    """Distinct words in families (fland, flanding), short ones first, one in fifty accented."""
    onsets, vowels, codas = _ONSETS.split(), _VOWELS.split(), ["", "", "", "", *_CODAS.split()]
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = 1 if len(found) < 1_500 else 2 if len(found) < 30_000 else 3
        root = "".join(draw.choice(onsets) + draw.choice(vowels) for _ in range(syllables))
        if draw.random() < 0.02:
            vowel = next(letter for letter in root if letter in _ACCENTS)
            root = root.replace(vowel, _ACCENTS[vowel], 1)
        root += draw.choice(codas)
        found.update(dict.fromkeys(root + draw.choice(_ENDINGS) for _ in range(2)))
    return list(found)[:count]


def _names(draw: Random, count: int) -> list[str]:
    parts = [word.capitalize() for word in _made_up(draw, 4_500)]
    first, last = parts[400:900], parts[900:]
    return [
        f"{draw.choice(last)} {draw.choice(_FIRMS)}"
        if draw.random() < 0.3
        else f"{draw.choice(first)} {draw.choice(last)}"
        for _ in range(count)
    ]


class _Writer:
    """Writes one article."""

    def __init__(self, seed: int, number: int) -> None:
        self._world = _world(seed)
        self._draw = Random(f"{seed} {number}")  # noqa: S311  # repeatable, not secret
        self._subject = self._draw.choice(self._world.subjects)
        self._cast = self._draw.choices(
            self._world.names, cum_weights=self._world.fame, k=self._draw.randint(3, 7)
        )

    def article(self) -> Article:
        title = self._sentence(self._draw.randint(6, 10)).rstrip(".?")
        left = max(MIN_WORDS, round(self._draw.gauss(450, 150)))
        text = ""
        while left > 0:
            sentence = self._quoted()
            text += sentence + self._draw.choice((" ", " ", "\n\n"))
            left -= sentence.count(" ") + 1
        return Article(title=title, text=text.rstrip(), language="en")

    def _quoted(self) -> str:
        sentence = self._sentence(self._draw.randint(8, 32))
        return f"“{sentence}”" if self._draw.random() < 0.08 else sentence

    def _sentence(self, size: int) -> str:
        words: list[str] = []
        while len(words) < size:
            words.append(self._next())
            words[-1] += self._mark(last=len(words) == size)
        first, *others = words
        return " ".join([first[0].upper() + first[1:], *others])

    def _next(self) -> str:
        chance = self._draw.random()
        if chance < 0.03:
            name = self._draw.choice(self._cast)
            return f"{name}’s" if self._draw.random() < 0.15 else name
        if chance < 0.05:
            return f"{self._draw.randint(2, 2_030)}"
        if chance < 0.17:
            return self._draw.choices(self._subject, cum_weights=self._world.interest)[0]
        return self._word()

    def _word(self) -> str:
        return self._draw.choices(self._world.words, cum_weights=self._world.weights)[0]

    def _mark(self, *, last: bool) -> str:
        chance = self._draw.random()
        if last:
            return "?" if chance < 0.05 else "."
        if chance < 0.05:
            return ","
        if chance < 0.06:
            return f" – {self._word()}"
        return f" ({self._word()})" if chance < 0.067 else ""
