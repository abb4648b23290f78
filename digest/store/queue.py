"""Wakes workers on PostgreSQL, by jobs of Procrastinate; knows nothing of what there is to do.

A job says no more than "there is something to send", and the ledger alone says what: it may come never, late or many
times. Jobs are written in the ledger's own transaction, so that nobody is woken for what was undone.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.types import JSONDict

log = structlog.get_logger()

QUEUE, TASK = "sends", "send"

#: Workers that one send wakes at most.
HELPERS = 32

#: Seconds between two signs of life of a worker, and how long one may be silent before its job goes to another; as in
#: the ledger.
HEARTBEAT, SILENCE = 5.0, 15.0

#: Seconds between two looks for jobs that nobody was told of, and for those of the silent.
LOOK = 2.0

#: Seconds before a queue that failed is opened again, and the longest that its end is waited for.
PAUSE, PATIENCE = 1.0, 5.0


def ring(connection: Connection, send: int, helpers: int) -> None:
    """Wake some workers when this transaction is committed; without a queue they look for themselves."""
    if connection.dialect.name != "postgresql":
        return
    from procrastinate import App, SyncPsycopgConnector

    raw = connection.connection.driver_connection
    task = App(connector=SyncPsycopgConnector()).configure_task(TASK, queue=QUEUE, connection=raw)
    jobs: list[JSONDict] = [{"send": send}] * min(helpers, HELPERS)
    task.batch_defer(*jobs)


def hush(connection: Connection, send: int) -> None:
    """Take back the jobs of a send that nobody needs to be woken for any more."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "DELETE FROM procrastinate_jobs WHERE queue_name = :queue AND status = 'todo' "
                "AND args = jsonb_build_object('send', CAST(:send AS bigint))"
            ),
            {"queue": QUEUE, "send": send},
        )


class Bell:
    """Rings when a job has come for this process; a job is over when the process has answered."""

    def __init__(self, engine: Engine) -> None:
        self._address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._rung, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
        for name in ("procrastinate", "psycopg.pool"):  # what they have to say is said below, once
            logging.getLogger(name).addHandler(logging.NullHandler())
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until it rings, at most so many seconds; tell whether it did."""
        return self._rung.wait(seconds)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Do what it rang for, if it did; whoever dies meanwhile leaves the job to others."""
        has_rung = self._rung.is_set()
        yield
        if has_rung:
            self._rung.clear()

    def close(self) -> None:
        """Listen no more; a database that is away holds nobody up."""
        self._closing.set()
        self._thread.join(PATIENCE)

    def _listen(self) -> None:
        is_lost = False
        while not self._closing.is_set():
            try:
                asyncio.run(self._serve())
                is_lost = False
            except Exception as fault:
                if not is_lost:
                    log.warning("queue_lost", why=str(fault).partition("\n")[0])
                is_lost = True
            self._closing.wait(PAUSE)

    async def _serve(self) -> None:
        """Take jobs until told to close, or until the queue fails."""
        asyncio.get_running_loop().set_exception_handler(_say_nothing)
        app = self._app()
        async with app.open_async():
            working = app.run_worker_async(
                queues=[QUEUE],
                install_signal_handlers=False,
                delete_jobs="always",
                fetch_job_polling_interval=LOOK,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=SILENCE,
            )
            parts = [asyncio.create_task(each) for each in (working, self._pass_on(app), self._until_closing())]
            done, others = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in others:
                part.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            for part in done:
                part.result()

    def _app(self) -> App:
        from procrastinate import App, PsycopgConnector

        app = App(connector=PsycopgConnector(conninfo=self._address, min_size=1, max_size=2, timeout=SILENCE))

        @app.task(name=TASK, queue=QUEUE)
        async def wake(send: int) -> None:  # noqa: ARG001 - the ledger knows which sends are open
            self._rung.set()
            while self._rung.is_set() and not self._closing.is_set():
                await asyncio.sleep(0.1)

        return app

    async def _pass_on(self, app: App) -> None:
        """Give the jobs of workers that died to those that live."""
        from procrastinate.exceptions import ConnectorException

        while True:
            for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENCE):
                with suppress(ConnectorException):  # another one saw it first
                    await app.job_manager.retry_job(job)
            await asyncio.sleep(LOOK)

    async def _until_closing(self) -> None:
        while not self._closing.is_set():
            await asyncio.sleep(0.1)


def _say_nothing(_loop: asyncio.AbstractEventLoop, _context: dict[str, object]) -> None:
    """Leave out what a lost queue's own tasks have to say besides ``queue_lost``."""
