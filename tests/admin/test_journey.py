"""The whole way in a real browser: from the one-time link, over an import and a send, to the reader who leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from digest.web.admin.inviting import new_owner_link
from tests.admin.served import Served, opened

EDITION = "/admin/editions/daily/2026-03-04"


@pytest.fixture
def world(tmp_path: Path, chromium: str) -> Iterator[Served]:
    with opened(tmp_path, chromium) as here:
        yield here


def test_from_the_one_time_link_to_the_reader_who_leaves(world: Served, tmp_path: Path) -> None:
    page = world.page(signed_in=False)
    page.goto(new_owner_link(world.house.app.store.accounts, world.base, datetime.now(UTC)))
    page.get_by_label("Name").fill("Hanna")
    page.get_by_label("Password").fill("three wet dogs")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()

    _import_ten_thousand(page, tmp_path / "people.csv")
    _search_and_suppress(page)
    _pin_approve_and_send(page)
    sent = [row for row in world.house.room.journal if row["edition"] == "daily/2026-03-04"]
    assert len(sent) == 9_990 + 1 - 11
    _leave(page, world)
    page.context.close()
    assert not world.faults


def _import_ten_thousand(page: Page, file: Path) -> None:
    rows = [f"reader{n}@many.example.org,Reader {n}" if n % 1000 else "not an address,?" for n in range(10_000)]
    file.write_text("email,name\n" + "\n".join(rows), encoding="utf-8")
    page.goto("/admin/lists")
    page.get_by_role("link", name="Import", exact=True).first.click()
    page.get_by_label("A file").set_input_files(file)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("10 lines are left out")).to_be_visible()
    expect(page.get_by_text("line 2:", exact=False)).to_be_visible()
    page.get_by_role("button", name="Import them").click()
    expect(page.get_by_text("Imported into daily.")).to_be_visible()


def _search_and_suppress(page: Page) -> None:
    page.goto("/admin/people")
    page.get_by_label("Search").press_sequentially("reader77", delay=10)
    expect(page.get_by_role("link", name="reader7701@many.example.org")).to_be_visible()
    expect(page.get_by_role("link", name="reader1@many.example.org")).to_have_count(0)
    expect(page).to_have_url(re.compile("text=reader77"))
    page.get_by_label("Search").fill("reader777")
    expect(page.get_by_role("row")).to_have_count(12)
    expect(page).to_have_url(re.compile("text=reader777(&|$)"))
    page.get_by_label("With those chosen").select_option("suppress")
    page.get_by_label("everybody who matches").check()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_text("11 suppressed")).to_be_visible()


def _pin_approve_and_send(page: Page) -> None:
    page.goto(EDITION)
    title = page.get_by_role("heading", level=2).nth(2).inner_text()
    page.get_by_role("button", name=f"Pin as lead: {title}").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(title)
    expect(page.get_by_text("pinned", exact=True)).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Send now").click()
    # A fast machine has sent everything before the page can say that it is on its way.
    expect(page.get_by_text("On its way.").or_(page.locator(".state.sent")).first).to_be_visible()
    expect(page.locator(".state.sent").first).to_be_visible()
    expect(page.locator("[data-count=sent]")).to_have_text("9,980")


def _leave(page: Page, world: Served) -> None:
    mail = message_from_bytes(
        (world.house.room.folder / "out" / world.house.room.journal[0]["file"]).read_bytes(), policy=policy.default
    )
    address = parseaddr(str(mail["to"]))[1]
    page.goto(urlsplit(str(mail["List-Unsubscribe"]).strip("<>")).path)
    page.get_by_role("button").first.click()
    page.goto(f"/admin/people?list=daily&state=unsubscribed&text={address}")
    expect(page.get_by_role("link", name=address)).to_be_visible()
