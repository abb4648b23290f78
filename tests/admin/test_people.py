"""Lists and people: found, changed one by one, and many at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from subscribers import roster
from tests.admin.conftest import House
from tests.admin.visitor import Answer, Visitor
from tests.background import until_done

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def crowd(house: House) -> House:
    """A hundred and thirty people, every third of them called Finch."""
    with house.app.store.begin() as conn:
        for number in range(130):
            name = f"Finch {number}" if number % 3 == 0 else f"Wren {number}"
            address = f"p{number:03}@crowd.example.org"
            roster.add(conn, "daily", address, name=name, at=NOW, how="command")
    return house


def addresses(answer: Answer) -> list[str]:
    return re.findall(r'<a href="/admin/people/\w+">([^<]+@[^<]+)</a>', answer.text)


def page_of(visitor: Visitor, address: str) -> str:
    answer = visitor.get(f"/admin/people?text={address.replace('+', '%2B')}")
    found = re.search(r'<a href="(/admin/people/\w+)">' + re.escape(address), answer.text)
    assert found, answer.plain
    return found[1]


def settled(visitor: Visitor, answer: Answer) -> Answer:
    """Watch a piece of work until it ends."""
    until_done("job ")
    return visitor.follow(answer)


def test_everybody_is_listed_a_page_at_a_time_and_once(crowd: House, editor: Visitor) -> None:
    seen: list[str] = []
    path = "/admin/people?list=daily"
    while path:
        answer = editor.get(path)
        seen += addresses(answer)
        more = re.search(r'<a href="([^"]*after=[^"]*)"', answer.text)
        path = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen))
    assert len(seen) >= 130


def test_a_search_finds_the_beginning_of_an_address_first(crowd: House, editor: Visitor) -> None:
    assert addresses(editor.get("/admin/people?text=p12"))[:2] == ["p120@crowd.example.org", "p121@crowd.example.org"]
    assert addresses(editor.get("/admin/people?text=P128")) == ["p128@crowd.example.org"]


def test_a_search_finds_part_of_a_name(crowd: House, editor: Visitor) -> None:
    seen: list[str] = []
    path = "/admin/people?text=finch"
    while path:
        answer = editor.get(path, hx_request="true")
        seen += addresses(answer)
        more = re.search(r'<a href="([^"]*after=[^"]*)"', answer.text)
        path = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == 44


def test_what_is_searched_as_it_is_typed_comes_as_lines_alone(crowd: House, editor: Visitor) -> None:
    part = editor.get("/admin/people?text=p11", hx_request="true")
    assert "<html" not in part.text
    assert len(addresses(part)) == 10


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "zzz", "\u202e", "%00", "<b>"])
def test_odd_searches_find_nobody_and_break_nothing(crowd: House, editor: Visitor, text: str) -> None:
    from urllib.parse import quote

    answer = editor.get(f"/admin/people?text={quote(text)}")
    assert answer.status == 200
    assert addresses(answer) == []


def test_filters_stand_in_the_address(crowd: House, editor: Visitor) -> None:
    page = page_of(editor, "p007@crowd.example.org")
    editor.post(f"{page}/tag", {"tag_name": "founder, angler"})
    editor.post(f"{page}/leave", {"list": "daily"})
    assert addresses(editor.get("/admin/people?tag=founder")) == ["p007@crowd.example.org"]
    left = addresses(editor.get("/admin/people?list=daily&state=unsubscribed"))
    assert "p007@crowd.example.org" in left
    assert "p006@crowd.example.org" not in left
    assert addresses(editor.get("/admin/people?list=daily&state=unsubscribed&tag=none")) == []
    assert addresses(editor.get("/admin/people?list=nowhere")) == []


def test_chosen_people_are_tagged(crowd: House, editor: Visitor) -> None:
    answer = editor.get("/admin/people?text=p02")
    ticks = re.findall(r'name="person"\s+value="(\d+)"', answer.text)
    form = [("act", "tag"), ("tag_name", "spring"), *(("person", number) for number in ticks[:4])]
    assert "4 tagged" in settled(editor, editor.post("/admin/people/act", form)).plain
    assert len(addresses(editor.get("/admin/people?tag=spring"))) == 4


def test_all_that_match_are_suppressed_also_those_not_shown(crowd: House, editor: Visitor) -> None:
    with crowd.app.store.begin() as conn:
        for number in range(60):
            roster.add(conn, "weekly", f"old{number:03}@gone.example.org", at=NOW, how="command")
    form = [("act", "suppress"), ("all", "yes"), ("text", "@gone.example"), ("list", "weekly")]
    assert "60 suppressed" in settled(editor, editor.post("/admin/people/act", form)).plain
    with crowd.app.store.read() as conn:
        assert roster.is_suppressed(conn, "old059@gone.example.org") is not None
        assert roster.is_suppressed(conn, "ada@reader.example.org") is None


def test_people_move_between_lists_with_everything_recorded(crowd: House, editor: Visitor) -> None:
    form = [("act", "move"), ("to", "weekly"), ("all", "yes"), ("list", "daily"), ("text", "p09")]
    assert "10 moved" in settled(editor, editor.post("/admin/people/act", form)).plain
    person = editor.get(page_of(editor, "p095@crowd.example.org"))
    assert "weekly confirmed" in person.plain
    assert "daily unsubscribed" in person.plain
    assert "by edgar" in person.plain


def test_a_bulk_act_without_anybody_chosen_does_nothing(crowd: House, editor: Visitor) -> None:
    editor.get("/admin/people")
    assert "choose some people first" in editor.follow(editor.post("/admin/people/act", {"act": "suppress"})).plain


def test_a_person_can_be_renamed_and_described(crowd: House, editor: Visitor) -> None:
    page = page_of(editor, "p001@crowd.example.org")
    editor.post(f"{page}/name", {"name": "Wilma   Wren"})
    editor.post(f"{page}/field", {"field": "city", "value": "Port Ellery"})
    shown = editor.get(page)
    assert 'value="Wilma Wren"' in shown.text
    assert "city Port Ellery" in shown.plain


def test_who_left_is_taken_back_only_knowingly(crowd: House, editor: Visitor) -> None:
    page = page_of(editor, "p002@crowd.example.org")
    editor.post(f"{page}/leave", {"list": "daily"})
    assert "They left that list" in editor.follow(editor.post(f"{page}/join", {"list": "daily"})).plain
    answer = editor.follow(editor.post(f"{page}/join", {"list": "daily", "override": "yes"}))
    assert "On daily now." in answer.plain
    assert "override" in answer.plain


def test_a_person_is_erased_only_when_their_address_is_typed(crowd: House, editor: Visitor) -> None:
    page = page_of(editor, "p004@crowd.example.org")
    editor.get(page)
    assert (
        "nothing was erased"
        in editor.follow(editor.post(f"{page}/forget", {"address": "p008@crowd.example.org"})).plain
    )
    editor.post(f"{page}/forget", {"address": "p004@crowd.example.org"})
    assert editor.get(page).status == 400
    assert addresses(editor.get("/admin/people?text=p004")) == []


def test_a_person_gets_all_that_is_kept_of_them(crowd: House, editor: Visitor) -> None:
    import json

    page = page_of(editor, "p005@crowd.example.org")
    data = json.loads(editor.get(f"{page}/data.json").text)
    assert data["subscriber"]["address"] == "p005@crowd.example.org"


def test_suppressing_and_lifting_an_address_is_logged(crowd: House, editor: Visitor) -> None:
    editor.post("/admin/suppressions", {"address": "stranger@nowhere.example.org", "act": "suppress"})
    assert "not kept" in editor.get("/admin/suppressions").plain
    editor.post("/admin/suppressions", {"address": "stranger@nowhere.example.org", "act": "lift"})
    log = editor.get("/admin/log").plain
    assert "suppression lifted manual edgar admin, 192.0.2.7" in log


def test_a_list_is_made_filled_and_handed_over(crowd: House, editor: Visitor) -> None:
    editor.post("/admin/lists", {"slug": "monthly", "title": "Once a month", "opt_in": "single"})
    answer = editor.post("/admin/lists/monthly/add", {"address": "=cmd@shell.example.org", "name": "=1+1"})
    assert answer.status == 303
    export = editor.get("/admin/lists/monthly.csv")
    assert "'=1+1" in export.text
    assert export.header("content-disposition").startswith('attachment; filename="monthly-')
    assert "Once a month" in editor.get("/admin/lists").plain


def test_a_list_gets_another_title_and_another_way_to_join(crowd: House, editor: Visitor) -> None:
    editor.post("/admin/lists", {"slug": "yearly", "title": "Once a year", "opt_in": "single"})
    change = "/admin/lists/yearly/change"
    said = editor.follow(editor.post(change, {"title": "Every <b>year</b>", "opt_in": "double"}))
    assert "Saved." in said.plain
    assert "Every <b>year</b>" in said.plain
    assert "yearly · double opt-in" in said.plain
    again = editor.follow(editor.post(change, {"title": "Every <b>year</b>", "opt_in": "double"}))
    assert "it was so already" in again.plain
    assert "list changed Every <b>year</b>, double opt-in yearly" in editor.get("/admin/log").plain
    assert "no list" in editor.follow(editor.post("/admin/lists/nolist/change", {"title": "x"})).plain


def test_a_viewer_is_shown_no_button_that_changes_anything(crowd: House, viewer: Visitor) -> None:
    pages = [
        "/admin",
        "/admin/people",
        "/admin/lists",
        "/admin/suppressions",
        page_of(viewer, "p010@crowd.example.org"),
    ]
    for path in pages:
        posts = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', viewer.get(path).text)
        assert posts == ["/admin/logout"], path
