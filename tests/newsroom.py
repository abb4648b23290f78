"""A newsletter in a folder of its own, run through its command line; told in verbs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zlib import crc32

import pytest

from digest.cli.root import run
from tests.stores import lay

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


@dataclass
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def values(self) -> list[Any]:
        """The JSON values printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Newsroom:
    """A config, its sources, and the command that runs them."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    provider: str = 'kind = "outbox"'
    newsletter: str = 'slug = "daily"\ntitle = "The Daily"\nopt_in = "single"'
    site: str = 'sender = "The Daily <news@daily.example>"\npostal_address = "1 Quay, Port Ellery"'
    sources: dict[str, str] = field(default_factory=dict)
    comes_with_store: bool = True

    def source(self, slug: str, content: str | bytes, *, suffix: str = "xml", more: str = "") -> None:
        """Add a source whose feed is ``content``, or change it."""
        file = self.folder / f"{slug}.{suffix}"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.sources[slug] = f'path = "{file.name}"\n{more}'

    def report(self, slug: str, *headlines: str, at: datetime = NOW - timedelta(hours=1), **more: str) -> None:
        """Add a source that reports these headlines."""
        self.source(slug, feed(slug, [(each, at) for each in headlines]), **more)

    def write_config(self) -> Path:
        """Write config.toml as it now stands; with the first one comes its store."""
        parts = [f"[site]\n{self.site}", f"[provider]\n{self.provider}", f"[[newsletters]]\n{self.newsletter}"]
        parts += [f'[[sources]]\nslug = "{slug}"\n{rest}' for slug, rest in self.sources.items()]
        file = self.folder / "config.toml"
        file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        if self.comes_with_store and not (self.folder / "var").exists():
            lay(self.folder / "var" / "digest.db")
        self.comes_with_store = False
        return file

    def digest(self, *words: str, now: datetime | None = NOW) -> Ran:
        """Run the command with the config as it now stands, at an editorial time."""
        config = self.write_config()
        timed = ["--now", now.isoformat()] if now and words[0] in TIMED else []
        self.capture.readouterr()
        code = run(["--config", str(config), *words, *timed])
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)

    def add(self, *addresses: str, to: str = "daily") -> None:
        """Put readers on a list."""
        for address in addresses:
            ran = self.digest("subscribers", "add", to, address)
            assert ran.code == 0, ran.err

    @property
    def journal(self) -> list[Any]:
        """The outbox's journal."""
        file = self.folder / "out" / "journal.jsonl"
        lines = file.read_text().splitlines(keepends=True) if file.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]  # the last may be on its way

    def mails(self) -> list[Path]:
        """The mails in the outbox."""
        return sorted((self.folder / "out").glob("daily/**/*.eml"))

    def everything(self) -> dict[str, bytes]:
        """Every file there is, with its content."""
        return {
            str(file.relative_to(self.folder)): file.read_bytes()
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and not file.name.endswith(("-shm", "-wal"))
        }


TIMED = ("send", "preview", "collect", "group", "check", "demo", "schedule")


def feed(title: str, items: Sequence[tuple[str, datetime | None]], *, words: str = "") -> str:
    """Return an RSS feed of headlines and their times."""
    entries = "".join(
        f"<item><title>{escape(headline)}</title><link>https://{title}.example/{number}-{crc32(headline.encode())}</link>"
        f"<description>{escape(words or headline)}. It was told by {title}.</description>"
        + (f"<pubDate>{format_datetime(at)}</pubDate>" if at else "")
        + "</item>"
        for number, (headline, at) in enumerate(items)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'


EVENTS = [
    "Ferry runs aground off Port Ellery in thick fog",
    "Council votes to keep the old market hall",
    "Rare comet visible over the northern islands tonight",
    "Bakers of Skerry win the national bread prize",
]
