"""The JSON API, asked by programs: what each resource gives and takes, and what it refuses."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.errors import UsageError
from digest.web.api import endpoints
from digest.web.api.scopes import SCOPES, Wish, new_token
from subscribers import audit, roster
from tests.background import PATIENCE, until_done
from tests.newsroom import NOW, Newsroom
from tests.send.worlds import FakeProvider
from tests.web.api_world import Program, World, open_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = open_world(tmp_path_factory.mktemp("api"))
    yield opened
    opened.app.store.close()


@pytest.fixture
def own_world(tmp_path: Path) -> Iterator[World]:
    opened = open_world(tmp_path)
    yield opened
    opened.app.store.close()


@pytest.fixture(scope="module")
def robot(world: World) -> Program:
    return world.program()


@pytest.fixture(scope="module")
def harbour_robot(world: World) -> Program:
    return world.program(lists=("harbour",))


def settled(edition: str) -> None:
    """Wait until nobody works on an edition any more."""
    until_done(f"send {edition}")


# Who may ask.


def test_nobody_asks_without_a_token(world: World) -> None:
    for token in ("", "bst_guessed", "x" * 5000):
        answer = Program(world.web, token).ask("GET", "/lists")
        assert answer.status == 401
        assert answer.header("www-authenticate").startswith("Bearer")
        assert answer.header("content-type") == "application/problem+json"


def test_a_cookie_opens_nothing(world: World) -> None:
    program = Program(world.web, "")
    program.cookies["broadsheet"] = world.program().token
    assert program.ask("GET", "/lists").status == 401
    assert program.ask("POST", "/lists", {"list": "stolen"}).status == 401


def test_a_token_is_kept_as_a_hash(own_world: World) -> None:
    token = own_world.program().token
    file = Path(own_world.app.store.engine.url.database or "")
    own_world.app.store.close()
    kept = b"".join(each.read_bytes() for each in file.parent.glob(file.name + "*"))
    assert b"robot 1" in kept
    assert token.encode() not in kept
    assert token.removeprefix("bst_").encode() not in kept


def test_a_token_ends_by_itself_or_when_it_is_revoked(own_world: World) -> None:
    tokens, now = own_world.app.store.tokens, datetime.now(UTC)
    robot = own_world.program(days=1)
    assert tokens.find(robot.token, now) is not None
    assert tokens.find(robot.token, now + timedelta(days=2)) is None
    assert robot.ask("GET", "/lists").status == 200
    tokens.revoke("robot 1", now)
    assert robot.ask("GET", "/lists").status == 401
    with pytest.raises(UsageError, match="no token"):
        tokens.revoke("robot 1", now)


def test_the_last_use_of_a_token_is_known(own_world: World) -> None:
    robot = own_world.program()
    assert own_world.app.store.tokens.all()[0].used_at is None
    robot.ask("GET", "/lists")
    assert own_world.app.store.tokens.all()[0].used_at is not None


@pytest.mark.parametrize(
    "wish",
    [
        Wish("", ("lists:read",)),
        Wish("a\nb", ("lists:read",)),
        Wish("x" * 61, ("lists:read",)),
        Wish("a", ()),
        Wish("a", ("all",)),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(world: World, wish: Wish) -> None:
    with pytest.raises(UsageError):
        new_token(world.app.store.tokens, wish, by="olive", now=NOW)


def test_no_two_tokens_have_one_name(world: World) -> None:
    wish = Wish("twin", ("lists:read",))
    new_token(world.app.store.tokens, wish, by="olive", now=NOW)
    with pytest.raises(UsageError, match="twin"):
        new_token(world.app.store.tokens, wish, by="olive", now=NOW)


def test_each_endpoint_needs_its_own_scope_and_no_other_opens_it(world: World) -> None:
    asked = endpoints(world.sendings)
    for scope in SCOPES:
        others = world.program(*(set(SCOPES) - {scope}))
        own = world.program(scope)
        for each in (one for one in asked if one.scope == scope):
            path = each.path.replace("{", "").replace("}", "")
            refused = others.ask(each.method, path, {} if each.body else None)
            assert (refused.status, scope in refused.text) == (403, True), each
            assert own.ask(each.method, path, {} if each.body else None).status != 403, each


def test_wrong_tokens_get_slow_and_a_token_has_its_pace(tmp_path: Path) -> None:
    slow = open_world(tmp_path, most=3)
    statuses = [Program(slow.web, "wrong").ask("GET", "/lists").status for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    robot = slow.program()
    answers = [robot.ask("GET", "/lists") for _ in range(4)]
    assert [each.status for each in answers] == [200, 200, 200, 429]
    assert answers[-1].header("retry-after") == "60"
    slow.app.store.close()


# What is asked.


def test_what_is_not_there_is_told_as_a_problem(robot: Program) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("GET", "/lists/nolist", 404),
        ("GET", "/subscribers/nobody", 404),
        ("GET", "/editions/daily/2020-01-01", 404),
        ("GET", "/editions/daily/yesterday", 404),
        ("GET", "/sends/daily/2020-01-01", 404),
        ("DELETE", "/lists", 405),
        ("OPTIONS", "/lists", 405),
    ):
        answer = robot.ask(method, path)
        assert answer.status == status, path
        assert answer.header("content-type") == "application/problem+json"
        told = json.loads(answer.body)
        assert told["status"] == status
        assert told["detail"]
    assert robot.ask("DELETE", "/lists").header("allow") == "GET, POST"


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"{", 400, "body"),
        (b"[]", 400, "body"),
        (b"null", 400, "body"),
        (b'{"list": "spring", "colour": "red"}', 400, "body.colour"),
        (b'{"list": 7}', 400, "body.list"),
        (b'{"list": "Not A Slug"}', 400, "body.list"),
        (b'{"list": "a", "title": "\\u0000"}', 400, "body.title"),
        (b'{"list": "a", "title": "\\ud800"}', 400, "body"),
        (b"\xff\xfe", 400, "body"),
        (b" " * 1_000_001, 413, "bytes"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_and_said_why(robot: Program, body: bytes, status: int, word: str) -> None:
    answer = robot.ask("POST", "/lists", body)
    assert answer.status == status
    assert word in answer.text


def test_a_body_that_is_no_json_by_its_own_word_is_refused(robot: Program) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert robot.ask("POST", "/lists", b'{"list": "spring"}', **form).status == 415


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=ten", "limit=1&limit=2", "colour=red", "state=odd"])
def test_a_query_that_does_not_fit_is_refused(robot: Program, query: str) -> None:
    assert robot.ask("GET", f"/subscribers?{query}").status == 400


@pytest.mark.parametrize("after", ["nonsense", "Zm9v=", "%F0%9F", "AAAA", "!!"])
@pytest.mark.parametrize("path", ["/lists", "/subscribers", "/editions", "/sends"])
def test_a_cursor_of_nobodys_making_is_refused_or_leads_nowhere(robot: Program, path: str, after: str) -> None:
    assert robot.ask("GET", f"{path}?after={after}").status in (200, 422)


def test_no_answer_is_kept_by_anybody_between(robot: Program) -> None:
    assert robot.ask("GET", "/lists").header("cache-control") == "no-store"


# Lists.


def test_lists_are_read_a_page_at_a_time(robot: Program) -> None:
    first = robot.told("GET", "/lists?limit=1")
    assert [each["list"] for each in first["lists"]] == ["daily"]
    rest = robot.told("GET", f"/lists?after={first['next']}")
    assert rest["lists"][0]["list"] == "harbour"
    assert rest["next"] is None


def test_a_list_is_made_once(own_world: World) -> None:
    robot = own_world.program()
    made = robot.ask("POST", "/lists", {"list": "spring", "title": "In spring", "opt_in": "single"})
    assert (made.status, made.header("location")) == (201, "/api/lists/spring")
    assert robot.told("GET", "/lists/spring")["title"] == "In spring"
    assert "already" in robot.told("POST", "/lists", {"list": "spring"}, status=409)["detail"]


# People.


def test_somebody_is_added_found_changed_and_forgotten(own_world: World) -> None:
    robot = own_world.program()
    new = {
        "address": "Nils@Quay.example.org",
        "list": "harbour",
        "name": "Nils",
        "fields": {"city": "Skerry"},
        "tags": ["pilot"],
    }
    answer = robot.ask("POST", "/subscribers", new)
    assert answer.status == 201
    added = json.loads(answer.body)
    assert added["status"] == "added"
    one = f"/subscribers/{added['subscriber']['id']}"
    assert answer.header("location") == f"/api{one}"
    assert robot.told("POST", "/subscribers", new)["status"] == "already"
    found = robot.told("GET", "/subscribers?tag=pilot")["subscribers"]
    assert [(each["id"], each["subscriptions"]) for each in found] == [
        (added["subscriber"]["id"], [{"list": "harbour", "state": "confirmed"}])
    ]
    changes = {
        "name": "Nils Mole",
        "fields": {"city": "", "boat": "Tern"},
        "add_tags": ["founder"],
        "remove_tags": ["pilot"],
    }
    changed = robot.told("PATCH", one, changes)
    assert (changed["name"], changed["fields"], changed["tags"]) == ("Nils Mole", {"boat": "Tern"}, ["founder"])
    robot.told("DELETE", one, status=204)
    robot.told("GET", one, status=404)
    refused = robot.told("POST", "/subscribers", new, status=409)
    assert "must not be written to" in refused["detail"]


def test_a_list_with_double_opt_in_asks_first(own_world: World) -> None:
    robot = own_world.program()
    robot.told("POST", "/lists", {"list": "careful"}, status=201)
    added = robot.told("POST", "/subscribers", {"address": "new@quay.example.org", "list": "careful"}, status=201)
    assert added["status"] == "pending"
    assert added["subscriber"]["subscriptions"][0]["state"] == "unconfirmed"


def test_who_left_is_not_taken_back_by_a_program(own_world: World) -> None:
    robot = own_world.program()
    place = f"/subscribers/{own_world.person('hugo@quay.example.org')}/lists/harbour"
    robot.told("DELETE", place, status=204)
    robot.told("DELETE", place, status=404)
    robot.told("PUT", place, status=409)
    robot.told("POST", "/subscribers", {"address": "hugo@quay.example.org", "list": "harbour"}, status=409)


def test_somebody_is_suppressed_and_let_go(own_world: World) -> None:
    robot = own_world.program()
    held = f"/subscribers/{own_world.person('hugo@quay.example.org')}/suppression"
    assert robot.told("POST", held, {})["suppressions"][0]["list"] is None
    assert robot.told("POST", held, {"list": "harbour"})["suppressions"][1]["list"] == "harbour"
    assert len(robot.told("DELETE", held)["suppressions"]) == 1
    assert robot.told("DELETE", f"{held}?list=harbour")["suppressions"] == []
    robot.told("DELETE", held, status=404)


@pytest.mark.parametrize("address", ["no address", "a@b", "a@localhost", "x" * 300 + "@quay.example.org"])
def test_an_address_that_cannot_be_written_to_is_refused(robot: Program, address: str) -> None:
    robot.told("POST", "/subscribers", {"address": address, "list": "harbour"}, status=422)


def test_everybody_comes_once_over_many_pages(own_world: World) -> None:
    robot = own_world.program()
    with own_world.app.store.begin() as conn:
        for number in range(25):
            roster.add(conn, "daily", f"p{number:02}@crowd.example.org", at=NOW, how="command")
    for query in ("", "&text=crowd", "&text=p", "&list=daily"):
        seen: list[str] = []
        after = ""
        while True:
            page = robot.told("GET", f"/subscribers?limit=4&after={after}{query}")
            assert len(page["subscribers"]) <= 4
            seen += [each["address"] for each in page["subscribers"]]
            if page["next"] is None:
                break
            after = page["next"]
        assert len(seen) == len(set(seen))
        assert {f"p{number:02}@crowd.example.org" for number in range(25)} <= set(seen)


# Editions and sends.


def test_editions_are_read_a_page_at_a_time_and_whole(robot: Program) -> None:
    seen, after = [], ""
    while True:
        page = robot.told("GET", f"/editions?limit=1&after={after}")
        seen += [each["id"] for each in page["editions"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert sorted(seen) == ["both/2026-03-04", "daily/2026-03-04", "harbour/2026-03-04"]
    assert [each["id"] for each in robot.told("GET", "/editions?newsletter=both")["editions"]] == ["both/2026-03-04"]
    whole = robot.told("GET", "/editions/daily/2026-03-04")
    assert whole["told"][0]["headline"] == whole["headline"]
    assert whole["stories"] == len(whole["told"]) + len(whole["brief"])


def test_an_edition_is_decided_on(own_world: World) -> None:
    robot = own_world.program()
    one = "/editions/both/2026-03-04"
    version = robot.told("GET", one)["version"]
    held = robot.told("POST", f"{one}/decision", {"decision": "hold", "why": "rain", "version": version})
    assert (held["state"], held["why"]) == ("held", "rain")
    stale = {"decision": "approve", "version": version}
    assert "read it again" in robot.told("POST", f"{one}/decision", stale, status=409)["detail"]
    assert robot.told("POST", f"{one}/decision", {"decision": "approve"})["state"] == "approved"


def test_a_send_is_told_about_from_the_moment_it_is_begun(own_world: World) -> None:
    opens = threading.Event()
    robot = own_world.through(FakeProvider(), until=lambda: opens.wait(PATIENCE)).program()
    place = robot.ask("POST", "/sends", {"edition": "harbour/2026-03-04"}).header("location").removeprefix("/api")
    told = robot.ask("GET", place)
    opens.set()
    assert told.status == 200, told.text
    begun = json.loads(told.body)
    assert (begun["state"], begun["working"], begun["planned"]) == ("composed", True, 0)
    settled("harbour/2026-03-04")
    assert robot.told("GET", place)["sent"] == 2


def test_an_edition_is_sent_and_told_about(own_world: World) -> None:
    robot = own_world.program()
    robot.told("GET", "/sends/harbour/2026-03-04", status=404)
    begun = robot.ask("POST", "/sends", {"edition": "harbour/2026-03-04"})
    assert (begun.status, begun.header("location")) == (202, "/api/sends/harbour/2026-03-04")
    settled("harbour/2026-03-04")
    told = robot.told("GET", "/sends/harbour/2026-03-04")
    assert (told["state"], told["planned"], told["sent"], told["unsent"]) == ("sent", 2, 2, 0)
    assert [each["edition"] for each in robot.told("GET", "/sends")["sends"]] == ["harbour/2026-03-04"]
    robot.told("PATCH", "/sends/harbour/2026-03-04", {"act": "cancel"}, status=409)
    robot.told("PATCH", "/sends/harbour/2026-03-04", {"act": "resume"}, status=409)


def test_an_edition_that_waits_for_a_person_is_not_sent(own_world: World) -> None:
    robot = own_world.program()
    refused = robot.told("POST", "/sends", {"edition": "both/2026-03-04"}, status=409)
    assert "waits for approval" in refused["detail"]
    assert robot.told("GET", "/editions/both/2026-03-04")["state"] == "composed"


@pytest.mark.parametrize("edition", ["", "daily", "daily/2020-01-01", "daily/never", "a/b/c/d", "//", "../../etc"])
def test_an_edition_that_is_not_there_is_not_sent(robot: Program, edition: str) -> None:
    robot.told("POST", "/sends", {"edition": edition}, status=422)


# Kept to some lists.


def test_a_token_for_one_list_sees_and_changes_nothing_of_another(world: World, harbour_robot: Program) -> None:
    asked, dora = harbour_robot.ask, world.person("dora@secret.example.org")
    before = audit_length(world)
    for method, path, body, status in (
        ("GET", "/lists/daily", None, 404),
        ("POST", "/lists", {"list": "mine"}, 403),
        ("GET", "/subscribers?list=daily", None, 422),
        ("POST", "/subscribers", {"address": "n@secret.example.org", "list": "daily"}, 422),
        ("GET", f"/subscribers/{dora}", None, 404),
        ("PATCH", f"/subscribers/{dora}", {"name": "Stolen"}, 404),
        ("DELETE", f"/subscribers/{dora}", None, 403),
        ("PUT", f"/subscribers/{dora}/lists/harbour", None, 404),
        ("DELETE", f"/subscribers/{dora}/lists/daily", None, 404),
        ("POST", f"/subscribers/{dora}/suppression", {"list": "harbour"}, 404),
        ("DELETE", f"/subscribers/{dora}/suppression?list=harbour", None, 404),
        ("GET", "/editions/daily/2026-03-04", None, 404),
        ("POST", "/editions/daily/2026-03-04/decision", {"decision": "skip"}, 404),
        ("POST", "/editions/both/2026-03-04/decision", {"decision": "skip"}, 403),
        ("GET", "/editions/daily/2026-03-04/preview", None, 404),
        ("GET", "/editions/daily/2026-03-04/corrections", None, 404),
        ("POST", "/editions/daily/2026-03-04/corrections", {"what": "pin", "keys": ["1"]}, 404),
        ("POST", "/editions/both/2026-03-04/corrections", {"what": "pin", "keys": ["1"]}, 403),
        ("DELETE", "/editions/both/2026-03-04/corrections/1", None, 403),
        ("PUT", "/editions/daily/2026-03-04/time", {"at": "2026-03-05T07:00:00Z"}, 404),
        ("PUT", "/editions/both/2026-03-04/time", {"at": "2026-03-05T07:00:00Z"}, 403),
        ("DELETE", "/editions/both/2026-03-04/time", None, 403),
        ("POST", "/editions/daily/2026-03-04/test", {"to": "thief@example.org"}, 404),
        ("POST", "/editions/both/2026-03-04/test", {"to": "thief@example.org"}, 403),
        ("POST", "/compositions", {"newsletter": "daily"}, 422),
        ("POST", "/compositions", {"newsletter": "both"}, 403),
        ("PATCH", "/lists/daily", {"title": "Stolen"}, 404),
        ("POST", "/sends", {"edition": "daily/2026-03-04"}, 422),
        ("POST", "/sends", {"edition": "both/2026-03-04"}, 403),
        ("GET", "/sends/daily/2026-03-04", None, 404),
        ("PATCH", "/sends/daily/2026-03-04", {"act": "cancel"}, 404),
    ):
        answer = asked(method, path, body)
        assert answer.status == status, (method, path, answer.text)
        assert "Dora" not in answer.text
        assert "dora@" not in answer.text
    assert "no list" in harbour_robot.hand_over("/imports?list=daily", "email\nn@x.example\n", status=422)["detail"]
    assert audit_length(world) == before


def test_a_token_for_one_list_finds_its_own(world: World, harbour_robot: Program) -> None:
    told = harbour_robot.told
    assert [each["list"] for each in told("GET", "/lists")["lists"]] == ["harbour"]
    found = told("GET", "/subscribers")["subscribers"]
    assert {each["address"] for each in found} == {"hugo@quay.example.org", "ada@reader.example.org"}
    ada = next(each for each in found if each["address"].startswith("ada"))
    assert ada["subscriptions"] == [{"list": "harbour", "state": "confirmed"}]
    whole = told("GET", f"/subscribers/{ada['id']}")
    assert [each["list"] for each in whole["subscriptions"]] == ["harbour"]
    held = f"/subscribers/{ada['id']}/suppression"
    assert "name one of yours" in told("POST", held, {}, status=422)["detail"]
    ids = [each["id"] for each in told("GET", "/editions")["editions"]]
    assert sorted(ids) == ["both/2026-03-04", "harbour/2026-03-04"]
    assert told("GET", "/sends")["sends"] == []


def test_what_is_out_of_reach_is_told_like_what_is_not_there(world: World, harbour_robot: Program) -> None:
    for there, nowhere in (
        (f"/subscribers/{world.person('dora@secret.example.org')}", "/subscribers/nobody"),
        ("/lists/daily", "/lists/nolist"),
        ("/editions/daily/2026-03-04", "/editions/nolist/2026-03-04"),
        ("/subscribers?list=daily", "/subscribers?list=nolist"),
    ):
        answers = [harbour_robot.ask("GET", path) for path in (there, nowhere)]
        assert answers[0].status == answers[1].status
        assert answers[0].text.replace("daily", "nolist") == answers[1].text


# What is written down.


def audit_length(world: World) -> int:
    with world.app.store.read() as conn:
        return len(audit.entries(conn, limit=10_000))


def test_what_a_program_does_stands_in_the_log_under_its_tokens_name(own_world: World) -> None:
    robot = own_world.program()
    hugo = own_world.person("hugo@quay.example.org")
    robot.told("POST", "/lists", {"list": "spring"}, status=201)
    robot.told(
        "POST", "/subscribers", {"address": "n@quay.example.org", "list": "harbour", "tags": ["new"]}, status=201
    )
    robot.told("PATCH", f"/subscribers/{hugo}", {"name": "Hugo", "add_tags": ["old"]})
    robot.told("POST", f"/subscribers/{hugo}/suppression", {"list": "harbour"})
    robot.told("DELETE", f"/subscribers/{hugo}/lists/harbour", status=204)
    robot.told("POST", "/editions/both/2026-03-04/decision", {"decision": "approve"})
    robot.told("POST", "/sends", {"edition": "both/2026-03-04"}, status=202)
    settled("both/2026-03-04")
    robot.told("DELETE", f"/subscribers/{hugo}", status=204)
    with own_world.app.store.read() as conn:
        entries = [each for each in audit.entries(conn, limit=200) if each.how == "api"]
    assert {each.who for each in entries} == {"token robot 1"}
    assert {each.source for each in entries} == {"192.0.2.50"}
    done = {each.what for each in entries}
    assert done >= {"list made", "subscribed", "tagged", "details changed", "suppressed", "removed", "forgotten"}
    assert done >= {"edition: approve", "send begun"}
    why = [each.why for each in own_world.app.store.editions.transitions("both/2026-03-04")]
    assert "approved by token robot 1" in why


# The command line.


def test_the_command_makes_lists_and_revokes_tokens(newsroom: Newsroom) -> None:
    made = newsroom.digest("admin", "token", "website", "--may", "lists:read", "--list", "daily", "--days", "30")
    assert made.code == 0, made.err
    assert made.out.startswith("bst_")
    told = newsroom.digest("admin", "tokens", "--json").values[0]
    assert (told["name"], told["may"], told["lists"], told["holds"]) == ("website", ["lists:read"], ["daily"], True)
    assert newsroom.digest("admin", "revoke", "website").code == 0
    assert "holds: no" in newsroom.digest("admin", "tokens").out
    assert newsroom.digest("admin", "token", "other", "--may", "everything").code == 2
    assert newsroom.digest("admin", "token", "other", "--may", "lists:read", "--list", "nolist").code == 2
