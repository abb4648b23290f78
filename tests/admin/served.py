"""The admin behind a real server on loopback, in a thread, with a browser to look at it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette

from digest.pipeline.composing import compose
from tests.admin.conftest import PASSWORD, House, open_house
from tests.newsroom import NOW

#: A busy machine may take its time; what never comes still fails.
expect.set_options(timeout=60_000)

#: No background traffic: the browser talks to the page under test and to nobody else.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve an application and give its address."""
    held = socket.create_server(("127.0.0.1", 0))  # who asks before it serves waits a moment
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[held])))
    thread.start()
    try:
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        held.close()


@contextmanager
def browsing(chromium: str) -> Iterator[Browser]:
    """Start a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS, timeout=120_000)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Served:
    """The installation, its address, and a browser."""

    house: House
    base: str
    browser: Browser
    faults: list[str]

    def _complained(self, page: Page, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "/admin" in page.url:
            self.faults.append(f"{page.url}: {text}")

    def page(self, *, signed_in: bool = True, script: bool = True) -> Page:
        """Open a page of its own; what it complains of is collected."""
        context = self.browser.new_context(java_script_enabled=script, base_url=self.base)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("console", lambda said: self._complained(page, said.type, said.text))
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        if signed_in:
            page.goto("/admin/login")
            page.get_by_label("Name").fill("olive")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("heading", name="Today")).to_be_visible()
        return page


@contextmanager
def opened(folder: Path, chromium: str, *, slots: tuple[str, ...] = ("",)) -> Iterator[Served]:
    """Open an installation with an edition of the day for each slot, serve it, and start a browser."""
    house = open_house(folder)
    # Before the browser starts: collecting has an event loop of its own, and so has the browser's driver.
    for slot in slots:
        compose(house.app, replace(house.app.newsletters[0], issue=(NOW.date(), slot)), NOW)
    with served(house.web) as base, browsing(chromium) as browser:
        yield Served(house, base, browser, [])
    house.app.store.close()
