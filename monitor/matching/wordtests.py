"""Which tests the words of a language pass: dictionaries, asked once for each new word."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Final

import numpy as np

from monitor.analysis.arrays import Ints
from monitor.analysis.inflection import declines, index_keys, is_case_form, text_keys
from monitor.analysis.lexicon import Word
from monitor.analysis.stem import stem
from monitor.matching.atoms import CASED, FORM, NAME, PATTERN, TERM, Atoms
from monitor.matching.casing import Clarity, grade
from monitor.matching.view import wildcard
from monitor.rules.tree import AliasForm

PLAIN, INITIAL, SHOUTING = 1, 2, 4
"""Bits of the positions where a word may be the clear mention of a name."""

_POSITIONS: Final = ((PLAIN, False, False), (INITIAL, True, False), (SHOUTING, False, True))


class WordTests:
    """The tests and names of a rule set in a language.

    Attributes:
        same: of each test the number that stands for it here: terms with one stem are one test,
            and so are a form and a name where names are not declined.
    """

    def __init__(self, atoms: Atoms, language: str | None) -> None:
        self._language = language
        self._inflects = declines(language)
        self._forms, self._cased = atoms.tests[FORM].copy(), atoms.tests[CASED]
        self._stems: dict[str, int] = {}
        self._inflected: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._names: defaultdict[str, list[tuple[AliasForm, int]]] = defaultdict(list)
        self._patterns = _Patterns()
        self.same: Ints = np.arange(len(atoms.frequency))
        for fold, number in atoms.tests[TERM].items():
            self.same[number] = self._stems.setdefault(stem(fold, language), number)
        for fold, number in atoms.tests[PATTERN].items():
            self._patterns.add(fold, number)
        for fold, number in atoms.tests[NAME].items():
            if not self._inflects:
                self.same[number] = self._forms.setdefault(fold, number)
                continue
            for key in index_keys(fold, language):
                self._inflected[key].append((fold, number))
        for alias, atom in atoms.names.items():
            for key in self._keys(alias.fold[0], inflect=alias.inflect):
                self._names[key].append((alias, atom))

    def _keys(self, fold: str, *, inflect: bool) -> tuple[str, ...]:
        return index_keys(fold, self._language) if inflect and self._inflects else (fold,)

    def passed(self, word: Word) -> list[int]:
        """The tests that a word passes."""
        found = [
            number
            for number in (
                self._forms.get(word.fold),
                self._stems.get(word.stem),
                self._cased.get(word.raw),
            )
            if number is not None
        ]
        found += self._patterns.passed(word.fold)
        if self._inflected:
            found += dict.fromkeys(
                number
                for key in self._word_keys(word.fold)
                for fold, number in self._inflected.get(key, ())
                if self._spells(fold, word.fold)
            )
        return found

    def named(self, word: Word) -> list[tuple[int, int]]:
        """The atoms of names that a word may be, with the positions where it clearly is."""
        found: dict[int, int] = {}
        for key in self._word_keys(word.fold):
            for alias, atom in self._names.get(key, ()):
                if word.fold == alias.fold[0] or (
                    alias.inflect and self._spells(alias.fold[0], word.fold)
                ):
                    found[atom] = self._clear(alias, word)
        return [(atom, positions) for atom, positions in found.items() if positions]

    def _word_keys(self, fold: str) -> Iterator[str]:
        yield fold
        if self._inflects:
            yield from (key for key in text_keys(fold, self._language) if key != fold)

    def _spells(self, alias: str, word: str) -> bool:
        return alias == word or (self._inflects and is_case_form(alias, word, self._language))

    def _clear(self, alias: AliasForm, word: Word) -> int:
        return sum(
            bit
            for bit, initial, shouting in _POSITIONS
            if grade(
                alias,
                (word.raw,),
                word.fold,
                shouting=shouting,
                initial=initial,
                language=self._language,
            )
            is Clarity.CLEAR
        )


class _Patterns:
    """Wildcards by the letters they begin or else end with."""

    def __init__(self) -> None:
        self._by_prefix: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._by_suffix: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._prefixes: tuple[int, ...] = ()
        self._suffixes: tuple[int, ...] = ()

    def add(self, pattern: str, number: int) -> None:
        parts = pattern.replace("?", "*").split("*")
        if parts[0]:
            self._by_prefix[parts[0]].append((pattern, number))
            if len(parts[0]) not in self._prefixes:
                self._prefixes += (len(parts[0]),)
        else:
            self._by_suffix[parts[-1]].append((pattern, number))
            if len(parts[-1]) not in self._suffixes:
                self._suffixes += (len(parts[-1]),)

    def passed(self, word: str) -> list[int]:
        candidates = chain(
            *(self._by_prefix.get(word[:size], ()) for size in self._prefixes),
            *(
                self._by_suffix.get(word[len(word) - size :], ())
                for size in self._suffixes
                if size <= len(word)
            ),
        )
        return [number for pattern, number in candidates if _fits(pattern, word)]


def _fits(pattern: str, word: str) -> bool:
    if pattern[-1] == "*" and pattern.count("*") == 1 and "?" not in pattern:
        return word.startswith(pattern[:-1])  # most are so, and need not be compiled
    return wildcard(pattern).fullmatch(word) is not None
