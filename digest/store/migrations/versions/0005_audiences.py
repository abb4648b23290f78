"""The frozen ids in a table of their own, which is never written again; the lists of a send in a column."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move the ids of every batch there is, and read the lists of every send from its label."""
    make_audiences()
    narrow_batches()
    name_lists()


def make_audiences() -> None:
    """Give every batch an audience of its own, which carries the batch's number."""
    op.create_table(
        "audiences",
        sa.Column("id", Id, nullable=False),
        sa.Column("send", Id, nullable=False),
        sa.Column("first", Id, nullable=False),
        sa.Column("last", Id, nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["send"], ["sends.id"], name=op.f("fk_audiences_send")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audiences")),
    )
    op.execute("INSERT INTO audiences (id, send, first, last, ids) SELECT id, send, first, last, ids FROM batches")
    op.create_index(op.f("ix_audiences_send_first_last"), "audiences", ["send", "first", "last"])
    if is_postgresql():
        op.execute(
            "SELECT setval(pg_get_serial_sequence('audiences', 'id'), max(id)) FROM audiences HAVING count(*) > 0"
        )


def narrow_batches() -> None:
    """Take out of a batch what never changes, and look for open ones by what the last step alone changes."""
    op.drop_index("ix_batches_open", "batches")
    op.drop_index("ix_batches_send_first", "batches")
    op.add_column("batches", sa.Column("audience", Id, server_default="0", nullable=False))
    op.add_column("batches", sa.Column("start", sa.SmallInteger(), server_default="0", nullable=False))
    op.execute("UPDATE batches SET audience = id")
    for name in ("first", "last", "ids"):
        op.drop_column("batches", name)
    if is_postgresql():
        op.execute("ALTER TABLE batches SET (fillfactor = 80)")
        op.execute("CLUSTER batches USING pk_batches")  # writes the table anew, without what was dropped
        op.execute("ALTER TABLE batches SET WITHOUT CLUSTER")
    is_open = sa.text("finished_at IS NULL")
    op.create_index("ix_batches_send_audience", "batches", ["send", "audience"])
    op.create_index("ix_batches_open", "batches", ["send", "id"], sqlite_where=is_open, postgresql_where=is_open)


def name_lists() -> None:
    """Keep by themselves the lists that a send's label names; a label may end in the place of its readers."""
    op.add_column("sends", sa.Column("lists", sa.Text(), server_default="", nullable=False))
    sends = sa.table("sends", sa.column("id"), sa.column("audience"), sa.column("lists"))
    there = set(op.get_bind().scalars(sa.text("SELECT slug FROM lists")))
    for number, audience in op.get_bind().execute(sa.select(sends.c.id, sends.c.audience)).all():
        named = [name for name in audience.partition(" in ")[0].split(", ") if name in there]
        op.execute(sends.update().where(sends.c.id == number).values(lists=" ".join(named)))


def is_postgresql() -> bool:
    """Tell whether this is PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"
