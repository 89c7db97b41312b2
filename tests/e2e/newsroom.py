"""A folder in which the program runs: configuration, rule, database; and the servers around it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.support.news import RULE

SETTINGS = """\
[rules]
path = ["rules"]

[fetch]
gap = "0s"
per_host = 8
allow_private = ["127.0.0.1/32"]

[feed_defaults]
every = "1s"
backlog = "alert"

[delivery]
first_retry = "1s"
"""


AT_ONCE = 'group_wait = "0s"\nmax_per_hour = "off"\n'
"""A channel that is told each hit by itself."""


def set_up(
    folder: Path,
    *,
    feeds: Iterable[str],
    channels: Iterable[str],
    settings: str = SETTINGS,
    policy: str = AT_ONCE,
) -> None:
    """Writes ``config.toml`` and one rule.

    Args:
        folder: where.
        feeds: URLs.
        channels: what stands in the table of each, from ``ch0`` on.
        settings: all other tables.
        policy: what stands in the table of every channel besides.
    """
    tables = [settings]
    tables += [f'[[feeds]]\nurl = "{url}"\n' for url in feeds]
    tables += [f"[channels.ch{n}]\n{policy}{body}\n" for n, body in enumerate(channels)]
    (folder / "config.toml").write_text("\n".join(tables), encoding="utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "flood.toml").write_text(RULE, encoding="utf-8")


def mail_to(port: int) -> str:
    """A channel that hands its mails to a server on this machine."""
    return (
        f'email = {{ host = "127.0.0.1", port = {port}, tls = "none", '
        'from = "monitor@flood.example", to = ["desk@flood.example"] }'
    )


@contextmanager
def open_store(folder: Path, busy_timeout: float = 30.0) -> Iterator[Store]:
    """The database of the program in ``folder``."""
    store = Store.open(f"sqlite:///{folder / 'monitor.db'}", busy_timeout=busy_timeout)
    try:
        yield store
    finally:
        store.close()


def problems(folder: Path) -> list[str]:
    """What is wrong with the database of the program in ``folder``."""
    with open_store(folder) as store:
        return integrity(store)
