"""A list is deleted: who was on it leaves it, and nothing that was recorded is lost."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, update

from subscribers import Newsletter, Reason, State, audit, csvfile, notices, roster
from subscribers.cli import group
from subscribers.errors import ListInUse, UnknownList
from subscribers.importing.run import Options, preview
from subscribers.importing.run import run as run_import
from subscribers.importing.staging import stage
from subscribers.model import Delivery
from subscribers.tables import subscriptions
from tests.subscribers.desks import MORNING, FakeDesk

BY = {"at": MORNING, "how": "command"}
LATER = {"at": MORNING + timedelta(days=1), "how": "command"}


class Ledger:
    """A ledger with an edition on its way to one list."""

    def under_way(self, conn: Connection, list_slug: str) -> tuple[str, ...]:
        return ("morning/2026-03-04",) if list_slug == "extra" else ()

    def received_since(self, conn: Connection, ids: Sequence[int], since: datetime) -> set[int]:
        return set()

    def history(self, conn: Connection, subscriber: int, limit: int) -> tuple[Delivery, ...]:
        return ()


def delete(conn: Connection, slug: str, **by: object) -> int:
    return roster.delete_list(conn, slug, (), None, **(by or LATER))


def test_everyone_leaves_it_and_nobody_can_join_it(conn):
    for name in ("ann", "bob"):
        roster.add(conn, "extra", f"{name}@example.com", **BY)
    roster.add(conn, "daily", "ann@example.com", **BY)
    roster.remove(conn, "extra", "bob@example.com", **BY)
    assert delete(conn, "extra") == 1
    assert roster.slugs(conn) == ("daily", "evening")
    assert [each.slug for each in roster.lists(conn)] == ["daily", "evening"]
    assert "extra" not in roster.titles(conn)
    for act in (
        partial(roster.add, conn, "extra", "cid@example.com", **BY),
        partial(roster.ask, conn, "extra", "cid@example.com", **BY),
        partial(roster.audience_count, conn, ("daily", "extra")),
        partial(delete, conn, "extra"),
    ):
        with pytest.raises(UnknownList, match="the lists are: daily, evening"):
            act()
    assert roster.audience_count(conn, ("daily",)) == 1


def test_what_was_recorded_stays(conn):
    roster.add(conn, "extra", "ann@example.com", **BY)
    roster.suppress(conn, "ann@example.com", Reason.COMPLAINT, list_slug="extra", **BY)
    before = audit.entries(conn, list_slug="extra")
    delete(conn, "extra")
    entries = audit.entries(conn, list_slug="extra")
    assert (entries[0].what, entries[0].detail, entries[1:]) == ("list deleted", "1 left", before)
    person = roster.person(conn, roster.by_address(conn, "ann@example.com"))
    (place,) = person.subscriptions
    assert (place.list_slug, place.state, place.joined_at) == ("extra", State.UNSUBSCRIBED, MORNING)
    assert (place.confirmed_at, place.left_at) == (MORNING, LATER["at"])
    assert [each.list_slug for each in person.suppressions] == ["extra"]


def test_mail_and_wishes_that_waited_for_it_are_gone(conn):
    roster.add(conn, "evening", "ann@example.com", **BY)
    roster.ask(conn, "evening", "bob@example.com", **BY)
    assert len(notices.due(conn)) == 1
    assert delete(conn, "evening") == 1
    assert notices.due(conn) == ()
    assert roster.settle(conn) == ()


def test_a_list_of_its_name_begins_empty_and_no_import_brings_anybody_back(conn, tmp_path):
    roster.add(conn, "extra", "ann@example.com", **BY)
    people = io.StringIO()
    csvfile.write(conn, "extra", people)
    delete(conn, "extra")
    number = roster.ensure_list(conn, "extra", title="Anew", opt_in="double", at=LATER["at"])
    (summary,) = roster.lists(conn, ["extra"])
    assert (summary.title, summary.opt_in, summary.confirmed, summary.unsubscribed) == ("Anew", "double", 0, 1)
    assert roster.ensure_list(conn, "extra", at=LATER["at"]) == number
    assert roster.add(conn, "extra", "ann@example.com", **LATER).status == "left"
    (tmp_path / "people.csv").write_text(people.getvalue())
    staged = stage(tmp_path / "people.csv", tmp_path)
    assert preview(conn, staged, "extra", Options(confirmed=True), at=LATER["at"]) == {"left before": 1}


def test_who_joined_in_the_moment_of_the_deletion_is_not_on_the_list_made_anew(conn):
    roster.add(conn, "extra", "ann@example.com", **BY)
    delete(conn, "extra")
    conn.execute(update(subscriptions).values(state=State.CONFIRMED, left_at=None))  # as of another transaction
    roster.ensure_list(conn, "extra", at=LATER["at"])
    assert roster.audience_count(conn, ("extra",)) == 0
    (place,) = roster.person(conn, roster.by_address(conn, "ann@example.com")).subscriptions
    assert (place.state, place.left_at) == (State.UNSUBSCRIBED, LATER["at"])


def test_an_import_whose_list_is_deleted_meanwhile_stops_there(desk, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("email\n" + "".join(f"p{number:05}@example.com\n" for number in range(3000)))
    staged = stage(file, tmp_path)
    steps = run_import(desk.begin, staged, "extra", Options(), now=desk.now)
    assert [next(steps).done for _ in range(2)] == [0, 2000]
    with desk.begin() as conn:
        assert delete(conn, "extra") == 2000
    with pytest.raises(UnknownList):
        list(steps)
    with desk.begin() as conn:
        roster.ensure_list(conn, "extra", at=MORNING)
    again = next(run_import(desk.begin, staged, "extra", Options(), now=desk.now))
    assert (again.done, again.resumed) == (0, False)


def test_a_list_that_is_in_use_is_not_deleted(conn):
    papers = (Newsletter("morning", "The Morning", ("daily", "extra")),)
    with pytest.raises(ListInUse, match=r'morning goes to the list "daily": name other lists for it in config.toml'):
        roster.delete_list(conn, "daily", papers, None, **BY)
    with pytest.raises(ListInUse, match=r"morning/2026-03-04 is on its way .* end it with digest cancel"):
        roster.delete_list(conn, "extra", (), Ledger(), **BY)
    assert roster.delete_list(conn, "evening", papers, Ledger(), **BY) == 0


def typed(desk: FakeDesk, *words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(group, words, obj=desk, input=answer)


def test_the_command_asks_first_and_says_what_becomes_of_the_people(desk):
    desk.papers = ()
    typed(desk, "add", "evening", "ann@example.com")
    typed(desk, "add", "evening", "bob@example.com", "--confirmed")
    asked = typed(desk, "delete", "evening", answer="n\n")
    assert asked.exit_code == 1
    assert "who leaves it: 1 confirmed, 1 asked to confirm" in asked.output
    assert asked.output.endswith("nothing was deleted\n")
    assert typed(desk, "delete", "evening", "--yes").output == "deleted evening; 2 people left it\n"
    assert isinstance(typed(desk, "delete", "evening", "--yes").exception, UnknownList)
    assert "list deleted evening (2 left)" in typed(desk, "log", "--list", "evening").output


def test_the_command_refuses_a_list_that_a_newsletter_goes_to_before_it_asks(desk):
    refused = typed(desk, "delete", "daily")
    assert isinstance(refused.exception, ListInUse)
    assert "Delete" not in refused.output
