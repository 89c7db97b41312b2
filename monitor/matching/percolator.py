"""Percolator: a fixed rule set against batches of articles (prospective search).

Conditions on atoms choose the rules (``atoms``, ``lookup``, ``ruletable``). Rules whose condition
does not say all are asked of the plain evaluator, which also finds the passages of every hit.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from monitor.analysis.arrays import Ints, where
from monitor.analysis.batch import Batch, Hasher
from monitor.analysis.document import language_of
from monitor.analysis.language import primary
from monitor.analysis.vocabulary import MOST_TOKENS, Vocabulary
from monitor.matching.conditions import Condition, ConditionBuilder
from monitor.matching.evaluate import Evaluation
from monitor.matching.expressions import Expressions
from monitor.matching.lookup import Lookup
from monitor.matching.matches import evaluate_rule, match_of
from monitor.matching.questions import answer, divided
from monitor.matching.ruletable import RuleTable
from monitor.matching.view import ArticleView
from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.hit import Match, RuleFailure, Verdict
from monitor.rules.bulk import uncollected
from monitor.rules.compile import CompiledRule, RuleSet
from monitor.rules.tree import Node

_TOGETHER: Final = 32  # articles that are looked up at once; what they touch fits into a cache
_MOST_LANGUAGES: Final = 12  # whose words are remembered


class Percolator:
    """A rule set, ready to match; a reload builds another one and swaps the reference.

    Not for several threads at once: it learns the words it meets.

    Args:
        rules: the rules.
        most_words: of a language that are remembered; some 800 bytes each.

    Attributes:
        unfiltered: ids of the rules that have nothing to be preselected by.
    """

    @uncollected
    def __init__(self, rules: RuleSet, *, most_words: int = MOST_TOKENS) -> None:
        self.revision = rules.revision
        self._most_words = most_words
        self.facts: Mapping[str, RuleFacts] = {
            id_: rule.facts for id_, rule in rules.rules.items()
        }
        self._rules = tuple(rules.rules.values())
        self._ids = tuple(rules.rules)
        builder = ConditionBuilder()
        self._questions: dict[int, Node] = {}
        conditions = (
            self._condition(number, rule, builder) for number, rule in enumerate(self._rules)
        )
        self._atoms = builder.atoms
        self._table = RuleTable(conditions, builder.atoms)
        self._expressions = Expressions(builder.atoms.expressions)
        self._certain = self._table.exact.copy()
        self._certain[list(self._questions)] = False
        self._exact = frozenset(number for number in self._questions if self._table.exact[number])
        self.unfiltered = tuple(self._rules[number].spec.id for number in self._table.unanchored)
        self._languages: dict[str | None, _Language] = {}
        # Python's own seed, so that nobody can plan chunks with equal hashes.
        self._hasher = Hasher((hash("one"), hash("two")))

    def learn_from(self, other: "Percolator") -> None:
        """Meets the words that another has met, so that the first articles are not slow ones.

        Args:
            other: of the same process; it is not to match any more.
        """
        for language, known in other._languages.items():  # noqa: SLF001 - of its own kind
            lookup = Lookup(self._atoms, language)
            lookup.learn(known.vocabulary.words)
            self._languages[language] = _Language(known.vocabulary, lookup)

    def _condition(self, number: int, rule: CompiledRule, builder: ConditionBuilder) -> Condition:
        question, rest = divided(rule.tree)
        if question is not None:
            self._questions[number] = question
        return Condition(()) if rest is None else builder.condition(rest)

    def which(self, articles: Sequence[Article]) -> list[list[str]]:
        """The ids of the rules that hold for each article, in the order of the rule set.

        A rule that fails does not hold.
        """
        found: list[list[str]] = [[] for _ in articles]
        for each in self._candidates(articles):
            numbers = each.numbers
            if each.doubtful:
                numbers = [number for number in numbers if self._holds(number, each)]
            found[each.index] = list(map(self._ids.__getitem__, numbers))
        return found

    def _holds(self, number: int, candidates: "_Candidates") -> bool:
        try:
            return self._is_certain(number, candidates) or (
                self._may_hold(number, candidates)
                and candidates.evaluation.holds(self._rules[number].tree)
            )
        except Exception:  # noqa: BLE001 - ``match_batch`` reports it
            return False

    def match_batch(self, articles: Sequence[Article]) -> list[Verdict]:
        """Every rule that holds for each article, with its passages.

        A rule that fails while it is evaluated is reported, and stops no other.
        """
        found = [Verdict(matches=())] * len(articles)
        for each in self._candidates(articles):
            if each.numbers:
                found[each.index] = self._verdict(each)
        return found

    def _verdict(self, candidates: "_Candidates") -> Verdict:
        matches, failures = [], []
        for number in candidates.numbers:
            rule = self._rules[number]
            try:
                match = self._match(number, candidates)
            except Exception as error:  # noqa: BLE001 - one bad rule never stops the batch
                failures.append(
                    RuleFailure(rule=rule.spec.id, error=f"{type(error).__name__}: {error}")
                )
            else:
                matches += [match] if match else []
        return Verdict(matches=tuple(matches), failures=tuple(failures))

    def _match(self, number: int, candidates: "_Candidates") -> Match | None:
        rule = self._rules[number]
        if self._is_certain(number, candidates):
            return match_of(rule, candidates.evaluation)
        if not self._may_hold(number, candidates):
            return None
        return evaluate_rule(rule, candidates.evaluation)

    def _is_certain(self, number: int, candidates: "_Candidates") -> bool:
        return number not in candidates.doubtful or (
            number in self._exact and self._may_hold(number, candidates)
        )

    def _may_hold(self, number: int, candidates: "_Candidates") -> bool:
        question = self._questions.get(number)
        return question is None or answer(question, candidates.article, candidates.language)

    def _candidates(self, articles: Sequence[Article]) -> "Iterator[_Candidates]":
        """The rules whose conditions hold, for each article; the articles in any order."""
        languages, groups = by_language(articles)
        for language, indexes in groups:
            batch, cuts, rules = self._looked_up(language, [articles[index] for index in indexes])
            numbers = rules.tolist()
            doubts = where(~self._certain[rules])
            doubt_cuts = np.searchsorted(doubts, cuts).tolist()
            doubts = rules[doubts].tolist()
            for position, index in enumerate(indexes):
                own = numbers[cuts[position] : cuts[position + 1]]
                doubtful = doubts[doubt_cuts[position] : doubt_cuts[position + 1]]
                if self._table.unanchored:
                    own = sorted((*own, *self._table.unanchored))
                    doubtful += self._table.unanchored
                yield _Candidates(
                    index=index,
                    article=articles[index],
                    language=languages[index],
                    batch=batch,
                    position=position,
                    numbers=own,
                    doubtful=frozenset(doubtful),
                )

    def _looked_up(
        self, language: str | None, articles: Sequence[Article]
    ) -> tuple[Batch, list[int], Ints]:
        """The batch; where the rules of each article begin in the following list; rules."""
        batch, segments, atoms = self._fired(language, articles)
        article, rule = self._table.holding(segments, atoms, batch.lead_in_text)
        return batch, np.searchsorted(article, np.arange(len(articles) + 1)).tolist(), rule

    def _fired(
        self, language: str | None, articles: Sequence[Article]
    ) -> tuple[Batch, Ints, Ints]:
        """The batch; where atoms fired (number of the article * 3 + field); which."""
        known = self._language(language)
        fields = [(each.title, each.lead, each.text) for each in articles]
        batch = Batch(fields, known.vocabulary, self._hasher)
        segments: list[Ints] = []
        atoms: list[Ints] = []

        def fire(tokens: Ints, fired: Ints) -> None:
            segments.append(batch.segment[tokens])
            atoms.append(fired)

        known.lookup.find(batch, fire)
        for segment, fired_there in self._expressions.find(fields):
            segments.append(np.full(len(fired_there), segment))
            atoms.append(np.array(fired_there))
        return batch, np.concatenate(segments), np.concatenate(atoms)

    def _language(self, language: str | None) -> "_Language":
        """What is known of a language; the one longest unused gives way."""
        known = self._languages.pop(language, None)
        if known is None or known.vocabulary.is_full:
            vocabulary = Vocabulary(language, self._most_words)
            known = _Language(vocabulary, Lookup(self._atoms, language))
        while len(self._languages) >= _MOST_LANGUAGES:
            del self._languages[next(iter(self._languages))]
        self._languages[language] = known
        return known


def by_language(
    articles: Sequence[Article],
) -> tuple[list[str | None], list[tuple[str | None, list[int]]]]:
    """The language of each article; primary languages with the numbers of some articles each."""
    languages = [language_of(each.title, each.lead, each.text, each.language) for each in articles]
    groups: defaultdict[str | None, list[int]] = defaultdict(list)
    for index, language in enumerate(languages):
        groups[primary(language)].append(index)
    return languages, [
        (language, indexes[first : first + _TOGETHER])
        for language, indexes in groups.items()
        for first in range(0, len(indexes), _TOGETHER)
    ]


class _Language(NamedTuple):
    vocabulary: Vocabulary
    lookup: Lookup


@dataclass(kw_only=True)
class _Candidates:
    """The rules that may hold for an article; ``doubtful`` are those that need a second look."""

    index: int
    article: Article
    language: str | None
    batch: Batch
    position: int
    numbers: list[int]
    doubtful: frozenset[int]

    @cached_property
    def evaluation(self) -> Evaluation:
        """The plain evaluator, made when it is first needed."""
        document = replace(self.batch.document(self.position), language=self.language)
        return Evaluation(ArticleView(self.article, document))
