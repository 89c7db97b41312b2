"""What a message named is found without a look at every hit."""

import sqlalchemy as sa
from alembic import op

revision = "0008_named"
down_revision = "0007_mutes"

_NAMED = sa.text("alert_hit.named_by IS NOT NULL")


def upgrade() -> None:
    """Adds an index."""
    op.create_index(
        "ix_alert_hit_named_by",
        "alert_hit",
        ["named_by"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )
