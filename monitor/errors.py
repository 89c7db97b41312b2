"""Every error this program raises on purpose, as one tree.

::

    MonitorError
    ├── ConfigError               a file of the user is wrong (has a list of problems)
    │   └── RuleError             … a rule file or a query
    ├── FetchError                a document could not be fetched (has retry_after)
    │   └── HostPaused            … because its host asked us to wait: it was not asked
    ├── ParseError                a document is not a feed
    ├── WorkerError               a worker process gave no result: time, memory, or it died
    ├── StoreError                the database can't be used
    │   └── StoreBusy             … because another process holds it
    │       └── StoreConflict     … because another process wrote the same meanwhile
    └── DeliveryError             a message could not be handed over (has retry_after)
        ├── Defect                … because of an error of this program
        ├── PermanentDeliveryError  … and never will be: the message itself is refused
        └── ChannelDown           … and no other message of that channel would be either
            └── AccessDenied      … because the channel's credentials are refused

Problems are values: a file is read to its end and all its problems are raised together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering
from typing import Literal

from typing_extensions import override


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where something stands in a text of the user; line and column count from 1.

    A subclass may look it up when it is asked for; it is equal to the same place known at once.
    """

    file: str
    line: int = 1
    column: int = 1

    def fixed(self) -> "Place":
        """The same, looked up."""
        return self

    def inside(self, text: str, offset: int) -> "Place":
        """The place of a character of a text that begins here."""
        before = text[:offset]
        line = before.count("\n")
        column = offset - before.rfind("\n") - 1
        return Place(self.file, self.line + line, column + (1 if line else self.column))

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Place):
            return NotImplemented
        return self._order() == other._order()

    def __lt__(self, other: "Place") -> bool:
        return self._order() < other._order()

    @override
    def __hash__(self) -> int:
        return hash(self._order())

    def _order(self) -> tuple[str, int, int]:
        return self.file, self.line, self.column


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong (or odd, level ``warning``) in a file of the user."""

    place: Place
    message: str
    level: Literal["error", "warning"] = "error"

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", self.place.fixed())

    @override
    def __str__(self) -> str:
        word = "" if self.level == "error" else "warning: "
        return f"{self.place}: {word}{self.message}"


class MonitorError(Exception):
    """Root of the tree."""


class ConfigError(MonitorError):
    """A configuration can't be used; ``problems`` lists every reason found, in file order.

    What several parts of it report, since they refer to the same mistake, is listed once.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


class RuleError(ConfigError):
    """A rule file, a query or a rule test is wrong."""


class FetchError(MonitorError):
    """A document could not be fetched.

    Attributes:
        status: HTTP status, if there was an answer.
        retry_after: seconds the server asked us to wait, if it did.
        gone: the server says that the document will not come back (410).
        host: which server said so, if it concerns all of its documents.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        gone: bool = False,
        host: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.gone = gone
        self.host = host


class HostPaused(FetchError):
    """A host was not asked, because it wants to be left alone for ``retry_after`` seconds."""


class TooLarge(FetchError):
    """A document is larger than we read."""


class ParseError(MonitorError):
    """A document is not a feed, or breaks the limits on feeds."""


class WorkerError(MonitorError):
    """A job got no result: it took too long or too much memory, or its worker process died."""


class StoreError(MonitorError):
    """The database can't be opened, read or written; the message says what to do."""


class StoreBusy(StoreError):
    """Another process holds the database."""


class StoreConflict(StoreBusy):
    """Another process wrote the same meanwhile: what was read is outdated; do it again."""


class DeliveryError(MonitorError):
    """A message was not accepted; trying again may help.

    Attributes:
        code: SMTP or HTTP status, if there was one.
        retry_after: seconds the receiver asked us to wait, if it did.
        uncertain: the receiver may have accepted it although we saw no answer.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        retry_after: float | None = None,
        uncertain: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after
        self.uncertain = uncertain


class Defect(DeliveryError):
    """This program failed; that says nothing about the channel."""


class PermanentDeliveryError(DeliveryError):
    """This message will never be accepted (550, 554, 413 …); others of the channel may be."""


class ChannelDown(DeliveryError):
    """No message of this channel can be delivered now (connection, 421, 403, 404 …)."""


class AccessDenied(ChannelDown):
    """Nor will any be before somebody corrects the channel's password or token (535, 401 …)."""
