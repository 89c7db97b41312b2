"""Polite polling: pauses of hosts, moves, 410, the rhythm beside the feed."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0002_polling"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)
NEWEST = 20  # entries tell the rhythm


def upgrade() -> None:
    """Adds the columns, and fills what the tables already tell."""
    for column in (
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.Column("body_at", TIME),
        sa.Column("recent", sa.JSON()),
        sa.Column("wishes", sa.JSON()),
        sa.Column("moved_to", sa.Text()),
        sa.Column("moved_since", TIME),
        sa.Column("moved_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gone_since", TIME),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("polled_at", TIME),
    ):
        op.add_column("feed", column)
    op.create_table(
        "host_pause",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("began", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host_pause"),
    )
    op.execute("UPDATE feed SET body_at = parsed_at")
    if op.get_bind().dialect.name == "sqlite":  # elsewhere no database is older than this
        op.execute(_RHYTHM)
    _hosts(op.get_bind())


_RHYTHM = f"""
UPDATE feed SET recent = (
    SELECT json_group_array(unix) FROM (
        SELECT CAST(strftime('%s', article.published) AS INTEGER) AS unix
        FROM article_feed JOIN article ON article.id = article_feed.article
        WHERE article_feed.feed = feed.id AND article.published IS NOT NULL
        ORDER BY article.published DESC LIMIT {NEWEST}
    )
)
"""  # noqa: S608  # a number of ours


def _hosts(connection: sa.Connection) -> None:
    rows = connection.execute(
        sa.text("SELECT id, coalesce(fetch_url, url) AS url FROM feed")
    ).all()
    for row in rows:
        connection.execute(
            sa.text("UPDATE feed SET host = :host WHERE id = :id"),
            {"host": _host(row.url), "id": row.id},
        )


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
