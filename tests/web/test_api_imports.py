"""Files of people by the JSON API: read, shown what they would do, carried out, by programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.web.api import taking
from subscribers import audit
from tests.web.api_world import Program, World, open_world

PEOPLE = """email;name;town
zoe@new.example.org;Zoe;Kestrel Bay
yan@new.example.org;Yan;
no address;Nobody;
zoe@new.example.org;Zoe Quill;Kestrel Bay
dora@secret.example.org;Dora Secret;
gone@quay.example.org;Gone;
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = open_world(tmp_path)
    yield opened
    opened.app.store.close()


@pytest.fixture
def robot(world: World) -> Program:
    return world.program()


def test_a_file_is_carried_out_with_its_faults_told_by_line(world: World, robot: Program) -> None:
    begun = robot.hand_over("/imports?list=harbour&source=crm.csv", PEOPLE)
    done = robot.until(f"/imports/{begun['id']}", "done", "failed")
    assert (done["state"], done["source"], done["list"]) == ("done", "crm.csv", "harbour")
    assert (done["lines"], done["people"], done["repeated"]) == (6, 4, 1)
    assert done["fates"] == {"joined": 1, "new": 2, "suppressed": 1}
    assert (done["done"], done["total"], done["fault_count"]) == (4, 4, 1)
    assert [(each["line"], "address" in each["what"]) for each in done["faults"]] == [(4, True)]
    zoe = robot.told("GET", f"/subscribers/{world.person('zoe@new.example.org')}")
    assert (zoe["name"], zoe["fields"]) == ("Zoe Quill", {"town": "Kestrel Bay"})
    with world.app.store.read() as conn:
        entries = [each for each in audit.entries(conn, limit=50) if each.how == "import"]
    assert {each.who for each in entries} == {f"token robot {world.programs}"}
    assert "import finished" in {each.what for each in entries}


def test_a_file_is_shown_first_and_run_when_the_program_says_so(world: World, robot: Program) -> None:
    begun = robot.hand_over("/imports?list=harbour&run=false", PEOPLE)
    one = f"/imports/{begun['id']}"
    shown = robot.until(one, "ready", "failed")
    assert shown["fates"] == {"joined": 1, "new": 2, "suppressed": 1}
    assert "zoe@new.example.org" not in people(world)
    for _ in range(2):
        robot.told("POST", f"{one}/run", status=202)
    robot.until(one, "done")
    assert "zoe@new.example.org" in people(world)


def people(world: World) -> set[str]:
    told = world.program().told("GET", "/subscribers?list=harbour&limit=200")["subscribers"]
    return {each["address"] for each in told}


def test_a_file_handed_over_again_does_nothing_twice(robot: Program) -> None:
    for expected in ({"joined": 1, "new": 2, "suppressed": 1}, {"already": 3, "suppressed": 1}):
        begun = robot.hand_over("/imports?list=harbour", PEOPLE)
        assert robot.until(f"/imports/{begun['id']}", "done")["fates"] == expected


def test_pasted_addresses_are_a_file_too(robot: Program) -> None:
    begun = robot.hand_over(
        "/imports?list=harbour", "Zoe <zoe@new.example.org>, yan@new.example.org", kind="text/plain"
    )
    assert robot.until(f"/imports/{begun['id']}", "done")["fates"] == {"new": 2}


def test_who_left_is_not_taken_back_by_a_program(world: World, robot: Program) -> None:
    robot.told("DELETE", f"/subscribers/{world.person('hugo@quay.example.org')}/lists/harbour", status=204)
    begun = robot.hand_over("/imports?list=harbour", "email\nhugo@quay.example.org\n")
    assert robot.until(f"/imports/{begun['id']}", "done")["fates"] == {"left before": 1}
    robot.hand_over("/imports?list=harbour&override=true", "email\nhugo@quay.example.org\n", status=400)


def test_who_has_agreed_already_is_asked_by_no_mail(robot: Program) -> None:
    robot.told("PATCH", "/lists/harbour", {"opt_in": "double"})
    shown = robot.hand_over("/imports?list=harbour&run=false", "email\nzoe@new.example.org\n")
    told = robot.until(f"/imports/{shown['id']}", "ready")
    assert told["fates"] == {"asked to confirm": 1, "new": 1}
    begun = robot.hand_over("/imports?list=harbour&confirmed=true", "email\nzoe@new.example.org\n")
    robot.until(f"/imports/{begun['id']}", "done")
    found = robot.told("GET", "/subscribers?list=harbour&text=zoe@")["subscribers"]
    assert [each["subscriptions"] for each in found] == [[{"list": "harbour", "state": "confirmed"}]]


def test_what_is_no_list_of_people_is_told_as_a_failure(robot: Program) -> None:
    begun = robot.hand_over("/imports?list=harbour&source=book.xlsx", b"PK\x03\x04" + b"\0" * 200)
    told = robot.until(f"/imports/{begun['id']}", "failed")
    assert "book.xlsx" in told["says"]
    assert "people.csv" not in told["says"]
    robot.told("POST", f"/imports/{begun['id']}/run", status=409)


def test_a_file_is_refused_before_it_is_read(world: World, robot: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    robot.hand_over("/imports?list=nolist", PEOPLE, status=422)
    robot.hand_over("/imports", PEOPLE, status=400)
    robot.hand_over("/imports?list=harbour", "", status=422)
    robot.hand_over("/imports?list=harbour", PEOPLE, kind="application/json", status=415)
    Program(world.web, "guessed").hand_over("/imports?list=harbour", PEOPLE, status=401)
    world.program("subscribers:read").hand_over("/imports?list=harbour", PEOPLE, status=403)
    monkeypatch.setattr(taking, "MOST_OF_A_FILE", 100)
    robot.hand_over("/imports?list=harbour", PEOPLE, status=413)


def test_an_import_is_seen_by_the_program_that_began_it_alone(world: World, robot: Program) -> None:
    begun = robot.hand_over("/imports?list=harbour&run=false", PEOPLE)
    world.program().told("GET", f"/imports/{begun['id']}", status=404)
    world.program().told("POST", f"/imports/{begun['id']}/run", status=404)
    robot.until(f"/imports/{begun['id']}", "ready")


def test_a_token_for_one_list_imports_to_it_and_lifts_nothing_elsewhere(world: World) -> None:
    kept = world.program(lists=("harbour",))
    kept.hand_over("/imports?list=daily", PEOPLE, status=422)
    begun = kept.hand_over("/imports?list=harbour", PEOPLE)
    assert kept.until(f"/imports/{begun['id']}", "done")["fates"]["suppressed"] == 1


def test_nothing_of_a_file_is_left_behind(world: World, robot: Program, tmp_path_factory, monkeypatch) -> None:
    folder = tmp_path_factory.mktemp("handed")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    robot.hand_over("/imports?list=nolist", PEOPLE, status=422)
    robot.hand_over("/imports?list=harbour", PEOPLE, kind="text/html", status=415)
    assert list(folder.iterdir()) == []


def test_a_list_is_changed_and_a_person_s_choices_are(world: World, robot: Program) -> None:
    changed = robot.told("PATCH", "/lists/harbour", {"title": "The Harbour Post", "opt_in": "double"})
    assert (changed["title"], changed["opt_in"]) == ("The Harbour Post", "double")
    assert robot.told("PATCH", "/lists/harbour", {"title": ""})["title"] == "harbour"
    robot.told("PATCH", "/lists/nolist", {"title": "x"}, status=404)
    ada = f"/subscribers/{world.person('ada@reader.example.org')}"
    told = robot.told("PATCH", ada, {"language": "de", "weekdays_only": True})
    assert (told["language"], told["weekdays_only"]) == ("de", True)
    assert robot.told("PATCH", ada, {"language": ""})["language"] == ""
    robot.told("PATCH", ada, {"language": "<script>"}, status=400)
    assert "to choose" in robot.told("PATCH", ada, {"sections": ["Nothing"]}, status=422)["detail"]
    with world.app.store.read() as conn:
        done = [each.what for each in audit.entries(conn, limit=50)]
    assert done.count("list changed") == 2
