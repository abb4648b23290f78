"""Whom a plan was for, so that another process can finish it; on PostgreSQL the queue that wakes workers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the segment of a send, and the tables that Procrastinate 3.10 wants; its next version brings a revision."""
    op.add_column("sends", sa.Column("segment", sa.Text(), server_default="", nullable=False))
    if op.get_bind().dialect.name != "postgresql":
        return
    from procrastinate.schema import SchemaManager

    # Many statements at once, which the driver takes only where there are no parameters.
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(SchemaManager.get_schema())
