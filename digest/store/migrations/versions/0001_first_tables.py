"""The first tables: news, editions, the ledger, subscribers; as they were, whatever the code says today."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    news()
    people()


def news() -> None:
    """Make the tables of news, editions and sends."""
    op.create_table(
        "articles",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_articles")),
    )
    op.create_index(op.f("ix_articles_at"), "articles", ["at"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_edition"), "corrections", ["edition"], unique=False)
    op.create_table(
        "editions",
        sa.Column("id", Id, nullable=False),
        sa.Column("newsletter", sa.String(length=100), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("newsletter", "date", "slot", name=op.f("uq_editions_newsletter_date_slot")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "rates",
        sa.Column("provider", sa.String(length=50), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", Id, nullable=False),
        sa.PrimaryKeyConstraint("provider", "period", name=op.f("pk_rates")),
    )
    op.create_table(
        "senders",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
    )
    op.create_table(
        "source_checks",
        sa.Column("id", Id, nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("size", Id, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_checks")),
    )
    op.create_index(op.f("ix_source_checks_slug_at"), "source_checks", ["slug", "at"], unique=False)
    op.create_table(
        "source_states",
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_source_states")),
    )
    op.create_table(
        "messages",
        sa.Column("edition", Id, nullable=False),
        sa.Column("variant", sa.String(length=50), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_messages_edition")),
        sa.PrimaryKeyConstraint("edition", "variant", name=op.f("pk_messages")),
    )
    op.create_table(
        "sends",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition", Id, nullable=False),
        sa.Column("purpose", sa.String(length=50), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("cursor", Id, nullable=False),
        sa.Column("planner", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_sends_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sends")),
    )
    op.create_index(op.f("ix_sends_edition"), "sends", ["edition"], unique=False)
    op.create_table(
        "transitions",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition", Id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("became", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_transitions_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transitions")),
    )
    op.create_index(op.f("ix_transitions_edition"), "transitions", ["edition"], unique=False)
    op.create_table(
        "batches",
        sa.Column("id", Id, nullable=False),
        sa.Column("send", Id, nullable=False),
        sa.Column("first", Id, nullable=False),
        sa.Column("last", Id, nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("proof", sa.Integer(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("owner", Id, nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.Column("todo", sa.LargeBinary(), nullable=True),
        sa.Column("flight", sa.LargeBinary(), nullable=True),
        sa.Column("uncertain", sa.LargeBinary(), nullable=True),
        sa.Column("rejected", sa.LargeBinary(), nullable=True),
        sa.Column("suppressed", sa.LargeBinary(), nullable=True),
        sa.Column("cancelled", sa.LargeBinary(), nullable=True),
        sa.Column("resent", sa.LargeBinary(), nullable=True),
        sa.Column("n_todo", sa.SmallInteger(), nullable=False),
        sa.Column("n_uncertain", sa.SmallInteger(), nullable=False),
        sa.Column("n_rejected", sa.SmallInteger(), nullable=False),
        sa.Column("n_suppressed", sa.SmallInteger(), nullable=False),
        sa.Column("n_cancelled", sa.SmallInteger(), nullable=False),
        sa.Column("n_resent", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["send"], ["sends.id"], name=op.f("fk_batches_send")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(
        "ix_batches_open",
        "batches",
        ["send", "id"],
        unique=False,
        sqlite_where=sa.text("state < 2"),
        postgresql_where=sa.text("state < 2"),
    )
    op.create_index(op.f("ix_batches_send_first"), "batches", ["send", "first"], unique=False)
    op.create_table(
        "batch_events",
        sa.Column("batch", Id, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_batch_events_batch")),
        sa.PrimaryKeyConstraint("batch", "what", name=op.f("pk_batch_events")),
    )
    op.create_table(
        "exceptions",
        sa.Column("batch", Id, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_exceptions_batch")),
        sa.PrimaryKeyConstraint("batch", "position", "what", name=op.f("pk_exceptions")),
    )


def people() -> None:
    """Make the tables of lists and people."""
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opt_in", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("slug", name=op.f("uq_lists_slug")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", Id, nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=True),
        sa.Column("spelling", sa.String(length=320), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=35), server_default="", nullable=False),
        sa.Column("sections", sa.Text(), server_default="", nullable=False),
        sa.Column("weekdays_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "fields",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscribers_public_id")),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
    )
    op.create_table(
        "roster_audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("subscriber_id", Id, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_roster_audit_list_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_roster_audit_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_audit")),
    )
    op.create_index(op.f("ix_roster_audit_subscriber_id"), "roster_audit", ["subscriber_id"], unique=False)
    op.create_table(
        "roster_notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_roster_notices_list_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_roster_notices_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_notices")),
    )
    op.create_index(op.f("ix_roster_notices_done_at_id"), "roster_notices", ["done_at", "id"], unique=False)
    op.create_index(
        op.f("ix_roster_notices_subscriber_id_list_id"), "roster_notices", ["subscriber_id", "list_id"], unique=False
    )
    op.create_table(
        "roster_requests",
        sa.Column("id", Id, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_roster_requests_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_requests")),
    )
    op.create_table(
        "tagged",
        sa.Column("tag_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subscriber_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_tagged_subscriber_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_tagged_tag_id")),
        sa.PrimaryKeyConstraint("tag_id", "subscriber_id", name=op.f("pk_tagged")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tagged_subscriber_id"), "tagged", ["subscriber_id"], unique=False)
    op.create_table(
        "roster_imports",
        sa.Column("id", Id, nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("act", Id, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["act"], ["roster_audit.id"], name=op.f("fk_roster_imports_act")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_roster_imports_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("list_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subscriber_id", Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("act", Id, nullable=False),
        sa.ForeignKeyConstraint(["act"], ["roster_audit.id"], name=op.f("fk_subscriptions_act")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_subscriptions_list_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_subscriptions_subscriber_id")),
        sa.PrimaryKeyConstraint("list_id", "subscriber_id", name=op.f("pk_subscriptions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suppressions",
        sa.Column("id", Id, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("list_id", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", Id, nullable=False),
        sa.Column("subscriber_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["act"], ["roster_audit.id"], name=op.f("fk_suppressions_act")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_suppressions_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("digest", "list_id", name=op.f("uq_suppressions_digest_list_id")),
    )
    op.create_index(
        op.f("ix_suppressions_subscriber_id_list_id"), "suppressions", ["subscriber_id", "list_id"], unique=False
    )
