"""A second step of signing in, accounts for some lists alone, tokens for programs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the limits of accounts and the tables of second steps and tokens."""
    for table in ("accounts", "invitations"):
        op.add_column(table, sa.Column("lists", sa.Text(), nullable=True))
    second_steps()
    tokens()


def second_steps() -> None:
    """Make the tables of second steps, their recovery codes, and sign-ins that are half done."""
    op.create_table(
        "second_steps",
        sa.Column("account", Id, autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last", Id, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_second_steps_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_second_steps")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account", Id, autoincrement=False, nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_recovery_codes_account")),
        sa.PrimaryKeyConstraint("account", "code", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "halfway",
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account", Id, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_halfway_account")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_halfway")),
    )
    op.create_index(op.f("ix_halfway_account"), "halfway", ["account"], unique=False)


def tokens() -> None:
    """Make the table of programs' tokens."""
    op.create_table(
        "api_tokens",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("lists", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("name", name=op.f("uq_api_tokens_name")),
        sa.UniqueConstraint("token", name=op.f("uq_api_tokens_token")),
    )
