"""The first tables: news, editions, the ledger, subscribers."""

from alembic import op

import subscribers
from digest.store import ledger_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    ledger_tables.sends.metadata.create_all(op.get_bind())
    subscribers.metadata.create_all(op.get_bind())
