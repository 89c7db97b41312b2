"""Typed tables, and what is wrong with one in plain words (the only door of pydantic)."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Annotated, Any, Final, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from monitor.config import hours, values
from monitor.config.document import Document
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.synonyms import SYNONYMS
from monitor.config.values import nearest, quoted
from monitor.model.channel import Mode
from monitor.model.feed import FullText, Hints, Quiet
from monitor.model.rule import Case, EntityType, Severity
from monitor.model.settings import EngineKind

Duration = Annotated[timedelta, BeforeValidator(values.duration)]
PositiveDuration = Annotated[timedelta, BeforeValidator(values.positive_duration)]
Keep = Annotated[timedelta | None, BeforeValidator(values.retention)]
DurationOrOff = Annotated[timedelta | None, BeforeValidator(values.duration_or_off)]
Limit = Annotated[int | None, BeforeValidator(values.limit)]
Hour = Annotated[time, BeforeValidator(hours.hour)]
Days = Annotated[frozenset[int], BeforeValidator(hours.days)]
Rhythm = Annotated[timedelta | None, BeforeValidator(values.rhythm)]
Backlog = Annotated[Quiet | timedelta, BeforeValidator(values.backlog)]
Day = Annotated[date, BeforeValidator(values.day)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Weight = Annotated[float, AfterValidator(values.weight)]
Threshold = Annotated[float, AfterValidator(values.threshold)]
OneFullText = Annotated[FullText, Field(strict=False)]
OneMode = Annotated[Mode, Field(strict=False)]
OneEngine = Annotated[EngineKind, Field(strict=False)]
OneHints = Annotated[Hints, Field(strict=False)]
FewPages = Annotated[int, Field(ge=0, le=10)]
OneSeverity = Annotated[Severity, Field(strict=False)]
OneCase = Annotated[Case, Field(strict=False)]
OneEntityType = Annotated[EntityType, Field(strict=False)]
Name = Annotated[str, AfterValidator(values.name)]
Language = Annotated[str, AfterValidator(values.language)]
TimeZone = Annotated[str, AfterValidator(values.timezone)]
Line = Annotated[str, AfterValidator(values.line)]
MaybeLine = Annotated[str, AfterValidator(values.line_or_nothing)]
Words = Annotated[str, AfterValidator(values.words)]
Header = Annotated[str, AfterValidator(values.header)]
Network = Annotated[str, AfterValidator(values.network)]
MailAddress = Annotated[str, AfterValidator(values.mail_address)]
Sender = Annotated[str, AfterValidator(values.sender)]
Host = Annotated[str, AfterValidator(values.host)]
Listen = Annotated[tuple[str, int], BeforeValidator(values.listen)]
FeedUrl = Annotated[str, AfterValidator(values.feed_url)]
StoreUrl = Annotated[str, AfterValidator(values.store_url)]

Item = TypeVar("Item")
Many = Annotated[tuple[Item, ...], Field(strict=False)]  # strict would refuse TOML's lists
NonEmpty = Annotated[Many[Item], AfterValidator(values.not_empty)]

NO_ENTRIES: Final[Any] = Field(default_factory=dict)
"""Default of a table of tables."""

checked = model_validator(mode="after")
"""Decorates a method that looks at a whole table and raises IncompleteError."""

prepared = model_validator(mode="before")
"""Decorates a class method that turns a short form into a table."""

_EXPECTED: Final = {
    "string_type": "must be a text in quotes",
    "bool_type": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
}


class IncompleteError(ValueError):
    """What a table as a whole lacks."""


class ContradictionError(ValueError):
    """What is wrong with a key, given the others of its table."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class Table(BaseModel):
    """A table of a file; the key of a field has no trailing underscore."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        hide_input_in_errors=True,  # a wrong secret must not be printed
        alias_generator=lambda field: field.removesuffix("_"),
    )

    @classmethod
    def keys(cls) -> Mapping[str, Any]:
        """The keys a user may write, with their types."""
        return {field.alias or name: field.annotation for name, field in cls.model_fields.items()}


AnyTable = TypeVar("AnyTable", bound=Table)


def read_table(
    kind: type[AnyTable], document: Document, path: KeyPath, report: Report
) -> AnyTable | None:
    """The table at a path of the document; None if it has problems, which go to the report."""
    try:
        return kind.model_validate(document.at(path))
    except ValidationError as error:
        for details in error.errors():
            _explain(kind, document, path, details, report)
        return None


def read_rest(kind: type[AnyTable], document: Document, path: KeyPath) -> AnyTable | None:
    """A table without its wrong keys, so that the others can be checked; None if too much is."""
    data = document.at(path)
    if not isinstance(data, dict):
        return None
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        wrong = {details["loc"][0] for details in error.errors() if details["loc"]}
    try:
        return kind.model_validate({key: data[key] for key in data if key not in wrong})
    except ValidationError:
        return None


def read_name(document: Document, path: KeyPath, report: Report) -> str | None:
    """The name a table is defined under; None if it is not a name (reported)."""
    try:
        return values.name(str(path[-1]))
    except ValueError as error:
        report.error(document.key(path), str(error))
        return None


def _explain(
    kind: type[Table], document: Document, path: KeyPath, error: ErrorDetails, report: Report
) -> None:
    loc = error["loc"]
    full = (*path, *loc)
    match error["type"]:
        case "extra_forbidden":
            report.error(document.key(full), _unknown(kind, path, loc))
        case "missing":
            message = f"{header(full[:-1])} needs {quoted(full[-1])}"
            report.error(document.key(full[:-1]), message)
        case _ if loc[-1:] == ("[key]",):
            report.error(document.key(full[:-1]), f"{_label(full[:-2])}: {_reason(error)}")
        case "value_error" if isinstance(found := error["ctx"]["error"], ContradictionError):
            report.error(document.value((*full, found.key)), f"{found.key}: {found}")
        case "float_type" if len(loc) > 1 and loc[-1] in kind.keys():  # noqa: SIM118 - ours
            report.error(document.key(full), _misplaced(str(loc[-1]), full[:-2], full[:-1]))
        case _:
            report.error(document.value(full), _wrong_value(full, error))


def header(path: KeyPath) -> str:
    """How a table is written in TOML."""
    name = ".".join(part for part in path if isinstance(part, str))
    return f"[[{name}]]" if isinstance(path[-1], int) else f"[{name}]"


def _label(path: KeyPath) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _unknown(kind: type[Table], path: KeyPath, loc: KeyPath) -> str:
    inner, outer = kind, kind
    for part in loc[:-1]:
        if nested := _table_in(inner.keys().get(str(part))):
            inner, outer = nested, inner
    key = str(loc[-1])
    hint = _suggestion(key, inner.keys())
    is_in_list = isinstance(loc[-2:][0], int)
    if is_in_list and key in outer.keys():  # noqa: SIM118 - a method of ours
        full = (*path, *loc[:-1])
        misplaced = _misplaced(key, full[:-2], full)
        return f"{misplaced} ({hint})" if hint else misplaced
    known = ", ".join(inner.keys())
    return f"unknown key {quoted(key)}; {hint or f'known here: {known}'}"


def _misplaced(key: str, owner: KeyPath, holder: KeyPath) -> str:
    here = header(holder)
    first = "the first " if isinstance(holder[-1], int) else ""
    return (
        f"{quoted(key)} is a key of {header(owner)}, but in TOML a key belongs to the header "
        f"above it, here {here}; move it above {first}{here}"
    )


def _suggestion(key: str, known: Mapping[str, Any]) -> str:
    synonym = SYNONYMS.get(key.lower().replace("-", "_"), key)
    return nearest(synonym if synonym in known else key, known)


def _table_in(annotation: Any) -> type[Table] | None:  # noqa: ANN401 - types have no common type
    """The table inside ``Table | None``, ``tuple[Table, ...]`` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next(filter(None, map(_table_in, get_args(annotation))), None)


def _wrong_value(path: KeyPath, error: ErrorDetails) -> str:
    if isinstance(error.get("ctx", {}).get("error"), IncompleteError):
        return f"{header(path)} needs {_reason(error)}"
    if error["type"] == "tuple_type" and isinstance(error["input"], dict):
        return f"[{_label(path)}] is a list of tables; write [[{_label(path)}]]"
    if error["type"] == "dict_type" and isinstance(error["input"], list):
        return f"[[{_label(path)}]] is no list; write [{_label(path)}.NAME]"
    return f"{_label(path)}: {_reason(error)}"


def _reason(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "enum" | "literal_error":
            return _none_of(error["input"], re.findall(r"'([^']*)'", context["expected"]))
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "less_than_equal":
            return f"must be {context['le']} or less"
        case other:
            return _EXPECTED.get(other, error["msg"])


def _none_of(value: object, words: list[str]) -> str:
    hint = nearest(value.lower(), words) if isinstance(value, str) else ""
    expected = f"{quoted(value)} is none of {', '.join(map(quoted, words))}"
    return f"{expected}; {hint}" if hint else expected
