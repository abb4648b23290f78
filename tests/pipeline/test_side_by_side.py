"""The page of a preview shows the edition light and dark, whatever the machine is set to, and runs nothing of it."""

from __future__ import annotations

from playwright.sync_api import Frame

from tests.admin.served import browsing
from tests.newsroom import NOW, Newsroom

GROUND = "getComputedStyle(document.querySelector('table')).backgroundColor"


def grounds(frames: list[Frame]) -> dict[str, set[str]]:
    """Return the colours of the ground in every frame of a file."""
    found: dict[str, set[str]] = {}
    for frame in frames:
        found.setdefault(frame.url.rpartition("/")[2], set()).add(frame.evaluate(GROUND))
    return found


def test_light_is_light_and_dark_is_dark_on_any_machine(newsroom: Newsroom, chromium: str) -> None:
    newsroom.report("hostile", "<script>document.title = 'run'</script> Ferry", at=NOW)
    ran = newsroom.digest("preview", "--json")
    assert ran.code == 0, ran.err
    with browsing(chromium) as browser:
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two it takes
            page.goto((newsroom.folder / "out/preview/index.html").as_uri())
            frames = [frame for frame in page.frames if frame != page.main_frame]
            assert len(frames) == 4
            seen = grounds(frames)
            assert seen == {"light.html": {"rgb(236, 231, 220)"}, "dark.html": {"rgb(15, 14, 13)"}}
            assert page.get_by_role("heading", name="Headers").is_visible()
            assert "List-Unsubscribe" in page.locator("pre").last.inner_text()
            page.close()
