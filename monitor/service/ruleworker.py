"""The process that holds the rules and matches: its own end.

Compiling beside matching in one process would halve the rate and hold articles up for as long as
C code runs. So before it loads other rules, the process forks: the fork goes on by the old ones
until the daemon needs it no more. It has one thread, no lock, no database and no secret of a
channel; what has not changed in the files is taken over.
"""

import os
import pickle
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any

from monitor.config.ruleset import LoadedRules, read_and_load, restore_rules
from monitor.errors import RuleError
from monitor.matching.partial import PartialPercolator
from monitor.rules.changes import changed
from monitor.rules.compile import RuleSet, watched
from monitor.service import wire
from monitor.service.interpreter import give_back, keep_what_is_loaded
from monitor.service.wire import Ask, Batch, Digest, Load, RuleFiles, RuleSource, RuleTexts


def serve(pipe: Connection) -> None:
    """Answers one request after the other until the pipe closes."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # Ctrl-C and a reload are for the daemon
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks that have ended leave nothing behind
    worker = _Worker(pipe)
    with suppress(EOFError, OSError):
        while True:
            worker.serve()
    if worker.stands_in:
        os._exit(0)  # what the process did at its start is not the fork's to undo


class _Worker:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._rules: LoadedRules | None = None
        self._percolator: PartialPercolator
        self._compiled: RuleSet
        self._some: tuple[tuple[str, ...], PartialPercolator] | None = None
        self.stands_in = False

    def serve(self) -> None:
        ask, payload = pickle.loads(self._pipe.recv_bytes())  # noqa: S301 - from the daemon
        if ask is Ask.STAND_IN:
            self._fork()
        else:
            self._pipe.send_bytes(self._answer(ask, payload))

    def _answer(self, ask: Ask, payload: Any) -> bytes:  # noqa: ANN401 - as asked
        try:
            match ask:
                case Ask.LOAD:
                    digest = wire.digest_out(self._load(payload))
                    keep_what_is_loaded()  # without the rules of before
                    give_back()
                    return wire.good(digest)
                case Ask.MATCH:
                    verdicts = self._percolator_of(payload).match_batch(payload.articles)
                    return wire.good(wire.verdicts_out(verdicts))
                case _:
                    partial = self._percolator_of(payload).match_partly(payload.articles)
                    return wire.good(wire.partial_out(partial))
        except RuleError as error:
            return wire.refused(error)
        except Exception as error:  # noqa: BLE001 - the daemon is told
            return wire.failed(error)

    def _percolator_of(self, batch: Batch) -> PartialPercolator:
        if batch.only is None:
            return self._percolator
        if self._some is None or self._some[0] != batch.only:
            some = {id_: self._compiled.rules[id_] for id_ in batch.only}
            self._some = batch.only, PartialPercolator(replace(self._compiled, rules=some))
        return self._some[1]

    def _load(self, load: Load) -> Digest:
        before = self._rules or _restored(load.before)
        rules = _loaded(load.source, before)
        percolator = PartialPercolator(rules.rules)
        if self._rules is not None:
            percolator.learn_from(self._percolator)  # or the first batches would take a second
        self._rules, self._compiled = rules, rules.rules
        self._percolator, self._some = percolator, None
        return Digest(
            revision=rules.book.revision,
            sources=rules.book.sources,
            facts=percolator.facts,
            new=changed(before.rules, rules.rules) if before else (),
            watched=watched(rules.rules),
        )

    def _fork(self) -> None:
        handle = reduction.recv_handle(self._pipe)
        if os.fork():
            os.close(handle)
        else:
            self._pipe.close()
            self._pipe, self.stands_in = Connection(handle), True


def _loaded(source: RuleSource, before: LoadedRules | None) -> LoadedRules:
    match source:
        case RuleFiles():
            return read_and_load(source.paths, source.channels, before)
        case Mapping():
            return restore_rules(source, before)


def _restored(texts: RuleTexts | None) -> LoadedRules | None:
    """Rules that were good once, unless this version of the program reads them in another way."""
    try:
        return None if texts is None else restore_rules(texts)
    except RuleError:
        return None
