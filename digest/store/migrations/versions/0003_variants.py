"""Which of an edition's variants a batch carries."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Let every batch there is carry the whole edition."""
    op.add_column("batches", sa.Column("variant", sa.String(50), server_default="", nullable=False))
