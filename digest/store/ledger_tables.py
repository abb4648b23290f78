"""The tables of sends, batches and what became of them; knows no query."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Table, Text

from digest.store.columns import Id, Instant
from digest.store.tables import metadata

sends = Table(
    "sends",
    metadata,
    Column("id", Id, primary_key=True),
    Column("edition", Id, ForeignKey("editions.id"), nullable=False, index=True),
    Column("purpose", String(50), nullable=False),  # '' for the edition itself, else the correction's variant
    Column("audience", Text, nullable=False),  # in words, for people
    Column("lists", Text, nullable=False, server_default=""),  # their slugs, a space between them
    Column("segment", Text, nullable=False, server_default=""),  # who of them, as whoever planned wrote it
    Column("provider", String(50), nullable=False),
    Column("state", String(20), nullable=False),
    Column("cursor", Id, nullable=False),  # planned up to this subscriber's id
    Column("planner", Text, nullable=False),  # the process that plans
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("why", Text, nullable=False),
)

#: A piece of a send's frozen audience: about a thousand subscribers' ids, packed. Written once, never changed.
audiences = Table(
    "audiences",
    metadata,
    Column("id", Id, primary_key=True),
    Column("send", Id, ForeignKey("sends.id"), nullable=False),
    Column("first", Id, nullable=False),  # the lowest id
    Column("last", Id, nullable=False),  # the highest
    Column("ids", LargeBinary, nullable=False),
    Index(None, "send", "first", "last"),
)

#: One request to a provider, or one run of a connection: at most a thousand recipients, and where each of them stands.
#: A row is written anew at every step, so it is kept narrow: what most batches never have is empty, an empty count is
#: none, wide columns stand first. Its pages have room for the next version of it.
batches = Table(
    "batches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("send", Id, ForeignKey("sends.id"), nullable=False),
    Column("audience", Id, nullable=False),  # the piece its recipients stand in,
    Column("finished_at", Instant),  # empty as long as anyone waits or is in flight
    Column("owner", Id),  # the sender that claimed it; empty where it is free
    Column("due_at", Instant),  # not before, after 'try later'; stays until it is finished
    Column("attempt", Integer, nullable=False),  # the fence: counts the claims
    Column("start", SmallInteger, nullable=False),  # and their first place there
    Column("count", SmallInteger, nullable=False),
    Column("tries", SmallInteger),  # claims that ended in 'try later'
    Column("proof", Integer),  # the attempt that an event proved to be accepted
    Column("variant", String(50)),  # of the edition; empty is the whole of it
    Column("reference", Text),  # the provider's name for the request
    Column("todo", LargeBinary),
    Column("flight", LargeBinary),
    Column("uncertain", LargeBinary),
    Column("rejected", LargeBinary),
    Column("suppressed", LargeBinary),
    Column("cancelled", LargeBinary),
    Column("resent", LargeBinary),
    Column("n_todo", SmallInteger),
    Column("n_uncertain", SmallInteger),
    Column("n_rejected", SmallInteger),
    Column("n_suppressed", SmallInteger),
    Column("n_cancelled", SmallInteger),
    Column("n_resent", SmallInteger),
    Index(None, "send", "audience"),
    postgresql_with={"fillfactor": 85},
)
# No step but 'try later' changes what an index looks at: PostgreSQL takes the others without touching any of them.
Index(
    "ix_batches_put_off",
    batches.c.send,
    batches.c.due_at,
    sqlite_where=batches.c.due_at.is_not(None),
    postgresql_where=batches.c.due_at.is_not(None),
)

#: Who was refused, bounced or complained, and in whose words.
exceptions = Table(
    "exceptions",
    metadata,
    Column("batch", Id, ForeignKey("batches.id"), primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("what", String(20), primary_key=True),
    Column("detail", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

#: What providers tell afterwards: a bit a recipient for each kind of event.
batch_events = Table(
    "batch_events",
    metadata,
    Column("batch", Id, ForeignKey("batches.id"), primary_key=True),
    Column("what", String(20), primary_key=True),
    Column("bits", LargeBinary, nullable=False),
)

#: The processes that send; one that is silent past ``alive_until`` is dead.
senders = Table(
    "senders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("alive_until", Instant, nullable=False),
)

#: How much of a provider's limit is used, for all senders together.
rates = Table(
    "rates",
    metadata,
    Column("provider", String(50), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("started", Instant, nullable=False),
    Column("used", Id, nullable=False),
)
