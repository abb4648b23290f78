"""Takes the pictures of the admin in this folder, on the samples' day. Run ``python docs/pictures/admin.py``."""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

import pyotp  # noqa: E402 (found once the checkout is on the path)
from argon2 import PasswordHasher  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

from digest.bootstrap import build  # noqa: E402
from digest.config import read_config  # noqa: E402
from digest.model import EditionState, Fate  # noqa: E402
from digest.pipeline.app import App, Newsletter  # noqa: E402
from digest.pipeline.composing import compose  # noqa: E402
from digest.pipeline.publishing import publish  # noqa: E402
from digest.send.provider import Provider  # noqa: E402
from digest.store import Happening  # noqa: E402
from digest.web.app import make_app  # noqa: E402
from subscribers import load_file, roster  # noqa: E402
from tests.admin.refusing import Refusing  # noqa: E402
from tests.admin.served import browsing, served  # noqa: E402

#: The samples' own now.
NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
EVENING = """
[[newsletters]]
slug = "evening"
title = "The Evening Tide"
lists = ["morning"]
send_at = "18:00"
approval = "required"
"""
PAGES = {
    "today": "/admin",
    "edition": "/admin/editions/evening/2026-03-04",
    "preview": "/admin/editions/evening/2026-03-04?view=phone",
    "report": "/admin/editions/morning/2026-03-04",
    "resend": "/admin/resend/morning/2026-02-23",
    "editions": "/admin/editions",
    "people": "/admin/people",
    "person": "PERSON",
    "lists": "/admin/lists",
    "import": "/admin/import?list=morning",
    "sources": "/admin/sources",
    "schedule": "/admin/newsletters",
    "suppressions": "/admin/suppressions",
    "log": "/admin/log",
    "settings": "/admin/settings",
    "accounts": "/admin/accounts",
    "account": "/admin/account",
}
#: Says where the installation lies as a reader's might, not where this one was made.
PLACE = """folder => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(folder, "/srv/news");
}"""
LOOKS = ((1280, 900, "light", ""), (390, 844, "dark", "-phone-dark"))


def installation(folder: Path) -> App:
    """Make an installation on the samples' day: one edition sent, one waiting, twelve readers."""
    shutil.copytree(ROOT / "samples", folder / "samples")
    (folder / "config.toml").write_text((ROOT / "config.toml").read_text("utf-8") + EVENING, "utf-8")
    app = build(read_config(folder / "config.toml"), now=NOW)
    load_file(app.store.begin, folder / "samples" / "subscribers.csv", "morning", now=lambda: NOW)
    with app.store.begin() as conn:
        people = [each.id for each in roster.members(conn, "morning")]
        roster.put_tags(conn, dict.fromkeys(people[:4], ("founder",)))
        roster.suppress(conn, "old@example.org", at=NOW, how="admin", who="olive")
    morning, evening = app.newsletters
    days_before(app, morning)
    publish(app, morning, NOW)
    compose(app, evening, NOW)
    accounts = app.store.accounts
    for name, role in (("olive", "owner"), ("edgar", "editor"), ("vera", "viewer")):
        accounts.invite(name, role, datetime.now(UTC) + timedelta(hours=1))
        accounts.accept(name, name, PasswordHasher(time_cost=1, memory_cost=64).hash("a boat"), NOW)
    accounts.set_lists("vera", ["morning"])
    return app


def days_before(app: App, newsletter: Newsletter) -> None:
    """Let ten editions have gone before: some readers joined, some left, some mails bounced."""
    today = compose(app, newsletter, NOW, keep=False).edition
    for ago in range(18, 8, -1):  # further back than stories are remembered
        at = NOW - timedelta(days=ago)
        turned = (*today.stories[ago % 4 + 1 :], *today.stories[: ago % 4 + 1])
        edition = replace(today, date=at.date(), cut_off=at, stories=turned)
        app.store.editions.save(edition, EditionState.APPROVED, at)
        with app.store.begin() as conn:
            for name in ("ivo", "jonna", "kaspar")[: 1 + ago % 3]:
                added = roster.add(conn, "morning", f"{name}.{ago}@example.net", at=at, how="command")
                if added.subscriber_id:
                    roster.confirm(conn, added.subscriber_id, "morning", at=at, how="link")
        then = replace(app, clock=lambda at=at: at, open_provider=lambda ago=ago: provider(app, ago))
        publish(then, replace(newsletter, issue=(at.date(), "")), at)
        send = app.store.ledger.sends.of(app.store.editions.get(edition.id).row)[0]
        with app.store.begin() as conn:
            leaver = roster.by_address(conn, f"ivo.{ago}@example.net")
            if leaver and ago % 3 == 0:
                roster.unsubscribe(conn, leaver.id, ("morning",), at=at + timedelta(hours=2), how="link")
            batch = app.store.ledger.batch_of(conn, [send.id], leaver.id if leaver else 0)
            if leaver and batch and ago % 4 == 0:
                full = Happening(leaver.id, "bounced", at, detail="mailbox full")
                app.store.ledger.take_in(conn, batch, [full], at)


def provider(app: App, ago: int) -> Provider:
    """Return what takes the mails of an edition; of the last one before, some are refused."""
    if ago > 9:
        return app.open_provider()
    full: dict[str, Fate] = {"jonna.17": "rejected", "kaspar.17": "rejected", "jonna.14": "uncertain"}
    return Refusing(app.folder, **full)


def sign_in(page: Page) -> str:
    """Sign in and return the path of somebody's page."""
    page.goto("/admin/login")
    page.get_by_label("Name").fill("olive")
    page.get_by_label("Password").fill("a boat")
    page.get_by_role("button", name="Sign in").click()
    page.goto("/admin/people")
    found = re.search(r"/admin/people/\w+", page.content())
    return found[0] if found else "/admin/people"


def take_readers(page: Page, app: App) -> None:
    """Take the pages that readers see, as the first reader's links lead to them."""
    with app.store.read() as conn:
        people = [roster.by_address(conn, each) for each in ("ada.lindqvist@example.com", "mina.sato@example.com")]
    ada, mina = (each.public_id for each in people if each)
    token = app.ring.sign("unsubscribe", mina, "morning")
    paths = {
        "subscribe": "/subscribe/morning",
        "confirm": f"/confirm/{app.ring.sign('confirm', ada, 'morning')}",
        "preferences": f"/preferences/{app.ring.sign('preferences', ada, 'morning')}",
        "leave": f"/u/{token}",
    }
    for name, path in paths.items():
        page.goto(path)
        take(page, name, "-", kind="reader")
    page.get_by_role("button").first.click()
    take(page, "left", "-", kind="reader")


def take(page: Page, name: str, folder: str, kind: str = "admin") -> None:
    """Take a page as it stands, wide and light, narrow and dark."""
    for width, height, scheme, suffix in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two it takes
        page.wait_for_timeout(300)
        page.evaluate(PLACE, folder)
        picture = Image.open(io.BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(64).save(HERE / f"{kind}-{name}{suffix}.png", optimize=True)


def take_door(page: Page, folder: str) -> None:
    """Take the pages that are shown once: a new token, a second step, its codes, and the code asked for."""
    page.goto("/admin/tokens")
    page.get_by_label("Name of the program").fill("website")
    page.get_by_label("read the lists").check()
    page.get_by_label("add, import, change, remove people").check()
    page.get_by_role("button", name="Make the token").click()
    page.evaluate("document.querySelector('code.link').textContent = 'bst_' + 'x'.repeat(43)")
    take(page, "tokens", folder)
    page.goto("/admin/account")
    page.locator("form[action='/admin/account/second-step']").get_by_label("Your password").fill("a boat")
    page.get_by_role("button", name="Begin").click()
    take(page, "second-step", folder)
    secret = page.locator("code.link").inner_text().replace(" ", "")
    page.get_by_label("Then type the six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    take(page, "recovery-codes", folder)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Name").fill("olive")
    page.get_by_label("Password").fill("a boat")
    page.get_by_role("button", name="Sign in").click()
    take(page, "login-code", folder)


def main() -> None:
    """Take every picture, or those whose names are given."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder))
        chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        with served(make_app(app)) as base, browsing(chromium) as browser:
            page = browser.new_context(base_url=base).new_page()
            person = sign_in(page)
            for name, path in PAGES.items():
                if not wanted or name in wanted:
                    page.goto(path.replace("PERSON", person))
                    take(page, name, folder)
            if not wanted or "readers" in wanted:
                take_readers(page, app)
            if not wanted or "door" in wanted:
                take_door(page, folder)
        app.store.close()


if __name__ == "__main__":
    main()
