"""Alerts on stories: what one waits for, what it went into, what was held back and named later."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006_alerts"
down_revision = "0005_stories"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SUBJECT = 90  # characters of a headline
_ALERT = sa.table(
    "alert", sa.column("id", sa.Integer), sa.column("kind", sa.Text), sa.column("payload", sa.JSON)
)
_ALERT_EVENT = sa.table(
    "alert_event", sa.column("alert", sa.Integer), sa.column("event", sa.Integer)
)
_HELD_BACK = "alert_hit.reason IN ('copy', 'same-story') AND alert_hit.named_by IS NULL"


def upgrade() -> None:
    """Adds columns; what was sealed before tells a story of one article."""
    op.add_column(
        "alert", sa.Column("waits_for", sa.Text(), server_default="group", nullable=False)
    )
    op.add_column("alert", sa.Column("folded_into", ID))
    op.create_index("ix_alert_sealed", "alert", ["channel", "sealed_at"])
    op.add_column(
        "alert_hit", sa.Column("returned", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("alert_hit", sa.Column("named_by", ID))
    op.create_index(
        "ix_alert_hit_held_back",
        "alert_hit",
        ["channel", "hit"],
        sqlite_where=sa.text(_HELD_BACK),
        postgresql_where=sa.text(_HELD_BACK),
    )
    _allow_events_of_channels()
    _tell_stories()
    # Said in the forms of before; what is still to be sent is rendered anew.
    op.execute("UPDATE delivery SET rendered = NULL WHERE state NOT IN ('sent', 'dropped')")


def _allow_events_of_channels() -> None:
    connection = op.get_bind()
    # SQLite makes the table anew; with the old one goes what points to its rows.
    kept = [row._asdict() for row in connection.execute(sa.select(_ALERT_EVENT))]
    with op.batch_alter_table("feed_event") as table:
        table.alter_column("feed", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("channel", sa.Text()))
    connection.execute(sa.delete(_ALERT_EVENT))
    if kept:
        connection.execute(sa.insert(_ALERT_EVENT), kept)


def _tell_stories() -> None:
    connection = op.get_bind()
    sealed = sa.select(_ALERT.c.id).where(_ALERT.c.kind == "first", _ALERT.c.payload.is_not(None))
    for alert in connection.scalars(sealed).all():  # one by one: all at once may not fit
        said = connection.scalar(sa.select(_ALERT.c.payload).where(_ALERT.c.id == alert))
        if said is not None and "article" in said:
            told = sa.update(_ALERT).where(_ALERT.c.id == alert).values(payload=_story(said))
            connection.execute(told)


def _story(said: dict[str, Any]) -> dict[str, Any]:
    lead = {"article": said["article"], "hits": said["hits"]}
    rules = [hit["rule"]["title"] for hit in said["hits"]]
    more = f" +{len(rules) - 1}" if len(rules) > 1 else ""
    outlet = f" — {said['article']['source']}" if said["article"]["source"] else ""
    headline = " ".join(said["article"]["title"].split())[:_SUBJECT]
    return {
        "id": said["id"],
        "channel": said["channel"],
        "kind": "first",
        "created": said["created"],
        "subject": f"[{rules[0]}{more}] {headline}{outlet}",
        "occasion": "",
        "story": {
            "id": None,
            "lead": lead,
            "also": [],
            "others": [],
            "unlisted": 0,
            "outlets": 1,
        },
    }
