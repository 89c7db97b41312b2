"""Stories: which articles tell of the same event, and by what further ones are known."""

import sqlalchemy as sa
from alembic import op

revision = "0005_stories"
down_revision = "0004_pages"

TIME = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds tables; articles that hit before have no story, as if each were alone in its own."""
    op.create_table(
        "story",
        sa.Column("id", ID, nullable=False),
        sa.Column("article", ID),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("first_seen", TIME, nullable=False),
        sa.Column("last_seen", TIME, nullable=False),
        _points_to("story", "article", "article.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_story"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_story_article", "story", ["article"])
    op.create_table(
        "story_article",
        sa.Column("article", ID, nullable=False),
        sa.Column("story", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("partner", ID),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        _points_to("story_article", "article", "article.id", "CASCADE"),
        _points_to("story_article", "story", "story.id", "CASCADE"),
        _points_to("story_article", "partner", "article.id", "SET NULL"),
        sa.PrimaryKeyConstraint("article", name="pk_story_article"),
    )
    op.create_index("ix_story_article_story", "story_article", ["story"])
    op.create_index("ix_story_article_partner", "story_article", ["partner"])
    op.create_table(
        "story_sketch",
        sa.Column("article", ID, nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.JSON(), nullable=False),
        _points_to("story_sketch", "article", "story_article.article", "CASCADE"),
        sa.PrimaryKeyConstraint("article", name="pk_story_sketch"),
    )
    op.create_index("ix_story_sketch_seen", "story_sketch", ["seen"])


def _points_to(table: str, column: str, target: str, gone: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [target], ondelete=gone, name=name)
