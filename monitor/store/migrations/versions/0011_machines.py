"""Several machines: whose a lease is, and which processes work together."""

import sqlalchemy as sa
from alembic import op

revision = "0011_machines"
down_revision = "0010_spikes"

TIME = sa.DateTime(timezone=True)
LEASED = sa.text("lease_until IS NOT NULL")


def upgrade() -> None:
    """Adds an empty table, and a token to feeds: leases of before are nobody's."""
    op.create_table(
        "process",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_process"),
    )
    op.add_column(
        "feed", sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_feed_leased", "feed", ["host"], sqlite_where=LEASED, postgresql_where=LEASED
    )
