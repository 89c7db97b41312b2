"""An article prepared for finding: each field with an index from words to positions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any, Final

import regex

from monitor.analysis.document import Document, analyse, is_cut_short
from monitor.analysis.inflection import declines, is_case_form
from monitor.analysis.stem import stem
from monitor.analysis.tokens import Tokens, tokenise
from monitor.model.article import Article
from monitor.model.hit import FieldName
from monitor.rules.tree import AliasForm, CasedForm, Form, Pattern, Term, TokenTest

# Of the words of rules, which come again with every article.
_stem = lru_cache(maxsize=20_000)(stem)

Positions = list[int]
_NONE: Final[Positions] = []


class FieldView:
    """One field: where each word of it stands. Positions count tokens and ascend.

    The indexes are built when they are first needed: most articles need none.
    """

    def __init__(self, name: FieldName, tokens: Tokens, language: str | None) -> None:
        self.name = name
        self.tokens = tokens
        self._language = language
        self._inflects = declines(language)
        self._patterns: dict[str, Positions] = {}
        self._names: dict[str, Positions] = {}

    @cached_property
    def folds(self) -> dict[str, Positions]:
        """Positions of each folded word."""
        return _index(self.tokens.fold)

    @cached_property
    def _stems(self) -> dict[str, Positions]:
        """Positions of each stem; equal words have equal stems."""
        stems = self.tokens.stem
        found: dict[str, Positions] = {}
        for positions in self.folds.values():
            root = stems[positions[0]]
            others = found.get(root)
            found[root] = sorted(others + positions) if others else positions
        return found

    @cached_property
    def _initials(self) -> dict[str, list[str]]:
        """The folded words by their first letter."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.folds:
            found[word[0]].append(word)
        return found

    def find(self, test: TokenTest) -> Positions:
        """Positions of the tokens that pass a test."""
        match test:
            case Form():
                return self.folds.get(test.fold, _NONE)
            case Term():
                return self._stems.get(_stem(test.fold, self._language), _NONE)
            case CasedForm(raw, fold):
                return [i for i in self.folds.get(fold, _NONE) if self.tokens.raw[i] == raw]
            case Pattern(fold):
                if fold not in self._patterns:
                    matches = wildcard(fold).fullmatch
                    self._patterns[fold] = self._all(filter(matches, self._like(fold)))
                return self._patterns[fold]

    def first(self, count: int) -> "FieldView":
        """The field as if it ended after some tokens."""
        lists: dict[str, Any] = {
            name: value[:count]
            for name in Tokens.__dataclass_fields__
            if isinstance(value := getattr(self.tokens, name), list)
        }
        return FieldView(self.name, replace(self.tokens, **lists), self._language)

    def find_name(self, fold: str, *, inflect: bool) -> Positions:
        """Positions of a word of a name, with ``inflect`` of its case forms as well."""
        if not (inflect and self._inflects):
            return self.folds.get(fold, _NONE)
        if fold not in self._names:
            forms = (
                word
                for word in self._like(fold)  # an ending changes, the first letter never
                if word == fold or is_case_form(fold, word, self._language)
            )
            self._names[fold] = self._all(forms)
        return self._names[fold]

    def _like(self, word: str) -> Iterable[str]:
        """The folded words that may begin like ``word``."""
        return self.folds if word[0] in "*?" else self._initials.get(word[0], ())

    def _all(self, words: Iterable[str]) -> Positions:
        return sorted(position for word in words for position in self.folds[word])


@lru_cache(maxsize=10_000)
def wildcard(pattern: str) -> "regex.Pattern[str]":
    """``*`` stands for any letters, ``?`` for one.

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
    found: dict[str, Positions] = {}
    for position, word in enumerate(words):
        if word in found:
            found[word].append(position)
        else:
            found[word] = [position]
    return found


class ArticleView:
    """An article with its analysed fields.

    Args:
        article: what is matched.
        document: its analysis, if there is one already.
        text_known: False if only title and lead have come so far; the text is then left out.
    """

    def __init__(
        self, article: Article, document: Document | None = None, *, text_known: bool = True
    ) -> None:
        self.article = article
        self.document = document or analyse(
            article.title, article.lead, article.text, article.language
        )
        self.text_known = text_known
        self.language = self.document.language
        self._inflects = declines(self.language)
        text = self.document.text if text_known else tokenise("", self.language)
        self.fields: dict[FieldName, FieldView] = {
            "title": FieldView("title", self.document.title, self.language),
            "lead": FieldView("lead", self.document.lead, self.language),
            "text": FieldView("text", text, self.language),
        }
        self.filled = tuple((name, view) for name, view in self.fields.items() if len(view.tokens))
        # A lead that is the beginning of the text is a range of it and counts once.
        begins = self.document.lead_in_text and text_known
        self.searched: tuple[FieldName, ...] = (
            ("title", "text") if begins else ("title", "lead", "text")
        )

    def may_name(self, alias: AliasForm) -> bool:
        """Whether it has all words of an alias somewhere; of case forms it can't tell."""
        return (alias.inflect and self._inflects) or self._words.issuperset(alias.fold)

    @cached_property
    def _words(self) -> set[str]:
        return set().union(*(view.folds for _, view in self.filled))

    @cached_property
    def beginning(self) -> FieldView:
        """The lead as the beginning of a text: without a last word that may be cut short."""
        lead = self.fields["lead"]
        return lead.first(max(0, len(lead.tokens) - 1)) if is_cut_short(lead.tokens.text) else lead
