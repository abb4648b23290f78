"""Editions that go at a time of their own; who left when, quickly; a log that nothing can rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SQLITE_DELETE = """
CREATE TRIGGER roster_audit_stays BEFORE DELETE ON roster_audit
BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END
"""

SQLITE_UPDATE = """
CREATE TRIGGER roster_audit_unchanged BEFORE UPDATE ON roster_audit
WHEN NEW.source <> '' OR OLD.how NOT IN ('form', 'link')
  OR (OLD.id, OLD.at, OLD.who, OLD.how, OLD.what, OLD.list_id, OLD.subscriber_id, OLD.detail)
  IS NOT (NEW.id, NEW.at, NEW.who, NEW.how, NEW.what, NEW.list_id, NEW.subscriber_id, NEW.detail)
BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END
"""

POSTGRESQL_RULE = """
CREATE FUNCTION roster_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND NEW.source = '' AND OLD.how IN ('form', 'link')
    AND (OLD.id, OLD.at, OLD.who, OLD.how, OLD.what, OLD.list_id, OLD.subscriber_id, OLD.detail)
    IS NOT DISTINCT FROM (NEW.id, NEW.at, NEW.who, NEW.how, NEW.what, NEW.list_id, NEW.subscriber_id, NEW.detail)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the log of changes is append-only';
END $$
"""

POSTGRESQL_ROWS = """
CREATE TRIGGER roster_audit_unchanged BEFORE UPDATE OR DELETE ON roster_audit
FOR EACH ROW EXECUTE FUNCTION roster_audit_is_append_only()
"""

POSTGRESQL_TABLE = """
CREATE TRIGGER roster_audit_stays BEFORE TRUNCATE ON roster_audit
FOR EACH STATEMENT EXECUTE FUNCTION roster_audit_is_append_only()
"""

TRIGGERS = {
    "sqlite": (SQLITE_DELETE, SQLITE_UPDATE),
    "postgresql": (POSTGRESQL_RULE, POSTGRESQL_ROWS, POSTGRESQL_TABLE),
}


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
    for trigger in TRIGGERS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(trigger)
