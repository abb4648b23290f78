"""One act on many people, in short transactions; the rules are the roster's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Connection, select

from subscribers import audit, roster
from subscribers.desk import Desk
from subscribers.errors import QueryFault
from subscribers.model import By, Reason, Subscriber
from subscribers.roster.people import subscriber_of
from subscribers.tables import subscribers
from subscribers.web.admin import finding
from subscribers.web.admin.finding import Wanted
from subscribers.web.admin.jobs import Step

Act = Literal["tag", "untag", "suppress", "remove", "add", "move"]
ACTS: tuple[Act, ...] = get_args(Act)

#: People a transaction changes at most, so that no other writer waits for long.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, with whom."""

    act: Act
    value: str  #: the tag, or the list
    wanted: Wanted
    chosen: tuple[int, ...] = ()  #: numbers of people; empty for all that are wanted


def demand_order(conn: Connection, order: Order) -> None:
    """Raise QueryFault or UnknownList where an order cannot be carried out."""
    if (order.act == "tag" and not roster.tags_in(order.value)) or (order.act == "untag" and not order.value):
        raise QueryFault("which tag? type its name")
    if order.act in ("remove", "add", "move"):
        roster.demand_list(conn, order.value)
    if order.act == "move" and (not order.wanted.list_slug or order.wanted.list_slug == order.value):
        raise QueryFault("to move people, choose the list they are on above, and another one to move them to")


def carry_out(desk: Desk, order: Order, by: By) -> Iterator[Step]:
    """Act on everybody of an order, telling how far it is."""
    done, came = 0, Counter[str]()
    for chunk in _chunks(desk, order):
        with desk.begin() as conn:
            now = _WAYS[order.act](conn, chunk, order, by)
            if order.act in ("tag", "untag"):  # the other acts are recorded of each person
                audit.write(conn, f"{order.act}: {order.value}", detail=_sums(now), **by)
        came.update(now)
        done += len(chunk)
        yield done, len(order.chosen), ""
    yield done, done, _sums(came) or "nobody was found"


def _sums(came: Counter[str]) -> str:
    return ", ".join(f"{count:,} {word}" for word, count in sorted(came.items()) if count)


def _chunks(desk: Desk, order: Order) -> Iterator[list[int]]:
    if order.chosen:
        yield from (list(order.chosen[at : at + AT_ONCE]) for at in range(0, len(order.chosen), AT_ONCE))
        return
    after = 0
    while True:
        with desk.read() as conn:
            found, after = finding.numbers(conn, order.wanted, after, AT_ONCE)
        if found:
            yield found
        if not after:
            return


def _tag(conn: Connection, people: Sequence[int], order: Order, _by: By) -> Counter[str]:
    words = roster.tags_in(order.value)
    there = [each.id for each in _people(conn, people)]
    new = roster.put_tags(conn, dict.fromkeys(there, words))
    return Counter({"tagged": new, "had it already": len(there) * len(words) - new})


def _untag(conn: Connection, people: Sequence[int], order: Order, _by: By) -> Counter[str]:
    return Counter({"no longer tagged": roster.take_tags(conn, people, (order.value,))})


def _suppress(conn: Connection, people: Sequence[int], order: Order, by: By) -> Counter[str]:
    new = [_suppressed(conn, number, order, by) for number in people]
    return Counter({"suppressed": sum(new), "suppressed before": len(new) - sum(new)})


def _suppressed(conn: Connection, number: int, order: Order, by: By) -> bool:
    """Suppress a person for every list, or for those that whoever gave the order keeps."""
    lists = order.wanted.reach.lists
    if lists is None:
        return roster.suppress_subscriber(conn, number, Reason.MANUAL, **by)
    new = [roster.suppress_subscriber(conn, number, Reason.MANUAL, list_slug=each, **by) for each in lists]
    return any(new)


def _remove(conn: Connection, people: Sequence[int], order: Order, by: By) -> Counter[str]:
    gone = [bool(roster.unsubscribe(conn, number, (order.value,), **by)) for number in people]
    return Counter({"taken off": sum(gone), "were not on it": len(gone) - sum(gone)})


def _people(conn: Connection, numbers: Sequence[int]) -> Iterator[Subscriber]:
    known = subscribers.c.id.in_(numbers) & subscribers.c.address.is_not(None)
    return map(subscriber_of, conn.execute(select(subscribers).where(known)).all())


def _add(conn: Connection, people: Sequence[int], order: Order, by: By) -> Counter[str]:
    return Counter(roster.add(conn, order.value, each.address, **by).status for each in _people(conn, people))


def _move(conn: Connection, people: Sequence[int], order: Order, by: By) -> Counter[str]:
    """Take people off the one list once they are on the other; who must confirm first stays on both.

    However often it is done: who was asked before and has not confirmed stays, too.
    """
    came = Counter[str]()
    for each in _people(conn, people):
        status = roster.add(conn, order.value, each.address, **by).status
        is_there = roster.is_confirmed(conn, each.id, order.value)
        if is_there and status in ("added", "already"):
            roster.unsubscribe(conn, each.id, (order.wanted.list_slug,), **by)
            came["moved"] += 1
        else:
            came[f"stayed: {'pending' if status == 'already' else status}"] += 1
    return came


_WAYS: dict[Act, Callable[[Connection, Sequence[int], Order, By], Counter[str]]] = {
    "tag": _tag,
    "untag": _untag,
    "suppress": _suppress,
    "remove": _remove,
    "add": _add,
    "move": _move,
}
