"""An edition that a program has sent again to those who did not get it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.pipeline.dispatching import Dispatcher
from subscribers import audit
from tests.admin.refusing import Refusing
from tests.background import until_done
from tests.web.api_world import Program, World, open_world

NAME = "both/2026-03-04"
ONE = f"/sends/{NAME}"


@pytest.fixture
def provider(tmp_path: Path) -> Refusing:
    return Refusing(tmp_path / "out", hugo="rejected", dora="uncertain")


@pytest.fixture
def world(tmp_path: Path, provider: Refusing) -> Iterator[World]:
    """An edition that went to three: Hugo was refused, of Dora nobody knows."""
    opened = open_world(tmp_path)
    yield sent_through(provider, opened)
    opened.app.store.close()


def sent_through(provider: Refusing, opened: World) -> World:
    """Send the edition of both lists by this provider."""
    world = opened.through(provider)
    robot = world.program()
    robot.told("POST", f"/editions/{NAME}/decision", {"decision": "approve"})
    robot.told("POST", "/sends", {"edition": NAME}, status=202)
    until_done(f"send {NAME}")
    return world


@pytest.fixture
def robot(world: World) -> Program:
    return world.program()


def resend(robot: Program, *, accept_duplicates: bool | None = None, status: int = 202) -> dict[str, object]:
    body = {} if accept_duplicates is None else {"accept_duplicates": accept_duplicates}
    told = robot.told("POST", f"{ONE}/resend", body, status=status)
    until_done(f"send {NAME}")
    return told


def test_it_goes_to_those_known_not_to_have_it(world: World, robot: Program, provider: Refusing) -> None:
    before = robot.told("GET", ONE)
    assert (before["planned"], before["sent"], before["rejected"], before["uncertain"]) == (3, 1, 1, 1)
    provider.relents()
    answer = robot.ask("POST", f"{ONE}/resend", {})
    assert (answer.status, answer.header("location")) == (202, f"/api{ONE}")
    until_done(f"send {NAME}")
    told = robot.told("GET", ONE)
    assert (told["planned"], told["sent"], told["rejected"], told["uncertain"]) == (3, 2, 0, 1)
    assert provider.handed == {"ada": 1, "hugo": 2, "dora": 1}
    with world.app.store.read() as conn:
        entry = next(each for each in audit.entries(conn, limit=5) if each.how == "api")
    assert (entry.what, entry.detail) == ("send: resend", f"{NAME} to 1")


def test_it_goes_to_the_uncertain_where_duplicates_are_accepted(robot: Program, provider: Refusing) -> None:
    provider.relents()
    resend(robot, accept_duplicates=True)
    assert robot.told("GET", ONE)["sent"] == 3
    assert provider.handed == {"ada": 1, "hugo": 2, "dora": 2}
    assert "nobody is known to have missed" in str(resend(robot, accept_duplicates=True, status=409)["detail"])


def test_nobody_is_sent_to_twice_unasked(robot: Program, provider: Refusing) -> None:
    provider.fates = {"dora": "uncertain"}
    resend(robot)
    for accept in (None, False):
        told = resend(robot, accept_duplicates=accept, status=409)
        assert "of 1 nobody knows: accept duplicates" in str(told["detail"])
    assert provider.handed["dora"] == 1


def test_a_process_that_sends_is_left_the_mails(world: World, robot: Program, provider: Refusing) -> None:
    sender = Dispatcher(world.app, lambda: False, lambda _seconds: None)
    sender.look()
    provider.relents()
    resend(robot)
    told = robot.told("GET", ONE)
    assert (told["state"], told["working"], told["unsent"]) == ("sending", True, 1)
    assert "only one that is sent can go again: wait until it is through; where nobody" in str(
        resend(robot, status=409)["detail"]
    )
    sender.look()
    assert robot.told("GET", ONE)["sent"] == 2
    assert provider.handed["hugo"] == 2


def test_what_did_not_go_does_not_go_again(robot: Program) -> None:
    robot.told("POST", "/sends/daily/2026-03-04/resend", {}, status=404)
    robot.told("POST", "/sends/daily/2020-01-01/resend", {}, status=404)
    for body in ({"accept_duplicates": "yes"}, {"to": "everybody"}, {"missed": True}):
        robot.told("POST", f"{ONE}/resend", body, status=400)
    robot.told("POST", f"{ONE}/resend?slot=later", {}, status=404)


def test_a_token_needs_the_scope_and_every_list(world: World, provider: Refusing) -> None:
    world.program("sends:read").told("POST", f"{ONE}/resend", {}, status=403)
    harbour = world.program(lists=("harbour",))
    assert "beyond the token's" in harbour.told("POST", f"{ONE}/resend", {}, status=403)["detail"]
    harbour.told("POST", "/sends/daily/2026-03-04/resend", {}, status=404)
    until_done(f"send {NAME}")
    assert provider.handed.total() == 3
