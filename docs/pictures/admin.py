"""Takes the pictures of the admin in this folder, on the samples' day. Run ``python docs/pictures/admin.py``."""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from argon2 import PasswordHasher  # noqa: E402 (found once the checkout is on the path)
from playwright.sync_api import Page  # noqa: E402

from digest.bootstrap import build  # noqa: E402
from digest.config import read_config  # noqa: E402
from digest.pipeline.app import App  # noqa: E402
from digest.pipeline.composing import compose  # noqa: E402
from digest.pipeline.publishing import publish  # noqa: E402
from digest.web.app import make_app  # noqa: E402
from subscribers import load_file, roster  # noqa: E402
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
    publish(app, morning, NOW)
    compose(app, evening, NOW)
    accounts = app.store.accounts
    for name, role in (("olive", "owner"), ("edgar", "editor"), ("vera", "viewer")):
        accounts.invite(name, role, datetime.now(UTC) + timedelta(hours=1))
        accounts.accept(name, name, PasswordHasher(time_cost=1, memory_cost=64).hash("a boat"), NOW)
    return app


def sign_in(page: Page) -> str:
    """Sign in and return the path of somebody's page."""
    page.goto("/admin/login")
    page.get_by_label("Name").fill("olive")
    page.get_by_label("Password").fill("a boat")
    page.get_by_role("button", name="Sign in").click()
    page.goto("/admin/people")
    found = re.search(r"/admin/people/\w+", page.content())
    return found[0] if found else "/admin/people"


def main() -> None:
    """Take every picture, wide and light, narrow and dark."""
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder))
        chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        with served(make_app(app)) as base, browsing(chromium) as browser:
            page = browser.new_context(base_url=base).new_page()
            person = sign_in(page)
            for name, path in PAGES.items():
                for width, height, scheme, suffix in LOOKS:
                    page.set_viewport_size({"width": width, "height": height})
                    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two it takes
                    page.goto(path.replace("PERSON", person))
                    page.wait_for_timeout(300)
                    page.evaluate(PLACE, folder)
                    picture = Image.open(io.BytesIO(page.screenshot()))
                    picture.convert("RGB").quantize(64).save(HERE / f"admin-{name}{suffix}.png", optimize=True)
        app.store.close()


if __name__ == "__main__":
    main()
