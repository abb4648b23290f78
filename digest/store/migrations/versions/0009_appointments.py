"""Editions that go at a time of their own; who left when, quickly; a log that nothing can rewrite."""

import sqlalchemy as sa
from alembic import op

from subscribers import audit

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table of times, the index of leavers, and the triggers that keep the log as it is."""
    op.create_table(
        "appointments",
        sa.Column("edition", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_appointments_edition")),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_appointments")),
    )
    op.create_index(
        "ix_subscriptions_left",
        "subscriptions",
        ["list_id", "left_at"],
        sqlite_where=sa.text("left_at IS NOT NULL"),
        postgresql_where=sa.text("left_at IS NOT NULL"),
    )
    audit.keep_append_only(op.get_bind())
