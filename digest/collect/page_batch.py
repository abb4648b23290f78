"""Reads many pages at a time, each in a worker process under limits; does not fetch them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from digest.collect.page import Page, as_json, read_page
from digest.collect.worker import Bounds, Worker
from digest.errors import SourceError

#: What one page may cost. The largest of real pages take half a second and 100 MB.
BOUNDS = Bounds(cpu_seconds=3.0, memory_mb=300, seconds=30.0)
#: Pages that make another process worth its start.
PER_WORKER = 40

Item = tuple[Path, str]


def read_one(raw: bytes, *, url: str = "", content_type: str = "", worker: Worker | None = None) -> Page:
    """Return a page read in a worker process; raise FeedError, or LimitPassed where it takes too much.

    Without ``worker``, a process is started for it and ended again.
    """
    if worker:
        return worker.run(read_page, raw, url=url, content_type=content_type)
    with Worker(BOUNDS) as own:
        return own.run(read_page, raw, url=url, content_type=content_type)


def read_pages(items: Iterable[Item], workers: int = 0, bounds: Bounds = BOUNDS) -> Iterator[dict[str, Any]]:
    """Yield what ``digest inspect page --json`` prints for each (file, address), in their order.

    A page that cannot be read yields its ``error``; none costs another one anything. ``workers`` is the number of
    processes, 0 for as many as the number of pages and this machine's processors make worth while.
    """
    items = list(items)
    count = min(workers or os.cpu_count() or 1, 1 + len(items) // PER_WORKER)
    with ExitStack() as stack:
        idle: SimpleQueue[Worker] = SimpleQueue()
        for _ in range(count):
            idle.put(stack.enter_context(Worker(bounds)))
        pool = stack.enter_context(ThreadPoolExecutor(count))
        yield from _in_order(pool, idle, iter(items), count)


def _in_order(
    pool: ThreadPoolExecutor, idle: SimpleQueue[Worker], items: Iterator[Item], count: int
) -> Iterator[dict[str, Any]]:
    """Yield the results in order, never more than a few pages ahead of who takes them."""
    running: deque[Future[dict[str, Any]]] = deque(pool.submit(_read, idle, *item) for item in islice(items, 4 * count))
    while running:
        result = running.popleft().result()
        running.extend(pool.submit(_read, idle, *item) for item in islice(items, 1))
        yield result


def _read(idle: SimpleQueue[Worker], file: Path, url: str) -> dict[str, Any]:
    worker = idle.get()
    try:
        return worker.run(read_file, file, url)
    except SourceError as error:
        return _failed(file, url, str(error))
    finally:
        idle.put(worker)


def read_file(file: Path, url: str) -> dict[str, Any]:
    """Return the line for one file; runs in the worker process."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        return _failed(file, url, f"{file}: cannot be read: {error.strerror}")
    return as_json(read_page(raw, url=url), str(file))


def _failed(file: Path, url: str, error: str) -> dict[str, Any]:
    return {**as_json(Page(url, ""), str(file)), "error": error}
