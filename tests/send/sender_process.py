"""A process that sends, to be killed: the same use cases as the command line, over fakes of the outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import sleep

from digest.model import EditionState
from digest.pipeline.delivering import work as help_out
from digest.pipeline.send import Ways, resume, send_edition
from digest.pipeline.waking import bell_of
from digest.send.provider import Provider, Traits
from digest.send.providers.sendgrid import Options as SendgridOptions
from digest.send.providers.sendgrid import Sendgrid
from digest.send.providers.smtp import Options as SmtpOptions
from digest.send.providers.smtp import Smtp
from digest.store import Store
from tests.send.worlds import People
from tests.store.samples import ENVELOPE, MESSAGE


@dataclass(frozen=True)
class Task:
    """What the process is to do."""

    store: str
    edition: str
    people: int
    kind: str  # sendgrid or smtp
    address: str  # of the API, or the port
    seed: int
    batch: int = 100
    patience: float = 0.02  # the longest it waits at once, in seconds
    timeout: float = 60.0  # seconds for an answer; short only where servers are told to hang


def provider_of(task: Task) -> Provider:
    if task.kind == "sendgrid":
        provider: Provider = Sendgrid(SendgridOptions("SG.right", api=task.address, timeout=task.timeout))
        provider.traits = Traits(batch_size=task.batch, window=task.batch, connections=2)
        return provider
    options = SmtpOptions("127.0.0.1", int(task.address), "none", timeout=task.timeout, local_hostname="test.example")
    return Smtp(options)


def work(task: Task) -> None:
    """Send, or go on with what was begun, as an operator would."""
    store, provider, people = Store.open(task.store), provider_of(task), People(task.people)
    ways = ways_of(task)
    if task.seed % 2 and store.editions.get(task.edition).state is EditionState.SENDING:
        resume(store, provider, task.edition, ENVELOPE, people, ways)
    else:
        send_edition(store, provider, task.edition, MESSAGE, ENVELOPE, people, ways)
    provider.close()
    store.close()


def lend_a_hand(task: Task) -> None:
    """Help to send, as one worker of several: sleep until called where there is a queue, go home when all is done."""
    go_on(task, first_wait=60)


def go_on(task: Task, first_wait: float = 0) -> None:
    """Help with what is being sent already; wait to be called first, where told to."""
    store, provider, people = Store.open(task.store), provider_of(task), People(task.people)
    with bell_of(store, sleep) as bell:
        if first_wait:
            bell.wait(first_wait)
        help_out(store, provider, lambda _stored: (ENVELOPE, people), ways_of(task), until_idle=True, bell=bell)
    provider.close()
    store.close()


def ways_of(task: Task) -> Ways:
    return Ways(
        clock=lambda: datetime.now(UTC),
        pause=lambda seconds: sleep(min(seconds, task.patience)),
        random=Random(task.seed),
        deadline=timedelta(minutes=5),
        backoff=0.01,
    )


def file_of(folder: Path) -> str:
    return f"sqlite:///{folder}/store.db"
