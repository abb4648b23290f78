"""A program deletes lists: with a scope of its own, and never under a newsletter or a send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from digest.pipeline.publishing import publish
from digest.store.ledger_tables import sends
from subscribers import audit, roster
from tests.newsroom import NOW
from tests.web.api_world import World, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An installation with one more list, of two people."""
    opened = open_world(tmp_path)
    with opened.app.store.begin() as conn:
        roster.ensure_list(conn, "old", title="The old one", opt_in="single", at=NOW)
        for address in ("ada@reader.example.org", "ben@reader.example.org"):
            roster.add(conn, "old", address, at=NOW, how="command")
    yield opened
    opened.app.store.close()


def slugs(world: World) -> tuple[str, ...]:
    with world.app.store.read() as conn:
        return roster.slugs(conn)


def test_a_list_is_deleted_its_people_and_the_log_stay(world: World) -> None:
    robot, ada = world.program(), world.person("ada@reader.example.org")
    assert robot.told("DELETE", "/lists/old") == {"list": "old", "left": 2}
    assert slugs(world) == ("daily", "harbour")
    assert robot.told("DELETE", "/lists/old", status=404)["detail"] == 'there is no list "old"'
    places = {each["list"]: each["state"] for each in robot.told("GET", f"/subscribers/{ada}")["subscriptions"]}
    assert (places["old"], places["daily"]) == ("unsubscribed", "confirmed")
    with world.app.store.read() as conn:
        entry = audit.entries(conn, list_slug="old")[0]
    assert (entry.what, entry.who, entry.how, entry.detail) == ("list deleted", "token robot 1", "api", "2 left")


def test_a_list_that_a_newsletter_goes_to_stays(world: World) -> None:
    refused = world.program().told("DELETE", "/lists/daily", status=409)
    assert 'goes to the list "daily"' in refused["detail"]
    assert "daily" in slugs(world)


@pytest.mark.parametrize("state", ["planning", "sending", "paused"])
def test_a_list_that_mail_is_on_its_way_to_stays(world: World, state: str) -> None:
    harbour = next(each for each in world.app.newsletters if each.slug == "harbour")
    assert publish(world.app, harbour, NOW, lists=("old",)) is not None
    with world.app.store.begin() as conn:
        conn.execute(update(sends).values(state=state))
    robot = world.program()
    assert "harbour/2026-03-04 is on its way" in robot.told("DELETE", "/lists/old", status=409)["detail"]
    with world.app.store.begin() as conn:
        conn.execute(update(sends).values(state="sent"))
    robot.told("DELETE", "/lists/old")
    assert slugs(world) == ("daily", "harbour")


def test_whoever_may_change_lists_or_is_kept_to_one_deletes_none(world: World) -> None:
    for robot in (world.program("lists:read", "lists:write"), world.program("lists:delete", lists=("old",))):
        robot.told("DELETE", "/lists/old", status=403)
    assert "old" in slugs(world)
