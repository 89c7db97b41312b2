"""Rules that hit much more, or nothing, against their rhythm."""

import sqlalchemy as sa
from alembic import op

revision = "0010_spikes"
down_revision = "0009_window"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds what is remembered of rules, and events about them."""
    op.create_table(
        "rule_rhythm",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("burst_at", TIME),
        sa.Column("burst_rate", sa.Integer(), server_default="0", nullable=False),
        sa.Column("silent_since", TIME),
        sa.PrimaryKeyConstraint("rule", name="pk_rule_rhythm"),
    )
    op.add_column("feed_event", sa.Column("rule", sa.Text()))
    op.add_column("feed_event", sa.Column("evidence", sa.JSON()))
    op.create_index("ix_hit_rule_seen", "hit", ["rule", "seen"])
