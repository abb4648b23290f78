"""The admin as an editor meets it, in a real browser: from the one-time link to the reader who leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from subscribers import roster
from tests.admin.served import Served, opened
from tests.newsroom import NOW

EDITION = "/admin/editions/daily/2026-03-04"

#: Every kind of page, each looked at in both schemes and both widths.
PAGES = [
    "/admin",
    "/admin/editions",
    EDITION,
    f"{EDITION}?view=phone",
    "/admin/people",
    "/admin/people?text=nobody-at-all",
    "/admin/lists",
    "/admin/import",
    "/admin/sources",
    "/admin/sources/herald",
    "/admin/newsletters",
    "/admin/suppressions",
    "/admin/log",
    "/admin/settings",
    "/admin/account",
    "/admin/accounts",
    "/admin/tokens",
]

#: Width and scheme. Two of the four are looked at every time: each width and each scheme once.
LOOKS = [(390, "light"), (1280, "dark")]
ALL_LOOKS = [*LOOKS, (390, "dark"), (1280, "light")]

AXE = Axe().axe_script


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Served]:
    with opened(tmp_path_factory.mktemp("served"), chromium, slots=("", "moved", "plain")) as here:
        yield here


@pytest.fixture
def page(world: Served) -> Iterator[Page]:
    opened = world.page()
    yield opened
    opened.context.close()
    assert not world.faults


def test_a_story_is_moved_by_keyboard_and_by_mouse(world: Served, page: Page) -> None:
    page.goto(f"{EDITION}/moved")
    headings = page.get_by_role("heading", level=2)
    first, second = headings.nth(0).inner_text(), headings.nth(1).inner_text()
    page.get_by_role("button", name=f"Pin as lead: {first}").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(headings.nth(0)).to_have_text(second)
    expect(headings.nth(1)).to_have_text(first)
    page.locator(".stories .rank").nth(1).drag_to(page.locator(".stories .rank").nth(0))
    expect(headings.nth(0)).to_have_text(first)


def test_a_name_is_changed_where_it_stands(world: Served, page: Page) -> None:
    page.goto("/admin/people?text=ada")
    page.get_by_role("button", name="Ada Quill").click()
    page.keyboard.type("Nobody")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ada Quill").press("Enter")
    field = page.get_by_label("Name of ada@reader.example.org")
    field.fill("Ada Quill-Brown")
    field.press("Enter")
    expect(page.get_by_role("button", name="Ada Quill-Brown")).to_be_focused()
    page.reload()
    expect(page.get_by_role("button", name="Ada Quill-Brown")).to_be_visible()


def test_the_basic_acts_work_without_javascript(world: Served) -> None:
    page = world.page(script=False)
    page.goto("/admin/people")
    page.get_by_label("Search").fill("ada")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="ada@reader.example.org").click()
    page.get_by_label("New tag").fill("by hand")
    page.get_by_role("button", name="Tag", exact=True).click()
    expect(page.get_by_text("by hand").first).to_be_visible()
    page.goto(f"{EDITION}/plain")
    title = page.get_by_role("heading", level=2).nth(1).inner_text()
    page.get_by_role("button", name=f"Move up: {title}").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text(title)
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.locator(".state.held").first).to_be_visible()
    page.context.close()


def test_long_names_and_addresses_stay_on_a_narrow_page(world: Served, page: Page) -> None:
    address, name = f"{'a.' * 25}long@reader.{'very-' * 6}far.example.org", "Ibn Musa al-Khwarizmi " * 4
    app = world.house.app
    with app.store.begin() as connection:
        roster.add(connection, "daily", address, name=name, at=NOW, how="command")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/admin/people?text=far.example.org")
    expect(page.get_by_role("link", name=address)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("link", name=address).click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_title_does_not_turn_the_words_beside_it(world: Served, page: Page) -> None:
    page.goto(EDITION)
    expect(page.locator("h1 bdi")).to_have_text(world.house.app.newsletters[0].masthead.title)


def test_every_page_can_be_used_by_everybody(world: Served, page: Page) -> None:
    _look_at_every_page(world, page, LOOKS)


@pytest.mark.torture
def test_every_page_can_be_used_in_every_look(world: Served, page: Page) -> None:
    _look_at_every_page(world, page, ALL_LOOKS)


def _look_at_every_page(world: Served, page: Page, looks: list[tuple[int, str]]) -> None:
    person = re.search(r"/admin/people/\w+", _source(page, "/admin/people?text=ada"))
    assert person
    for path in [*PAGES, person[0], *_readers(world)]:
        page.goto(path)
        for width, scheme in looks:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{path} scrolls sideways"
            found = serious(page)
            assert not found, (path, width, scheme, found)


def _readers(world: Served) -> list[str]:
    """Return the pages that readers see, as one reader's links lead to them."""
    ring = world.house.app.ring
    with world.house.app.store.read() as conn:
        ada = roster.by_address(conn, "ada@reader.example.org")
    preferences, leave, confirm = (
        ring.sign(purpose, ada.public_id, "daily") for purpose in ("preferences", "unsubscribe", "confirm")
    )
    return ["/subscribe/daily", f"/preferences/{preferences}", f"/confirm/{confirm}", f"/u/{leave}", "/u/broken"]


def serious(page: Page) -> list[tuple[str, str, str]]:
    """Return what axe-core finds serious or critical."""
    if not page.evaluate("'axe' in window"):  # it stays until another page is opened
        page.evaluate(AXE)
    return [
        (each["id"], node["html"][:200], node.get("failureSummary", ""))
        for each in page.evaluate("axe.run({iframes: false}).then(found => found.violations)")
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def _source(page: Page, path: str) -> str:
    page.goto(path)
    return page.content()


def test_the_menu_is_one_line_at_every_width_with_the_page_at_hand_in_sight(page: Page) -> None:
    for width in (1280, 1100, 1000, 800, 760, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/admin/settings")
        links = page.get_by_role("navigation", name="Pages").get_by_role("link")
        places = [box for box in (link.bounding_box() for link in links.all()) if box]
        assert (len(places), len({box["y"] for box in places})) == (10, 1), width
        here = page.get_by_role("link", name="Settings", exact=True).bounding_box()
        assert here is not None
        assert 0 <= here["x"] <= width - here["width"], width
        assert page.evaluate("document.documentElement.scrollWidth") == width
        last = page.get_by_role("link", name="Accounts")
        last.focus()
        reached = last.bounding_box()
        assert reached is not None
        assert reached["x"] + reached["width"] <= width
