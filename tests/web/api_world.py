"""An installation with something of everything, and a program that asks its JSON API."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from digest.bootstrap import make_lists
from digest.pipeline.app import App
from digest.pipeline.composing import compose
from digest.pipeline.desk import Desk
from digest.send.provider import Provider
from digest.store import Store
from digest.web import api
from digest.web.admin.sendings import Sendings
from digest.web.api.door import Pace
from digest.web.api.scopes import SCOPES, Wish, new_token
from subscribers import Reason, roster
from subscribers.web.rate import Rate
from tests.admin.conftest import NEWSLETTERS, open_house
from tests.admin.visitor import Answer, Visitor
from tests.newsroom import NOW


class Program(Visitor):
    """Something that shows a token, sends JSON and gets JSON."""

    def __init__(self, app: Starlette, token: str, place: str = "192.0.2.50") -> None:
        super().__init__(app, place)
        self.token = token

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            sent["content-type"] = "application/json"
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self._ask(method, f"/api{path}", content, sent | headers)

    def told(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Ask, and return what is told with the status expected."""
        answer = self.ask(method, path, body)
        assert answer.status == status, (answer.status, answer.text)
        return json.loads(answer.body) if answer.body else None

    def hand_over(self, path: str, content: str | bytes, *, kind: str = "text/csv", status: int = 202) -> Any:
        """Send a file, and return what is told with the status expected."""
        sent = {"authorization": f"Bearer {self.token}", "content-type": kind}
        answer = self._ask("POST", f"/api{path}", content.encode() if isinstance(content, str) else content, sent)
        assert answer.status == status, (answer.status, answer.text)
        return json.loads(answer.body)

    def until(self, path: str, *states: str) -> Any:
        """Ask until what is told is in one of the states."""
        end = time.monotonic() + 120
        while (told := self.told("GET", path))["state"] not in states:
            assert time.monotonic() < end, told
            time.sleep(0.02)
        return told


@dataclass
class World:
    """The installation and its API alone."""

    app: App
    web: Starlette
    sendings: Sendings
    programs: int = 0
    people: dict[str, str] = field(default_factory=dict)

    def program(self, *scopes: str, lists: tuple[str, ...] | None = None, days: int | None = None) -> Program:
        """Return a program with a new token, for everything unless scopes are named."""
        self.programs += 1
        now = datetime.now(UTC)
        until = now + timedelta(days=days) if days is not None else None
        wish = Wish(f"robot {self.programs}", scopes or tuple(SCOPES), lists, until)
        return Program(self.web, new_token(self.app.store.tokens, wish, by="olive", now=now))

    def through(self, provider: Provider, *, until: Callable[[], object] = lambda: None) -> World:
        """Return the same installation, its mail going through another provider, which lets nobody in before."""

        def opened() -> Provider:
            until()
            return provider

        app = replace(self.app, open_provider=opened)
        sendings = Sendings(app)
        return World(app, Starlette(routes=api.routes(Desk(app), sendings)), sendings)

    def person(self, address: str) -> str:
        """Return the opaque id of somebody."""
        with self.app.store.read() as conn:
            found = roster.by_address(conn, address)
        assert found is not None
        return found.public_id


def open_world(folder: Path, *, most: int = 1_000_000, store: Store | None = None) -> World:
    """Make an installation: two lists, three readers, three editions of the day; in another store where one is named."""
    app = open_house(folder, newsletters=f'{NEWSLETTERS}approval = "required"\n').app
    if store is not None:
        app.store.close()
        app = replace(app, store=store)
        make_lists(app, NOW)
    for newsletter in app.newsletters:
        compose(app, replace(newsletter, issue=(NOW.date(), "")), NOW)
    with app.store.begin() as conn:
        for slug, address, name in (
            ("daily", "dora@secret.example.org", "Dora Secret"),
            ("harbour", "hugo@quay.example.org", "Hugo Quay"),
            ("daily", "ada@reader.example.org", "Ada Quill"),
            ("harbour", "ada@reader.example.org", ""),
        ):
            roster.add(conn, slug, address, name=name, at=NOW, how="command")
        roster.suppress(conn, "gone@quay.example.org", Reason.MANUAL, at=NOW, how="command")
    sendings = Sendings(app)
    pace = Pace(Rate(most=most, within=timedelta(minutes=1)), Rate(most=most))
    return World(app, Starlette(routes=api.routes(Desk(app), sendings, pace)), sendings)
