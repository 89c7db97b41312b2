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
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any

from monitor.config.ruleset import LoadedRules, read_and_load, restore_rules
from monitor.errors import RuleError
from monitor.matching.partial import PartialPercolator
from monitor.service import wire
from monitor.service.wire import Ask, Digest, RuleFiles, RuleSource


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
                    return wire.good(wire.digest_out(self._load(payload)))
                case Ask.MATCH:
                    return wire.good(wire.verdicts_out(self._percolator.match_batch(payload)))
                case _:
                    return wire.good(wire.partial_out(self._percolator.match_partly(payload)))
        except RuleError as error:
            return wire.refused(error)
        except Exception as error:  # noqa: BLE001 - the daemon is told
            return wire.failed(error)

    def _load(self, source: RuleSource) -> Digest:
        rules = _loaded(source, self._rules)
        percolator = PartialPercolator(rules.rules)
        if self._rules is not None:
            percolator.learn_from(self._percolator)  # or the first batches would take a second
        self._rules, self._percolator = rules, percolator
        book = rules.book
        return Digest(revision=book.revision, sources=book.sources, facts=percolator.facts)

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
