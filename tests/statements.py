"""Statements put into SQL once for all the stores of a run: thousands are opened, and each would begin anew."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Connection, Engine, event


class Shared(MutableMapping[Any, Any]):
    """What SQLAlchemy asks for a statement's SQL; every database of a kind and a version speaks alike."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        return self._kept[_alike(key)]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[_alike(key)] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._kept[_alike(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(_alike(key), default)


def _alike(key: Any) -> Any:
    dialect, *rest = key
    return (dialect.name, dialect.driver, dialect.server_version_info, *rest)


def share() -> None:
    """Let every engine of this process look where the others have been."""
    kept = Shared()

    @event.listens_for(Engine, "engine_connect")
    def look_there(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept)
