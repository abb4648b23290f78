"""Asks every source and gives what each one had; the one place where asyncio begins and ends.

A source that fails costs nobody else anything: whatever happens to it becomes its Outcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime

from digest.collect.check import Run, check
from digest.collect.checkup import known
from digest.collect.full_text import FullTexts, Remembered
from digest.collect.http import fetching, run
from digest.collect.limits import Limits
from digest.collect.worker import Workers
from digest.model import Outcome, Source, SourceState

#: Bodies read at a time. Reading is all processor, so more would only take more memory.
_READERS = 2

OnOutcome = Callable[[Outcome], None]


def gather(
    sources: Sequence[Source],
    states: Mapping[str, SourceState],
    now: datetime,
    limits: Limits,
    on_outcome: OnOutcome | None = None,
    force: bool = False,
    remembered: Remembered | None = None,
) -> tuple[Outcome, ...]:
    """Return what each source gave, in their order; ``on_outcome`` is told of each as it is done.

    ``states`` is what was remembered, by slug; ``now`` is editorial time. ``force`` asks also those that are not due.
    ``remembered`` gives what is stored of a source's articles, by address, so that no page is fetched twice.
    Nothing raises: what goes wrong is in the outcomes.
    """

    async def ask(pool: Executor, workers: Workers) -> tuple[Outcome, ...]:
        async with fetching(limits) as fetcher:
            full_texts = FullTexts(fetcher, limits, pool, workers, now, remembered)
            this = Run(now, limits, force, pool, workers, fetcher, full_texts)
            return tuple(await asyncio.gather(*(one(source, this) for source in sources)))

    async def one(source: Source, this: Run) -> Outcome:
        outcome = await check(source, known(source, states.get(source.slug)), this)
        if on_outcome:
            on_outcome(outcome)
        return outcome

    with Workers() as workers, ThreadPoolExecutor(_READERS) as pool:
        return run(ask(pool, workers))
