"""Runs revisions on the connection it is handed; knows no address."""

from alembic import context

import subscribers
from digest.store import ledger_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[ledger_tables.sends.metadata, subscribers.metadata],
    transactional_ddl=True,
)
context.run_migrations()
