"""The index of words, which the job that keeps it fills; what people think of hits."""

import sqlalchemy as sa
from alembic import op

revision = "0008_search"
down_revision = "0008_named"


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds an index without a copy of the texts, and what is known of it."""
    op.add_column(
        "article", sa.Column("indexed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(
        "ix_article_to_index",
        "article",
        ["id"],
        sqlite_where=sa.text("NOT indexed"),
        postgresql_where=sa.text("NOT indexed"),
    )
    op.create_table(
        "search_language",
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_search_language"),
    )
    op.create_table(
        "hit_mark",
        sa.Column("hit", ID, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hit", name="pk_hit_mark"),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name="fk_hit_mark_hit", ondelete="CASCADE"),
    )
    state = op.create_table(
        "search_state",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
    )
    op.bulk_insert(state, [{"version": 1, "gone": 0}])
    if op.get_bind().dialect.name == "sqlite":
        _words_of_sqlite()
    else:
        op.execute(
            "CREATE TABLE article_words (article BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_article_words_words ON article_words USING gin (words)")


def _words_of_sqlite() -> None:
    # Whole words only, and only which article has them: what stands where, the evaluator tells.
    op.execute(
        "CREATE VIRTUAL TABLE article_words USING fts5(words, content='', columnsize=0, "
        "detail=none, tokenize=\"ascii tokenchars '_'\")"
    )
    op.execute("CREATE VIRTUAL TABLE article_words_known USING fts5vocab(article_words, row)")
