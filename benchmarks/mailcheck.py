"""Checks the designs by the rules of every mail client: ``make check-mail``.

Each design prints five editions (small, sixty stories, without pictures, right to left, hostile headlines); the short
mails beside them (confirm, correction, alarm) are printed in English and in Arabic. Each print is read by
html-validate, caniemail, axe-core in light and dark, our own checker, and SpamAssassin where there is one. The npm
tools are pinned in ``tests/mailcheck`` and installed there when first needed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.asking import parser
from digest.model import Edition, Envelope, Message, Recipient
from digest.render import designs, render
from digest.render.check import faults
from digest.render.fitting import size
from digest.render.slots import fill, fill_html
from digest.send.mime import build
from tests.render import editions
from tests.render.test_hostile import HEADLINES, edition_of
from tests.render.test_notices import every_notice

TOOLS = Path(__file__).parent.parent / "tests" / "mailcheck"

#: Tap targets are no part of axe-core's usual rules.
RUN = "async () => (await axe.run(document, {rules: {'target-size': {enabled: true}}})).violations"

VALUES = {
    "ADDRESS": "reader@example.org",
    "NAME": "Ida Marsh",
    "UNSUBSCRIBE_URL": "https://news.example/u/0123456789",
    "PREFERENCES_URL": "https://news.example/preferences/0123456789",
    "CONFIRM_URL": "https://news.example/confirm/0123456789",
}

#: What caniemail reports of the mail without its style sheet, and why it is right all the same.
ACCEPTED = {
    "<body> element": "where it becomes a div, language, direction and colours stand on the element inside it",
    "role attribute": "tells screen readers that a table is layout; the one client without it shows the same mail",
}

#: What it reports besides of the style sheet in the head: clients that leave it out show the mail as it is inlined.
ENHANCEMENTS = {
    "<style> element": "holds nothing but @media",
    "@media": "dark mode, narrow screens, :hover; the inlined mail is light, and fits without",
}


@dataclass(frozen=True)
class Print:
    """One mail, with a recipient's values in its slots."""

    name: str
    message: Message  #: with its slots
    filled: Message
    edition: Edition | None = None  #: None for a mail that is no edition

    def file(self, folder: Path) -> Path:
        """Return where its HTML is written."""
        return folder / f"{self.name}.html"


def every_edition() -> dict[str, Edition]:
    """Return the editions that every design has to print."""
    hostile = [replace(edition_of(case.given).stories[0], key=name) for name, case in HEADLINES.items()]
    return {
        "small": editions.small(),
        "sixty": editions.long(60),
        "plain": editions.plain(),
        "right-to-left": editions.right_to_left(),
        "hostile": replace(edition_of("Bridge shut"), stories=tuple(hostile)),
    }


def prints() -> Iterator[Print]:
    """Print every edition in every design, and every notice."""
    for design in designs():
        for name, edition in every_edition().items():
            message = render(edition, design=design)
            yield Print(f"{design}-{name}", message, filled(message), edition)
    for tag in ("en", "ar"):
        for name, message in every_notice(tag).items():
            yield Print(f"notice-{name}-{tag}", message, filled(message))


def filled(message: Message) -> Message:
    """Return a message with a recipient's values in its slots."""
    return replace(message, html=fill_html(message.html, VALUES), text=fill(message.text, VALUES))


def npm_findings(files: list[Path]) -> dict[str, list[str]]:
    """Return what html-validate and caniemail find that is not accepted, by file name."""
    if not (TOOLS / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=TOOLS, check=True)
    command = ["node", "check.mjs", *map(str, files)]
    output = subprocess.run(command, cwd=TOOLS, check=True, capture_output=True, text=True).stdout
    found: dict[str, list[str]] = {}
    for line in output.splitlines():
        report = json.loads(line)
        found[Path(report["file"]).stem] = [
            *(f"html-validate: line {fault}" for fault in report["markup"]),
            *_unaccepted(report["base"], ACCEPTED),
            *_unaccepted(report["whole"], ACCEPTED | ENHANCEMENTS),
        ]
    return found


def _unaccepted(errors: dict[str, list[str]], accepted: dict[str, str]) -> Iterator[str]:
    for title, clients in errors.items():
        if title not in accepted:
            yield f"caniemail: {title} in {', '.join(clients)}"


def axe_findings(files: list[Path], chromium: str) -> Iterator[tuple[str, str]]:
    """Return the serious and critical faults that axe-core finds in light and in dark, with the file's name."""
    from playwright.sync_api import sync_playwright

    script = (TOOLS / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme, viewport={"width": 375, "height": 800})
            page.route("http*://**", lambda route: route.abort())
            for file in files:
                page.goto(file.as_uri())
                page.evaluate(script)
                for fault in page.evaluate(RUN):
                    if fault["impact"] in ("serious", "critical"):
                        where = ", ".join(node["html"][:120] for node in fault["nodes"][:3])
                        yield file.stem, f"axe-core, {scheme}: {fault['help']}: {where}"
        browser.close()


def spam_score(printed: Print) -> float:
    """Return SpamAssassin's score without the network."""
    envelope = Envelope(printed.name, "Morning Sheet <desk@news.example>", "morning.news.example")
    recipient = Recipient(
        1, "r", VALUES["ADDRESS"], slots=tuple(VALUES.items()), one_click_url=VALUES["UNSUBSCRIBE_URL"]
    )
    mail = build(printed.message, envelope, recipient, date=editions.NOON)
    output = subprocess.run(["spamassassin", "-L", "-t"], input=mail, capture_output=True, check=False).stdout
    return float(output.split(b"Content analysis details:")[1].split(b"(")[1].split(b" ")[0])


def own_findings(printed: Print) -> Iterator[str]:
    """Return what our own checker finds."""
    if printed.edition:
        yield from (f"our own: {fault}" for fault in faults(printed.message, printed.edition))


def spam_findings(printed: Print) -> Iterator[str]:
    """Return a line where SpamAssassin likes the mail less than nothing."""
    if (score := spam_score(printed)) > 0.0:
        yield f"SpamAssassin: {score}"


def main() -> int:
    """Check every print; print a line for each, and every fault under it."""
    parser(__doc__).parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    every = list(prints())
    with tempfile.TemporaryDirectory() as folder:
        files = [printed.file(Path(folder)) for printed in every]
        for file, printed in zip(files, every, strict=True):
            file.write_text(printed.filled.html, encoding="utf-8")
        found = npm_findings(files)
        for name, fault in axe_findings(files, chromium) if chromium else ():
            found[name].append(fault)
    for printed in every:
        found[printed.name] += own_findings(printed)
        if shutil.which("spamassassin"):
            found[printed.name] += spam_findings(printed)
        faulty = found[printed.name]
        print(f"{printed.name:28} {size(printed.message.html):7,} bytes  {'right' if not faulty else 'FAULTS'}")
        for fault in faulty:
            print(f"    {fault}")
    for tool in ("Chromium, for axe-core",) * (not chromium) + ("SpamAssassin",) * (not shutil.which("spamassassin")):
        print(f"left out, not installed: {tool}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
