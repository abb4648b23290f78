"""Readers' pages in a real browser: nothing of an article runs, loads or overflows; search and leafing need no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from digest.bootstrap import build
from digest.config import Secrets, read_config
from digest.model import Edition, EditionState
from digest.web.app import make_app
from tests.admin.served import browsing, served
from tests.render import editions
from tests.render.test_hostile import HEADLINES, edition_of

CONFIG = '[site]\nbase_url = "{base}"\n[store]\nurl = "sqlite:///store.db"\n' + "".join(
    f'[[newsletters]]\nslug = "{design}"\ntitle = "The {design.title()} Sheet"\ntemplate = "{design}"\n'
    for design in ("morning", "brief", "magazine")
)
#: Cases that no store holds: what is collected is made well-formed first.
UNKEPT = ("half a letter", "not a letter")


def hostile(design: str, base: str) -> Edition:
    """Return an edition of every hostile headline, and of attempts of its own on addresses, pictures and places."""
    stories = [
        replace(edition_of(case.given).stories[0], key=name) for name, case in HEADLINES.items() if name not in UNKEPT
    ]
    bad = edition_of('<img src=x onerror="document.title=1">')
    lead = replace(bad.stories[0].lead, url="javascript:document.title=2", headline="W" * 3 + "ide" * 60)
    masthead = replace(
        bad.masthead,
        base_url=base,
        title=f"The {design.title()} <svg onload=alert(1)> Sheet",
        sponsor=replace(editions.MASTHEAD.sponsor, text="<script>alert(2)</script>", url="javascript:alert(3)"),
    )
    return replace(
        bad,
        newsletter=design,
        masthead=masthead,
        stories=(replace(bad.stories[0], lead=lead), *stories),
        sources=tuple(replace(source, homepage="data:text/html,<script>alert(4)</script>") for source in bad.sources),
    )


@dataclass
class Site:
    """The pages behind a server, a browser, and everything that a page did beyond being shown."""

    base: str
    browser: Browser
    heard: list[str] = field(default_factory=list)

    def page(self, *, width: int = 375, scheme: str = "light", script: bool = True) -> Page:
        """Open a page that reports dialogs, faults, and requests to anywhere else."""
        context = self.browser.new_context(
            java_script_enabled=script,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 800},
            base_url=self.base,
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("dialog", lambda dialog: (self.heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda fault: self.heard.append(str(fault)))
        page.on("request", lambda asked: self._asked(asked.url))
        page.on("console", lambda said: self._said(said.text))
        return page

    def _asked(self, url: str) -> None:
        if not url.startswith(self.base):
            self.heard.append(f"asked {url}")

    def _said(self, text: str) -> None:
        if "404" not in text:  # pictures that the test's editions name and nobody keeps
            self.heard.append(text)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    own = folder / "templates" / "email" / "unwary"
    own.mkdir(parents=True)
    for name in ("subject.txt", "body.txt"):
        (own / name).write_text(f'{{% extends "email/morning/{name}" %}}', encoding="utf-8")
    (own / "style.css").write_text(".cell { color: #111111; }", encoding="utf-8")
    (own / "body.html").write_text(
        '{% extends "email/morning/body.html" %}{% block lead %}<tr><td>{{ edition.lead.headline | safe }}'
        "<script>document.title = 'run'</script><img src=/icon.svg onload=\"document.title = 'loaded'\">"
        '<iframe src="/"></iframe><base href="https://elsewhere.example/"></td></tr>{% endblock %}',
        encoding="utf-8",
    )
    unwary = '[[newsletters]]\nslug = "unwary"\ntitle = "Unwary"\ntemplate = "unwary"\n'
    file = folder / "config.toml"
    file.write_text(CONFIG.format(base="http://127.0.0.1:9") + unwary, encoding="utf-8")
    app = build(read_config(file, Secrets({})), now=datetime.now(UTC))
    with served(make_app(app)) as base:
        for newsletter in app.newsletters:
            app.store.editions.save(hostile(newsletter.slug, base), EditionState.SENT)
        kept = replace(editions.small(base_url=base), sources=editions.SOURCES)
        for number in range(60):
            older = replace(kept, date=date(2026, 3, 3) - timedelta(days=number))
            app.store.editions.save(older, EditionState.SENT)
        with browsing(chromium) as browser:
            yield Site(base, browser)
    app.store.close()


@pytest.fixture(autouse=True)
def nothing_heard(site: Site) -> Iterator[None]:
    site.heard.clear()
    yield
    assert site.heard == []


@pytest.mark.parametrize(("design", "scheme"), [("morning", "light"), ("brief", "dark"), ("magazine", "dark")])
def test_a_hostile_edition_is_words_on_a_phone(site: Site, design: str, scheme: str) -> None:
    page = site.page(scheme=scheme)
    page.goto(f"/editions/{design}/2026-03-04")
    assert page.title().startswith("WWWide")
    expect(page.get_by_text("<script>alert(1)</script><b>Bold").first).to_be_visible()
    assert page.locator("script").count() == 0
    assert page.evaluate("[...document.links].filter(a => !/^(https?|mailto):/.test(a.href)).length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert serious(page) == []
    page.context.close()


def test_what_an_unwary_template_lets_through_does_not_run_frame_or_move_links(site: Site) -> None:
    page = site.page()
    page.goto("/editions/unwary/2026-03-04")
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("WWWide")
    refused = [said for said in site.heard if "Content Security Policy" in said]
    assert {word for word in ("script", "frame", "base") if any(word in said.lower() for said in refused)} == {
        "script",
        "frame",
        "base",
    }
    site.heard[:] = [said for said in site.heard if said not in refused]
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_the_archive_is_found_and_leafed_through_without_script(site: Site, width: int, scheme: str) -> None:
    page = site.page(width=width, scheme=scheme, script=False)
    page.goto("/")
    entries = page.get_by_role("listitem")
    expect(entries).to_have_count(50)
    page.get_by_role("link", name="Older editions").click()
    expect(entries).to_have_count(14)
    page.get_by_role("link", name="Newer editions").click()
    page.get_by_label("Search the headlines").fill("STORM 2026-02-1")
    page.get_by_role("button", name="Search").click()
    expect(entries).to_have_count(10)
    page.get_by_role("link").filter(has_text="February 14").click()
    expect(page.get_by_role("heading", name="The Morning Sheet")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_archive_is_fit_for_everyone(site: Site, scheme: str) -> None:
    page = site.page(width=320, scheme=scheme)
    for address in ("/", "/?q=nothing+has+this", "/editions/morning/1999-01-01"):
        page.goto(address)
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.context.close()


def serious(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['help']}: {fault['nodes'][0]['html'][:120]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def test_the_picture_of_a_hostile_edition_is_drawn(site: Site, tmp_path: Path) -> None:
    page = site.page()
    page.goto("/editions/morning/2026-03-04")
    address = page.locator('meta[property="og:image"]').get_attribute("content")
    assert address == f"{site.base}/editions/morning/2026-03-04/card.png"
    assert page.locator('meta[property="og:title"]').get_attribute("content") == page.title()
    answer = page.goto(address)
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    page.context.close()
