"""An edition sent again to those who did not get it, in a real browser that runs no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from digest.pipeline.publishing import publish
from digest.web.app import make_app
from subscribers import roster
from tests.admin.conftest import open_house
from tests.admin.refusing import Refusing
from tests.admin.served import Served, browsing, served
from tests.admin.test_browser import LOOKS, serious
from tests.background import until_done
from tests.newsroom import NOW

EDITION = "/admin/editions/daily/2026-03-04"


@pytest.fixture
def world(tmp_path, chromium: str) -> Iterator[Served]:
    """An edition that went to three: Bea was refused, of Cal nobody knows."""
    house = open_house(tmp_path)
    provider = Refusing(house.app.folder, bea="rejected", cal="uncertain")
    app = replace(house.app, open_provider=lambda: provider)
    with app.store.begin() as conn:
        for name in ("bea", "cal"):
            roster.add(conn, "daily", f"{name}@reader.example.org", at=NOW, how="command")
    publish(app, app.newsletters[0], NOW)
    provider.relents()
    house = replace(house, app=app, web=make_app(app))
    with served(house.web) as base, browsing(chromium) as browser:
        yield Served(house, base, browser, [])
    app.store.close()


def test_it_is_sent_again_without_javascript_on_pages_that_everybody_can_use(world: Served) -> None:
    looking, page = world.page(), world.page(script=False)
    for path in (EDITION, EDITION.replace("editions", "resend")):
        looking.goto(path)
        for width, scheme in LOOKS:
            looking.set_viewport_size({"width": width, "height": 800})
            looking.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert looking.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            assert not serious(looking)
    page.goto(EDITION)
    page.get_by_role("button", name="Send to those who did not get it (1)").click()
    page.get_by_label("Also to the uncertain: 1 recipient may get it twice").check()
    page.get_by_role("button", name="Send to those who did not get it (1)").click()
    expect(page.get_by_text("On its way again to 2 recipients.")).to_be_visible()
    until_done("send daily")
    page.goto(EDITION)
    expect(page.locator("[data-count=sent]")).to_have_text("3")
    for each in (looking, page):
        each.context.close()
    assert not world.faults
