"""Files of people, handed over by programs: read, shown what they would do, carried out; the rules are the import's."""

from __future__ import annotations

import shutil
from pathlib import PurePath
from typing import Literal

from pydantic import Field

from digest.web.api.endpoint import Answer, Call, Endpoint, Given, Shown
from digest.web.api.problem import Problem
from digest.web.api.words import Count, Words
from subscribers import roster
from subscribers.web.admin.handed import Handed, HandedFiles, Options
from subscribers.web.admin.jobs import Jobs

#: What the file may call itself; its separators, quotes, encoding and columns are recognised whatever it says.
KINDS = ("text/csv", "text/tab-separated-values", "text/plain")


class ImportQuery(Given):
    """What becomes of the file."""

    list: Words = Field(description="Who is in it comes onto this list.")
    source: Words = Field("", description="The file's name, for the log.")
    run: bool = Field(True, description="False to be shown what it would do; then run it, or leave it.")
    confirmed: bool = Field(False, description="They have agreed already, elsewhere: no mail asks them; recorded.")
    keep: bool = Field(False, description="Leave names, fields and preferences of people who are known as they are.")


class LineFault(Shown):
    """A line that is left out, and why."""

    line: Count
    what: str


class Import(Shown):
    """A file of people, and how far it is."""

    id: str
    list: str
    source: str
    state: Literal["reading", "ready", "running", "done", "failed"] = Field(
        description="`ready`: it waits to be run, and `fates` is what would come of it."
    )
    says: str = Field(description="Why it failed, or what is being done.")
    done: Count = Field(description="Lines dealt with.")
    total: Count = Field(description="Lines to deal with; 0 while nobody knows.")
    lines: Count = Field(description="With people on them, faults among them.")
    people: Count = Field(description="Good lines, each address once.")
    repeated: Count = Field(description="Good lines whose address comes again further down.")
    fates: dict[str, Count] = Field(
        description="`new`, `joined`, `confirmed`, `already`, `marked as left`, `left before`, `suppressed`; "
        "`asked to confirm` of those while it is shown; once it ran, `details changed` too."
    )
    fault_count: Count
    faults: tuple[LineFault, ...] = Field(description="The first thousand.")


class ImportEndpoints:
    """What can be asked of imports; remembers the last files, until the process ends."""

    def __init__(self) -> None:
        self._files = HandedFiles(Jobs())

    def endpoints(self) -> list[Endpoint]:
        """Return what can be asked."""
        one, write = "/imports/{import}", "subscribers:write"
        return [
            Endpoint("POST", "/imports", write, "Hand over a file of people, and put them on a list.", self.begin,
                     {202: Import}, query=ImportQuery, file=KINDS, faults=(422,)),
            Endpoint("GET", one, write, "Read how far an import is, and its faults.", self.read, {200: Import},
                     faults=(404,)),
            Endpoint("POST", f"{one}/run", write, "Carry out what was shown.", self.run, {202: Import},
                     faults=(404, 409)),
        ]  # fmt: skip

    def begin(self, call: Call) -> Answer:
        """Take a file, and begin to read it."""
        wanted: ImportQuery = call.query
        call.reach.demand(wanted.list)
        with call.desk.read() as connection:
            roster.demand_list(connection, wanted.list)
        source = PurePath(wanted.source.replace("\\", "/")).name or "handed over"
        options = Options(keep=wanted.keep, only_here=not call.reach.is_whole, confirmed=wanted.confirmed)
        handed = Handed(wanted.list, source, options, call.who)
        shutil.move(call.body, handed.path)
        self._files.take(call.desk, handed, call.by, run=wanted.run)
        return Answer(202, _shown(handed), {"location": f"/api/imports/{handed.id}"})

    def read(self, call: Call) -> Answer:
        """Return one of the program's own."""
        return Answer(200, _shown(self._one(call)))

    def run(self, call: Call) -> Answer:
        """Begin to carry it out; a second time does nothing."""
        handed = self._one(call)
        if handed.state in ("reading", "failed"):
            raise Problem(409, f"the file is {handed.state}; it can be run once it is ready")
        self._files.run(call.desk, handed, call.by)
        return Answer(202, _shown(handed))

    def _one(self, call: Call) -> Handed:
        handed = self._files.get(call.path["import"])
        if handed is None or handed.who != call.who or not call.reach.holds(handed.list_slug):
            raise Problem(404, "there is no such import of this token, or it is not kept any more: hand it over again")
        return handed


def _shown(handed: Handed) -> Import:
    job, staged = handed.job, handed.staged
    return Import(
        id=handed.id,
        list=handed.list_slug,
        source=handed.source,
        state=handed.state,
        says=job.says if job else "",
        done=job.done if job else 0,
        total=job.total if job else 0,
        lines=staged.lines if staged else 0,
        people=staged.people if staged else 0,
        repeated=staged.repeated if staged else 0,
        fates={name: count for name, count in sorted(handed.fates.items()) if count},
        fault_count=staged.fault_count if staged else 0,
        faults=tuple(LineFault(line=each.line, what=each.what) for each in staged.faults) if staged else (),
    )
