"""Second steps, limits and tokens as people meet them, in a real browser, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.admin.conftest import PASSWORD
from tests.admin.served import Served, opened
from tests.admin.test_browser import ALL_LOOKS, LOOKS, serious


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Served]:
    with opened(tmp_path_factory.mktemp("served"), chromium) as here:
        yield here


def give_password(page: Page, name: str) -> None:
    page.goto("/admin/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def turn_on(page: Page) -> list[str]:
    """Turn the second step on, and return the recovery codes."""
    page.goto("/admin/account")
    page.locator("form[action='/admin/account/second-step']").get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("img", name="A QR code")).to_be_visible()
    secret = re.sub(r"\s", "", page.locator("code.link").inner_text())
    page.get_by_label("Then type the six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return page.locator(".codes code").all_inner_texts()


def test_a_second_step_works_without_javascript(world: Served) -> None:
    page = world.page(signed_in=False, script=False)
    give_password(page, "edgar")
    codes = turn_on(page)
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    give_password(page, "edgar")
    page.get_by_label("The six digits").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("That code is wrong")
    page.get_by_label("The six digits").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.context.close()


def test_the_pages_of_the_door_can_be_used_by_everybody(world: Served) -> None:
    _walk(world, LOOKS, "vera")


@pytest.mark.torture
def test_the_pages_of_the_door_can_be_used_in_every_look(world: Served) -> None:
    _walk(world, ALL_LOOKS, "vera")


def _walk(world: Served, looks: list[tuple[int, str]], name: str) -> None:
    page = world.page(signed_in=False)
    page.goto("/admin/login")
    _look(page, looks)
    give_password(page, name)
    codes = _turn_on_looking(page, looks)
    page.get_by_role("button", name="I have kept them").click()
    _open_all(page)
    _look(page, looks)
    page.get_by_role("button", name="Sign out").click()
    give_password(page, name)
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    _look(page, looks)
    page.get_by_label("The six digits").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.context.close()
    _walk_as_owner(world, looks)
    assert not [fault for fault in world.faults if "403" not in fault]


def _turn_on_looking(page: Page, looks: list[tuple[int, str]]) -> list[str]:
    page.goto("/admin/account")
    _look(page, looks)
    page.locator("form[action='/admin/account/second-step']").get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("img", name="A QR code")).to_be_visible()
    _look(page, looks)
    secret = re.sub(r"\s", "", page.locator("code.link").inner_text())
    page.get_by_label("Then type the six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    _look(page, looks)
    return page.locator(".codes code").all_inner_texts()


def _walk_as_owner(world: Served, looks: list[tuple[int, str]]) -> None:
    page = world.page()
    page.goto("/admin/accounts")
    _open_all(page)
    _look(page, looks)
    page.goto("/admin/tokens")
    page.get_by_label("Name of the program").fill(f"website {len(looks)}")
    page.get_by_label("read the lists").check()
    page.get_by_label("these alone").check()
    page.get_by_label("weekly").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator("code.link")).to_contain_text("bst_")
    _look(page, looks)
    page.goto("/admin/tokens")
    expect(page.get_by_text("bst_")).to_have_count(0)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=f"Revoke the token website {len(looks)}").click()
    expect(page.locator(".state.revoked").first).to_be_visible()
    _look(page, looks)
    page.context.close()


def _open_all(page: Page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def _look(page: Page, looks: list[tuple[int, str]]) -> None:
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type] # one of the two it takes
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{page.url} scrolls sideways"
        found = serious(page)
        assert not found, (page.url, width, scheme, found)
