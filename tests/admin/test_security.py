"""Other people's words, everywhere they come in from, on every page of the admin; and posts that come again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from digest.model import Receipt
from digest.pipeline.composing import compose
from digest.pipeline.desk import Desk
from digest.pipeline.publishing import publish
from digest.send.provider import Mailing, Parcel, Traits
from digest.web.admin import pages
from digest.web.api.scopes import Wish, new_token
from digest.web.app import make_app
from subscribers import Reason, roster
from tests.admin.conftest import House, kept_password, open_house
from tests.admin.test_reach import filled
from tests.admin.visitor import Visitor
from tests.background import until_done
from tests.newsroom import NOW
from tests.send.test_events import signed
from tests.subscribers.browser import Browser
from tests.web.test_events import PUBLIC_KEY

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}"


@dataclass
class Refusing:
    """A provider that takes nobody's mail, and says so in hostile words."""

    name: str = "refusing"
    traits: Traits = field(default_factory=Traits)

    def deliver(self, _mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        return tuple(Receipt(each.id, "rejected", detail=f"550 {EVIL}") for each in parcel.recipients)

    def prepare(self, mailing: Mailing, parcel: Parcel) -> Callable[[], tuple[Receipt, ...]]:
        return lambda: self.deliver(mailing, parcel)

    def check(self) -> str:
        return "refuses all"

    def close(self) -> None:
        """Hold nothing."""


@pytest.fixture(scope="module")
def haunted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation in which every word that somebody else may choose is hostile."""
    house = open_house(tmp_path_factory.mktemp("haunted"))
    house.room.report("evil", f"Ferry runs aground {EVIL}", f"Council votes {EVIL}", f"Comet {EVIL}")
    house.room.sources["evil"] += f"title = {json.dumps('Evil ' + EVIL)}\n"
    house.app.store.close()
    reopened = rebuilt(house)
    app, now = reopened.app, datetime.now(UTC)
    with app.store.begin() as conn:
        roster.ensure_list(conn, "evil", title=f"List {EVIL}", opt_in="single", at=NOW)
        for slug in ("evil", "daily"):
            roster.add(
                conn,
                slug,
                "eve@evil.example.org",
                name=f"Eve {EVIL}",
                fields={EVIL[:40]: EVIL},
                at=NOW,
                how="import",
                source=EVIL,
            )
        eve = roster.by_address(conn, "eve@evil.example.org")
        assert eve is not None
        roster.put_tags(conn, {eve.id: [EVIL[:80]]})
        roster.suppress(
            conn, "held@evil.example.org", Reason.MANUAL, list_slug="evil", at=NOW, how="admin", who=EVIL, source=EVIL
        )
    newsletter = app.newsletters[0]
    compose(app, replace(newsletter, issue=(NOW.date(), "held")), NOW)
    stored = app.store.editions.get("daily/2026-03-04/held")
    app.store.corrections.add(stored.id, "retitle", (stored.edition.lead.key,), text=EVIL, who=EVIL, now=NOW)
    publish(replace(app, open_provider=Refusing), newsletter, NOW)
    app.store.accounts.invite("for eve", "viewer", now + timedelta(hours=1))
    app.store.accounts.accept("for eve", f"eve {EVIL}", kept_password(), now)
    new_token(app.store.tokens, Wish(EVIL[:60], ("lists:read",)), by=EVIL, now=now)
    yield reopened
    app.store.close()


def rebuilt(house: House) -> House:
    """Return the installation as its config now stands."""
    from digest.bootstrap import build
    from digest.config import read_config

    app = build(read_config(house.room.write_config()), now=NOW)
    return House(house.room, app, make_app(app))


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.runs += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        self.runs += [f"{tag} {value}" for value in values.values() if value.strip().lower().startswith("javascript:")]
        if tag == "script" and not values.get("src", "").startswith("/admin/assets/"):
            self.runs.append("script")
        if tag == "img" and values.get("src") == "x":
            self.runs.append("img")

    def handle_data(self, data: str) -> None:
        self.words += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def test_nothing_that_others_wrote_runs_on_any_page(haunted: House) -> None:
    owner = haunted.enter("owner")
    shown = 0
    for page in pages(Desk(haunted.app)):
        if page.method != "GET" or "{file}" in page.path or page.path.startswith("/preview"):
            continue
        for slot in ("", "held"):
            path = filled(haunted, page, "daily", "eve@evil.example.org").replace("/0700", f"/{slot}" if slot else "")
            answer = owner.get(path.replace("/herald", "/evil"))
            if answer.header("content-type").startswith("text/html"):
                reader = read(answer.text)
                assert not reader.runs, (page.path, reader.runs)
                shown += EVIL in reader.words or EVIL[:40] in reader.words
    assert shown >= 12, "the hostile words must stand on the pages, as words"


@pytest.mark.parametrize(
    "path",
    ["/admin/people", "/admin/lists", "/admin/log", "/admin/sources/evil", "/admin/tokens",
     "/admin/accounts", "/admin/editions/daily/2026-03-04", "/admin/editions/daily/2026-03-04/held"],
)  # fmt: skip
def test_hostile_words_are_shown_as_they_were_written(haunted: House, path: str) -> None:
    reader = read(haunted.enter_once("owner").get(path).text)
    assert "<img src=x onerror=alert(1)>" in reader.words
    assert not reader.runs


def test_a_providers_words_about_a_bounce_are_shown_as_words(haunted: House) -> None:
    reader = read(haunted.enter_once("owner").get("/admin/editions/daily/2026-03-04").text)
    assert f"550 {EVIL}"[:60] in reader.words
    assert not reader.runs


def test_a_hostile_file_name_and_cell_are_shown_as_words(haunted: House) -> None:
    owner = haunted.enter_once("owner")
    owner.get("/admin/import")
    rows = f'email,name,city\nnot an address,"{EVIL.replace(chr(34), chr(34) * 2)}",x\n'.encode()
    handed = owner.upload("/admin/import", {"list": "daily"}, "<img src=x onerror=alert(1)>.csv", rows)
    until_done("job ")
    reader = read(owner.follow(handed).text)
    assert not reader.runs
    assert "<img src=x onerror=alert(1)>.csv" in reader.words


def test_an_edition_of_hostile_words_is_framed_where_nothing_runs(haunted: House) -> None:
    answer = haunted.enter_once("owner").get("/admin/preview/daily/2026-03-04/held")
    assert "sandbox" in answer.header("content-security-policy")
    assert "script" not in {word.split()[0] for word in read(answer.text).runs}


def test_a_post_of_the_provider_that_comes_again_later_is_refused(haunted: House) -> None:
    provider = Browser(make_app(replace(haunted.app, webhook_key=PUBLIC_KEY)))
    now = datetime.now(UTC)
    statuses = [
        provider.post_raw("/events/sendgrid", b"[]", signed(b"[]", at)).status
        for at in (now, now - timedelta(hours=3), now + timedelta(hours=3))
    ]
    assert statuses == [200, 403, 403]


def test_a_code_of_the_second_step_and_a_sign_in_half_done_fix_no_session(own_house: House) -> None:
    from tests.admin.test_second_step import turn_on

    _, recovery = turn_on(own_house.enter("editor"))
    visitor: Visitor = own_house.stranger()
    visitor.cookies |= {"broadsheet": "planted", "broadsheet-half": "planted"}
    visitor.get("/admin/login")
    answer = visitor.post("/admin/login", {"name": "edgar", "password": "a boat in the harbour"})
    assert visitor.cookies["broadsheet-half"] != "planted"
    visitor.get(answer.location)
    assert visitor.post("/admin/login/code", {"code": recovery[0]}).status == 303
    assert visitor.cookies["broadsheet"] != "planted"


PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "security.md"


def test_every_test_that_the_security_page_names_is_there() -> None:
    there = {
        name
        for file in PAGE.parents[2].joinpath("tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    text = PAGE.read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) > 40
    assert named <= there, sorted(named - there)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "threat" not in line]
    assert all("`test_" in row for row in rows), "every threat names a test that shows its guard"
