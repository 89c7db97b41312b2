"""Rule revisions: the texts of the rule files, so that hits stay explainable."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from monitor.store.tables import RULE_REVISION
from monitor.store.types import insert_or_replace


def save(
    connection: sa.Connection, revision: str, sources: Mapping[str, str], now: datetime
) -> None:
    """Stores the rule files that are in force from now on.

    Args:
        connection: of a write.
        revision: sha256 over the file names and texts.
        sources: file name -> text.
        now: the time.
    """
    values = {"sha256": revision, "sources": dict(sources), "loaded_at": now}
    connection.execute(insert_or_replace(RULE_REVISION, values))


def last(connection: sa.Connection) -> dict[str, str] | None:
    """The rule files that were loaded last (file name -> text); None before the first time."""
    newest = RULE_REVISION.c.loaded_at.desc()
    return connection.scalar(sa.select(RULE_REVISION.c.sources).order_by(newest).limit(1))
