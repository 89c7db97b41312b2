"""Rule files -> a rule set that passed its own tests."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from monitor.config.rulefile import FileRules
from monitor.config.rulefiles import Reading, book_of, read_rules
from monitor.config.values import nearest, quoted
from monitor.errors import Place, Problem, RuleError
from monitor.matching.meta import carried_by
from monitor.matching.ruletests import TestReport, run_tests
from monitor.model.article import Carrier
from monitor.model.rule import RuleBook
from monitor.model.settings import Settings
from monitor.rules.compile import CompiledRule, RuleSet, compile_rules
from monitor.rules.references import query_problems

if TYPE_CHECKING:
    from monitor.config.load import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRules:
    """A rule book, compiled; all of its tests passed.

    Attributes:
        files: what each file says; a reload takes over what has not changed.
    """

    book: RuleBook
    rules: RuleSet
    files: Mapping[str, FileRules] = field(repr=False)


_NOT_RUN: Final = TestReport(tests=0, failed=())


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRules:
    """A rule book with all that is wrong with it; ``rules`` is None if it can't be compiled."""

    book: RuleBook
    rules: RuleSet | None
    problems: tuple[Problem, ...]
    files: Mapping[str, FileRules]
    report: TestReport = _NOT_RUN


def check_rules(settings: Settings, before: LoadedRules | None = None) -> CheckedRules:
    """Read, compile and test the rules of a configuration; nothing is raised.

    Args:
        settings: where they are.
        before: rules that were loaded earlier: what has not changed is taken over.
    """
    reading = read_rules(settings.rule_paths, before=before.files if before else None)
    return _checked(reading, settings.routing.channels, before)


def odd_names(loaded: "Loaded", book: RuleBook, today: date) -> Iterator[Problem]:
    """Warnings: what is no mistake by itself, but finds or tells nothing."""
    settings = loaded.settings
    for rule in book.rules.values():
        if rule.until and rule.until < today:
            yield _odd(
                rule.place, f"rule {quoted(rule.id)} ended on {rule.until}: it finds nothing"
            )
        for feed in rule.feeds:
            if not _is_carried(feed, settings):
                yield _odd(rule.place, f"rule {quoted(rule.id)}: no feed is called {quoted(feed)}")
    yield from _odd_routes(loaded, book)
    yield from _idle_channels(loaded, book)


def _odd_routes(loaded: "Loaded", book: RuleBook) -> Iterator[Problem]:
    settings = loaded.settings
    tags = {tag for rule in book.rules.values() for tag in rule.tags}
    known = {"rules": book.rules, "entities": book.entities, "tags": tags}
    for number, route in enumerate(settings.routing.routes):
        for kind, names in known.items():
            for index, name in enumerate(getattr(route, kind)):
                if name not in names:
                    hint = nearest(name, names) or _NOWHERE[kind]
                    message = f"a route names the {_ONE[kind]} {quoted(name)}; {hint}"
                    yield _odd(loaded.place(("routes", number, kind, index)), message)
        for index, feed in enumerate(route.feeds):
            if not _is_carried(feed, settings):
                message = f"a route names {quoted(feed)}, but no feed is called so"
                yield _odd(loaded.place(("routes", number, "feeds", index)), message)


def _idle_channels(loaded: "Loaded", book: RuleBook) -> Iterator[Problem]:
    routing = loaded.settings.routing
    if not routing.routes:
        return
    told = {*(routing.system or ())}
    told.update(name for route in routing.routes for name in route.channels)
    told.update(name for rule in book.rules.values() for name in rule.channels or ())
    for name, policy in routing.channels.items():
        if policy.enabled and name not in told:
            message = f"no route and no rule names the channel {quoted(name)}: it gets no hits"
            yield _odd(loaded.channel_places[name], message)


_ONE: Final = {"rules": "rule", "entities": "entity", "tags": "tag"}
_NOWHERE: Final = {
    "rules": "no rule file defines it",
    "entities": "no rule file defines it",
    "tags": "no rule has it",
}


def _odd(place: Place, message: str) -> Problem:
    return Problem(place, message, "warning")


def _is_carried(wanted: str, settings: Settings) -> bool:
    return any(
        carried_by(wanted, Carrier(name=spec.name, url=spec.url, tags=spec.tags))
        for spec in settings.feeds.values()
    )


def load_rules(settings: Settings, before: LoadedRules | None = None) -> LoadedRules:
    """The rules of a configuration: all or nothing.

    Args:
        settings: where they are.
        before: rules that were loaded earlier: what has not changed is taken over.

    Raises:
        RuleError: with every problem; failed rule tests are problems of their test's place.
    """
    return read_and_load(settings.rule_paths, settings.routing.channels, before)


def read_and_load(
    paths: Iterable[PurePath], channels: Collection[str], before: LoadedRules | None = None
) -> LoadedRules:
    """The same where nothing but files and the names of channels is known.

    Raises:
        RuleError: with every problem.
    """
    reading = read_rules(paths, before=before.files if before else None)
    return _good(_checked(reading, channels, before))


def restore_rules(sources: Mapping[str, str], before: LoadedRules | None = None) -> LoadedRules:
    """The same from stored texts: the last good set after a restart.

    Raises:
        RuleError: this version of the program refuses what an earlier one accepted.
    """
    reading = book_of(sources, before.files if before else None)
    return _good(_checked(reading, None, before))


def _good(checked: CheckedRules) -> LoadedRules:
    problems = (*checked.problems, *checked.report.failed)
    if problems or checked.rules is None:
        raise RuleError(problems)
    return LoadedRules(book=checked.book, rules=checked.rules, files=checked.files)


def _checked(
    reading: Reading, channels: Collection[str] | None, before: LoadedRules | None
) -> CheckedRules:
    book = reading.book
    found = [*reading.problems, *_unknown_channels(book, channels)]
    if reading.problems:
        names = reading.names if reading.whole else None
        return _refused(reading, [*found, *query_problems(book, names)])
    try:
        rules = compile_rules(book, (before.book, before.rules) if before else None)
    except RuleError as error:
        return _refused(reading, [*found, *error.problems])
    return CheckedRules(
        book=book,
        rules=rules,
        problems=tuple(found),
        files=reading.files,
        report=_report(rules, before.rules.rules if before else {}),
    )


def _refused(reading: Reading, problems: list[Problem]) -> CheckedRules:
    return CheckedRules(
        book=reading.book,
        rules=None,
        problems=tuple(sorted(set(problems))),
        files=reading.files,
    )


def _report(rules: RuleSet, passed: Mapping[str, CompiledRule]) -> TestReport:
    """The tests of all rules; those of rules that are the same as before passed then."""
    same = {id_: rule for id_, rule in rules.rules.items() if passed.get(id_) is rule}
    new = {id_: rule for id_, rule in rules.rules.items() if id_ not in same}
    report = run_tests(replace(rules, rules=new))
    return replace(
        report, tests=report.tests + sum(len(rule.spec.tests) for rule in same.values())
    )


def _unknown_channels(book: RuleBook, known: Collection[str] | None) -> Iterator[Problem]:
    if known is None:
        return
    for rule in book.rules.values():
        for name in rule.channels or ():
            if name not in known:
                hint = nearest(name, known) or f"define it under [channels.{name}]"
                yield Problem(
                    rule.place, f"rule {quoted(rule.id)}: unknown channel {quoted(name)}; {hint}"
                )
