"""Takes the pictures of this folder: the samples' edition in every design, wide and narrow, light and dark.

Run ``python docs/pictures/make.py``. It needs Chromium, and the type named in ``tests/mailcheck`` (``npm ci`` there):
Georgia is on most readers' machines and on few servers, so Gelasio, drawn to Georgia's measures, stands in for it.
"""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FONTS = ROOT / "tests" / "mailcheck" / "node_modules" / "@fontsource" / "gelasio" / "files"
NOW = "2026-03-04T06:30:00Z"
DESIGNS = ("morning", "brief", "magazine")
#: Width and height of a picture in CSS pixels; a phone's has two pixels for each.
SIZES = {375: 900, 700: 1180}


def edition(design: str, folder: Path) -> str:
    """Return the HTML of the samples' edition in a design."""
    shutil.copytree(ROOT / "samples", folder / "samples")
    config = (ROOT / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(
        config.replace('template = "morning"', f'template = "{design}"'), encoding="utf-8"
    )
    command = [sys.executable, "-m", "digest", "preview", "--now", NOW, "--out", "out"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "out" / "edition.html").read_text(encoding="utf-8")


def faces() -> Iterator[str]:
    """Return the rules that let Gelasio stand in for Georgia."""
    for weight in (400, 700):
        for style in ("normal", "italic"):
            data = (FONTS / f"gelasio-latin-{weight}-{style}.woff2").read_bytes()
            address = f"data:font/woff2;base64,{base64.b64encode(data).decode()}"
            yield (
                f"@font-face {{ font-family: Georgia; font-weight: {weight}; font-style: {style}; "
                f"src: url({address}) format('woff2') }}"
            )


def taken(browser: Browser, html: str, scheme: str, width: int) -> bytes:
    """Return a picture of a mail as PNG."""
    height = SIZES[width]
    scale = 2 if width < 480 else 1
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.set_content(html.replace("</head>", f"<style>{' '.join(faces())}</style></head>"))
    page.evaluate("document.fonts.ready")
    picture = page.screenshot()
    page.close()
    return picture


def small(picture: bytes) -> bytes:
    """Return the picture in 128 colours: a fifth of the bytes, and no eye sees it."""
    written = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(written, "PNG", optimize=True)
    return written.getvalue()


def main() -> None:
    """Take every picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--hide-scrollbars"])
        for design in DESIGNS:
            with tempfile.TemporaryDirectory() as folder:
                html = edition(design, Path(folder))
            for width in SIZES:
                for scheme in ("light", "dark"):
                    file = HERE / f"{design}-{scheme}-{width}.png"
                    file.write_bytes(small(taken(browser, html, scheme, width)))
        browser.close()


if __name__ == "__main__":
    main()
