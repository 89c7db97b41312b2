"""Delta parse: hashes of the items that the last document of a feed listed."""

import sqlalchemy as sa
from alembic import op

revision = "0002_items"
down_revision = "0002_polling"


def upgrade() -> None:
    """Adds the column; without hashes the next document is read whole."""
    op.add_column("feed", sa.Column("item_hashes", sa.LargeBinary()))
