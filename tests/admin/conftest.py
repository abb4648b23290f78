"""An installation with its web admin, an owner, an editor and a viewer; made once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.web.app import make_app
from subscribers import roster
from tests.admin.visitor import Visitor
from tests.newsroom import EVENTS, NOW, Newsroom

PASSWORD = "a boat in the harbour"

#: Three newsletters, for who is kept to some lists: of one list, of another one, and of both.
NEWSLETTERS = """
lists = ["daily"]
[[newsletters]]
slug = "harbour"
title = "The Harbour"
lists = ["harbour"]
opt_in = "single"
[[newsletters]]
slug = "both"
title = "Both Shores"
lists = ["daily", "harbour"]
"""


@cache
def kept_password() -> str:
    """Return the hash of everybody's password, made at less cost than a real one."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@dataclass
class House:
    """The installation, and ways into it."""

    room: Newsroom
    app: App
    web: Starlette
    inside: dict[str, Visitor] = field(default_factory=dict)

    def stranger(self, address: str = "192.0.2.7") -> Visitor:
        return Visitor(self.web, address)

    def enter(self, role: str) -> Visitor:
        """Sign in, as ``olive`` the owner, ``edgar`` the editor or ``vera`` the viewer."""
        visitor = self.stranger()
        visitor.get("/admin/login")
        name = {"owner": "olive", "editor": "edgar", "viewer": "vera"}[role]
        answer = visitor.post("/admin/login", {"name": name, "password": PASSWORD})
        assert answer.status == 303, answer.plain
        visitor.get("/admin/account")
        return visitor

    def enter_once(self, role: str) -> Visitor:
        """Sign in, or be signed in still: checking a password takes its time, and is meant to."""
        if role not in self.inside:
            self.inside[role] = self.enter(role)
        return self.inside[role]

    def settle(self, name: str, link: str) -> None:
        """Make an account by a link."""
        visitor = self.stranger()
        path = urlsplit(link).path
        visitor.get(path)
        answer = visitor.post(path, {"name": name, "password": PASSWORD})
        assert answer.status == 303, answer.plain


def open_house(folder: Path, *, newsletters: str = '\nlists = ["daily", "weekly"]') -> House:
    """Make an installation with three accounts, two lists and one reader."""
    room = Newsroom(folder, None)  # type: ignore[arg-type] # only its config is used, no command
    room.newsletter += newsletters
    room.report("herald", *EVENTS)
    room.report("courier", "Ferry aground in fog off Port Ellery, all safe", "Comet to be seen over northern islands")
    app = build(read_config(room.write_config()), now=NOW)
    house = House(room, app, make_app(app))
    accounts, now = app.store.accounts, datetime.now(UTC)
    for name, role in (("olive", "owner"), ("edgar", "editor"), ("vera", "viewer")):
        accounts.invite(f"for {name}", role, now + timedelta(hours=1))
        accounts.accept(f"for {name}", name, kept_password(), now)
    with app.store.begin() as conn:
        roster.add(conn, "daily", "ada@reader.example.org", name="Ada Quill", at=NOW, how="command")
    return house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = open_house(tmp_path_factory.mktemp("house"))
    yield opened
    opened.app.store.close()


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """An installation of a test's own, for what changes who may come in."""
    opened = open_house(tmp_path)
    yield opened
    opened.app.store.close()


@pytest.fixture(scope="module")
def owner(house: House) -> Visitor:
    return house.enter("owner")


@pytest.fixture(scope="module")
def editor(house: House) -> Visitor:
    return house.enter("editor")


@pytest.fixture(scope="module")
def viewer(house: House) -> Visitor:
    return house.enter("viewer")
