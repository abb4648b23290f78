"""A list that is not wanted any more: what goes with it, what stays, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from sqlalchemy import Connection, delete, func, select, update

from subscribers import audit
from subscribers.errors import ListInUse
from subscribers.model import By, Newsletter, State
from subscribers.roster import listed
from subscribers.roster.segmenting import Deliveries
from subscribers.tables import imports, notices, requests, subscriptions
from subscribers.tables import lists as table


def demand_unused(
    conn: Connection, slug: str, newsletters: Iterable[Newsletter], deliveries: Deliveries | None
) -> None:
    """Raise ListInUse, with the mend, for a list that a newsletter names or that mail is on its way to.

    Raises:
        UnknownList: there is no such list.
    """
    listed.demand_list(conn, slug)
    if naming := ", ".join(each.slug for each in newsletters if slug in each.lists):
        raise ListInUse(
            f'{naming} goes to the list "{slug}": name other lists for it in config.toml, or take it out there; '
            "where digest serve runs, start it anew"
        )
    if sending := ", ".join(deliveries.under_way(conn, slug) if deliveries else ()):
        raise ListInUse(
            f'{sending} is on its way to the list "{slug}": wait until it is sent, or end it with digest cancel EDITION'
        )


def delete_list(
    conn: Connection,
    slug: str,
    newsletters: Iterable[Newsletter],
    deliveries: Deliveries | None,
    **by: Unpack[By],
) -> int:
    """Delete a list and return how many people were on it; they leave it, and nobody is asked or told.

    What was recorded stays: who joined when and by what act, who left, the suppressions, the log, the ledger of what
    was sent. The list's own row stays too, unseen, as the log speaks of it. Who was on it counts as having left: where
    a list of that name is made again, nobody is on it, and an import brings nobody back unasked.

    Raises:
        UnknownList: there is no such list.
        ListInUse: a newsletter names it, or mail is on its way to it.
    """
    demand_unused(conn, slug, newsletters, deliveries)
    number = listed.named(conn, slug).id
    on_it = (subscriptions.c.list_id == number) & (subscriptions.c.state != State.UNSUBSCRIBED)
    count = conn.scalar(select(func.count()).select_from(subscriptions).where(on_it)) or 0
    act = audit.write(conn, "list deleted", list_id=number, detail=f"{count} left", **by)
    gone = {"state": State.UNSUBSCRIBED, "left_at": by["at"], "act": act}
    conn.execute(update(subscriptions).where(on_it).values(gone))
    conn.execute(delete(requests).where(requests.c.list_id == number))
    conn.execute(delete(notices).where(notices.c.list_id == number, notices.c.done_at.is_(None)))
    begun = (imports.c.list_id == number) & imports.c.finished_at.is_(None)
    conn.execute(update(imports).where(begun).values(finished_at=by["at"], position=""))
    conn.execute(update(table).where(table.c.id == number).values(deleted_at=by["at"]))
    return count
