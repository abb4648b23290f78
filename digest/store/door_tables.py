"""The tables of who may come in: accounts, sign-ins, second steps, tokens of programs; knows no query."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text

from digest.store.columns import Id, Instant
from digest.store.tables import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("password", Text, nullable=False),  # an argon2 hash, with its salt and its cost
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("lists", Text),  # the only lists it may touch, parted by blanks; null for every list
)

signins = Table(
    "signins",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("account", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("until", Instant, nullable=False),
    Column("lists", Text),  # as an account's
)

second_steps = Table(
    "second_steps",
    metadata,
    Column("account", Id, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),  # encrypted by whoever hands it over
    Column("active_at", Instant),  # null until a code has proved that somebody holds the secret
    Column("last", Id, nullable=False),  # the newest 30 seconds a code was taken of: none is taken twice
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account", Id, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("code", LargeBinary(32), primary_key=True),
)

#: Sign-ins whose password was right and whose code is still to come.
halfway = Table(
    "halfway",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("account", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("until", Instant, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("token", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),  # parted by blanks
    Column("lists", Text),  # as an account's
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("until", Instant),  # null for no end
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)
