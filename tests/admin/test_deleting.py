"""A list is deleted in the admin: by an owner, once its name was typed, and never under a newsletter or a send."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from digest.pipeline.publishing import publish
from digest.store.ledger_tables import sends
from digest.store.received import Received
from subscribers import audit, roster
from tests.admin.conftest import House
from tests.admin.visitor import Visitor
from tests.newsroom import NOW

NAME = "daily/2026-03-04"


@pytest.fixture
def keeper(own_house: House) -> Visitor:
    """An owner, in front of the lists of a house that has one more, with one person."""
    with own_house.app.store.begin() as conn:
        roster.ensure_list(conn, "old", title="The old one", opt_in="single", at=NOW)
        roster.add(conn, "old", "ada@reader.example.org", at=NOW, how="command")
    visitor = own_house.enter("owner")
    visitor.get("/admin/lists")
    return visitor


def slugs(house: House) -> tuple[str, ...]:
    with house.app.store.read() as conn:
        return roster.slugs(conn)


def test_an_owner_types_its_name_and_it_is_gone_but_not_from_the_log(own_house: House, keeper: Visitor) -> None:
    wrong = keeper.follow(keeper.post("/admin/lists/old/delete", {"again": "odl"}))
    assert slugs(own_house) == ("daily", "old", "weekly")
    assert "nothing was deleted" in wrong.plain
    page = keeper.follow(keeper.post("/admin/lists/old/delete", {"again": "old"}))
    assert 'The list "old" is deleted; 1 person left it.' in page.plain
    assert "The old one" not in page.text
    assert slugs(own_house) == ("daily", "weekly")
    with own_house.app.store.read() as conn:
        entry = audit.entries(conn, list_slug="old")[0]
    assert (entry.what, entry.who, entry.how) == ("list deleted", "olive", "admin")
    assert keeper.get("/admin/people?list=old").status < 500
    assert 'no list "old"' in keeper.follow(keeper.post("/admin/lists/old/delete", {"again": "old"})).plain


def test_only_owners_see_the_way_and_only_for_lists_that_no_newsletter_goes_to(
    own_house: House, keeper: Visitor
) -> None:
    assert keeper.get("/admin/lists").text.count("/lists/old/delete") == keeper.get("/admin/lists").text.count(
        "/delete"
    )
    assert "/lists/old/delete" in keeper.get("/admin/lists").text
    assert "/delete" not in own_house.enter("editor").get("/admin/lists").text
    refused = keeper.follow(keeper.post("/admin/lists/daily/delete", {"again": "daily"}))
    assert 'daily goes to the list "daily"' in refused.plain
    assert "daily" in slugs(own_house)


@pytest.mark.parametrize("state", ["planning", "sending", "paused"])
def test_a_list_that_mail_is_on_its_way_to_stays(own_house: House, keeper: Visitor, state: str) -> None:
    assert send_to(own_house, "old") == 1
    keeper.get("/admin/lists")
    with own_house.app.store.begin() as conn:
        assert Received().under_way(conn, "old") == ()
        conn.execute(update(sends).values(state=state))
        assert Received().under_way(conn, "ol") == ()
    refused = keeper.follow(keeper.post("/admin/lists/old/delete", {"again": "old"}))
    assert f'{NAME} is on its way to the list "old"' in refused.plain
    with own_house.app.store.begin() as conn:
        conn.execute(update(sends).values(state="sent"))
    keeper.post("/admin/lists/old/delete", {"again": "old"})
    assert slugs(own_house) == ("daily", "weekly")
    with own_house.app.store.read() as conn:
        (subject,) = roster.export_subject(conn, "ada@reader.example.org", Received())["deliveries"]
    assert (subject["edition"], subject["what"]) == (NAME, "sent")


def send_to(house: House, slug: str) -> int:
    """Send the edition of the day to one list, and return to how many it went."""
    done = publish(house.app, house.app.newsletters[0], NOW, lists=(slug,))
    assert done is not None
    return done.report.sent
