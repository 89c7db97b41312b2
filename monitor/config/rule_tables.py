"""The tables of a rule file."""

from typing import Any, Self

from monitor.config.schema import (
    NO_ENTRIES,
    Day,
    IncompleteError,
    Language,
    Line,
    Many,
    OneCase,
    OneEntityType,
    OneSeverity,
    Table,
    Words,
    checked,
    prepared,
)
from monitor.model.rule import Case, EntityType, Severity


class AliasTable(Table):
    """One of ``aliases``; a plain text is short for ``{ text = … }``."""

    text: Words
    case: OneCase = Case.AUTO

    @prepared
    @classmethod
    def _short(cls, value: object) -> object:
        if isinstance(value, dict):
            return value
        if isinstance(value, str):
            return {"text": value}
        raise ValueError("must be a text in quotes, or { text = …, case = … }")


class EntityTable(Table):
    """``[entities.NAME]``."""

    name: Words
    type: OneEntityType = EntityType.OTHER
    aliases: Many[AliasTable] = ()
    surname: str | None = None


class TopicTable(Table):
    """``[topics.NAME]``."""

    phrases: Many[Words] = ()
    queries: Many[Words] = ()

    @checked
    def _something(self) -> Self:
        if not self.phrases and not self.queries:
            raise IncompleteError("phrases or queries")
        return self


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
