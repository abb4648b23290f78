"""The lists: how many people are on each, a new one, one as a file; knows no person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Lock, Thread

from starlette.responses import Response, StreamingResponse

from subscribers import csvfile, roster
from subscribers.desk import Desk
from subscribers.errors import QueryFault
from subscribers.importing.workplace import workplace
from subscribers.model import ListSummary, OptIn
from subscribers.web.admin.asked import Asked, Page, Said

#: Counting a million people takes a while; nobody needs it anew at every look.
COUNTS_HOLD = timedelta(seconds=30)
#: Seconds that the first look waits for the count: enough for some ten thousand people.
PATIENCE = 0.1


class ListPages:
    """The page of all lists."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = Lock()
        self._turn = 0
        self._counting: Thread | None = None
        self._counted: tuple[datetime, tuple[ListSummary, ...]] | None = None

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/lists", "viewer", self.show),
            Page("POST", "/lists", "editor", self.make, for_all=True),
            Page("POST", "/lists/{list}/change", "editor", self.change),
            Page("POST", "/lists/{list}/delete", "owner", self.delete, for_all=True),
            Page("POST", "/lists/{list}/add", "editor", self.add),
            Page("GET", "/lists/{list}.csv", "editor", self.export),
        ]

    def counts(self) -> tuple[ListSummary, ...] | None:
        """Return every list with its people counted lately, None while they are counted for the first time.

        A million people take a tenth of a second to count, so no page waits for it.
        """
        with self._lock:
            is_old = self._counted is None or self._desk.now() - self._counted[0] > COUNTS_HOLD
            if is_old and not (self._counting and self._counting.is_alive()):
                self._counting = Thread(target=self._count, name="count lists", daemon=True)
                self._counting.start()
            counting = self._counting
        if self._counted is None and counting:
            counting.join(PATIENCE)
        return self._counted[1] if self._counted else None

    def _count(self) -> None:
        """Count, and once more where something was changed meanwhile."""
        turn = -1
        while turn != self._turn:
            turn, now = self._turn, self._desk.now()
            with self._desk.read() as conn:
                counted = roster.lists(conn)
        self._counted = (now, counted)

    def forget_counts(self) -> None:
        """Count anew at the next look: something was changed here."""
        self._turn += 1
        self._counted = None

    def show(self, asked: Asked) -> Response:
        """Show every list."""
        feeds: dict[str, list[str]] = {}
        for newsletter in self._desk.newsletters():
            for slug in newsletter.lists:
                feeds.setdefault(slug, []).append(newsletter.title)
        counts = self.counts()
        lists = counts and tuple(each for each in counts if asked.reach.holds(each.slug))
        return asked.show("lists", lists=lists, feeds=feeds)

    def make(self, asked: Asked) -> Response:
        """Make a list."""
        slug, title = asked.word("slug").lower(), asked.word("title")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", slug):
            raise QueryFault("a list's short name has small letters, digits and hyphens, such as weekly-news")
        with self._desk.begin() as conn:
            if slug in roster.slugs(conn):
                raise QueryFault(f'there is a list "{slug}" already')
            roster.ensure_list(conn, slug, title=title, opt_in=_opt_in(asked), at=asked.by["at"], by=asked.by)
        self.forget_counts()
        return Said("/admin/lists", f'The list "{title or slug}" is made.')

    def change(self, asked: Asked) -> Response:
        """Give a list another title, or let people join it in another way from now on."""
        slug = asked.part("list")
        with self._desk.begin() as conn:
            changed = roster.change_list(conn, slug, title=asked.word("title")[:200], opt_in=_opt_in(asked), **asked.by)
        self.forget_counts()
        return Said("/admin/lists", "Saved." if changed else "Nothing to change: it was so already.")

    def delete(self, asked: Asked) -> Response:
        """Delete a list whose name was typed once more."""
        slug = asked.part("list")
        with self._desk.begin() as conn:
            roster.demand_unused(conn, slug, self._desk.newsletters(), self._desk.deliveries)
            if asked.word("again") != slug:
                raise QueryFault("that is not the short name of this list; nothing was deleted")
            left = roster.delete_list(conn, slug, self._desk.newsletters(), self._desk.deliveries, **asked.by)
        self.forget_counts()
        return Said(
            "/admin/lists", f'The list "{slug}" is deleted; {left:,} {"person" if left == 1 else "people"} left it.'
        )

    def add(self, asked: Asked) -> Response:
        """Put one person on a list, by the list's opt-in."""
        slug, address = asked.part("list"), asked.word("address")
        with self._desk.begin() as conn:
            added = roster.add(conn, slug, address, name=asked.word("name"), **asked.by)
            found = roster.by_address(conn, address)
        self.forget_counts()
        why = {
            "added": "is on the list now",
            "pending": "gets a mail that asks to confirm",
            "already": "was on the list already",
            "suppressed": f"must not be written to: {added.reason}",
            "left": "left the list; only they themselves can come back, or you on their own page",
        }[added.status]
        refused = added.status in ("suppressed", "left")
        # Who was refused may be out of reach, and their page with them.
        is_shown = found is not None and (asked.reach.is_whole or not refused)
        where = f"/admin/people/{found.public_id}" if found and is_shown else "/admin/lists"
        return Said(where, f"{address} {why}.", is_fault=refused)

    def export(self, asked: Asked) -> Response:
        """Hand a list over as CSV, which imports to the same state."""
        slug = asked.part("list")
        with self._desk.read() as conn:
            roster.demand_list(conn, slug)
        name = f"{slug}-{asked.by['at']:%Y-%m-%d}.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(self._pieces(slug), media_type="text/csv; charset=utf-8", headers=headers)

    def _pieces(self, slug: str) -> Iterator[bytes]:
        """Yield a list as CSV; written to a file first, so that a slow reader holds no transaction open."""
        with workplace() as folder:
            file = folder / "list.csv"
            with self._desk.read() as conn, file.open("w", encoding="utf-8", newline="") as out:
                csvfile.write(conn, slug, out)
            with file.open("rb") as written:
                while piece := written.read(1 << 16):
                    yield piece


def _opt_in(asked: Asked) -> OptIn:
    return "single" if asked.word("opt_in") == "single" else "double"
