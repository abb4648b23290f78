"""An import in three steps: hand over a file, see what it would do, do it; the rules are in ``importing``."""

from __future__ import annotations

import secrets
import shutil
import weakref
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from subscribers import roster
from subscribers.desk import Desk
from subscribers.errors import FileFault, QueryFault
from subscribers.importing.run import Options, preview, run
from subscribers.importing.staging import Staged, stage
from subscribers.tables import imports, lists
from subscribers.web.admin.asked import Asked, Page
from subscribers.web.admin.jobs import Job, Jobs, Step

#: So many handed over and not yet run are kept; the oldest goes first, with its file.
_MOST = 20
#: Faulty lines shown on the page.
SHOWN = 100


@dataclass
class Handed:
    """A file that somebody handed over, and how far it is."""

    list_slug: str
    source: str
    folder: Path  #: goes with the last mention of this
    options: Options
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    job: Job | None = None
    staged: Staged | None = None  #: once it is read
    fates: Counter[str] = field(default_factory=Counter)  #: what would become of its lines
    is_run: bool = False

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


class ImportPages:
    """The three steps."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk, self._jobs = desk, jobs
        self._handed: OrderedDict[str, Handed] = OrderedDict()

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/import", "editor", self.show),
            Page("POST", "/import", "editor", self.hand_over),
            Page("GET", "/import/{file}", "editor", self.look),
            Page("POST", "/import/{file}", "editor", self.run),
        ]

    def show(self, asked: Asked) -> Response:
        """Show the first step."""
        with self._desk.read() as conn:
            slugs = asked.reach.of(roster.slugs(conn))
            stopped = conn.execute(
                select(imports.c.source, imports.c.tally, lists.c.slug)
                .join(lists, lists.c.id == imports.c.list_id)
                .where(imports.c.finished_at.is_(None), imports.c.list_id.in_(asked.reach.numbers(conn)))
                .order_by(imports.c.id.desc())
                .limit(5)
            ).all()
        running = {
            each.source for each in self._handed.values() if each.is_run and each.job and each.job.state == "running"
        }
        rest = [row for row in stopped if row.source not in running]
        return asked.show("import", slugs=slugs, chosen=asked.query("list"), stopped=rest)

    def hand_over(self, asked: Asked) -> Response:
        """Take the file, or the pasted addresses, and begin to read it."""
        slug, pasted, file = asked.word("list"), asked.word("pasted"), asked.files.get("file")
        override = asked.word("override") == "yes"
        if override:
            asked.reach.demand_whole()  # who is suppressed for every list would be written to again
        options = Options(override=override, keep=asked.word("keep") == "yes", only_here=not asked.reach.is_whole)
        with self._desk.read() as conn:
            roster.demand_list(conn, slug)
        folder = Path(mkdtemp(prefix="import-"))
        handed = Handed(slug, "pasted", folder, options)
        path = folder / "people.csv"
        if file is not None and file.filename:
            # The file's own name is only ever shown: it never becomes a path.
            handed.source = PurePath(file.filename.replace("\\", "/")).name[:200]
            with path.open("wb") as out:
                shutil.copyfileobj(file.file, out)
        elif pasted:
            path.write_text(pasted, encoding="utf-8")
        else:
            raise QueryFault("choose a file, or paste some addresses")
        self._keep(handed)
        work = partial(self._read, handed, path, asked)
        handed.job = self._jobs.start(f"Reading {handed.source}", f"/admin/import/{handed.id}", asked.who, work)
        return RedirectResponse(f"/admin/import/{handed.id}", 303)

    def look(self, asked: Asked) -> Response:
        """Show the second step, and the third while it goes on."""
        handed = self._one(asked)
        job = handed.job
        context: dict[str, Any] = {"handed": handed, "job": job, "shown": SHOWN}
        return asked.show("import-state" if asked.is_fragment else "import-file", **context)

    def run(self, asked: Asked) -> Response:
        """Begin to carry the import out; a second time does nothing."""
        handed = self._one(asked)
        if handed.staged is None:
            raise QueryFault("the file is still being read")
        if not handed.is_run:
            handed.is_run = True
            work = partial(self._run, handed, handed.staged, asked)
            handed.job = self._jobs.start(
                f"Importing {handed.source}", f"/admin/people?list={handed.list_slug}", asked.who, work
            )
        return RedirectResponse(f"/admin/import/{handed.id}", 303)

    def _read(self, handed: Handed, path: Path, asked: Asked) -> Iterator[Step]:
        yield 0, 0, "reading the file"
        try:
            staged = stage(path, handed.folder, source=handed.source)
        except FileFault as fault:
            # The fault names the path it was kept at, which tells people nothing.
            raise FileFault(str(fault).replace(str(path), handed.source)) from fault
        yield 0, staged.people, "looking each address up"
        with self._desk.read() as conn:
            handed.fates = preview(conn, staged, handed.list_slug, handed.options, at=asked.by["at"])
        handed.staged = staged
        yield staged.people, staged.people, ""

    def _run(self, handed: Handed, staged: Staged, asked: Asked) -> Iterator[Step]:
        who = asked.by.get("who", "")
        for progress in run(self._desk.begin, staged, handed.list_slug, handed.options, now=self._desk.now, who=who):
            handed.fates = progress.fates
            yield progress.done, progress.total, ""

    def _one(self, asked: Asked) -> Handed:
        handed = self._handed.get(asked.part("file"))
        if handed is None or not asked.reach.holds(handed.list_slug):
            raise QueryFault("that file is not kept any more; hand it over again, what was done is not done twice")
        return handed

    def _keep(self, handed: Handed) -> None:
        self._handed[handed.id] = handed
        idle = [each for each in self._handed.values() if not (each.job and each.job.state == "running")]
        for old in idle[: max(0, len(self._handed) - _MOST)]:
            del self._handed[old.id]
