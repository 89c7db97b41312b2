"""Tells when files of the user have changed (the only door of watchfiles)."""

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

from watchfiles import Change, watch

from monitor import observe
from monitor.config.load import FEEDS_FILE
from monitor.model.settings import Settings

_QUIET_MS: Final = 200  # nothing more has changed for so long: an editor is done
_LATEST_MS: Final = 1600  # something always changes (the database beside the files)
_LOOK_MS: Final = 10_000  # some file systems tell nothing: we look by ourselves as well

log = observe.logger("monitor")


class FileWatch:
    """Watches until it is closed.

    Folders are watched, not files: editors write another file and rename it over the old one.

    Args:
        files: single files; they need not exist.
        trees: folders, or files, of rules; with all ``*.toml`` below them.
        on_change: called after files may have changed, from a thread of its own.
        on_failure: told why nothing is watched any longer.
    """

    def __init__(
        self,
        files: Collection[Path],
        trees: Collection[Path],
        on_change: Callable[[], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._files = {Path(file) for file in files} | {tree for tree in trees if tree.is_file()}
        self._trees = [tree for tree in trees if tree.is_dir()]
        self._on_change = on_change
        self._on_failure = on_failure
        self._stop = Event()
        folders = {file.parent for file in self._files}
        flat = sorted(folder for folder in folders if folder.is_dir())
        self._threads = [
            Thread(target=self._run, args=(paths, deep), name="files", daemon=True)
            for paths, deep in ((flat, False), (self._trees, True))
            if paths
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends it; waits until ``on_change`` is not called any more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, paths: list[Path], deep: bool) -> None:  # noqa: FBT001 - of a thread
        try:
            self._watch(paths, deep)
        except (OSError, RuntimeError) as error:  # e.g. the limit of inotify is reached
            self._on_failure(str(error))

    def _watch(self, paths: list[Path], deep: bool) -> None:  # noqa: FBT001 - of two threads
        for _ in watch(
            *paths,
            watch_filter=self._counts,
            debounce=_LATEST_MS,
            step=_QUIET_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
            recursive=deep,
            ignore_permission_denied=True,
        ):
            if not self._stop.is_set():
                self._on_change()

    def _counts(self, _: Change, name: str) -> bool:
        path = Path(name)
        if path in self._files:
            return True
        is_rule = path.suffix == ".toml" and not path.name.startswith(".")
        return is_rule and any(path.is_relative_to(tree) for tree in self._trees)


def fingerprint(
    files: Collection[Path], trees: Collection[Path]
) -> frozenset[tuple[str, int, int]]:
    """What the files were when they were looked at: names, times of change, sizes."""
    rules = {
        rule for tree in trees for rule in (tree.rglob("*.toml") if tree.is_dir() else [tree])
    }
    found = set()
    for file in {*files, *rules}:
        with suppress(OSError):
            facts = file.stat()
            found.add((str(file), facts.st_mtime_ns, facts.st_size))
    return frozenset(found)


class Watched:
    """The files of a configuration; tells of each change once, however it was noticed.

    Args:
        settings: name the files.
        on_change: as of FileWatch.
    """

    def __init__(self, settings: Settings, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._paths = _paths(settings)
        self._watch = self._start()
        self._seen = fingerprint(*self._paths)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watch.close()

    def changed(self) -> bool:
        """Whether the files are others than when they were looked at last."""
        return fingerprint(*self._paths) != self._seen

    def looked(self) -> None:
        """The files are about to be read."""
        self._seen = fingerprint(*self._paths)

    def follow(self, settings: Settings) -> None:
        """Watches what the configuration names now."""
        paths = _paths(settings)
        if paths != self._paths:
            self._watch.close()
            self._paths = paths
            self._watch = self._start()
            self.looked()

    def _start(self) -> FileWatch:
        return FileWatch(*self._paths, on_change=self._on_change, on_failure=_failed)


def _paths(settings: Settings) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    config = Path(settings.file)
    return (config, config.with_name(FEEDS_FILE)), tuple(map(Path, settings.rule_paths))


def _failed(reason: str) -> None:
    log.warning("files are not watched; SIGHUP reloads them", problem=reason)
