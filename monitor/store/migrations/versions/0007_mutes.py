"""Mutes of rules, stories and feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0007_mutes"
down_revision = "0006_alerts"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds a table."""
    op.create_table(
        "mute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mute"),
        sqlite_autoincrement=True,
    )
