"""Batches in as few bytes as they need: no index over open ones, no state beside what says it, empty for none."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

MASKS = ("todo", "flight", "uncertain", "rejected", "suppressed", "cancelled", "resent")
COUNTS = ("n_todo", "n_uncertain", "n_rejected", "n_suppressed", "n_cancelled", "n_resent")

#: What speaks of batches, and has to be made anew with them; first what nothing refers to.
TABLES = ("batch_events", "exceptions", "batches")


def upgrade() -> None:
    """Make the tables anew in the order that takes the least room, with all that is in them."""
    for name in TABLES:
        op.execute(f"CREATE TEMPORARY TABLE old_{name} AS SELECT * FROM {name}")  # noqa: S608 - our own names
    for name in TABLES:
        op.drop_table(name)
    make_batches()
    make_what_happened()
    fill_batches()
    op.execute("INSERT INTO exceptions SELECT batch, position, what, detail, at FROM old_exceptions")
    op.execute("INSERT INTO batch_events SELECT batch, what, bits FROM old_batch_events")
    for name in TABLES:
        op.drop_table(f"old_{name}")


def make_batches() -> None:
    """Put wide columns first, and leave empty what most batches never have."""
    op.create_table(
        "batches",
        sa.Column("id", Id, nullable=False),
        sa.Column("send", Id, nullable=False),
        sa.Column("audience", Id, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", Id, nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("start", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=True),
        sa.Column("proof", sa.Integer(), nullable=True),
        sa.Column("variant", sa.String(length=50), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in MASKS),
        *(sa.Column(name, sa.SmallInteger(), nullable=True) for name in COUNTS),
        sa.ForeignKeyConstraint(["send"], ["sends.id"], name=op.f("fk_batches_send")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        postgresql_with={"fillfactor": 85},
    )
    op.create_index("ix_batches_send_audience", "batches", ["send", "audience"])
    is_put_off = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_batches_put_off", "batches", ["send", "due_at"], sqlite_where=is_put_off, postgresql_where=is_put_off
    )


def make_what_happened() -> None:
    """Make the tables of exceptions and events as they were."""
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


def fill_batches() -> None:
    """Take over every batch: claimed is what has an owner, finished what was done; zeros become empty.

    A batch that was reopened after its end, by one that had lost it, is open.
    """
    taken = {
        "finished_at": "CASE WHEN state = 2 THEN finished_at END",
        "owner": "CASE WHEN state = 1 THEN owner END",
        "due_at": "CASE WHEN state < 2 THEN due_at END",
        **{name: f"NULLIF({name}, 0)" for name in ("tries", "proof", *COUNTS)},
        "variant": "NULLIF(variant, '')",
    }
    plain = ("id", "send", "audience", "attempt", "start", "count", "reference", *MASKS)
    columns = ", ".join((*plain, *taken))
    values = ", ".join((*plain, *taken.values()))
    op.execute(f"INSERT INTO batches ({columns}) SELECT {values} FROM old_batches ORDER BY id")  # noqa: S608 - our own names
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('batches', 'id'), max(id)) FROM batches HAVING count(*) > 0")
