"""Logs of the edges: one event a line on standard error (the only door of structlog)."""

import logging
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from monitor.model.settings import LogPolicy


@contextmanager
def _without(module: str) -> Iterator[None]:
    """A module can't be imported meanwhile."""
    known = sys.modules.get(module)
    sys.modules[module] = None  # type: ignore[assignment]  # the documented way
    try:
        yield
    finally:
        del sys.modules[module]
        if known is not None:
            sys.modules[module] = known


with _without("rich"):  # 5 MB and a tenth of a second for tracebacks, which are plain here
    import structlog

_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure(policy: LogPolicy) -> None:
    """Send every log line, those of the libraries included, to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    console = policy.format == "console" or (policy.format == "auto" and sys.stderr.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_LEVELS[policy.level])
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a line a second otherwise
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("apprise").propagate = False  # its lines carry addresses and tokens
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def context(**fields: object) -> AbstractContextManager[None]:
    """Adds fields to every line that a thread or task logs meanwhile, those of libraries too."""
    return structlog.contextvars.bound_contextvars(**fields)


def name_task(**fields: object) -> None:
    """Adds fields to every line that a task logs from now on; quicker than ``context``."""
    structlog.contextvars.bind_contextvars(**fields)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; its methods take an event and fields: ``log.info("polled", feed=…, new=3)``."""
    log: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return log
