"""Two workers in the middle of one send on PostgreSQL, each with a provider of its own that tells what it took."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from multiprocessing.process import BaseProcess
from random import Random

from sqlalchemy import text

from digest.pipeline import send as sending
from digest.send.provider import Traits
from digest.store import Store
from tests.send.fake_sendgrid import FakeSendgrid, Taken
from tests.send.hands import PATIENCE, hands, until
from tests.send.sender_process import Task, lend_a_hand
from tests.send.test_kills import Webhook
from tests.send.worlds import World

Pair = tuple[World, Sequence[FakeSendgrid], Webhook, Sequence[BaseProcess]]


@contextmanager
def two_at_work(address: str, people: int, batch: int, patience: float = 0.02) -> Iterator[Pair]:
    """Wake two workers by planning a send; both have handed over a batch, and none has gone far."""
    with ExitStack() as stack:
        world = World(None, people, url=address)
        stack.callback(world.store.close)
        webhook = Webhook(stack.enter_context(closing(Store.open(address))), Random(1), is_on=True)
        apis = [stack.enter_context(closing(FakeSendgrid())) for _ in range(2)]
        both = threading.Event()

        def take(taken: Taken) -> None:
            webhook.hear(taken)
            if all(api.taken for api in apis):
                both.set()
            both.wait(PATIENCE)  # whoever is first leaves something for the other

        for api in apis:
            api.on_taken = take
        world.provider.traits = Traits(batch_size=batch, window=batch)
        task = Task(address, world.edition.id, people, "sendgrid", "", 0, batch, patience, timeout=PATIENCE)
        tasks = [replace(task, address=api.address) for api in apis]
        processes = stack.enter_context(hands(lend_a_hand, *tasks))
        stack.callback(both.set)
        until(lambda: listening(world.store) == 2, processes)
        world.stopped = True
        assert world.send().planned == people  # and left to those it wakes, who may be at it already
        until(both.is_set, processes)
        yield world, apis, webhook, processes


def what_became(
    world: World, apis: Sequence[FakeSendgrid], webhook: Webhook
) -> tuple[sending.SendReport, Counter[tuple[str, str]]]:
    """Return the send's report and who was accepted how many times, once the workers have gone."""
    for api in apis:
        api.settle()
    webhook.post_the_rest()
    return sending.report(world.store, world.edition.id), sum((api.mails for api in apis), Counter())


def listening(store: Store) -> int:
    with store.read() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM procrastinate_workers")) or 0)
