"""Rules that are matched against what was there before them."""

import sqlalchemy as sa
from alembic import op

revision = "0009_window"
down_revision = "0008_search"

TIME = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds a table, empty: the rules of before have seen all; and a mark of hits."""
    op.create_table(
        "catch_up_rules",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("next_article", ID, nullable=False),
        sa.Column("rule_revision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rule", name="pk_catch_up_rules"),
        sa.ForeignKeyConstraint(
            ["rule_revision"],
            ["rule_revision.sha256"],
            name="fk_catch_up_rules_rule_revision",
        ),
    )
    op.add_column(
        "hit", sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
