"""What the migrations make is what the code takes to be there, to the last type, default and index, on both databases."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect

import subscribers
from digest.store import Store
from digest.store.tables import metadata
from digest.store.upgrade import FOLDER


def shape(connection: Connection) -> dict[str, Any]:
    """Return everything the database knows of its tables; the order of columns is history."""
    asked = inspect(connection)
    tables = [name for name in asked.get_table_names() if not name.startswith(("procrastinate_", "alembic_"))]
    return {name: _table(asked, name) for name in tables}


def _table(asked: Any, name: str) -> dict[str, Any]:
    columns = {each["name"]: (str(each["type"]), each["nullable"], each["default"]) for each in asked.get_columns(name)}
    return {
        "columns": columns,
        "key": asked.get_pk_constraint(name),
        "foreign": _sorted(asked.get_foreign_keys(name)),
        "unique": _sorted(asked.get_unique_constraints(name)),
        "checks": _sorted(asked.get_check_constraints(name)),
        "indexes": _sorted(asked.get_indexes(name)),
    }


def _sorted(found: list[Any]) -> list[Any]:
    return sorted(map(_plain, found), key=lambda each: each["name"])


def _plain(found: Any) -> Any:
    """Return what was found as words: conditions compare by name otherwise, not by what they say."""
    if isinstance(found, dict):
        return {key: _plain(value) for key, value in found.items()}
    return [_plain(each) for each in found] if isinstance(found, list) else str(found)


@pytest.fixture(params=["sqlite", "postgresql"])
def addresses(request, tmp_path):
    """Two empty databases."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/other.db"
        return
    postgres = request.getfixturevalue("postgres")
    with postgres.empty_database() as one, postgres.empty_database() as other:
        yield one, other


def test_migrations_make_the_tables_that_the_code_describes(addresses):
    migrated, described = addresses
    store = Store.open(migrated)
    with store.read() as connection:
        made = shape(connection)
    store.close()
    engine = create_engine(described.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        metadata.create_all(connection)
        subscribers.metadata.create_all(connection)
        meant = shape(connection)
    engine.dispose()
    assert set(made) == set(meant)
    for table in meant:
        assert made[table] == meant[table], table


Import = (ast.Import, ast.ImportFrom)


def named(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules that an import names."""
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]


def test_no_revision_runs_code_that_changes_with_the_product():
    ours = {"digest", "subscribers"}
    for file in (FOLDER / "versions").glob("*.py"):
        found = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, Import)]
        modules = {name for node in found for name in named(node)}
        assert modules, file.name
        assert not {name.partition(".")[0] for name in modules} & ours, file.name
