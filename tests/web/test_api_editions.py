"""Editions by the JSON API: composed, looked at, corrected, given a time, tested, by programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from subscribers import audit
from tests.newsroom import feed
from tests.web.api_world import Program, World, open_world

DAILY = "/editions/daily/2026-03-04"
BOTH = "/editions/both/2026-03-04"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = open_world(tmp_path)
    yield opened
    opened.app.store.close()


@pytest.fixture
def robot(world: World) -> Program:
    return world.program()


def log(world: World) -> list[tuple[str, str]]:
    with world.app.store.read() as conn:
        return [(each.what, each.detail) for each in audit.entries(conn, limit=200) if each.how == "api"]


def headlines(edition: Any) -> list[str]:
    return [each["headline"] for each in edition["told"]]


def test_an_edition_is_composed_and_then_there(robot: Program) -> None:
    begun = robot.told("POST", "/compositions", {"newsletter": "daily"}, status=202)
    done = robot.until(f"/compositions/{begun['id']}", "done", "failed")
    # The feeds are of another day, so there is nothing to tell of today.
    assert (done["state"], "nothing to send" in done["says"]) == ("failed", True)
    assert done["edition"].startswith("daily/")
    robot.told("POST", "/compositions", {"newsletter": "nothing"}, status=422)
    robot.told("GET", "/compositions/unknown", status=404)


def test_a_composition_is_seen_by_the_program_that_began_it_alone(world: World, robot: Program) -> None:
    begun = robot.told("POST", "/compositions", {"newsletter": "daily"}, status=202)
    world.program().told("GET", f"/compositions/{begun['id']}", status=404)
    robot.until(f"/compositions/{begun['id']}", "done", "failed")


def test_a_fresh_edition_is_composed_of_what_came_just_now(world: World, robot: Program) -> None:
    now = datetime.now(UTC)
    source = world.app.sources[0]
    Path(source.path).write_text(feed("herald", [("A harbour seal wins the regatta", now - timedelta(minutes=5))]))
    begun = robot.told("POST", "/compositions", {"newsletter": "daily"}, status=202)
    done = robot.until(f"/compositions/{begun['id']}", "done", "failed")
    assert done["state"] == "done", done
    _, _, rest = done["edition"].partition("/")
    assert "A harbour seal wins the regatta" in headlines(robot.told("GET", f"/editions/daily/{rest}"))
    assert ("edition: compose", done["edition"]) in log(world)


def test_an_edition_is_looked_at_as_its_readers_get_it(robot: Program) -> None:
    lead = robot.told("GET", DAILY)["headline"]
    looks = robot.told("GET", f"{DAILY}/preview")
    assert lead in looks["text"]
    assert looks["html"].lstrip().lower().startswith("<!doctype html")
    assert 0 < looks["bytes"] < 102_400
    assert "%%" not in looks["html"] + looks["text"]
    assert looks["subject"]


def test_a_story_tells_why_it_stands_where_it_stands(robot: Program) -> None:
    told = robot.told("GET", DAILY)["told"]
    assert told[0]["score"] >= told[-1]["score"]
    assert all(each["reasons"] and each["key"] for each in told)
    assert {"summary", "summary_by", "adds", "adds_by", "also_at", "tongues"} <= set(told[0])


def test_an_edition_is_corrected_and_a_correction_taken_back(world: World, robot: Program) -> None:
    before = robot.told("GET", DAILY)
    last = before["told"][-1]["key"]
    version = before["version"]
    pinned = robot.told("POST", f"{DAILY}/corrections", {"what": "pin", "keys": [last], "version": version})
    assert pinned["told"][0]["key"] == last
    stale = {"what": "drop", "keys": [last], "version": version}
    robot.told("POST", f"{DAILY}/corrections", stale, status=409)
    renamed = {"what": "retitle", "keys": [last], "text": "Told in our own words"}
    assert headlines(robot.told("POST", f"{DAILY}/corrections", renamed))[0] == "Told in our own words"
    (pin, title) = robot.told("GET", f"{DAILY}/corrections")["corrections"]
    assert (pin["what"], pin["keys"], pin["who"]) == ("pin", [last], f"token robot {world.programs}")
    assert title["text"] == "Told in our own words"
    after = robot.told("DELETE", f"{DAILY}/corrections/{pin['number']}")
    assert headlines(after)[0] == before["headline"]
    robot.told("DELETE", f"{DAILY}/corrections/{pin['number']}", status=404)
    robot.told("DELETE", f"{DAILY}/corrections/x", status=404)
    assert [what for what, _ in log(world)] == ["edition: correction taken back", "edition: retitle", "edition: pin"]


def test_stories_are_merged_split_dropped_and_put_in_order(robot: Program) -> None:
    keys = [each["key"] for each in robot.told("GET", DAILY)["told"]]
    correct = f"{DAILY}/corrections"
    assert len(robot.told("POST", correct, {"what": "merge", "keys": keys[:2]})["told"]) == len(keys) - 1
    assert len(robot.told("POST", correct, {"what": "split", "keys": keys[:2]})["told"]) == len(keys)
    turned = robot.told("POST", correct, {"what": "order", "keys": keys[::-1]})
    assert [each["key"] for each in turned["told"]] == keys[::-1]
    dropped = robot.told("POST", correct, {"what": "drop", "keys": [keys[0]]})
    assert keys[0] not in [each["key"] for each in dropped["told"]]
    for what, chosen, status in (
        ("merge", keys[1:2], 422),
        ("split", keys[:3], 422),
        ("pin", ["nothing of the kind"], 422),
        ("pin", [], 400),
        ("retitle", keys[1:2], 422),
        ("praise", keys[1:2], 400),
    ):
        robot.told("POST", correct, {"what": what, "keys": chosen}, status=status)


def test_an_edition_is_skipped_reopened_and_composed_anew(robot: Program) -> None:
    decide = f"{BOTH}/decision"
    assert robot.told("POST", decide, {"decision": "skip", "why": "a holiday"})["state"] == "skipped"
    robot.told("POST", f"{BOTH}/corrections", {"what": "pin", "keys": ["1"]}, status=409)
    assert robot.told("POST", decide, {"decision": "reopen"})["state"] == "composed"
    robot.told("POST", decide, {"decision": "reopen"}, status=409)
    # It cannot take in articles of another day than its own.
    assert "another day" in robot.told("POST", decide, {"decision": "recompose"}, status=422)["detail"]


def test_a_time_is_chosen_and_given_up(world: World, robot: Program) -> None:
    assert robot.told("GET", BOTH)["goes_at"] is None
    soon = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    told = robot.told("PUT", f"{BOTH}/time", {"at": soon.isoformat()})
    assert told["goes_at"] == soon.isoformat().replace("+00:00", "Z")
    assert told["goes_at_by"] == f"token robot {world.programs}"
    robot.told("POST", f"{BOTH}/decision", {"decision": "approve"})
    assert "edition schedule" in robot.told("POST", "/sends", {"edition": "both/2026-03-04"}, status=409)["detail"]
    assert robot.told("DELETE", f"{BOTH}/time")["goes_at"] is None
    for at, status in (
        ("2026-03-04T07:00:00Z", 422),
        ("9999-12-31T23:59:59-23:59", 422),
        ("0001-01-01T00:00:00+23:59", 422),
        ((soon + timedelta(days=60)).isoformat(), 422),
        ("07:00", 400),
        ("2099-01-01T07:00:00", 400),
    ):
        robot.told("PUT", f"{BOTH}/time", {"at": at}, status=status)
    done = [what for what, _ in log(world)]
    assert done == ["edition: time given up", "edition: approve", "edition: time chosen"]


def test_a_test_goes_to_one_address_and_counts_for_nobody(world: World, robot: Program) -> None:
    robot.told("POST", f"{DAILY}/test", {"to": "desk@daily.example"}, status=204)
    robot.told("POST", f"{DAILY}/test", {"to": "nobody at all"}, status=422)
    robot.told("GET", "/sends/daily/2026-03-04", status=404)
    mails = list(world.app.folder.rglob("*.eml"))
    assert len(mails) == 1
    assert b"[Test]" in mails[0].read_bytes()
    assert ("test sent", "daily/2026-03-04") in log(world)
