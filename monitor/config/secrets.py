"""``env:NAME`` and ``file:PATH`` -> the secret they stand for; other values stay as they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.schema import header
from monitor.errors import Place

_SWITCH: Final = "or write enabled = false there"
_NO_SWITCH: Final = frozenset({"[fetch]"})  # tables that can't be turned off
_OPEN: Final = (
    "a secret stands here for everybody to read; put it into an environment variable and write "
    '"env:NAME", or into a file and write "file:PATH"'
)
# The login of a URL; or a long run of letters and digits, as in most webhooks.
_IN_URL: Final = re.compile(
    r"://[^/@\s]*:[^/@\s]+@"
    r"|(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{16,}"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where secrets are looked up.

    Attributes:
        environ: environment variables.
        folder: paths are relative to it.
        needed: a missing one is a problem; not so for commands that neither fetch nor send.
    """

    environ: Mapping[str, str]
    folder: Path
    needed: bool = True

    def resolve(self, value: str, owner: KeyPath, place: Place, report: Report) -> str | None:
        """The secret behind a value of a table (``owner``); None if it is missing.

        That is reported if it is needed.
        """
        kind, _, rest = value.partition(":")
        try:
            if kind == "env":
                return self._variable(rest, header(owner))
            return self._file(rest, header(owner)) if kind == "file" else value
        except ValueError as error:
            if self.needed:
                report.error(place, str(error))
            return None

    def _variable(self, name: str, owner: str) -> str:
        if secret := self.environ.get(name, "").strip():
            return secret
        raise ValueError(
            f"environment variable {name} of {owner} is not set; {_do('set it', owner)}"
        )

    def _file(self, name: str, owner: str) -> str:
        try:
            secret = (self.folder / name).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not a file of UTF-8 text"
            raise ValueError(
                f"file {name} of {owner} can't be read: {reason}; {_do('put it there', owner)}"
            ) from error
        if not secret:
            raise ValueError(f"file {name} of {owner} is empty; {_do('fill it', owner)}")
        return secret


def warn_if_open(value: str, place: Place, report: Report) -> None:
    """Warn of a secret that everybody can read who can read the file.

    Args:
        value: a password, or a URL that may hold something secret.
        place: where it stands.
        report: takes the warning.
    """
    if value.startswith(("env:", "file:")) or ("://" in value and not _IN_URL.search(value)):
        return
    report.warn(place, _OPEN)


def _do(what: str, owner: str) -> str:
    return what if owner in _NO_SWITCH else f"{what}, {_SWITCH}"
