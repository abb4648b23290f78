"""What nothing may do to the log of changes, whoever asks the database: in its own words, for each kind of it.

One change is let through: a forgotten person's network address is taken out of their own acts. A table that is made is
given these triggers with it; the tables of older stores got them by a revision.
"""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

_SQLITE_DELETE = """
CREATE TRIGGER roster_audit_stays BEFORE DELETE ON roster_audit
BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END
"""

_SQLITE_UPDATE = """
CREATE TRIGGER roster_audit_unchanged BEFORE UPDATE ON roster_audit
WHEN NEW.source <> '' OR OLD.how NOT IN ('form', 'link')
  OR (OLD.id, OLD.at, OLD.who, OLD.how, OLD.what, OLD.list_id, OLD.subscriber_id, OLD.detail)
  IS NOT (NEW.id, NEW.at, NEW.who, NEW.how, NEW.what, NEW.list_id, NEW.subscriber_id, NEW.detail)
BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END
"""

_POSTGRESQL_RULE = """
CREATE FUNCTION roster_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND NEW.source = '' AND OLD.how IN ('form', 'link')
    AND (OLD.id, OLD.at, OLD.who, OLD.how, OLD.what, OLD.list_id, OLD.subscriber_id, OLD.detail)
    IS NOT DISTINCT FROM (NEW.id, NEW.at, NEW.who, NEW.how, NEW.what, NEW.list_id, NEW.subscriber_id, NEW.detail)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the log of changes is append-only';
END $$
"""

_POSTGRESQL_ROWS = """
CREATE TRIGGER roster_audit_unchanged BEFORE UPDATE OR DELETE ON roster_audit
FOR EACH ROW EXECUTE FUNCTION roster_audit_is_append_only()
"""

_POSTGRESQL_TABLE = """
CREATE TRIGGER roster_audit_stays BEFORE TRUNCATE ON roster_audit
FOR EACH STATEMENT EXECUTE FUNCTION roster_audit_is_append_only()
"""

_TRIGGERS = {
    "sqlite": (_SQLITE_DELETE, _SQLITE_UPDATE),
    "postgresql": (_POSTGRESQL_RULE, _POSTGRESQL_ROWS, _POSTGRESQL_TABLE),
}


def keep_append_only(audit: Table) -> None:
    """Let the log's table be made with what keeps it as it is written."""
    for database, statements in _TRIGGERS.items():
        for statement in statements:
            made = DDL(statement).execute_if(dialect=database)  # type: ignore[no-untyped-call]
            event.listen(audit, "after_create", made)
