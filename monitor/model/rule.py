"""Watch-rules, entities and topics as the files write them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from monitor.errors import Place


class Case(StrEnum):
    """How the case of an alias counts."""

    AUTO = "auto"
    EXACT = "exact"
    ANY = "any"


class EntityType(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    PRODUCT = "product"
    EVENT = "event"
    OTHER = "other"


class Severity(StrEnum):
    """How much a hit matters."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}
"""Severities in their order, from 0."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A string of a rule file; ``place`` is that of its first character."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A spelling of an entity's name; with a ``context`` it counts only where that query holds."""

    text: SourceText
    case: Case = Case.AUTO
    context: SourceText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpec:
    """Somebody or something that has names.

    Attributes:
        id: the name used in ``@id``.
        aliases: every spelling, the display name first.
        surname: counts alone once a longer alias occurs; None = take it from the name, "" = none.
        inflect: aliases also match their case forms, in languages that decline names.
    """

    id: str
    name: str
    type: EntityType
    aliases: tuple[Alias, ...]
    surname: str | None
    inflect: bool = True
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """A subject: any of its phrases or queries; or weighted queries.

    Attributes:
        weights: queries with their weights; each that holds counts once.
        threshold: that the sum of the weights must reach; None for a topic without weights.
    """

    id: str
    phrases: tuple[SourceText, ...] = ()
    queries: tuple[SourceText, ...] = ()
    weights: tuple[tuple[SourceText, float], ...] = ()
    threshold: float | None = None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """An article and whether the rule must match it.

    ``feed`` and ``tags`` are None or empty if the test names none: then the rule's ``feeds`` are
    not applied; the same holds for ``language`` and the rule's ``languages``.
    """

    title: str
    lead: str
    text: str
    language: str | None
    feed: str | None
    tags: tuple[str, ...]
    match: bool
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """A watch-rule: (any topic) AND (any entity) AND query AND NOT (any exclude).

    Attributes:
        spike: people are told when it hits much more, or nothing, against its rhythm.
    """

    id: str
    title: str
    topics: tuple[SourceText, ...] = ()
    entities: tuple[SourceText, ...] = ()
    exclude: tuple[SourceText, ...] = ()
    query: SourceText | None = None
    feeds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    severity: Severity = Severity.NORMAL
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] | None = None
    until: date | None = None
    spike: bool = False
    enabled: bool = True
    tests: tuple[RuleTest, ...] = ()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Everything the rule files say.

    Attributes:
        revision: sha256 (hex) over the file names and texts.
        sources: file name -> text, as read; stored so that a restart can go on with it.
    """

    entities: Mapping[str, EntitySpec]
    topics: Mapping[str, TopicSpec]
    rules: Mapping[str, RuleSpec]
    revision: str
    sources: Mapping[str, str] = field(repr=False)
