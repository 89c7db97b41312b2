"""Every table. Names and meanings are those of docs/architecture.md."""

import sqlalchemy as sa

from monitor.store.types import Id, UtcDateTime

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_JSON = sa.JSON(none_as_null=True)
# Literally in queries as well, else no database sees that the indexes below fit them.
TO_MATCH = sa.text("stage IN ('new', 'text')")
HAS_REASON = sa.text("reason IS NOT NULL")
TO_INDEX = sa.text("NOT indexed")
_UNSENT = sa.text("state IN ('pending', 'sending')")
LEASED = sa.text("lease_until IS NOT NULL")


def _partial(name: str, *columns: str, where: sa.TextClause) -> sa.Index:
    """An index of the rows that a query asks for in the same words."""
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


FEED = sa.Table(
    "feed",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("fetch_url", sa.Text),  # where a permanent redirect led
    sa.Column("host", sa.Text, nullable=False, server_default=""),  # of what is fetched
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("tags", _JSON, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("validators_url", sa.Text),  # where they came from: they go nowhere else
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("body_hash", sa.Text),
    sa.Column("body_at", UtcDateTime),  # last answer that was the document, not "not modified"
    sa.Column("recent", _JSON),  # dates of the newest entries, Unix seconds: the rhythm
    sa.Column("wishes", _JSON),  # ttl in seconds, hours and days to skip
    sa.Column("moved_to", sa.Text),  # permanent redirects that are not believed yet …
    sa.Column("moved_since", UtcDateTime),
    sa.Column("moved_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("gone_since", UtcDateTime),  # first 410 of the last row of them
    sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),  # polled no more
    sa.Column("polled_at", UtcDateTime),  # end of the last poll, however it ended
    sa.Column("next_poll_at", UtcDateTime, nullable=False, index=True),
    sa.Column("not_before", UtcDateTime),  # what the server asked for; `--all` heeds it too
    sa.Column("lease_until", UtcDateTime),
    sa.Column("lease_token", sa.BigInteger, nullable=False, server_default="0"),  # whose it is
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text),
    sa.Column("first_polled_at", UtcDateTime),  # first poll that gave entries, perhaps cut off
    sa.Column("parsed_at", UtcDateTime),  # last document that was read to its end, every entry
    sa.Column("last_ok", UtcDateTime),  # last poll that found it, perhaps unchanged
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("guid_doubt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("hurry", sa.Integer, nullable=False, server_default="0"),  # halvings of the interval
    sa.Column("failing_since", UtcDateTime),
    sa.Column("unreadable", sa.Boolean, nullable=False, server_default=sa.false()),  # no feed
    sa.Column("seconds", sa.Float),  # that it takes to answer, smoothed
    sa.Column("longest_pause", sa.Float),  # seconds between two entries
    sa.Column("silent_at", UtcDateTime),  # when silence will mean something
    sa.Column("alarm", sa.Text),  # what people were told and is not over
    sa.Column("well_since", UtcDateTime),  # … since when it seems to be
    sa.Column("item_hashes", sa.LargeBinary),  # of the last document: what it lists is not parsed
    sa.Column("pages", sa.Integer, nullable=False, server_default="0"),  # fetched for it …
    sa.Column("pages_since", UtcDateTime),  # … since then; a day later the count begins anew
    _partial("ix_feed_leased", "host", where=LEASED),
)

PROCESS = sa.Table(
    "process",
    METADATA,
    sa.Column("token", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
)

FEED_EVENT = sa.Table(
    "feed_event",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("feed", sa.ForeignKey("feed.id")),  # null: it is about a channel or a rule
    sa.Column("channel", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("evidence", _JSON),  # of what the rule does
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),  # people get an alert about it
    sa.Column("decided_at", UtcDateTime),  # null: still to be told
    sa.Index("ix_feed_event_feed_kind", "feed", "kind"),
    _partial("ix_feed_event_undecided", "id", where=sa.text("decided_at IS NULL")),
)

HOST_PAUSE = sa.Table(
    "host_pause",
    METADATA,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("began", UtcDateTime, nullable=False),
    sa.Column("until", UtcDateTime, nullable=False),
    sa.Column("strikes", sa.Integer, nullable=False),
)

ARTICLE = sa.Table(
    "article",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("url_key", sa.Text, nullable=False, unique=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("arrival", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reason", sa.Text),  # why matching is not complete, if it is not
    sa.Column("published", UtcDateTime, index=True),
    sa.Column("seen", UtcDateTime, nullable=False, index=True),
    sa.Column("page_revision", sa.Integer),  # whose page is or was sought, or the page itself
    sa.Column("page_wanted_at", UtcDateTime),
    sa.Column("page_due_at", UtcDateTime),  # null: the search has ended, or never began
    sa.Column("page_rank", sa.Integer),  # of those that are due, the lowest goes first
    sa.Column("page_tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("page_problem", sa.Text),  # why it was not had
    # Whether the words of its latest text are in the index.
    sa.Column("indexed", sa.Boolean, nullable=False, server_default=sa.false()),
    _partial("ix_article_to_match", "tries", "id", where=TO_MATCH),
    _partial("ix_article_reason", "id", where=HAS_REASON),
    _partial("ix_article_wanted", "page_due_at", where=sa.text("stage = 'wanted'")),
    _partial("ix_article_to_index", "id", where=TO_INDEX),
    sqlite_autoincrement=True,  # people and messages name these ids: none comes twice
)

ARTICLE_FEED = sa.Table(
    "article_feed",
    METADATA,
    sa.Column("feed", sa.ForeignKey("feed.id"), primary_key=True),
    sa.Column(
        "article", sa.ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    sa.Column("guid", sa.Text),
    sa.Column("first_seen", UtcDateTime, nullable=False),
    sa.Column("last_seen", UtcDateTime, nullable=False),  # the feed still listed it then
    sa.Index("ix_article_feed_feed_guid", "feed", "guid"),
)

ARTICLE_REVISION = sa.Table(
    "article_revision",
    METADATA,
    sa.Column("article", sa.ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("lead", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("tags", _JSON, nullable=False),
    sa.Column(
        "sha256", sa.Text, nullable=False
    ),  # of title, lead and text; of a page with its number
    sa.Column("seen", UtcDateTime, nullable=False),
)

# The index of words itself is a virtual table, which only ``store.search`` knows.
SEARCH_LANGUAGE = sa.Table(
    "search_language",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),  # of a language that indexed texts are in
)

SEARCH_STATE = sa.Table(
    "search_state",
    METADATA,
    sa.Column("version", sa.Integer, nullable=False),  # of what makes words out of texts
    sa.Column("gone", sa.Integer, nullable=False),  # articles in the index that are pruned
)

PAGE_BANNER = sa.Table(
    "page_banner",
    METADATA,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, primary_key=True),  # of a paragraph that is on many of its pages
    sa.Column("seen", UtcDateTime, nullable=False),
)

RULE_REVISION = sa.Table(
    "rule_revision",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("sources", _JSON, nullable=False),
    sa.Column("loaded_at", UtcDateTime, nullable=False),
)

CATCH_UP_RULES = sa.Table(
    "catch_up_rules",  # new rules that are matched against what was there before them
    METADATA,
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("next_article", Id, nullable=False),
    sa.Column("rule_revision", sa.ForeignKey("rule_revision.sha256"), nullable=False),
)

RULE_RHYTHM = sa.Table(
    "rule_rhythm",  # of rules whose spikes people are told of
    METADATA,
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("since", UtcDateTime, nullable=False),  # its hits count from then on
    sa.Column("burst_at", UtcDateTime),  # the last hour of the last burst that was told …
    sa.Column("burst_rate", sa.Integer, nullable=False, server_default="0"),  # … and how strong
    sa.Column("silent_since", UtcDateTime),  # people know that it is silent
)

HIT = sa.Table(
    "hit",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("article", Id, nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("spans", _JSON, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("rule_revision", sa.ForeignKey("rule_revision.sha256"), nullable=False),
    sa.Column("facts", _JSON, nullable=False),  # of the rule, as deciding and telling need them
    sa.Column("seen", UtcDateTime, nullable=False, index=True),
    sa.Column("decided_at", UtcDateTime),  # null: still to be decided
    # The rule is newer than the article: nobody is told.
    sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("rule", "article"),
    sa.ForeignKeyConstraint(
        ["article", "revision"], ["article_revision.article", "article_revision.n"]
    ),
    _partial("ix_hit_undecided", "id", where=sa.text("decided_at IS NULL")),
    sa.Index("ix_hit_rule_seen", "rule", "seen"),
    sqlite_autoincrement=True,
)

STORY = sa.Table(
    "story",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    # The first one; null if it was pruned and others are left.
    sa.Column("article", sa.ForeignKey("article.id", ondelete="SET NULL"), index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("first_seen", UtcDateTime, nullable=False),
    sa.Column("last_seen", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,  # messages on a story make a thread by this id
)

STORY_ARTICLE = sa.Table(
    "story_article",
    METADATA,
    sa.Column("article", sa.ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("story", sa.ForeignKey("story.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    # What it is a copy of, or closest to.
    sa.Column("partner", sa.ForeignKey("article.id", ondelete="SET NULL"), index=True),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("seen", UtcDateTime, nullable=False),
)

STORY_SKETCH = sa.Table(
    "story_sketch",  # by which further articles find their story
    METADATA,
    sa.Column(
        "article", sa.ForeignKey("story_article.article", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("seen", UtcDateTime, nullable=False, index=True),  # it, or its last repetition
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("sketch", sa.LargeBinary, nullable=False),  # 32-bit numbers, little-endian
    sa.Column("vector", _JSON, nullable=False),  # terms with their weights
)

HIT_MARK = sa.Table(
    "hit_mark",
    METADATA,
    sa.Column("hit", sa.ForeignKey("hit.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

ALERT = sa.Table(
    "alert",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("waits_for", sa.Text, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("sealed_at", UtcDateTime),
    sa.Column("payload", _JSON),  # frozen when it is sealed
    # The alert that tells what this one was to tell; not a foreign key: either may be pruned.
    sa.Column("folded_into", Id),
    sa.UniqueConstraint("channel", "kind", "subject", "seq"),
    _partial("ix_alert_open", "due_at", where=sa.text("state = 'open'")),
    sa.Index("ix_alert_sealed", "channel", "sealed_at"),
    sqlite_autoincrement=True,
)

HELD_BACK = sa.text("alert_hit.reason IN ('copy', 'same-story') AND alert_hit.named_by IS NULL")
"""Hits that were not told, and that no message has named yet; the partial index finds them."""

ALERT_HIT = sa.Table(
    "alert_hit",
    METADATA,
    sa.Column("hit", sa.ForeignKey("hit.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("alert", sa.ForeignKey("alert.id", ondelete="CASCADE"), index=True),
    sa.Column("returned", sa.Integer, nullable=False, server_default="0"),  # from dead messages
    # The message that named what was held back; not a foreign key: it may be pruned.
    sa.Column("named_by", Id),
    _partial("ix_alert_hit_held_back", "channel", "hit", where=HELD_BACK),
    _partial("ix_alert_hit_named_by", "named_by", where=sa.text("alert_hit.named_by IS NOT NULL")),
)

ALERT_EVENT = sa.Table(
    "alert_event",
    METADATA,
    sa.Column("alert", sa.ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "event", sa.ForeignKey("feed_event.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)

CHANNEL_HEALTH = sa.Table(
    "channel_health",
    METADATA,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("since", UtcDateTime),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_probe", UtcDateTime),
    sa.Column("last_ok", UtcDateTime),
    sa.Column("last_error", sa.Text),
)

DELIVERY = sa.Table(
    "delivery",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("alert", sa.ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),  # empty: the channel's URL says where
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_try", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Column("receipt", sa.Text),
    sa.Column("rendered", _JSON),  # frozen at the first try: a repeat says the same
    sa.UniqueConstraint("alert", "target"),
    _partial("ix_delivery_waiting", "channel", "id", where=_UNSENT),
    sqlite_autoincrement=True,
)

DELIVERY_ATTEMPT = sa.Table(
    "delivery_attempt",
    METADATA,
    sa.Column("delivery", sa.ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("started", UtcDateTime, nullable=False, index=True),
    sa.Column("ended", UtcDateTime),
    sa.Column("outcome", sa.Text),
    sa.Column("uncertain", sa.Boolean, nullable=False, server_default=sa.false()),
)

MUTE = sa.Table(
    "mute",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("until", UtcDateTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)
