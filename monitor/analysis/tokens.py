"""Text -> tokens with their offsets, folds, stems, sentences and paragraphs."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.analysis.lexicon import Word, lexicon
from monitor.analysis.scan import Break, Level, scan

SHOUT_LETTERS: Final = 12
SHOUT_SHARE: Final = 0.6
_LONG_WORD: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The words of a field; the lists are parallel, one entry a token.

    Attributes:
        text: the field as stored.
        start: offset of the token in ``text``, in characters.
        end: offset behind it; a possessive ’s and an elided l’ are outside.
        raw: the word as written, NFKC, without dots (U.S.), soft hyphens and zero-width
            characters.
        fold: see ``analysis.fold``.
        stem: see ``analysis.stem``.
        sentence: number of its sentence, ascending.
        paragraph: number of its paragraph, ascending.
        shouting: it stands in a line in capitals (over 60 %, 12 letters or more).
        initial: it is the first word of a sentence, or in a Title-Case headline: its capital
            proves nothing.
    """

    text: str
    start: list[int]
    end: list[int]
    raw: list[str]
    fold: list[str]
    stem: list[str]
    sentence: list[int]
    paragraph: list[int]
    shouting: list[bool]
    initial: list[bool]

    def __len__(self) -> int:
        return len(self.start)


def tokenise(text: str, language: str | None, *, title: bool = False) -> Tokens:
    """Split a field into tokens.

    The language (BCP 47 tag, None if unknown) decides about stems and abbreviations only: words,
    offsets, raw and folded forms are the same in every language. A title is one sentence.
    """
    start, end, breaks = scan(text, language)
    known = lexicon(language)
    words = [known[text[first:last]] for first, last in zip(start, end, strict=True)]
    sentences = _starts([] if title else breaks, len(words), Level.SENTENCE)
    paragraphs = _starts([] if title else breaks, len(words), Level.PARAGRAPH)
    lines = _starts(breaks, len(words), Level.LINE)
    return Tokens(
        text=text,
        start=start,
        end=end,
        raw=[word.raw for word in words],
        fold=[word.fold for word in words],
        stem=[word.stem for word in words],
        sentence=_numbers(sentences),
        paragraph=_numbers(paragraphs),
        shouting=[
            shout for first, last in pairwise(lines) for shout in _shouting(words[first:last])
        ],
        initial=_initial(words, sentences, title=title),
    )


def _starts(breaks: list[Break], count: int, level: Level) -> list[int]:
    """Numbers of the tokens that begin something of a level; the last entry is ``count``."""
    begun = {each.token for each in breaks if each.level >= level}
    return sorted(begun | {0, count})


def _numbers(starts: list[int]) -> list[int]:
    return [
        number for number, (first, last) in enumerate(pairwise(starts)) for _ in range(first, last)
    ]


def _shouting(line: list[Word]) -> list[bool]:
    letters = sum(word.letters for word in line)
    capitals = sum(word.capitals for word in line)
    return [letters >= SHOUT_LETTERS and capitals > SHOUT_SHARE * letters] * len(line)


def _initial(words: list[Word], sentences: list[int], *, title: bool) -> list[bool]:
    if title and is_title_case(words):
        return [True] * len(words)
    initial = [False] * len(words)
    for first in sentences[:-1]:
        initial[first] = True
    return initial


def is_title_case(words: list[Word]) -> bool:
    """Whether most long words are capitalised; the first word always is, so it does not count."""
    long_words = [word for word in words[1:] if word.letters >= _LONG_WORD]
    return sum(word.raw[0].isupper() for word in long_words) * 2 > len(long_words)
