"""What marked hits teach: words to exclude, and passages that would be tests of the rule."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json import dumps
from math import log
from typing import Final

from monitor.analysis.common import is_common
from monitor.analysis.document import analyse
from monitor.model.article import Article

_LEAST: Final = 2  # noisy hits that have a word worth excluding
_SHOWN: Final = 10
_PASSAGE: Final = 400  # characters of the text of a proposed test


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A word that noise has more often than what is useful.

    Attributes:
        noise, useful: in how many of the marked hits it is.
    """

    word: str
    noise: int
    useful: int


def not_candidates(useful: Sequence[Article], noise: Sequence[Article]) -> list[Candidate]:
    """Words that are over-represented in noise, the most telling first.

    By the logarithm of the odds ratio with half a hit added to each count, times the number of
    noisy hits that have the word; everyday words are left out.
    """
    of_useful, of_noise = _counts(useful), _counts(noise)
    scores = {
        word: number * _odds(number, len(noise), of_useful[word], len(useful))
        for word, number in of_noise.items()
        if number >= _LEAST
    }
    best = sorted(scores, key=lambda word: (-scores[word], word))[:_SHOWN]
    return [
        Candidate(word=word, noise=of_noise[word], useful=of_useful[word])
        for word in best
        if scores[word] > 0 and of_useful[word] * len(noise) < of_noise[word] * len(useful or (0,))
    ]


def _odds(noisy: int, noise: int, good: int, useful: int) -> float:
    half = 0.5
    return log((noisy + half) / (noise - noisy + half)) - log(
        (good + half) / (useful - good + half)
    )


def _counts(articles: Iterable[Article]) -> Counter[str]:
    found: Counter[str] = Counter()
    for article in articles:
        document = analyse(article.title, article.lead, article.text, article.language)
        words = {*document.title.fold, *document.lead.fold, *document.text.fold}
        found.update(
            word for word in words if len(word) > 1 and not is_common(word, document.language)
        )
    return found


def rule_test(rule: str, article: Article, start: int, *, match: bool) -> str:
    """A test for the rule file: an article, cut to what is around a passage of its text."""
    first = max(0, start - _PASSAGE // 2)
    text = " ".join(article.text[first : first + _PASSAGE].split())
    lines = [
        f"[[rules.{rule}.tests]]",
        f"title = {_toml(article.title)}",
        f"text = {_toml(text)}",
    ]
    if article.language:
        lines.append(f"language = {_toml(article.language)}")
    return "\n".join([*lines, f"match = {str(match).lower()}"])


def _toml(text: str) -> str:
    """A basic string: JSON escapes are TOML's, but for DEL."""
    return dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
