"""Files of people that somebody handed over: read, shown what they would do, carried out; knows no page."""

from __future__ import annotations

import secrets
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Literal

from subscribers.desk import Desk
from subscribers.errors import FileFault, QueryFault
from subscribers.importing.run import Options as Options
from subscribers.importing.run import preview, run
from subscribers.importing.staging import Staged, stage
from subscribers.importing.workplace import Workplace
from subscribers.model import By
from subscribers.web.admin.jobs import Job, Jobs, Step

#: So many handed over and not at work are kept; the oldest goes first, with its file.
_MOST = 20


@dataclass
class Handed:
    """A file that somebody handed over, and how far it is."""

    list_slug: str
    source: str  #: the file's name, only ever shown: it never becomes a path
    options: Options
    who: str
    place: Workplace = field(default_factory=Workplace)  #: given back with the last mention of this
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    job: Job | None = None
    staged: Staged | None = None  #: once it is read
    fates: Counter[str] = field(default_factory=Counter)  #: what would become of its lines, or what became of them
    is_run: bool = False  #: whether it is to be carried out

    def __post_init__(self) -> None:
        weakref.finalize(self, self.place.give_back)

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.place.folder / "people.csv"

    @property
    def is_at_work(self) -> bool:
        """Whether it is being read or carried out."""
        return self.job is not None and self.job.state == "running"

    @property
    def state(self) -> Literal["reading", "ready", "running", "done", "failed"]:
        """How far it is, in one word."""
        if self.job is not None and self.job.state == "failed":
            return "failed"
        if self.staged is None:
            return "reading"
        if self.is_run:
            return "running" if self.is_at_work else "done"
        return "reading" if self.is_at_work else "ready"


class HandedFiles:
    """Those handed over lately; forgotten when the process ends."""

    def __init__(self, jobs: Jobs, back: str = "") -> None:
        """Take the page on which a file is watched, where there is one: its id is put behind."""
        self._jobs, self._back = jobs, back
        self._handed: OrderedDict[str, Handed] = OrderedDict()
        self._lock = Lock()

    def __iter__(self) -> Iterator[Handed]:
        """Yield those that are kept."""
        return iter(tuple(self._handed.values()))

    def get(self, number: str) -> Handed | None:
        """Return a file, None where it is not kept any more."""
        return self._handed.get(number)

    def take(self, desk: Desk, handed: Handed, by: By, *, run: bool = False) -> None:
        """Begin to read a file that lies at its path, and with ``run`` to carry it out once it is read."""
        handed.is_run = run
        self._keep(handed)

        def work() -> Iterator[Step]:
            yield from _read(desk, handed, by)
            if run and handed.staged is not None:
                yield from _run(desk, handed, handed.staged, by)

        handed.job = self._start("Reading", handed, f"{self._back}{handed.id}", work)

    def run(self, desk: Desk, handed: Handed, by: By, back: str = "") -> None:
        """Begin to carry a file out; a second time does nothing. Raises QueryFault before it is read."""
        if handed.staged is None:
            raise QueryFault("the file is still being read")
        with self._lock:
            if handed.is_run:
                return
            handed.is_run = True
        handed.job = self._start("Importing", handed, back, partial(_run, desk, handed, handed.staged, by))

    def _start(self, what: str, handed: Handed, back: str, work: Callable[[], Iterator[Step]]) -> Job:
        return self._jobs.start(f"{what} {handed.source}", back, handed.who, work)

    def _keep(self, handed: Handed) -> None:
        with self._lock:
            self._handed[handed.id] = handed
            idle = [each for each in self._handed.values() if each is not handed and not each.is_at_work]
            for old in idle[: max(0, len(self._handed) - _MOST)]:
                del self._handed[old.id]


def _read(desk: Desk, handed: Handed, by: By) -> Iterator[Step]:
    yield 0, 0, "reading the file"
    try:
        staged = stage(handed.path, handed.place.folder, source=handed.source)
    except FileFault as fault:
        # The fault names the path it was kept at, which tells people nothing.
        raise FileFault(str(fault).replace(str(handed.path), handed.source)) from fault
    yield 0, staged.people, "looking each address up"
    with desk.read() as conn:
        handed.fates = preview(conn, staged, handed.list_slug, handed.options, at=by["at"])
    handed.staged = staged
    yield staged.people, staged.people, ""


def _run(desk: Desk, handed: Handed, staged: Staged, by: By) -> Iterator[Step]:
    begin, who = desk.begin, by.get("who", "")
    for progress in run(begin, staged, handed.list_slug, handed.options, now=desk.now, who=who):
        handed.fates = progress.fates
        yield progress.done, progress.total, ""
