"""Tables of rule files -> specs, each query and alias with its place."""

from collections.abc import Iterable
from functools import lru_cache

from monitor.config.places import NamePlace, TablePlace, TextPlace
from monitor.config.positions import KeyPath
from monitor.config.rule_tables import (
    AliasTable,
    EntityTable,
    RuleTable,
    RuleTestTable,
    TopicTable,
)
from monitor.model.rule import Alias, EntitySpec, RuleSpec, RuleTest, SourceText, TopicSpec


def entity_spec(id_: str, table: EntityTable, place: TablePlace) -> EntitySpec:
    """An entity; its name is the first alias."""
    own = Alias(text=SourceText(table.name, TextPlace(place, ("name",))))
    others = (_alias(alias, place, index) for index, alias in enumerate(table.aliases))
    return EntitySpec(
        id=id_,
        name=table.name,
        type=table.type,
        aliases=(own, *others),
        surname=table.surname,
        inflect=table.inflect,
        place=place,
    )


def _alias(table: AliasTable, place: TablePlace, index: int) -> Alias:
    return Alias(
        text=SourceText(table.text, TextPlace(place, _item("aliases", index, "text"))),
        case=table.case,
        context=_text(table.context, place, _item("aliases", index, "context")),
    )


def topic_spec(id_: str, table: TopicTable, place: TablePlace) -> TopicSpec:
    """A topic."""
    weights = table.weights or {}
    return TopicSpec(
        id=id_,
        phrases=_texts(table.phrases, "phrases", place),
        queries=_texts(table.queries, "queries", place),
        weights=tuple(
            (SourceText(query, NamePlace(place, ("weights", query))), weight)
            for query, weight in weights.items()
        ),
        threshold=table.threshold,
        place=place,
    )


def rule_spec(id_: str, table: RuleTable, place: TablePlace) -> RuleSpec:
    """A watch-rule; without a title it is called by its name."""
    return RuleSpec(
        id=id_,
        title=table.title or id_,
        topics=_texts(table.topics, "topics", place),
        entities=_texts(table.entities, "entities", place),
        exclude=_texts(table.exclude, "exclude", place),
        query=_text(table.query, place, ("query",)),
        feeds=table.feeds,
        languages=table.languages,
        severity=table.severity,
        tags=table.tags,
        channels=table.channels,
        until=table.until,
        spike=table.spike,
        enabled=table.enabled,
        tests=tuple(
            _test(test, TablePlace(place.origin, (*place.path, "tests", index)))
            for index, test in enumerate(table.tests)
        ),
        place=place,
    )


def _text(text: str | None, place: TablePlace, keys: KeyPath) -> SourceText | None:
    return None if text is None else SourceText(text, TextPlace(place, keys))


def _texts(texts: Iterable[str], key: str, place: TablePlace) -> tuple[SourceText, ...]:
    return tuple(
        [SourceText(text, TextPlace(place, _item(key, index))) for index, text in enumerate(texts)]
    )


@lru_cache(maxsize=1000)  # the same few keys for every table
def _item(*keys: str | int) -> KeyPath:
    return keys


def _test(table: RuleTestTable, place: TablePlace) -> RuleTest:
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
