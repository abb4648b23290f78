"""What is too long or of the wrong signs to be kept is told, the same on every database."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from sqlalchemy import Connection

from subscribers import roster
from subscribers.cli.joining import fields_of
from subscribers.errors import ListNameFault, TagFault
from subscribers.tables import LONGEST_SLUG, LONGEST_TAG
from tests.subscribers.desks import MORNING, make_engine

BY = {"at": MORNING, "how": "command"}


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = make_engine()
    with engine.connect() as connection:
        roster.ensure_list(connection, "daily", opt_in="single", at=MORNING)
        yield connection
    engine.dispose()


@pytest.mark.parametrize("slug", ["", "x" * (LONGEST_SLUG + 1)])
def test_a_list_has_a_name_that_can_be_kept(conn: Connection, slug: str) -> None:
    with pytest.raises(ListNameFault, match=f"1 to {LONGEST_SLUG} characters"):
        roster.ensure_list(conn, slug, at=MORNING)
    assert roster.ensure_list(conn, "x" * LONGEST_SLUG, at=MORNING)


@pytest.mark.parametrize("tag", ["", "x" * (LONGEST_TAG + 1), "a,b", "a\nb", "\x00"])
def test_a_tag_can_be_told_from_two(conn: Connection, tag: str) -> None:
    number = roster.add(conn, "daily", "ada@example.com", **BY).subscriber_id
    assert number is not None
    with pytest.raises(TagFault, match="no comma"):
        roster.put_tags(conn, {number: ["founder", tag]})
    assert roster.put_tags(conn, {number: ["x" * LONGEST_TAG, "ein Wort mehr"]}) == 2


@pytest.mark.parametrize("told", ["name=\udced\udcb0", "\udcff=x"])
def test_a_field_that_is_no_utf_8_is_named(told: str) -> None:
    with pytest.raises(click.UsageError, match=r"not UTF-8.*write it in UTF-8"):
        fields_of(("town=Skerry", told))
    assert fields_of(("town=Skerry ", "boat=Müwe=2")) == {"town": "Skerry", "boat": "Müwe=2"}


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        (" , ,", ()),
        ("a, b,a", ("a", "b")),
        ('"quoted", two\nlines', ("quoted", "two lines")),
        ("x" * 100, ("x" * LONGEST_TAG,)),
        ("a\x00b", ("a b",)),
    ],
)
def test_tags_in_a_text_can_all_be_kept(conn: Connection, text: str, tags: tuple[str, ...]) -> None:
    assert roster.tags_in(text) == tags
    number = roster.add(conn, "daily", "ada@example.com", **BY).subscriber_id
    assert number is not None
    assert roster.put_tags(conn, {number: tags}) == len(tags)
