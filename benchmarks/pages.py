"""Reading article pages: how right and how fast, beside the libraries a user would take instead.

``python -m benchmarks.pages [FOLDER]``: a folder with ``truth.jsonl`` (file, url, headline, byline, published_at,
body, image_urls) and the pages as ``.html.gz``; without one, ``$BROADSHEET_DATA/pages/fundus``.

The text is compared by its runs of four words; headline and names exactly, but for case and punctuation; the
date by its day; the picture by its file name. Every reader reads the same bytes in this one process.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import re
import statistics
import sys
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from benchmarks.asking import a_folder, parser

Reader = Callable[[bytes, str], dict[str, Any]]
#: A text of which less than half is shared with the truth is wrong, not inexact.
POOR = 0.5
_BY = re.compile(r"^(?:by|von|par|por|di|de)\s+", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[;,/|&]|\s(?:and|und|et|y|e)\s)\s*")


@dataclass(frozen=True)
class Case:
    """One page and what it truly says."""

    raw: bytes
    truth: dict[str, Any]


def cases(folder: Path) -> list[Case]:
    """Return the pages of a folder."""
    truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    return [Case(gzip.decompress((folder / truth["file"]).read_bytes()), truth) for truth in truths]


def folded(text: object) -> list[str]:
    """Return a text's words without case and punctuation."""
    plain = unicodedata.normalize("NFKC", unescape(str(text or ""))).lower()
    return re.sub(r"[^\w\s]", " ", plain).split()


def runs(text: object) -> Counter[tuple[str, ...]]:
    """Return a text's runs of four words, with how often each occurs."""
    parts = folded(text)
    return Counter(tuple(parts[n : n + 4]) for n in range(max(len(parts) - 3, bool(parts))))


def shared(truth: object, found: object) -> tuple[float, float]:
    """Return how much of what was found is true, and how much of the truth was found."""
    want, have = runs(truth), runs(found)
    both = (want & have).total()
    return both / max(have.total(), 1), both / max(want.total(), 1)


def names(bylines: Sequence[str] | None) -> set[str]:
    """Return the people in bylines."""
    parts = (part for line in bylines or () for part in _AND.split(_BY.sub("", str(line).strip())))
    return {" ".join(folded(part)) for part in parts} - {""}


def stem(url: object) -> str:
    """Return the file name in an address."""
    return str(url or "").split("?")[0].rsplit("/", 1)[-1]


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass
class Score:
    """How a reader did."""

    precision: list[float]
    recall: list[float]
    right: Counter[str]
    asked: Counter[str]
    seconds: float = 0.0

    @property
    def text(self) -> float:
        return f1(statistics.fmean(self.precision), statistics.fmean(self.recall))

    @property
    def poor(self) -> int:
        return sum(f1(*pair) < POOR for pair in zip(self.precision, self.recall, strict=True))

    def percent(self, field: str) -> float:
        return 100 * self.right[field] / max(self.asked[field], 1)


def score(pages: Sequence[Case], found: Sequence[dict[str, Any]], seconds: float) -> Score:
    """Return how much of what was found is right."""
    total = Score([], [], Counter(), Counter(), seconds)
    for page, got in zip(pages, found, strict=True):
        truth = page.truth
        if truth["body"]:
            precision, recall = shared(truth["body"], got.get("body"))
            total.precision.append(precision)
            total.recall.append(recall)
        pictures = {stem(url) for url in truth["image_urls"] or ()}
        for field, want, is_right in (
            ("headline", truth["headline"], folded(truth["headline"]) == folded(got.get("headline"))),
            ("byline", truth["byline"], names(truth["byline"]) == names(got.get("byline"))),
            ("day", truth["published_at"], str(truth["published_at"])[:10] == str(got.get("published_at"))[:10]),
            ("picture", pictures, stem(got.get("image_url")) in pictures),
        ):
            total.asked[field] += bool(want)
            total.right[field] += bool(want) and is_right
    return total


def ours() -> Reader:
    """Return Broadsheet's reader."""
    from digest.collect.page import as_json, read_page
    from digest.errors import FeedError

    def read(raw: bytes, url: str) -> dict[str, Any]:
        try:
            return as_json(read_page(raw, url=url), "")
        except FeedError:
            return {}

    return read


def trafilatura() -> Reader:
    """Return trafilatura's, with metadata, in its standard setting."""
    from trafilatura import bare_extraction

    def read(raw: bytes, url: str) -> dict[str, Any]:
        found = bare_extraction(raw, url=url, with_metadata=True, include_comments=False)
        if found is None:
            return {}
        return {
            "headline": found.title,
            "byline": (found.author or "").split("; "),
            "published_at": found.date,
            "image_url": found.image,
            "body": found.text,
        }

    return read


def newspaper() -> Reader:
    """Return newspaper4k's."""
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False  # it would ask the network for each picture's size

    def read(raw: bytes, url: str) -> dict[str, Any]:
        article = Article(url, config=config)
        try:
            article.download(input_html=raw.decode("utf-8", "replace"))
            article.parse()
        except Exception as error:
            return {"error": str(error)}
        return {
            "headline": article.title,
            "byline": article.authors,
            "published_at": article.publish_date and article.publish_date.isoformat(),
            "image_url": article.top_image,
            "body": article.text,
        }

    return read


def measure(reader: Reader, pages: Sequence[Case]) -> tuple[list[dict[str, Any]], float]:
    """Return what was read of each page, and the processor seconds it took."""
    reader(pages[0].raw, pages[0].truth["url"])  # imports and caches are not what is measured
    before = time.process_time()
    found = [reader(page.raw, page.truth["url"]) for page in pages]
    return found, time.process_time() - before


def show(name: str, total: Score, pages: int, floor: float) -> None:
    """Print one row."""
    fields = "".join(f"{total.percent(field):9.1f}" for field in ("headline", "byline", "day", "picture"))
    speed = f"{pages / total.seconds:9.1f}{floor / total.seconds:8.2f}" if total.seconds else ""
    print(f"{name:22}{total.text:8.4f}{total.poor:6}{fields}{speed}")


def run(folder: Path) -> None:
    """Print the table for a folder of pages."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    pages = cases(folder)
    readers = {"trafilatura": trafilatura(), "broadsheet": ours(), "newspaper4k": newspaper()}
    print(f"{len(pages)} pages of {folder.name}; 'speed' is trafilatura's time over the reader's")
    columns = "".join(f"{name:>9}" for name in ("headline", "byline", "day", "picture", "pages/s"))
    print(f"{'':22}{'text F1':>8}{'<0.5':>6}{columns}{'speed':>8}")
    floor = 0.0
    for name, reader in readers.items():
        found, seconds = measure(reader, pages)
        floor = floor or seconds
        show(name, score(pages, found, seconds), len(pages), floor)
        if name == "broadsheet":
            for half, label in ((slice(0, None, 2), "  one half of them"), (slice(1, None, 2), "  the other half")):
                show(label, score(pages[half], found[half], 0.0), 0, 0.0)


if __name__ == "__main__":
    asked = parser(__doc__)
    asked.add_argument("folder", type=a_folder, nargs="?")
    place = asked.parse_args().folder or Path(os.environ.get("BROADSHEET_DATA", "")) / "pages" / "fundus"
    if not (place / "truth.jsonl").is_file():
        sys.exit(f"{place} holds no truth.jsonl: name a folder of pages, or set BROADSHEET_DATA")
    run(place)
