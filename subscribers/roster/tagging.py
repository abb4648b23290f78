"""Words put on people to find them again; knows no list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, select

from subscribers.bulk import insert_rows
from subscribers.errors import TagFault
from subscribers.tables import LONGEST_TAG as LONGEST
from subscribers.tables import tagged, tags

_UNSEEN = re.compile("[\x00-\x1f\x7f]")
_TAG = re.compile(rf"[^,\x00-\x1f\x7f]{{1,{LONGEST}}}")


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags of a text that has commas between them, each once, cut to what can be kept."""
    words = (" ".join(_UNSEEN.sub(" ", word).split()).strip(' "')[:LONGEST].rstrip() for word in text.split(","))
    return tuple(dict.fromkeys(filter(None, words)))


def put_tags(conn: Connection, wanted: Mapping[int, Iterable[str]]) -> int:
    """Put tags on people, by their numbers, and return how many were new on someone; the caller records it.

    Raises TagFault for one that is empty, too long, or could not be told from two in a list of them.
    """
    names = sorted({tag for each in wanted.values() for tag in each})
    for name in names:
        if not _TAG.fullmatch(name):
            raise TagFault(f'"{name[:40]}" is no tag; one has 1 to {LONGEST} characters, and no comma')
    numbers = _numbers(conn, names)
    pairs = {(numbers[tag], number) for number, each in wanted.items() for tag in each}
    people = list(wanted)
    there = select(tagged.c.tag_id, tagged.c.subscriber_id).where(tagged.c.subscriber_id.in_(people))
    new = sorted(pairs - {(row.tag_id, row.subscriber_id) for row in conn.execute(there)})
    insert_rows(conn, tagged, ("tag_id", "subscriber_id"), new)
    return len(new)


def take_tags(conn: Connection, people: Sequence[int], names: Sequence[str]) -> int:
    """Take tags off people and return how many were taken; the caller records it."""
    wanted = select(tags.c.id).where(tags.c.name.in_(names))
    here = tagged.c.tag_id.in_(wanted) & tagged.c.subscriber_id.in_(people)
    return conn.execute(delete(tagged).where(here)).rowcount


def all_tags(conn: Connection) -> tuple[tuple[str, int], ...]:
    """Return every tag and how many people have it, by name."""
    query = select(tags.c.name, func.count()).join(tagged).group_by(tags.c.name).order_by(tags.c.name)
    return tuple((name, count) for name, count in conn.execute(query))


def _numbers(conn: Connection, names: Sequence[str]) -> dict[str, int]:
    query = select(tags.c.name, tags.c.id).where(tags.c.name.in_(names))
    known = {row.name: row.id for row in conn.execute(query)}
    missing = [(name,) for name in names if name not in known]
    if missing:
        insert_rows(conn, tags, ("name",), missing)
        known = {row.name: row.id for row in conn.execute(query)}
    return known
