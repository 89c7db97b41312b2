"""Short ways to rule sets in tests of the core: no files."""

from collections.abc import Mapping, Sequence

from monitor.errors import Place
from monitor.model.rule import (
    Alias,
    Case,
    EntitySpec,
    EntityType,
    RuleBook,
    RuleSpec,
    SourceText,
    TopicSpec,
)

HERE = Place("rules.toml", 1, 1)


def source(text: str) -> SourceText:
    return SourceText(text, HERE)


def entity(
    id_: str,
    name: str,
    *aliases: str,
    type_: EntityType = EntityType.OTHER,
    case: Case = Case.AUTO,
    surname: str | None = None,
    inflect: bool = True,
    contexts: Mapping[str, str] | None = None,
) -> EntitySpec:
    """An entity; ``contexts`` are queries that further aliases need beside them."""
    plain = (Alias(text=source(text), case=case) for text in (name, *aliases))
    needy = (
        Alias(text=source(text), case=case, context=source(context))
        for text, context in (contexts or {}).items()
    )
    return EntitySpec(
        id=id_,
        name=name,
        type=type_,
        aliases=(*plain, *needy),
        surname=surname,
        inflect=inflect,
        place=HERE,
    )


def person(id_: str, name: str, *aliases: str, surname: str | None = None) -> EntitySpec:
    return entity(id_, name, *aliases, type_=EntityType.PERSON, surname=surname)


def topic(id_: str, *, phrases: Sequence[str] = (), queries: Sequence[str] = ()) -> TopicSpec:
    return TopicSpec(
        id=id_,
        phrases=tuple(map(source, phrases)),
        queries=tuple(map(source, queries)),
        place=HERE,
    )


def weighted(id_: str, threshold: float, weights: Mapping[str, float]) -> TopicSpec:
    return TopicSpec(
        id=id_,
        weights=tuple((source(query), weight) for query, weight in weights.items()),
        threshold=threshold,
        place=HERE,
    )


def book(
    rules: Sequence[RuleSpec] | Mapping[str, str],
    entities: Sequence[EntitySpec] = (),
    topics: Sequence[TopicSpec] = (),
) -> RuleBook:
    """A rule book; rules may be given as name -> query."""
    if isinstance(rules, Mapping):
        rules = [
            RuleSpec(id=name, title=name, query=source(query), place=HERE)
            for name, query in rules.items()
        ]
    return RuleBook(
        entities={each.id: each for each in entities},
        topics={each.id: each for each in topics},
        rules={each.id: each for each in rules},
        revision="test",
        sources={},
    )
