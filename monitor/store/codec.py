"""Values of the model as JSON and back, without loss: what is frozen must come back the same."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = dict[str, Any] | list[Any] | str | int | float | bool | None


def to_json(value: object) -> Any:  # noqa: ANN401  # JSON has no narrower type
    """The JSON form of a dataclass, tuple, enum, datetime or plain value."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value


def from_json(kind: type[T], data: Json) -> T:
    """The value of type ``kind`` whose JSON form is ``data``."""
    return cast("T", _read(kind, data))


def _read(kind: Any, data: Any) -> Any:  # noqa: ANN401  # types as values
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in data)
    if origin in {Union, UnionType}:
        return None if data is None else _read(_only(get_args(kind)), data)
    if origin in {Literal, Mapping}:  # a mapping holds plain JSON
        return data
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return cast("Any", kind)(**{name: _read(hints[name], part) for name, part in data.items()})
    if issubclass(kind, datetime):
        return datetime.fromisoformat(data)
    return kind(data) if issubclass(kind, Enum) else data


def _only(options: tuple[Any, ...]) -> Any:  # noqa: ANN401  # types as values
    """The type of an optional field besides None."""
    (kind,) = (option for option in options if option is not NoneType)
    return kind
