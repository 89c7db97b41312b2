"""Identity, continuity and health: what a feed must remember, and what happened to it."""

import sqlalchemy as sa
from alembic import op

revision = "0003_identity"
down_revision = "0002_items"

TIME = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds what a feed must remember, and the events of feeds."""
    for name in ("guid_doubt", "hurry"):
        op.add_column("feed", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for column in (
        sa.Column("failing_since", TIME),
        sa.Column("unreadable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seconds", sa.Float()),
        sa.Column("longest_pause", sa.Float()),
        sa.Column("silent_at", TIME),
        sa.Column("alarm", sa.Text()),
        sa.Column("well_since", TIME),
    ):
        op.add_column("feed", column)
    # Since when is not known; the alarm counts from here.
    op.execute("UPDATE feed SET failing_since = polled_at WHERE failures > 0")
    op.create_index("ix_article_published", "article", ["published"])
    op.create_table(
        "feed_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("decided_at", TIME),
        sa.ForeignKeyConstraint(["feed"], ["feed.id"], name="fk_feed_event_feed"),
        sa.PrimaryKeyConstraint("id", name="pk_feed_event"),
    )
    op.create_table(
        "alert_event",
        sa.Column("alert", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["alert"], ["alert.id"], name="fk_alert_event_alert", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event"], ["feed_event.id"], name="fk_alert_event_feed_event", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alert", "event", name="pk_alert_event"),
    )
    op.create_index("ix_alert_event_event", "alert_event", ["event"])
    op.create_index("ix_feed_event_at", "feed_event", ["at"])
    op.create_index("ix_feed_event_feed_kind", "feed_event", ["feed", "kind"])
    op.create_index(
        "ix_feed_event_undecided",
        "feed_event",
        ["id"],
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
