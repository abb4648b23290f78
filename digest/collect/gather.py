"""Asks every source and gives what each one had; the one place where fetching, reading and remembering meet.

A source that fails costs nobody else anything: whatever happens to it becomes its Outcome.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from digest.collect import checkup
from digest.collect.http import Answer, Fetcher, fetching, run
from digest.collect.http_headers import fresh_seconds, retry_after
from digest.collect.impostor import describe
from digest.collect.limits import Limits
from digest.collect.registry import Body, Reading, reader_for
from digest.collect.turns import HostHeld
from digest.errors import BroadsheetError, FetchError, SourceError
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
) -> tuple[Outcome, ...]:
    """Return what each source gave, in their order; ``on_outcome`` is told of each as it is done.

    ``states`` is what was remembered, by slug; ``now`` is editorial time. ``force`` asks also those that are not due.
    Nothing raises: what goes wrong is in the outcomes.
    """
    with ThreadPoolExecutor(_READERS) as pool:
        return run(_gather(sources, states, _Run(now, limits, force, pool), on_outcome))


@dataclass(frozen=True, slots=True)
class _Run:
    """What holds for every source of a run."""

    now: datetime
    limits: Limits
    force: bool
    pool: Executor  #: where bodies are read

    @property
    def interval(self) -> timedelta:
        return timedelta(minutes=self.limits.interval_minutes)


async def _gather(
    sources: Sequence[Source], states: Mapping[str, SourceState], run: _Run, on_outcome: OnOutcome | None
) -> tuple[Outcome, ...]:
    async with fetching(run.limits) as fetcher:

        async def check(source: Source) -> Outcome:
            outcome = await _check(source, checkup.known(source, states.get(source.slug)), run, fetcher)
            if on_outcome:
                on_outcome(outcome)
            return outcome

        return tuple(await asyncio.gather(*map(check, sources)))


async def _check(source: Source, state: SourceState, run: _Run, fetcher: Fetcher) -> Outcome:
    started = time.perf_counter()
    try:
        outcome = await (_local(source, state, run) if source.path else _remote(source, state, run, fetcher))
    except HostHeld as held:
        state = checkup.after_hold(state, held.seconds, run.now)
        outcome = Outcome(source, "not due", state=state, notes=(str(held),))
    except BroadsheetError as error:
        outcome = _failed(source, state, run, str(error))
    except Exception as error:  # a fault of ours in one source must not cost the others either
        outcome = _failed(source, state, run, f"{type(error).__name__}: {error}")
    return replace(outcome, seconds=time.perf_counter() - started)


def _failed(source: Source, state: SourceState, run: _Run, error: str, **facts: float | bool) -> Outcome:
    wait = float(facts.get("retry_after", 0.0))
    is_gone = bool(facts.get("is_gone", False))
    state = checkup.after_failure(state, error, run.now, run.interval, retry_after=wait, is_gone=is_gone)
    return Outcome(source, "failed", state=state, error=error)


async def _local(source: Source, state: SourceState, run: _Run) -> Outcome:
    """Read a local file or folder. It is always due: there is nobody to be spared."""
    path = Path(source.path)
    try:
        raw = b"" if path.is_dir() else path.read_bytes()
    except OSError as error:
        raise FetchError(f"{path}: cannot be read: {error.strerror}") from error
    reading = await _read(source, Body(raw, path=path), run)
    state = checkup.after_answer(state, checkup.Answered(), run.now, run.interval, is_new=True)
    return _given(source, replace(state, next_check_at=None), reading, len(raw))


async def _remote(source: Source, state: SourceState, run: _Run, fetcher: Fetcher) -> Outcome:
    if not run.force and not checkup.is_due(state, run.now):
        return Outcome(source, "not due", state=state, error=state.error)
    answer = await fetcher.fetch(checkup.address(source, state), _conditions(state))
    wait = retry_after(answer.headers, run.now)
    if wait:
        fetcher.hold(answer.body.url, wait)
    if answer.status == 304:
        return Outcome(source, "unchanged", state=_answered(state, answer, run, is_new=False))
    if answer.status != 200:
        is_gone = answer.status == 410
        return _failed(source, state, run, _refusal(answer), retry_after=wait, is_gone=is_gone)
    return await _answer(source, state, answer, run)


async def _answer(source: Source, state: SourceState, answer: Answer, run: _Run) -> Outcome:
    raw = answer.body.raw
    body_hash = hashlib.blake2b(raw, digest_size=16).hexdigest()
    if body_hash == state.body_hash:
        return Outcome(source, "unchanged", state=_answered(state, answer, run, is_new=False), size=len(raw))
    reading = await _read(source, answer.body, run)
    state = _answered(state, answer, run, is_new=True, ttl_minutes=reading.ttl_minutes, body_hash=body_hash)
    return _given(source, state, reading, len(raw))


async def _read(source: Source, body: Body, run: _Run) -> Reading:
    """Read a body in a thread, so that a slow one keeps no connection waiting."""
    return await asyncio.get_running_loop().run_in_executor(run.pool, _reading, source, body, run.now)


def _reading(source: Source, body: Body, now: datetime) -> Reading:
    try:
        return reader_for(source.kind)(source, body, now)
    except SourceError as error:
        raise SourceError(f"{body.url or body.path}: {error}") from error


def _given(source: Source, state: SourceState, reading: Reading, size: int) -> Outcome:
    return Outcome(reading.source or source, "new", reading.articles, state, notes=reading.notes, size=size)


def _answered(
    state: SourceState, answer: Answer, run: _Run, *, is_new: bool, ttl_minutes: int = 0, body_hash: str = ""
) -> SourceState:
    headers = answer.headers
    answered = checkup.Answered(
        etag=headers.get("ETag", "") or (state.etag if answer.status == 304 else ""),
        last_modified=headers.get("Last-Modified", "") or (state.last_modified if answer.status == 304 else ""),
        fresh_seconds=fresh_seconds(headers, run.now),
        ttl_minutes=ttl_minutes,
        moved_to=answer.moved_to,
        body_hash=body_hash,
    )
    return checkup.after_answer(state, answered, run.now, run.interval, is_new=is_new)


def _conditions(state: SourceState) -> dict[str, str]:
    """Return the headers that ask for the body only if it is not the one we know (RFC 9110 §13.1)."""
    conditions = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _refusal(answer: Answer) -> str:
    status, url = answer.status, answer.body.url
    if status == 410:
        return f"{url}: gone for good (410); take it out of config.toml, or give its new address"
    if status == 404:
        return f"{url}: not found (404)"
    if status == 429:
        return f"{url}: asked too often (429)"
    said = describe(answer.body.raw) if answer.body.raw else ""
    detail = f" with {said}" if "page" in said else ""
    return f"{url}: the server answers {status}{detail}"
