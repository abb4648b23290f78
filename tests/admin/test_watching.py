"""A send as an editor watches it in a real browser: it counts as it goes, stops, goes on; a time is chosen for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from digest.bootstrap import build
from digest.config import read_config
from digest.model import Receipt
from digest.pipeline.composing import compose
from digest.send.provider import Mailing, Parcel
from digest.send.providers.outbox import Options, Outbox
from digest.web.app import make_app
from subscribers import roster
from tests.admin.conftest import open_house
from tests.admin.served import Served, browsing, served
from tests.newsroom import NOW

EDITION = "/admin/editions/daily/2026-03-04"
READERS = 60


class Trickle(Outbox):
    """An outbox that takes five mails at a time, each time it is told to."""

    traits = replace(Outbox.traits, batch_size=5, window=5)
    tap: threading.Semaphore

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        assert self.tap.acquire(timeout=300)
        return super().deliver(mailing, parcel)


@dataclass
class Watched(Served):
    """The installation, and what lets its mails go."""

    tap: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Watched]:
    """An installation whose provider takes mails when it is told to, with sections to choose."""
    Trickle.tap = threading.Semaphore(0)
    house = open_house(tmp_path_factory.mktemp("watched"))
    house.app.store.close()
    house.room.newsletter += '\nsections = ["World", "Sport"]'
    for slug, section in (("herald", "World"), ("courier", "Sport")):
        house.room.sources[slug] += f'\nsection = "{section}"'
    app = build(read_config(house.room.write_config()), now=NOW)
    trickle = lambda: Trickle(Options(folder=app.folder))  # noqa: E731 - what opens the provider, no more
    app = replace(app, open_provider=trickle)
    house = replace(house, app=app, web=make_app(app))
    for slot in ("", "later"):
        compose(app, replace(app.newsletters[0], issue=(NOW.date(), slot)), NOW)
    with app.store.begin() as conn:
        for number in range(READERS):
            roster.add(conn, "daily", f"reader{number}@many.example.org", at=NOW, how="command")
    with served(house.web) as base, browsing(chromium) as browser:
        yield Watched(house, base, browser, [], Trickle.tap)
        Trickle.tap.release(READERS)
    app.store.close()


@pytest.fixture
def page(world: Watched) -> Iterator[Page]:
    opened = world.page()
    yield opened
    opened.context.close()
    assert not world.faults


def counted(page: Page) -> int:
    return int(page.locator("[data-count=sent]").inner_text().replace(",", ""))


def test_a_send_is_watched_paused_and_gone_on_with(world: Watched, page: Page) -> None:
    page.goto(EDITION)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".state.sending").first).to_be_visible()
    seen = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    for count in ("5", "10"):
        world.tap.release()
        expect(page.locator("[data-count=sent]")).to_have_text(count)
    assert seen == [], "the count moves without the page being loaded anew"
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".state.paused").first).to_be_visible()
    world.tap.release(READERS)  # what was on its way arrives, and no more goes
    assert 10 <= counted(page) < READERS + 1
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".state.sent").first).to_be_visible()
    assert counted(page) == READERS + 1
    assert len({line["recipient"] for line in world.house.room.journal}) == len(world.house.room.journal) == READERS + 1


def test_a_time_is_chosen_and_given_up_again(page: Page) -> None:
    page.goto(f"{EDITION}/later")
    soon = datetime.now(UTC) + timedelta(days=2)
    page.get_by_label("Send it at (UTC)").fill(f"{soon:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Choose this time").click()
    expect(page.get_by_text(f"Goes at {soon:%Y-%m-%d %H:%M} UTC, as olive chose.")).to_be_visible()
    page.get_by_role("button", name="Go with its newsletter instead").click()
    expect(page.get_by_text("as olive chose")).to_have_count(0)


def test_the_preview_shows_what_readers_of_some_sections_get(page: Page) -> None:
    page.goto(f"{EDITION}/later?view=desktop")
    frame = page.frame_locator("iframe.preview")
    expect(frame.get_by_text("Council votes to keep the old market hall").first).to_be_visible()
    page.get_by_label("World", exact=True).uncheck()
    expect(page.get_by_label("World", exact=True)).not_to_be_checked()
    expect(frame.get_by_text("Council votes to keep the old market hall")).to_have_count(0)
    expect(frame.get_by_text("Comet to be seen over northern islands").first).to_be_visible()
