"""A second step of signing in, accounts for some lists alone, tokens for programs."""

import sqlalchemy as sa
from alembic import op

from digest.store import door_tables as doors
from digest.store import tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the limits of accounts and the tables of second steps and tokens."""
    for table in ("accounts", "invitations"):
        # A store made just now has the column already: 0002 makes these tables as they stand in the code.
        if "lists" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}:
            op.add_column(table, sa.Column("lists", sa.Text))
    made = [doors.second_steps, doors.recovery_codes, doors.halfway, doors.api_tokens]
    tables.metadata.create_all(op.get_bind(), tables=made)
