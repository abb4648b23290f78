"""Takes the pictures of this folder: the samples' edition in every design, wide and narrow, light and dark.

Run ``make pictures``. It needs Chromium, and the type named in ``tests/mailcheck`` (installed there when first needed):
Georgia is on most readers' machines and on few servers, so Gelasio, drawn to Georgia's measures, stands in for it. The
photographs that the samples name are drawn, and served from this machine as a publisher would serve them.
"""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from scenery import photograph  # noqa: E402 (found once this folder is on the path)

TOOLS = ROOT / "tests" / "mailcheck"
FONTS = TOOLS / "node_modules" / "@fontsource" / "gelasio" / "files"
NOW = "2026-03-04T06:30:00Z"
DESIGNS = ("morning", "brief", "magazine")
#: The address of an article's picture, and what it is called.
PICTURE = re.compile(r"https?://[^\"'<>\s]+/([^\"'<>\s/]+)\.(?:jpe?g|png|webp)")
#: Width and height of a picture in CSS pixels; a phone's has two pixels for each.
SIZES = {375: 900, 700: 1180}


class Publisher(BaseHTTPRequestHandler):
    """Answers with a photograph, or with the one that was made fit for mail."""

    kept: ClassVar[Path]  #: where the command keeps what it made fit

    def do_GET(self) -> None:
        """Answer."""
        fit = self.kept / Path(self.path).name
        body = fit.read_bytes() if fit.is_file() else photograph(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def published(folder: Path) -> Iterator[str]:
    """Yield the address of a server of photographs, and of the pictures kept in a newsletter's folder."""
    Publisher.kept = folder / "var" / "pictures"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def edition(design: str, folder: Path, address: str) -> str:
    """Return the HTML of the samples' edition in a design."""
    shutil.copytree(ROOT / "samples", folder / "samples")
    for file in (folder / "samples").iterdir():
        illustrate(file, address)
    config = (ROOT / "config.toml").read_text(encoding="utf-8")
    for given, wanted in (
        ('template = "morning"', f'template = "{design}"'),
        ('# base_url = ""    ', f'base_url = "{address}"'),
        ("# allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'),
    ):
        config = config.replace(given, wanted, 1)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "digest", "preview", "--now", NOW, "--out", "out"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "out" / "edition.html").read_text(encoding="utf-8")


def illustrate(file: Path, address: str) -> None:
    """Let a source name its pictures on this machine, where they are drawn; an article without one stays without."""
    words = file.read_text(encoding="utf-8", errors="surrogateescape")
    drawn = PICTURE.sub(lambda found: f"{address}/{found.group(1)}.jpg", words)
    file.write_text(drawn, encoding="utf-8", errors="surrogateescape")


def faces() -> Iterator[str]:
    """Return the rules that let Gelasio stand in for Georgia."""
    if not FONTS.is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=TOOLS, check=True)
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
    """Return the picture in 256 colours: a third of the bytes, and hardly an eye sees it."""
    written = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256).save(written, "PNG", optimize=True)
    return written.getvalue()


def main() -> None:
    """Take every picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--hide-scrollbars"])
        for design in DESIGNS:
            with tempfile.TemporaryDirectory() as name, published(Path(name)) as address:
                html = edition(design, Path(name), address)
                for width in SIZES:
                    for scheme in ("light", "dark"):
                        file = HERE / f"{design}-{scheme}-{width}.png"
                        file.write_bytes(small(taken(browser, html, scheme, width)))
        browser.close()


if __name__ == "__main__":
    main()
