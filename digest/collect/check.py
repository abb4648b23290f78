"""Checks one source: asks it, reads what it gave, and says what to remember; stores nothing."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from digest.collect import checkup
from digest.collect.full_text import FullTexts
from digest.collect.http import Answer, Fetcher
from digest.collect.http_headers import conditions, fresh_seconds, retry_after
from digest.collect.impostor import describe
from digest.collect.limits import Limits
from digest.collect.parts import follow
from digest.collect.registry import Body, Reading, reader_for
from digest.collect.storable import keepable, storable
from digest.collect.turns import HostHeld
from digest.collect.worker import Workers
from digest.errors import BroadsheetError, FetchError, SourceError
from digest.model import Outcome, Source, SourceState


@dataclass(frozen=True, slots=True)
class Run:
    """What holds for every source of a run."""

    now: datetime  #: editorial time
    limits: Limits
    force: bool  #: ask also those that are not due
    pool: Executor  #: where bodies are read
    workers: Workers  #: what reads those that may cost much
    fetcher: Fetcher
    full_texts: FullTexts

    @property
    def interval(self) -> timedelta:
        """The least time between two checks."""
        return timedelta(minutes=self.limits.interval_minutes)


async def check(source: Source, state: SourceState, run: Run) -> Outcome:
    """Return what a source gave, or why it gave nothing; nothing raises."""
    started = time.perf_counter()
    try:
        outcome = await (_local(source, state, run) if source.path else _remote(source, state, run))
    except HostHeld as held:
        state = checkup.after_hold(state, held.seconds, run.now)
        outcome = Outcome(source, "not due", state=state, notes=(str(held),))
    except BroadsheetError as error:
        outcome = _failed(source, state, run, str(error))
    except Exception as error:  # a fault of ours in one source must not cost the others either
        outcome = _failed(source, state, run, f"{type(error).__name__}: {error}")
    return replace(storable(outcome), seconds=time.perf_counter() - started)


def _failed(source: Source, state: SourceState, run: Run, error: str, **facts: float | bool) -> Outcome:
    wait = float(facts.get("retry_after", 0.0))
    is_gone = bool(facts.get("is_gone", False))
    state = checkup.after_failure(state, error, run.now, run.interval, retry_after=wait, is_gone=is_gone)
    if source.path:
        state = replace(state, next_check_at=None)
    return Outcome(source, "failed", state=state, error=error)


async def _local(source: Source, state: SourceState, run: Run) -> Outcome:
    """Read a local file or folder. It is always due: there is nobody to be spared."""
    path = Path(source.path)
    raw = _content(path, run.limits.max_body_bytes, source.place)
    body_hash = _hash(raw) if raw else ""
    if body_hash and body_hash == state.body_hash:
        state = checkup.after_answer(state, checkup.Answered(), run.now, run.interval, is_new=False)
        return Outcome(source, "unchanged", state=replace(state, next_check_at=None), size=len(raw))
    reading = await _read(source, Body(raw, path=path), run)
    state = checkup.after_answer(state, checkup.Answered(body_hash=body_hash), run.now, run.interval, is_new=True)
    return await _given(source, replace(state, next_check_at=None), reading, len(raw), run)


def _hash(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def _content(path: Path, most: int, place: str) -> bytes:
    """Return what is in a local file, nothing for a folder; raise FetchError where it cannot be read.

    ``place`` is what people call the path.
    """
    try:
        if path.is_dir():
            return b""
        if path.exists() and not path.is_file():
            raise FetchError(f"{place}: neither a file nor a folder")
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise FetchError(f"{place}: cannot be read: {error.strerror}") from error
    if len(raw) > most:
        raise FetchError(f"{place}: larger than {most / 1e6:g} MB")
    return raw


async def _remote(source: Source, state: SourceState, run: Run) -> Outcome:
    if not run.force and not checkup.is_due(state, run.now):
        return Outcome(source, "not due", state=state, error=state.error)
    answer = await run.fetcher.fetch(checkup.address(source, state), conditions(state.etag, state.last_modified))
    wait = retry_after(answer.headers, run.now)
    if wait and answer.status not in (200, 304):
        run.fetcher.hold(answer.body.url, wait)
    if answer.status == 304:
        return await _unchanged(source, state, answer, run)
    if answer.status != 200:
        is_gone = answer.status == 410
        return _failed(source, state, run, _refusal(answer), retry_after=wait, is_gone=is_gone)
    return await _answer(source, state, answer, run)


async def _answer(source: Source, state: SourceState, answer: Answer, run: Run) -> Outcome:
    raw = answer.body.raw
    body_hash = _hash(raw)
    if body_hash == state.body_hash:
        return await _unchanged(source, state, answer, run)
    reading = await _read(source, answer.body, run)
    if reading.parts:
        found = await _followed(source, state, answer, run, reading.parts, body_hash)
        return replace(found, notes=reading.notes + found.notes)
    state = replace(state, ttl_minutes=reading.ttl_minutes, parts=())
    state = _answered(state, answer, run, is_new=True, body_hash=body_hash)
    return await _given(source, state, reading, len(raw), run)


async def _unchanged(source: Source, state: SourceState, answer: Answer, run: Run) -> Outcome:
    """Return what a body gave that has not changed: nothing, where it is no index; the bodies it names may have."""
    if state.parts:
        return await _followed(source, state, answer, run, [part.url for part in state.parts], state.body_hash)
    return Outcome(source, "unchanged", state=_answered(state, answer, run, is_new=False), size=len(answer.body.raw))


async def _followed(
    source: Source, state: SourceState, answer: Answer, run: Run, urls: Sequence[str], body_hash: str
) -> Outcome:
    """Return what the bodies gave that an index names; what is remembered of them is remembered with the source."""
    followed = await follow(urls, state.parts, run.fetcher, lambda body: _read(source, body, run))
    kept = replace(state, ttl_minutes=0, parts=followed.parts)
    state = _answered(kept, answer, run, is_new=followed.is_new, body_hash=body_hash)
    size = len(answer.body.raw) + followed.size
    if not followed.is_new:
        return Outcome(source, "unchanged", state=state, notes=followed.reading.notes, size=size)
    return await _given(source, state, followed.reading, size, run)


async def _read(source: Source, body: Body, run: Run) -> Reading:
    """Read a body in a thread, so that a slow one keeps no connection waiting."""
    body = replace(body, workers=run.workers)
    return await asyncio.get_running_loop().run_in_executor(run.pool, _reading, source, body, run.now)


def _reading(source: Source, body: Body, now: datetime) -> Reading:
    try:
        return reader_for(source.kind)(source, body, now)
    except SourceError as error:
        raise SourceError(f"{body.url or source.place}: {error}") from error


async def _given(source: Source, state: SourceState, reading: Reading, size: int, run: Run) -> Outcome:
    """Return what a body gave, its articles completed from their pages where the source asks for it or needs it."""
    done = await run.full_texts.complete(source, reading.articles, state.pages_tried, reading.home)
    state = replace(state, pages_tried=done.tried, introduction=reading.introduction or state.introduction)
    notes = reading.notes + done.notes
    return Outcome(source, "new", done.articles, state, notes=notes, size=size)


def _answered(state: SourceState, answer: Answer, run: Run, *, is_new: bool, body_hash: str = "") -> SourceState:
    headers = answer.headers
    answered = checkup.Answered(
        etag=_sent(headers, "ETag") or (state.etag if answer.status == 304 else ""),
        last_modified=_sent(headers, "Last-Modified") or (state.last_modified if answer.status == 304 else ""),
        fresh_seconds=fresh_seconds(headers, run.now),
        ttl_minutes=state.ttl_minutes,
        moved_to=answer.moved_to,
        body_hash=body_hash,
    )
    return checkup.after_answer(state, answered, run.now, run.interval, is_new=is_new)


def _sent(headers: Mapping[str, str], name: str) -> str:
    """Return a header that is to be sent back byte for byte, '' where its bytes are no text that can be kept."""
    value = headers.get(name, "")
    return value if keepable(value) == value else ""


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
