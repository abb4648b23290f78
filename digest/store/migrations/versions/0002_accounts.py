"""Who may use the admin pages."""

from alembic import op

from digest.store import accounts, tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of accounts."""
    made = [accounts.accounts, accounts.signins, accounts.invitations]
    tables.metadata.create_all(op.get_bind(), tables=made)
