"""Tables of rule files -> specs, each query and alias with its place."""

from collections.abc import Iterable

from monitor.config.document import Document
from monitor.config.positions import KeyPath
from monitor.config.rule_tables import EntityTable, RuleTable, RuleTestTable, TopicTable
from monitor.errors import Place
from monitor.model.rule import Alias, EntitySpec, RuleSpec, RuleTest, SourceText, TopicSpec


def entity_spec(id_: str, table: EntityTable, document: Document) -> EntitySpec:
    """An entity; its name is the first alias."""
    path = ("entities", id_)
    own = Alias(text=SourceText(table.name, document.text((*path, "name"))))
    others = (
        Alias(text=SourceText(each.text, _alias_place(path, index, document)), case=each.case)
        for index, each in enumerate(table.aliases)
    )
    return EntitySpec(
        id=id_,
        name=table.name,
        type=table.type,
        aliases=(own, *others),
        surname=table.surname,
        place=document.key(path),
    )


def _alias_place(path: KeyPath, index: int, document: Document) -> Place:
    item = (*path, "aliases", index)
    return document.text((*item, "text") if isinstance(document.at(item), dict) else item)


def topic_spec(id_: str, table: TopicTable, document: Document) -> TopicSpec:
    """A topic."""
    path = ("topics", id_)
    return TopicSpec(
        id=id_,
        phrases=_texts(table.phrases, (*path, "phrases"), document),
        queries=_texts(table.queries, (*path, "queries"), document),
        place=document.key(path),
    )


def rule_spec(id_: str, table: RuleTable, document: Document) -> RuleSpec:
    """A watch-rule; without a title it is called by its name."""
    path = ("rules", id_)
    query = table.query
    return RuleSpec(
        id=id_,
        title=table.title or id_,
        topics=_texts(table.topics, (*path, "topics"), document),
        entities=_texts(table.entities, (*path, "entities"), document),
        exclude=_texts(table.exclude, (*path, "exclude"), document),
        query=None if query is None else SourceText(query, document.text((*path, "query"))),
        feeds=table.feeds,
        languages=table.languages,
        severity=table.severity,
        tags=table.tags,
        channels=table.channels,
        until=table.until,
        enabled=table.enabled,
        tests=tuple(
            _test(test, document.key((*path, "tests", index)))
            for index, test in enumerate(table.tests)
        ),
        place=document.key(path),
    )


def _texts(texts: Iterable[str], path: KeyPath, document: Document) -> tuple[SourceText, ...]:
    return tuple(
        SourceText(text, document.text((*path, index))) for index, text in enumerate(texts)
    )


def _test(table: RuleTestTable, place: Place) -> RuleTest:
    return RuleTest(
        title=table.title,
        lead=table.lead,
        text=table.text,
        language=table.language,
        feed=table.feed,
        tags=table.tags,
        match=table.match,
        place=place,
    )
