"""The tables of subscriber lists, for SQLite and PostgreSQL; does not know who reads or writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from subscribers.appendonly import keep_append_only
from subscribers.model import State

#: One number for each state: a row of a subscription is about 20 bytes.
STATE_CODES = {State.UNCONFIRMED: 1, State.CONFIRMED: 2, State.UNSUBSCRIBED: 3}
_STATES = {code: state for state, code in STATE_CODES.items()}

#: The list number of a suppression that holds everywhere; lists count from 1.
EVERYWHERE = 0


class Instant(TypeDecorator[datetime]):
    """An aware time, kept as whole seconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the number kept."""
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the time meant."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class StateCode(TypeDecorator[State]):
    """A subscription's state, kept as a small number."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: State | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the number kept."""
        return None if value is None else STATE_CODES[value]

    def process_result_value(self, value: Any, dialect: Dialect) -> State | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the state meant."""
        return None if value is None else _STATES[value]


def _number() -> TypeEngine[int]:
    return BigInteger().with_variant(Integer(), "sqlite")


#: Characters of a tag, and of a list's short name: PostgreSQL refuses more.
LONGEST_TAG = LONGEST_SLUG = 80

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

lists = Table(
    "lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(LONGEST_SLUG), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("opt_in", String(8), nullable=False),
    Column("created_at", Instant, nullable=False),
    # A deleted list's row stays, unseen: the log speaks of it, and who left it is known where it is made again.
    Column("deleted_at", Instant),
)

subscribers = Table(
    "subscribers",
    metadata,
    # A forgotten person's row stays, emptied: its number must never come again, ledgers refer to it.
    Column("id", _number(), primary_key=True),
    Column("public_id", String(24), nullable=False, unique=True),
    Column("address", String(320), unique=True),  # the normal form; null once forgotten
    Column("spelling", String(320)),  # as the person writes it, where that differs
    Column("name", Text, nullable=False, server_default=""),
    Column("language", String(35), nullable=False, server_default=""),
    Column("sections", Text, nullable=False, server_default=""),
    Column("weekdays_only", Boolean, nullable=False, server_default=false()),
    Column("fields", JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")),
    Column("created_at", Instant, nullable=False),
)

audit = Table(
    "roster_audit",
    metadata,
    Column("id", _number(), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("how", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("list_id", Integer, ForeignKey("lists.id")),
    Column("subscriber_id", _number(), ForeignKey("subscribers.id"), index=True),
    Column("detail", Text, nullable=False),
)
keep_append_only(audit)

subscriptions = Table(
    "subscriptions",
    metadata,
    # Clustered by list: an audience is read in the order it lies on the disk.
    Column("list_id", Integer, ForeignKey("lists.id"), primary_key=True, autoincrement=False),
    Column("subscriber_id", _number(), ForeignKey("subscribers.id"), primary_key=True, autoincrement=False),
    Column("state", StateCode, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("left_at", Instant),
    # The entry of the audit log that brought it to this state: one entry serves a whole import.
    Column("act", _number(), ForeignKey("roster_audit.id"), nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "ix_subscriptions_left",  # those who left between two editions are counted
    subscriptions.c.list_id,
    subscriptions.c.left_at,
    sqlite_where=subscriptions.c.left_at.is_not(None),
    postgresql_where=subscriptions.c.left_at.is_not(None),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", _number(), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),  # of the normal address: outlives the person's data
    Column("list_id", Integer, nullable=False, server_default=str(EVERYWHERE)),
    Column("reason", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("act", _number(), ForeignKey("roster_audit.id"), nullable=False),
    Column("subscriber_id", _number(), ForeignKey("subscribers.id")),
    UniqueConstraint("digest", "list_id"),
    Index(None, "subscriber_id", "list_id"),
)

tags = Table(
    "tags",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(LONGEST_TAG), nullable=False, unique=True),
)

tagged = Table(
    "tagged",
    metadata,
    Column("tag_id", Integer, ForeignKey("tags.id"), primary_key=True, autoincrement=False),
    Column("subscriber_id", _number(), ForeignKey("subscribers.id"), primary_key=True, autoincrement=False),
    Index(None, "subscriber_id"),
    sqlite_with_rowid=False,
)

requests = Table(
    "roster_requests",
    metadata,
    Column("id", _number(), primary_key=True),
    Column("address", String(320), nullable=False),
    Column("name", Text, nullable=False),
    Column("list_id", Integer, ForeignKey("lists.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("source", Text, nullable=False),
)

notices = Table(
    "roster_notices",
    metadata,
    Column("id", _number(), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subscriber_id", _number(), ForeignKey("subscribers.id"), nullable=False),
    Column("list_id", Integer, ForeignKey("lists.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("done_at", Instant),
    Index(None, "done_at", "id"),
    Index(None, "subscriber_id", "list_id"),
)

imports = Table(
    "roster_imports",
    metadata,
    Column("id", _number(), primary_key=True),
    Column("list_id", Integer, ForeignKey("lists.id"), nullable=False),
    Column("source", Text, nullable=False),  # the file's name
    Column("digest", String(64), nullable=False),  # of the file and how it is read: the same work goes on
    Column("act", _number(), ForeignKey("roster_audit.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("position", Text, nullable=False),  # the last address done, in the order of addresses
    Column("tally", JSON, nullable=False),
)
