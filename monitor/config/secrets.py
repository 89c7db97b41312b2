"""``env:NAME`` and ``file:PATH`` -> the secret they stand for; other values stay as they are."""

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


def _do(what: str, owner: str) -> str:
    return what if owner in _NO_SWITCH else f"{what}, {_SWITCH}"
