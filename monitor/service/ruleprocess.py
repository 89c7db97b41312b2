"""The process that holds the rules and matches: the daemon's end."""

import pickle
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context, reduction
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock
from types import TracebackType
from typing import Final, Self

from typing_extensions import override

from monitor.errors import WorkerError
from monitor.feeds.workers import end, without_main
from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.hit import PartialVerdict, Verdict
from monitor.model.spike import WatchedRule
from monitor.service import wire
from monitor.service.wire import Ask, Batch, Digest, Load, RuleSource, RuleTexts

_CONTEXT: Final = get_context("forkserver")
_MATCH_SECONDS: Final = 300.0  # for a batch; matching is linear, so only a defect takes so long
_LOAD_SECONDS: Final = 1800.0
_STEP: Final = 0.2  # seconds after which somebody who waits looks whether the program ends
_GRACE: Final = 2  # seconds until a process that closed its pipe has ended


class RuleProcess:
    """Reads, compiles and tests rules in a process of its own, which then matches by them.

    It is started at once, before there are a lock and a database, and again after it died.
    """

    def __init__(self) -> None:
        self._worker: _Worker | None = _Worker()
        self._running: RunningRules | None = None
        self._ending = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def load(self, source: RuleSource, before: RuleTexts | None = None) -> "RunningRules":
        """Takes up rules, all or nothing; those that run go on meanwhile, and afterwards as well.

        Args:
            source: of the rules.
            before: the rules that ran last; what differs from them is new.

        Raises:
            RuleError: with every problem.
            WorkerError: the process died, or the program ends.
        """
        worker = self._worker
        if worker is None or not worker.is_alive():
            worker = self._worker = _Worker()
            self._running = None
        running = self._running
        if running is not None:
            running.leave(worker)
        try:
            load = Load(source=source, before=before)
            digest = worker.load(load, lambda: self._ending)
        except WorkerError:
            worker.kill()
            self._worker = None
            raise
        except Exception:
            if running is not None:
                running.use(worker)
            raise
        self._running = RunningRules(digest, worker)
        return self._running

    def give_up(self) -> None:
        """Lets nobody wait for rules any longer: the program ends. For signal handlers."""
        self._ending = True

    def close(self) -> None:
        """Ends the process; batches under way raise WorkerError."""
        self._ending = True
        if self._worker is not None:
            self._worker.kill()


class RunningRules:
    """A rule set that matches, in its process; all articles of a batch meet the same one.

    If the process dies, the batch fails and a new one takes up the same texts.
    """

    def __init__(self, digest: Digest, worker: "_Worker") -> None:
        self._digest = digest
        self._lock = Lock()
        self._line: _Worker | _Line | None = worker

    @property
    def revision(self) -> str:
        """The sha256 of the rule files."""
        return self._digest.revision

    @property
    def sources(self) -> Mapping[str, str]:
        """File name -> text."""
        return self._digest.sources

    @property
    def facts(self) -> Mapping[str, RuleFacts]:
        """What telling needs of each rule."""
        return self._digest.facts

    @property
    def new(self) -> tuple[str, ...]:
        """The rules that may find other articles than those of before."""
        return self._digest.new

    @property
    def watched(self) -> tuple[WatchedRule, ...]:
        """The rules of which spikes and silence are told."""
        return self._digest.watched

    def match_batch(self, articles: Sequence[Article]) -> list[Verdict]:
        """Of each article the rules that hold, and those that failed.

        Raises:
            WorkerError: the process died; nothing is known of these articles.
            RemoteError: matching failed; one of the articles may be to blame.
        """
        return wire.verdicts_in(self.ask(Ask.MATCH, Batch(articles=articles)))

    def match_partly(self, articles: Sequence[Article]) -> list[PartialVerdict]:
        """Of each article the rules that hold whatever its text says, and what is open.

        Raises:
            WorkerError: the process died; nothing is known of these articles.
            RemoteError: matching failed; one of the articles may be to blame.
        """
        return wire.partial_in(self.ask(Ask.PARTLY, Batch(articles=articles)))

    def only(self, rules: tuple[str, ...]) -> "SomeRules":
        """Some of the rules, in the same process."""
        return SomeRules(self, rules)

    def leave(self, worker: "_Worker") -> None:
        """Goes on in a fork of the worker, if it is there, between two batches."""
        with self._lock:
            if self._line is worker:
                self._line = worker.stand_in()

    def use(self, worker: "_Worker") -> None:
        """Goes back to the worker, which refused other rules and still has these."""
        with self._lock:
            self._line = worker

    def ask(self, ask: Ask, batch: Batch) -> wire.Json:
        """What the process says of a batch.

        Raises:
            WorkerError: the process died; nothing is known of these articles.
            RemoteError: matching failed; one of the articles may be to blame.
        """
        with self._lock:
            if self._line is None:
                started = _Worker()
                started.load(Load(source=self.sources), lambda: False)
                self._line = started
            try:
                return self._line.ask((ask, batch), _MATCH_SECONDS)
            except WorkerError:
                self._line = None
                raise


class SomeRules:
    """Some rules of a set that matches; fails as the set does."""

    def __init__(self, rules: RunningRules, ids: tuple[str, ...]) -> None:
        self.revision = rules.revision
        self.facts = rules.facts
        self._rules = rules
        self._ids = ids

    def match_batch(self, articles: Sequence[Article]) -> list[Verdict]:
        """Of each article the rules that hold, and those that failed."""
        return wire.verdicts_in(self._rules.ask(Ask.MATCH, self._batch(articles)))

    def match_partly(self, articles: Sequence[Article]) -> list[PartialVerdict]:
        """Of each article the rules that hold whatever its text says, and what is open."""
        return wire.partial_in(self._rules.ask(Ask.PARTLY, self._batch(articles)))

    def _batch(self, articles: Sequence[Article]) -> Batch:
        return Batch(articles=articles, only=self._ids)


class _Line:
    """A pipe to a process that matches."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe

    def ask(
        self, request: wire.Request, seconds: float, ends: Callable[[], bool] = lambda: False
    ) -> wire.Json:
        """The answer.

        Raises:
            WorkerError: there is none, and there will be none to anything else.
        """
        try:
            self.pipe.send_bytes(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
            data = self._received(seconds, ends)
        except (EOFError, OSError):
            raise WorkerError(f"the process that matches died{self.cause()}") from None
        return wire.answer(data)

    def cause(self) -> str:
        """Of what the process died, if that is known."""
        return ""

    def _received(self, seconds: float, ends: Callable[[], bool]) -> bytes:
        deadline = time.monotonic() + seconds
        while not self.pipe.poll(_STEP):
            if ends():
                raise WorkerError("the program is ending")
            if time.monotonic() > deadline:
                raise WorkerError(f"the process that matches took more than {seconds:g} s")
        return self.pipe.recv_bytes()


class _Worker(_Line):
    """The process, and the pipe to it."""

    def __init__(self) -> None:
        pipe, far = _CONTEXT.Pipe()
        super().__init__(pipe)
        self._process: BaseProcess = _CONTEXT.Process(
            target=_serve, args=(far,), name="rules", daemon=True
        )
        with without_main():
            self._process.start()
        far.close()

    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive()

    def load(self, load: Load, ends: Callable[[], bool]) -> Digest:
        """What is known of the rules, once the process has taken them up."""
        return wire.digest_in(self.ask((Ask.LOAD, load), _LOAD_SECONDS, ends))

    def stand_in(self) -> _Line | None:
        """A fork that goes on by the rules of now; None if the process died."""
        near, far = _CONTEXT.Pipe()
        with suppress(OSError), far:
            self.pipe.send_bytes(pickle.dumps((Ask.STAND_IN, None)))
            reduction.send_handle(self.pipe, far.fileno(), self._process.pid)
            return _Line(near)
        return None

    def kill(self) -> None:
        """Ends it."""
        end(self._process)

    @override
    def cause(self) -> str:
        """Of what the process died, if that is known."""
        self._process.join(_GRACE)
        code = self._process.exitcode
        return f" ({signal.Signals(-code).name})" if code is not None and code < 0 else ""


def _serve(pipe: Connection) -> None:
    from monitor.service.ruleworker import serve  # with all that reads rules: there only

    serve(pipe)
