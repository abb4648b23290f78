"""Preview and run of an import, in short transactions that a stop cannot tear; knows no screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from subscribers import audit
from subscribers.bulk import alone_on, count_rows
from subscribers.importing.details import carry_over
from subscribers.importing.merge import apply, fates, look
from subscribers.importing.plan import Terms
from subscribers.importing.rows import Incoming
from subscribers.importing.staging import Staged
from subscribers.roster import listed
from subscribers.tables import audit as audit_log
from subscribers.tables import imports, subscribers, subscriptions, suppressions, tagged

#: So that an import never keeps another writer waiting for long.
ROWS_A_TRANSACTION = 2000

Begin = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Options:
    """What a person chose for an import."""

    override: bool = False  #: take back those who left or are suppressed; recorded
    keep: bool = False  #: leave names, fields and preferences of known people as they are
    only_here: bool = False  #: what the file says of every list is kept for this one
    confirmed: bool = False  #: they have agreed already, elsewhere: no mail asks them; recorded

    def terms(self, wanted: listed.Listed, at: datetime, source: str = "", who: str = "") -> Terms:
        """Return what an import into a list is told."""
        opt_in = "single" if self.confirmed else wanted.opt_in
        return Terms(
            wanted.id, opt_in, at, source, who, override=self.override, keep=self.keep, only_here=self.only_here
        )

    @property
    def mark(self) -> str:
        """A word of three signs that is another one for other choices: the same work goes on."""
        return f"{self.override + 2 * self.confirmed:d}{self.keep:d}{self.only_here:d}"

    @property
    def told(self) -> str:
        """What the log should know of the choices."""
        return (", override" if self.override else "") + (", agreed elsewhere" if self.confirmed else "")


#: A fate beside the others, of a preview: those who get a mail that asks them to confirm.
ASKED = "asked to confirm"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    done: int  #: rows
    total: int  #: rows
    fates: Counter[str] = field(default_factory=Counter)  #: rows by fate, and 'details changed'
    resumed: bool = False  #: whether an earlier run of the same file had begun


def preview(
    conn: Connection,
    staged: Staged,
    list_slug: str,
    options: Options,
    *,
    at: datetime,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Counter[str]:
    """Return how many rows would have each fate, and how many people a mail would ask; changes nothing.

    ``on_progress`` is told the rows looked at and the rows there are.
    """
    terms = options.terms(listed.named(conn, list_slug), at)
    counted: Counter[str] = Counter()
    done = 0
    for rows in _chunks(staged.rows()):
        cases = look(conn, rows, terms)
        counted += fates(cases)
        if asked := sum(case.verdict.asks for case in cases):
            counted[ASKED] += asked
        done += len(rows)
        on_progress(done, staged.people)
    return counted


def run(
    begin: Begin, staged: Staged, list_slug: str, options: Options, *, now: Callable[[], datetime], who: str = ""
) -> Iterator[Progress]:
    """Merge a staged file into a list, yielding after each transaction.

    The same file, list and options go on where an earlier run stopped. Rows are merged in the order of their
    addresses, so nothing is done twice.
    """
    with begin() as conn:
        job, terms = _start(conn, staged, list_slug, options, now(), who)
    done, tally = job.tally.pop("done", 0), Counter(job.tally)
    resumed = bool(job.position)
    yield Progress(done, staged.people, tally, resumed)
    for rows in _chunks(staged.rows(job.position)):
        with begin() as conn:
            here = replace(terms, at=now())
            listed.demand_list(conn, list_slug)  # it may have been deleted meanwhile
            alone_on(conn, subscribers, subscriptions)
            cases = look(conn, rows, here)
            apply(conn, cases, here)
            tally += fates(cases)
            tally["details changed"] += carry_over(conn, cases, here)
            done += len(rows)
            values = {"position": rows[-1].address, "tally": {**tally, "done": done}}
            conn.execute(update(imports).where(imports.c.id == job.id).values(values))
        yield Progress(done, staged.people, tally, resumed)
    with begin() as conn:
        _finish(conn, job.id, replace(terms, at=now()), tally)


def _start(
    conn: Connection, staged: Staged, list_slug: str, options: Options, at: datetime, who: str
) -> tuple[Row[Any], Terms]:
    wanted = listed.named(conn, list_slug)
    digest = f"{staged.digest[:60]}-{options.mark}"
    same = (imports.c.list_id == wanted.id) & (imports.c.digest == digest) & imports.c.finished_at.is_(None)
    job = conn.execute(select(imports).where(same).order_by(imports.c.id.desc()).limit(1)).one_or_none()
    terms = options.terms(wanted, at, staged.source, who)
    if job is None:
        detail = f"{staged.people} people{options.told}"
        act = audit.write(conn, "import begun", list_id=wanted.id, detail=detail, **terms.by)
        row = {"list_id": wanted.id, "source": staged.source, "digest": digest, "act": act, "started_at": at}
        conn.execute(insert(imports).values(**row, position="", tally={}))
        job = conn.execute(select(imports).where(same).order_by(imports.c.id.desc()).limit(1)).one()
    return job, replace(terms, act=job.act)


def _finish(conn: Connection, import_id: int, terms: Terms, tally: Counter[str]) -> None:
    conn.execute(update(imports).where(imports.c.id == import_id).values(finished_at=terms.at, position=""))
    detail = ", ".join(f"{count} {fate}" for fate, count in sorted(tally.items()) if count)
    audit.write(conn, "import finished", list_id=terms.list_id, detail=detail, **terms.by)
    count_rows(conn, audit_log, subscribers, subscriptions, suppressions, tagged)


def _chunks(rows: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    rest = iter(rows)
    while chunk := list(islice(rest, ROWS_A_TRANSACTION)):
        yield chunk
