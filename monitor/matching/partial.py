"""Articles whose text is not known yet: what is certain of them all the same, and what is open.

A rule may hold by title and lead alone, and one may be beyond help (``lead:x`` without x). All
others are *undecided*: the text can still make them true. Which of them are likely to become so is
told by their words in title and lead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from monitor.analysis.arrays import Ints
from monitor.matching.evaluate import Evaluation
from monitor.matching.matches import match_of
from monitor.matching.percolator import Percolator, by_language
from monitor.matching.questions import answer
from monitor.matching.verdict import Truth, has_entity
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.hit import FieldName, Match, PartialVerdict, RuleFailure
from monitor.rules.tree import Clause, Meta, Node, Regex, Restriction, Scope, children

MOST_NAMED: Final = 3  # undecided rules; more change nothing


class PartialPercolator(Percolator):
    """A percolator that also answers for articles without their text."""

    def match_partly(self, articles: Sequence[Article]) -> list[PartialVerdict]:
        """What is certain of each article by title and lead; its text is left out of account."""
        found: dict[int, PartialVerdict] = {}
        articles = [replace(article, text="") for article in articles]
        languages, groups = by_language(articles)
        for language, indexes in groups:
            batch, segments, atoms = self._fired(language, [articles[index] for index in indexes])
            holding = _lists(*self._table.holding(segments, atoms, batch.lead_in_text))
            touched = _lists(*self._table.touched(segments, atoms))
            for position, index in enumerate(indexes):
                document = replace(batch.document(position), language=languages[index])
                found[index] = self._partial_verdict(
                    Evaluation(ArticleView(articles[index], document, text_known=False)),
                    holding.get(position, []),
                    touched.get(position, []),
                )
        return [found[index] for index in range(len(articles))]

    def _partial_verdict(
        self, evaluation: Evaluation, holding: list[int], touched: list[int]
    ) -> PartialVerdict:
        """Only a rule whose condition holds without any text can be certain."""
        look = _Look(self, evaluation)
        likely = sorted((*holding, *self._table.unanchored))
        matches = tuple(look.matches(likely))
        evident = tuple(look.undecided(touched, MOST_NAMED))
        return PartialVerdict(
            matches=matches,
            undecided=bool(evident) or look.is_any_undecided(self._open(evaluation)),
            evident=tuple(self._ids[number] for number in evident),
            failures=tuple(look.failures.values()),
        )

    def _open(self, evaluation: Evaluation) -> Iterator[int]:
        """Rules that a text might make true, if nothing in title and lead speaks against it."""
        article = evaluation.article
        for question, numbers in self._by_question:
            if question is None or answer(question, article.article, article.language):
                yield from numbers

    @cached_property
    def _by_question(self) -> list[tuple[Node | None, list[int]]]:
        """The rules that look into texts; those with an equal question (feeds, site) in one."""
        found: dict[Node | None, list[int]] = {None: []}
        for number, rule in enumerate(self._rules):
            if looks_into_text(rule.tree):
                found.setdefault(self._questions.get(number), []).append(number)
        return list(found.items())


class _Look:
    """Three-valued verdicts of the rules of a set on one article, each found once."""

    def __init__(self, percolator: PartialPercolator, evaluation: Evaluation) -> None:
        self._rules = percolator._rules  # noqa: SLF001 - a part of it
        self._evaluation = evaluation
        self._known: dict[int, Truth] = {}
        self.failures: dict[int, RuleFailure] = {}

    def matches(self, numbers: Iterable[int]) -> Iterator[Match]:
        for number in numbers:
            if self._verdict(number):
                try:
                    yield match_of(self._rules[number], self._evaluation)
                except Exception as error:  # noqa: BLE001 - one bad rule never stops the others
                    self._fail(number, error)

    def undecided(self, numbers: Iterable[int], most: int) -> list[int]:
        found: list[int] = []
        for number in numbers:
            if len(found) == most:
                break
            if self._verdict(number) is None:
                found.append(number)
        return found

    def is_any_undecided(self, numbers: Iterable[int]) -> bool:
        return any(self._verdict(number) is None for number in numbers)

    def _verdict(self, number: int) -> Truth:
        if number not in self._known:
            try:
                self._known[number] = self._evaluation.verdict(self._rules[number].tree)
            except Exception as error:  # noqa: BLE001 - as above
                self._known[number] = None
                self._fail(number, error)
        return self._known[number]

    def _fail(self, number: int, error: Exception) -> None:
        rule = self._rules[number].spec.id
        self.failures[number] = RuleFailure(rule=rule, error=f"{type(error).__name__}: {error}")


def looks_into_text(node: Node, field: FieldName | None = None) -> bool:
    """Whether a text can make a difference to a tree."""
    match node:
        case Scope(inner, part):
            return looks_into_text(part, inner)
        case Meta() | Restriction():
            return False
        case Regex():
            return field in {None, "text"}
        case Clause(what=what):
            # A full name in the text makes a surname in the title count.
            return field in {None, "text"} or has_entity(what)
        case _:
            return any(looks_into_text(part, field) for part in children(node))


def _lists(articles: Ints, rules: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for article, rule in zip(articles.tolist(), rules.tolist(), strict=True):
        found.setdefault(article, []).append(rule)
    return found
