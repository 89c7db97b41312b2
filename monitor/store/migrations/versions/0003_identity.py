"""Identity: how much the GUIDs of a feed are doubted."""

import sqlalchemy as sa
from alembic import op

revision = "0003_identity"
down_revision = "0002_polling"


def upgrade() -> None:
    """Adds what a feed must remember."""
    doubt = sa.Column("guid_doubt", sa.Integer(), server_default="0", nullable=False)
    op.add_column("feed", doubt)
