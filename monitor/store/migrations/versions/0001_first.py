"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes them, those that others point to first."""
    _feed()
    _article()
    _article_feed()
    _article_revision()
    _rule_revision()
    _hit()
    _alert()
    _alert_hit()
    _channel_health()
    _delivery()
    _delivery_attempt()


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetch_url", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("validators_url", sa.Text()),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("next_poll_at", TIME, nullable=False),
        sa.Column("not_before", TIME),
        sa.Column("lease_until", TIME),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("first_polled_at", TIME),
        sa.Column("parsed_at", TIME),
        sa.Column("last_ok", TIME),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("url", name="uq_feed_url"),
    )
    op.create_index("ix_feed_next_poll_at", "feed", ["next_poll_at"])


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("id", ID, nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("published", TIME),
        sa.Column("seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("url_key", name="uq_article_url_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_article_new",
        "article",
        ["tries", "id"],
        sqlite_where=sa.text("stage = 'new'"),
        postgresql_where=sa.text("stage = 'new'"),
    )
    op.create_index("ix_article_seen", "article", ["seen"])


def _article_feed() -> None:
    op.create_table(
        "article_feed",
        sa.Column("feed", sa.Integer(), nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("guid", sa.Text()),
        sa.Column("first_seen", TIME, nullable=False),
        sa.Column("last_seen", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["article.id"], name="fk_article_feed_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["feed"], ["feed.id"], name="fk_article_feed_feed"),
        sa.PrimaryKeyConstraint("feed", "article", name="pk_article_feed"),
    )
    op.create_index("ix_article_feed_article", "article_feed", ["article"])
    op.create_index("ix_article_feed_feed_guid", "article_feed", ["feed", "guid"])


def _article_revision() -> None:
    op.create_table(
        "article_revision",
        sa.Column("article", ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["article.id"], name="fk_article_revision_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "n", name="pk_article_revision"),
    )


def _rule_revision() -> None:
    op.create_table(
        "rule_revision",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("loaded_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_rule_revision"),
    )


def _hit() -> None:
    op.create_table(
        "hit",
        sa.Column("id", ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("rule_revision", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("decided_at", TIME),
        sa.ForeignKeyConstraint(
            ["article", "revision"],
            ["article_revision.article", "article_revision.n"],
            name="fk_hit_article_revision",
        ),
        sa.ForeignKeyConstraint(
            ["rule_revision"], ["rule_revision.sha256"], name="fk_hit_rule_revision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hit"),
        sa.UniqueConstraint("rule", "article", name="uq_hit_rule_article"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hit_article", "hit", ["article"])
    op.create_index("ix_hit_seen", "hit", ["seen"])
    op.create_index(
        "ix_hit_undecided",
        "hit",
        ["id"],
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("sealed_at", TIME),
        sa.Column("payload", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint(
            "channel", "kind", "subject", "seq", name="uq_alert_channel_kind_subject_seq"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_alert_open",
        "alert",
        ["due_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _alert_hit() -> None:
    op.create_table(
        "alert_hit",
        sa.Column("hit", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("alert", ID),
        sa.ForeignKeyConstraint(
            ["alert"], ["alert.id"], name="fk_alert_hit_alert", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name="fk_alert_hit_hit", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hit", "channel", name="pk_alert_hit"),
    )
    op.create_index("ix_alert_hit_alert", "alert_hit", ["alert"])


def _channel_health() -> None:
    op.create_table(
        "channel_health",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", TIME),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_probe", TIME),
        sa.Column("last_ok", TIME),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_health"),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("alert", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try", TIME, nullable=False),
        sa.Column("lease_until", TIME),
        sa.Column("created", TIME, nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("rendered", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["alert"], ["alert.id"], name="fk_delivery_alert", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("alert", "target", name="uq_delivery_alert_target"),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["channel", "id"],
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )


def _delivery_attempt() -> None:
    op.create_table(
        "delivery_attempt",
        sa.Column("delivery", ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("started", TIME, nullable=False),
        sa.Column("ended", TIME),
        sa.Column("outcome", sa.Text()),
        sa.Column("uncertain", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["delivery.id"], name="fk_delivery_attempt_delivery", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery", "n", name="pk_delivery_attempt"),
    )
    op.create_index("ix_delivery_attempt_started", "delivery_attempt", ["started"])


def _where(condition: str) -> dict[str, sa.TextClause]:
    """A partial index, however the database calls it."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
