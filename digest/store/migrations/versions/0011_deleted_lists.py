"""Lists that were deleted: their rows stay, as the log of changes speaks of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Note of each list when it was deleted; none is."""
    op.add_column("lists", sa.Column("deleted_at", sa.BigInteger(), nullable=True))
