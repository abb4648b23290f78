"""An import in three steps: hand over a file, see what it would do, do it; the rules are in ``importing``."""

from __future__ import annotations

import shutil
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from subscribers import roster
from subscribers.desk import Desk
from subscribers.errors import QueryFault
from subscribers.importing.run import Options
from subscribers.tables import imports, lists
from subscribers.web.admin.asked import Asked, Page
from subscribers.web.admin.handed import Handed, HandedFiles
from subscribers.web.admin.jobs import Jobs

#: Faulty lines shown on the page.
SHOWN = 100


class ImportPages:
    """The three steps."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._files = HandedFiles(jobs, back="/admin/import/")

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
        running = {each.source for each in self._files if each.is_run and each.is_at_work}
        rest = [row for row in stopped if row.source not in running]
        return asked.show("import", slugs=slugs, chosen=asked.query("list"), stopped=rest)

    def hand_over(self, asked: Asked) -> Response:
        """Take the file, or the pasted addresses, and begin to read it."""
        slug, pasted, file = asked.word("list"), asked.word("pasted"), asked.files.get("file")
        override = asked.word("override") == "yes"
        if override:
            asked.reach.demand_whole()  # who is suppressed for every list would be written to again
        options = Options(
            override=override,
            keep=asked.word("keep") == "yes",
            only_here=not asked.reach.is_whole,
            confirmed=asked.word("confirmed") == "yes",
        )
        with self._desk.read() as conn:
            roster.demand_list(conn, slug)
        handed = Handed(slug, "pasted", options, asked.who)
        if file is not None and file.filename:
            handed.source = PurePath(file.filename.replace("\\", "/")).name[:200]
            with handed.path.open("wb") as out:
                shutil.copyfileobj(file.file, out)
        elif pasted:
            handed.path.write_text(pasted, encoding="utf-8")
        else:
            raise QueryFault("choose a file, or paste some addresses")
        self._files.take(self._desk, handed, asked.by)
        return RedirectResponse(f"/admin/import/{handed.id}", 303)

    def look(self, asked: Asked) -> Response:
        """Show the second step, and the third while it goes on."""
        handed = self._one(asked)
        context: dict[str, Any] = {"handed": handed, "job": handed.job, "shown": SHOWN}
        return asked.show("import-state" if asked.is_fragment else "import-file", **context)

    def run(self, asked: Asked) -> Response:
        """Begin to carry the import out; a second time does nothing."""
        handed = self._one(asked)
        self._files.run(self._desk, handed, asked.by, f"/admin/people?list={handed.list_slug}")
        return RedirectResponse(f"/admin/import/{handed.id}", 303)

    def _one(self, asked: Asked) -> Handed:
        handed = self._files.get(asked.part("file"))
        if handed is None or not asked.reach.holds(handed.list_slug):
            raise QueryFault("that file is not kept any more; hand it over again, what was done is not done twice")
        return handed
