"""An article prepared for finding: each field with an index from words to positions."""

from collections import defaultdict
from typing import Final

import regex

from monitor.analysis.document import Document, analyse
from monitor.analysis.stem import stem
from monitor.analysis.tokens import Tokens
from monitor.model.article import Article
from monitor.model.hit import FieldName
from monitor.rules.tree import CasedForm, Form, Pattern, Term, TokenTest

Positions = list[int]
_NONE: Final[Positions] = []


class FieldView:
    """One field: where each word of it stands. Positions count tokens and ascend."""

    def __init__(self, name: FieldName, tokens: Tokens, language: str | None) -> None:
        self.name = name
        self.tokens = tokens
        self._language = language
        self._patterns: dict[str, Positions] = {}
        self.folds = _index(tokens.fold)
        self.stems = _index(tokens.stem)

    def find(self, test: TokenTest) -> Positions:
        """Positions of the tokens that pass a test."""
        match test:
            case Term(fold):
                return self.stems.get(stem(fold, self._language), _NONE)
            case Form(fold):
                return self.folds.get(fold, _NONE)
            case CasedForm(raw, fold):
                return [i for i in self.folds.get(fold, _NONE) if self.tokens.raw[i] == raw]
            case Pattern(fold):
                if fold not in self._patterns:
                    self._patterns[fold] = self._matching(fold)
                return self._patterns[fold]

    def _matching(self, pattern: str) -> Positions:
        matches = wildcard(pattern).fullmatch
        return sorted(i for word, found in self.folds.items() if matches(word) for i in found)


def wildcard(pattern: str) -> "regex.Pattern[str]":
    """``*`` stands for any letters, ``?`` for one; regex keeps compiled patterns in its cache.

    What lies between two asterisks is taken where it first occurs and never again (an atomic
    group): without that, ``*b*d`` takes cubic time on a long word.
    """
    first, *rest = (regex.escape(part).replace(r"\?", ".") for part in pattern.split("*"))
    if not rest:
        return regex.compile(first, regex.DOTALL)
    *middle, last = rest
    inner = "".join(f"(?>.*?{part})" for part in middle if part)
    return regex.compile(f"{first}{inner}.*{last}", regex.DOTALL)


def _index(words: list[str]) -> dict[str, Positions]:
    found: defaultdict[str, Positions] = defaultdict(list)
    for position, word in enumerate(words):
        found[word].append(position)
    return dict(found)


class ArticleView:
    """An article with its analysed fields."""

    def __init__(self, article: Article, document: Document | None = None) -> None:
        self.article = article
        self.document: Document = document or analyse(
            article.title, article.lead, article.text, article.language
        )
        self.language = self.document.language
        self.fields: dict[FieldName, FieldView] = {
            "title": FieldView("title", self.document.title, self.language),
            "lead": FieldView("lead", self.document.lead, self.language),
            "text": FieldView("text", self.document.text, self.language),
        }
        # A lead that is the beginning of the text is a range of it and counts once.
        self.searched: tuple[FieldName, ...] = (
            ("title", "text") if self.document.lead_in_text else ("title", "lead", "text")
        )

    def keys(self) -> set[str]:
        """Every folded word and stem of the article."""
        words: set[str] = set()
        for view in self.fields.values():
            words.update(view.folds, view.stems)
        return words
