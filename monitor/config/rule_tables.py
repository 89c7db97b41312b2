"""The tables of a rule file."""

from collections.abc import Mapping
from typing import Any, Final, Self

from monitor.config.schema import (
    NO_ENTRIES,
    ContradictionError,
    Day,
    IncompleteError,
    Language,
    Line,
    Many,
    OneCase,
    OneEntityType,
    OneSeverity,
    Table,
    Threshold,
    Weight,
    Words,
    checked,
    prepared,
)
from monitor.model.rule import Case, EntityType, Severity

_MIXED: Final = (
    "a topic has either phrases and queries, or weights; "
    "a phrase with a weight is written '\"sanctions package\"~4' = 3"
)
_NO_WEIGHTS: Final = "there are no weights that could reach it; add [topics.NAME.weights]"
_THRESHOLD: Final = "a threshold that the sum of its weights must reach"
_BELOW: Final = (
    "; the one below the header of the weights is a query there, so move it above that header"
)


class AliasTable(Table):
    """One of ``aliases``; a plain text is short for ``{ text = … }``."""

    text: Words
    case: OneCase = Case.AUTO
    context: Words | None = None

    @prepared
    @classmethod
    def _short(cls, value: object) -> object:
        if isinstance(value, dict):
            return value
        if isinstance(value, str):
            return {"text": value}
        raise ValueError("must be a text in quotes, or { text = …, case = …, context = … }")


class EntityTable(Table):
    """``[entities.NAME]``."""

    name: Words
    type: OneEntityType = EntityType.OTHER
    aliases: Many[AliasTable] = ()
    surname: str | None = None
    inflect: bool = True


class TopicTable(Table):
    """``[topics.NAME]``: phrases and queries, or weighted queries."""

    phrases: Many[Words] = ()
    queries: Many[Words] = ()
    weights: dict[Words, Weight] | None = None
    threshold: Threshold | None = None

    @checked
    def _something(self) -> Self:
        if self.weights is not None:
            self._check_weights(self.weights)
        elif self.threshold is not None:
            raise ContradictionError("threshold", _NO_WEIGHTS)
        elif not self.phrases and not self.queries:
            raise IncompleteError("phrases or queries, or weights and a threshold")
        return self

    def _check_weights(self, weights: Mapping[str, float]) -> None:
        if self.phrases or self.queries:
            raise ContradictionError("phrases" if self.phrases else "queries", _MIXED)
        if self.threshold is None:
            raise IncompleteError(_THRESHOLD + _BELOW * ("threshold" in weights))
        most = sum(weight for weight in weights.values() if weight > 0)
        if most < self.threshold:
            raise ContradictionError(
                "threshold", f"{self.threshold:g} is out of reach: all weights make {most:g}"
            )


class RuleTestTable(Table):
    """One of ``[[rules.NAME.tests]]``."""

    title: str = ""
    lead: str = ""
    text: str = ""
    language: Language | None = None
    feed: Line | None = None
    tags: Many[Line] = ()
    match: bool


class RuleTable(Table):
    """``[rules.NAME]``."""

    title: Line | None = None
    topics: Many[Words] = ()
    entities: Many[Line] = ()
    exclude: Many[Words] = ()
    query: Words | None = None
    feeds: Many[Line] = ()
    languages: Many[Language] = ()
    severity: OneSeverity = Severity.NORMAL
    tags: Many[Line] = ()
    channels: Many[Line] | None = None
    until: Day | None = None
    spike: bool = False
    enabled: bool = True
    tests: Many[RuleTestTable] = ()

    @checked
    def _something(self) -> Self:
        if not (self.topics or self.entities or self.query):
            raise IncompleteError("topics, entities or a query")
        return self


class RuleFile(Table):
    """A rule file; what it defines is read one by one."""

    entities: dict[str, Any] = NO_ENTRIES
    topics: dict[str, Any] = NO_ENTRIES
    rules: dict[str, Any] = NO_ENTRIES
