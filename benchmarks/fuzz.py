"""Broken feeds and pages by the hundred thousand: nothing may come out but a reading or an error of our own tree.

``python -m benchmarks.fuzz [COUNT] [SEED]``: one input in fifty is a page, as reading one takes so much longer.
Inputs are made by breaking the bundled samples, and the real feeds where $BROADSHEET_DATA names some. Each is read as
``digest inspect`` reads it; a reading that takes more than 2 s of processor time is a failure too, and so is one that
a worker's limits end: none of these inputs is large. What failed is kept in a file.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.asking import at_least_one, parser
from digest.collect.feed import read_feed
from digest.collect.page import read_page
from digest.collect.worker import Bounds, LimitPassed, Worker
from digest.errors import SourceError

COUNT = 100_000
URL = "https://harbour.example/news/feed"
PAGE_EVERY = 50
MOST_SECONDS = 2.0
TOKENS = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<item>", b"</item>", b"<entry>", b"</channel>",
    b"<?xml?>", b"&#0;", b"&nbsp;", b"&#xD800;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b'"', b"'",
    b"xmlns:a='", b"<a:b/>", b"<!DOCTYPE rss [<!ENTITY x '&x;'>]>&x;", b"{", b"}", b"[", b"null", b"\\ud800", b"1e999",
    b"<p>" * 300, b" " * 3000, b"type='application/octet-stream'", b"mode='base64'", b"xml:base='http://['",
    b"<link>http://[::1</link>",
]  # fmt: skip
KINDS = (".xml", ".rdf", ".atom", ".json")
TARGETS = [b"<", b">", b"&", b'"', b"</", b"item", b"title"]
PAGE = (
    b'<html><head><title>Ferry aground</title><script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":'
    b'"Ferry aground","author":[{"name":"Ada Quill"}],"datePublished":"2026-03-04T06:00:00Z"}</script>'
    b"<meta property='og:image' content='/a.jpg'></head><body><article><h1>Ferry aground</h1><p>By Ada Quill</p>"
    + b"<p>The harbour ferry ran aground on the northern sandbank and was pulled free by two tugs at high tide.</p>" * 5
    + b"</article><aside><h2>More</h2><ul><li><a href='/b'>Bridge opens</a><p>A year late.</p></li></ul></aside>"
    + b"</body></html>"
)


def break_one(raw: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return ``raw`` with one to four faults in it."""
    for _ in range(chance.randint(1, 4)):
        at, end = chance.randrange(len(raw) + 1), chance.randrange(len(raw) + 1)
        fault = chance.randrange(7)
        if fault == 0:
            raw = raw[:at] + chance.choice(TOKENS) + raw[at:]
        elif fault == 1:
            raw = raw[:at]
        elif fault == 2:
            raw = raw[: min(at, end)] + raw[min(at, end) + chance.randrange(40) :]
        elif fault == 3:
            raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
        elif fault == 4:
            raw = raw[:at] + raw[min(at, end) : max(at, end)][:2000] + raw[at:]
        elif fault == 5:
            other = chance.choice(others)
            raw = raw[:at] + other[chance.randrange(len(other)) :][:2000]
        else:
            raw = raw.replace(
                chance.choice([b"<", b">", b"&", b'"', b"</", b"item", b"title"]), chance.choice(TOKENS), 2
            )
    return raw


def seeds() -> list[bytes]:
    """Return the feeds to be broken, the largest left out."""
    folders = [Path(__file__).parent.parent / "samples"]
    if data := os.environ.get("BROADSHEET_DATA"):
        folders.append(Path(data) / "feeds")
    every = [file for folder in folders for file in sorted(folder.rglob("*"))]
    files = [file for file in every if file.suffix in KINDS and not _is_reading(file)]
    return [raw for file in files if 300 < len(raw := file.read_bytes()) < 60_000]


def _is_reading(file: Path) -> bool:
    """Tell whether a file is the expected reading of a feed rather than a feed."""
    return file.suffix == ".json" and (file.stem.endswith("_expected") or file.with_suffix(".xml").exists())


def used() -> float:
    """Return the processor time of this process; a worker's is held to by the worker itself, call by call."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def attempt(read: Callable[[], object]) -> str:
    """Return what came of reading one input, in a word."""
    began = used()
    try:
        read()
        outcome = "read"
    except LimitPassed as error:
        outcome = f"FAILED: {error}"
    except SourceError as error:
        # What a worker says of an error that is not of our tree.
        outcome = f"FAILED: {error}"[:100] if str(error).startswith("it could not be read (") else "refused"
    except Exception as error:
        outcome = f"FAILED: {type(error).__name__}: {error}"[:100]
    return outcome if used() - began <= MOST_SECONDS else f"FAILED: took {used() - began:.1f} s"


def fuzz(count: int, seed: int) -> Counter[str]:
    """Return how often each outcome came of so many broken inputs."""
    chance = random.Random(seed)
    feeds = seeds()
    outcomes: Counter[str] = Counter()
    with Worker() as feed_worker, Worker(Bounds(cpu_seconds=MOST_SECONDS, memory_mb=400)) as page_worker:
        for number in range(count):
            if number % PAGE_EVERY == 0:
                raw = break_one(PAGE, feeds, chance)
                outcome = "page " + attempt(lambda raw=raw: page_worker.run(read_page, raw, url="https://a.example/x"))
            else:
                raw = break_one(chance.choice(feeds), feeds, chance)
                outcome = "feed " + attempt(
                    lambda raw=raw: read_feed(raw, url="https://a.example/x", worker=feed_worker)
                )
            if "FAILED" in outcome:
                Path(f"fuzz-{seed}-{number}.bin").write_bytes(raw)
            outcomes[outcome] += 1
    return outcomes


def main() -> int:
    """Print what came of it; return 1 where anything failed."""
    asked = parser(__doc__)
    asked.add_argument("count", type=at_least_one, nargs="?", default=COUNT)
    asked.add_argument("seed", type=int, nargs="?", default=1)
    told = asked.parse_args()
    count, seed = told.count, told.seed
    began = time.perf_counter()
    outcomes = fuzz(count, seed)
    for outcome, number in sorted(outcomes.items()):
        print(f"{number:8}  {outcome}")
    print(f"{count} inputs in {time.perf_counter() - began:.0f} s")
    return 1 if any("FAILED" in outcome for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
