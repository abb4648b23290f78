"""The tables of news and editions; those of the ledger are in ``ledger_tables``. Knows no query."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from digest.store.columns import Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("source", String(100), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),  # published, else first seen: what windows go by
    Column("first_seen", Instant, nullable=False),
    Column("digest", String(32), nullable=False),  # of the content, to tell an update from a sighting
    Column("data", Text, nullable=False),
    Index(None, "at"),
)

source_states = Table(
    "source_states",
    metadata,
    Column("slug", String(100), primary_key=True),
    Column("data", Text, nullable=False),
)

source_checks = Table(
    "source_checks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("articles", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("size", Id, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Index(None, "slug", "at"),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("newsletter", String(100), nullable=False),
    Column("date", Date, nullable=False),
    Column("slot", String(50), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("newsletter", "date", "slot"),
)

#: What an edition's line in the archive shows, and the words it is found by: small beside ``editions.data``.
listings = Table(
    "listings",
    metadata,
    Column("edition", Id, ForeignKey("editions.id"), primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("language", String(50), nullable=False),
    Column("headline", Text, nullable=False),
    Column("words", Text, nullable=False),
)

#: A message frozen for an edition: variant '' is the edition's own, others are its variants and corrections.
messages = Table(
    "messages",
    metadata,
    Column("edition", Id, ForeignKey("editions.id"), primary_key=True),
    Column("variant", String(50), primary_key=True),
    Column("data", Text, nullable=False),
)

transitions = Table(
    "transitions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("edition", Id, ForeignKey("editions.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("was", String(20), nullable=False),
    Column("became", String(20), nullable=False),
    Column("why", Text, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("edition", String(200), nullable=False, index=True),  # its name: it may not be composed yet
    Column("what", String(20), nullable=False),
    Column("keys", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone", Boolean, nullable=False),
)

#: What a language model wrote, by the digest of what it was asked.
written = Table(
    "written",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
