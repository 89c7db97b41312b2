"""Pages of articles: which are wanted, how often they were tried, a feed's budget, banners."""

import sqlalchemy as sa
from alembic import op

revision = "0004_pages"
down_revision = "0003_identity"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds columns; every article that is there already has been looked at without a page."""
    op.add_column("feed", sa.Column("pages", sa.Integer(), server_default="0", nullable=False))
    op.add_column("feed", sa.Column("pages_since", TIME))
    op.add_column("article", sa.Column("page_revision", sa.Integer()))
    op.add_column("article", sa.Column("page_wanted_at", TIME))
    op.add_column("article", sa.Column("page_due_at", TIME))
    op.add_column("article", sa.Column("page_rank", sa.Integer()))
    op.add_column(
        "article", sa.Column("page_tries", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("article", sa.Column("page_problem", sa.Text()))
    op.drop_index("ix_article_new", "article")
    op.create_index(
        "ix_article_to_match",
        "article",
        ["tries", "id"],
        sqlite_where=sa.text("stage IN ('new', 'text')"),
        postgresql_where=sa.text("stage IN ('new', 'text')"),
    )
    op.create_index(
        "ix_article_wanted",
        "article",
        ["page_due_at"],
        sqlite_where=sa.text("stage = 'wanted'"),
        postgresql_where=sa.text("stage = 'wanted'"),
    )
    op.create_index(
        "ix_article_reason",
        "article",
        ["id"],
        sqlite_where=sa.text("reason IS NOT NULL"),
        postgresql_where=sa.text("reason IS NOT NULL"),
    )
    op.create_table(
        "page_banner",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("host", "hash", name="pk_page_banner"),
    )


def _where(condition: str) -> dict[str, sa.TextClause]:
    """A partial index, however the database calls it."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
