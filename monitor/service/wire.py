"""What goes between the daemon and the process that matches.

Requests are pickled: only the daemon writes them. Answers come from where the texts of strangers
are read, so they are JSON: whoever took that process over could not make the daemon run anything.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from pathlib import PurePath
from typing import Any, Final, TypeAlias

from monitor.errors import Place, Problem, RuleError
from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.hit import Match, PartialVerdict, RuleFailure, Span, Verdict
from monitor.model.rule import Severity
from monitor.model.spike import WatchedRule

Json: TypeAlias = Any


class Ask(Enum):
    """What is asked for.

    ``LOAD`` has a Load, ``MATCH`` and ``PARTLY`` have a Batch. Before a worker that has
    rules loads others, ``STAND_IN`` and the handle of a pipe make a fork of it that goes on by
    the old ones.
    """

    LOAD = auto()
    STAND_IN = auto()
    MATCH = auto()
    PARTLY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFiles:
    """Rules to be read from files.

    Attributes:
        channels: names that rules may name; no address of any is told.
    """

    paths: tuple[PurePath, ...]
    channels: frozenset[str]


RuleTexts: TypeAlias = Mapping[str, str]
"""Rules that were good once: file name -> text."""

RuleSource: TypeAlias = RuleFiles | RuleTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Rules to take up.

    Attributes:
        before: those that ran last, if there are any.
    """

    source: RuleSource
    before: RuleTexts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Articles to match.

    Attributes:
        only: ids of the rules to match against; None: all.
    """

    articles: Sequence[Article]
    only: tuple[str, ...] | None = None


Request: TypeAlias = tuple[Ask, Load | Batch | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the daemon knows of the rules it does not hold itself.

    Attributes:
        revision: sha256 of the files.
        sources: file name -> text.
        facts: of each rule, what its hits carry.
        new: rules that may find other articles than those of before; none if there were none.
        watched: those of which spikes and silence are told.
    """

    revision: str
    sources: RuleTexts
    facts: Mapping[str, RuleFacts]
    new: tuple[str, ...] = ()
    watched: tuple[WatchedRule, ...] = ()


_GOOD: Final = "good"
_REFUSED: Final = "refused"
_FAILED: Final = "failed"


class RemoteError(Exception):
    """What went wrong in the process; it goes on."""


def good(value: Json) -> bytes:
    """An answer."""
    return json.dumps((_GOOD, value)).encode()


def refused(error: RuleError) -> bytes:
    """The answer that rules are wrong."""
    problems = [
        (each.place.file, each.place.line, each.place.column, each.message, each.level)
        for each in error.problems
    ]
    return json.dumps((_REFUSED, problems)).encode()


def failed(error: Exception) -> bytes:
    """The answer that something nobody foresaw happened."""
    return json.dumps((_FAILED, f"{type(error).__name__}: {error}")).encode()


def answer(data: bytes) -> Json:
    """What an answer says.

    Raises:
        RuleError: that rules are wrong.
        RemoteError: that something went wrong.
    """
    kind, value = json.loads(data)
    if kind == _REFUSED:
        raise RuleError(
            Problem(Place(file, line, column), message, level)
            for file, line, column, message, level in value
        )
    if kind == _FAILED:
        raise RemoteError(value)
    return value


def digest_out(digest: Digest) -> Json:
    """JSON of a digest."""
    facts = [
        (each.id, each.title, each.severity, each.tags, each.entities, each.channels)
        for each in digest.facts.values()
    ]
    watched = [(each.facts.id, each.until and each.until.isoformat()) for each in digest.watched]
    return digest.revision, dict(digest.sources), facts, digest.new, watched


def digest_in(data: Json) -> Digest:
    """The digest of JSON."""
    revision, sources, facts, new, watched = data
    found = {
        id_: RuleFacts(
            id=id_,
            title=title,
            severity=Severity(severity),
            tags=tuple(tags),
            entities=tuple(entities),
            channels=None if channels is None else tuple(channels),
        )
        for id_, title, severity, tags, entities, channels in facts
    }
    return Digest(
        revision=revision,
        sources=sources,
        facts=found,
        new=tuple(new),
        watched=tuple(
            [
                WatchedRule(facts=found[id_], until=until and date.fromisoformat(until))
                for id_, until in watched
            ]
        ),
    )


def verdicts_out(verdicts: Sequence[Verdict]) -> Json:
    """JSON of verdicts."""
    return [(_matches_out(each.matches), _failures_out(each.failures)) for each in verdicts]


def verdicts_in(data: Json) -> list[Verdict]:
    """The verdicts of JSON."""
    return [
        Verdict(matches=_matches_in(matches), failures=_failures_in(failures))
        for matches, failures in data
    ]


def partial_out(verdicts: Sequence[PartialVerdict]) -> Json:
    """JSON of verdicts without the text."""
    return [
        (_matches_out(each.matches), each.undecided, each.evident, _failures_out(each.failures))
        for each in verdicts
    ]


def partial_in(data: Json) -> list[PartialVerdict]:
    """The verdicts without the text of JSON."""
    return [
        PartialVerdict(
            matches=_matches_in(matches),
            undecided=undecided,
            evident=tuple(evident),
            failures=_failures_in(failures),
        )
        for matches, undecided, evident, failures in data
    ]


def _matches_out(matches: Sequence[Match]) -> Json:
    return [
        (
            each.rule,
            each.why,
            each.score,
            [(span.field, span.start, span.end, span.text, span.clause) for span in each.spans],
        )
        for each in matches
    ]


def _matches_in(data: Json) -> tuple[Match, ...]:
    return tuple(
        [
            Match(rule=rule, why=why, score=score, spans=tuple([Span(*span) for span in spans]))
            for rule, why, score, spans in data
        ]
    )


def _failures_out(failures: Sequence[RuleFailure]) -> Json:
    return [(each.rule, each.error) for each in failures]


def _failures_in(data: Json) -> tuple[RuleFailure, ...]:
    return tuple([RuleFailure(rule=rule, error=error) for rule, error in data])
