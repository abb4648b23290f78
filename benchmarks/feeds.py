"""Reading feeds: how right, how fast and within what limits, beside the libraries a user would take instead."""

from __future__ import annotations

import gzip
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path

from lxml import etree

from benchmarks.expected import compare, expectations
from digest.collect.feed import read_feed
from digest.errors import SourceError

#: Readers that take so long that two passes tell enough.
SLOW = ("feedparser",)
HEAD = b'<rss version="2.0"><channel><title>T</title>'
TAIL = b"</channel></rss>"
ITEM = b"<item><title>A headline of some length</title><link>https://a.example/%d</link><guid>%d</guid></item>"


def right(folder: Path) -> str:
    """Return how many of the feeds with an expected reading are read as expected in every field."""
    faults = {case.name: compare(case) for case in expectations(folder / "gofeed")}
    wrong = [f"    {name}: {found[0]}" for name, found in faults.items() if found]
    share = 100 * (1 - len(wrong) / len(faults))
    return "\n".join(
        [f"every field as expected: {len(faults) - len(wrong)} of {len(faults)} feeds, {share:.1f} %", *wrong]
    )


def walk(raw: bytes) -> None:
    """Parse and look at every element's name, text and attributes."""
    for element in etree.fromstring(raw).iter():
        _ = element.tag, element.text, element.tail, dict(element.attrib)


def feedparser(raw: bytes) -> None:
    """Read with feedparser."""
    import feedparser

    feedparser.parse(BytesIO(raw))


def fastfeedparser(raw: bytes) -> None:
    """Read with fastfeedparser."""
    import fastfeedparser

    fastfeedparser.parse(raw)


def rates(
    readers: Mapping[str, Callable[[bytes], object]], feeds: Sequence[bytes], rounds: int = 30
) -> dict[str, float]:
    """Return each reader's MB a second of processor time, the best of its rounds.

    They take turns of five passes, so that a machine that is not always equally fast is so for all of them.
    """
    best = dict.fromkeys(readers, float("inf"))
    for number in range(rounds):
        for name, read in readers.items():
            for _ in range(5 if name not in SLOW else number < 2):
                began = time.process_time()
                for raw in feeds:
                    read(raw)
                best[name] = min(best[name], time.process_time() - began)
    size = sum(map(len, feeds)) / 1e6
    return {name: size / seconds for name, seconds in best.items()}


def well_formed(folder: Path) -> list[bytes]:
    """Return the feeds that a strict parser takes."""

    def is_feed(raw: bytes) -> bool:
        try:
            return etree.fromstring(raw).tag != "html"
        except etree.XMLSyntaxError:
            return False

    return [raw for file in sorted(folder.rglob("*.xml")) if is_feed(raw := file.read_bytes())]


def fast(folder: Path) -> Iterator[str]:
    """Give a line for each reader: its rate, and ours as a multiple of it."""
    readers: dict[str, Callable[[bytes], object]] = {
        "Broadsheet": read_feed,
        "lxml, parse and walk": walk,
        "fastfeedparser": fastfeedparser,
        "feedparser": feedparser,
    }
    found = rates(readers, well_formed(folder / "day-2021-10-17"))
    ours = found["Broadsheet"]
    for name, rate in found.items():
        beside = "" if name == "Broadsheet" else f"   Broadsheet is {ours / rate:.2f} times as fast"
        yield f"{name:24}{rate:8.1f} MB/s{beside}"


def hostile() -> dict[str, bytes]:
    """Return inputs made to cost much."""
    bomb = b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 30) for n in range(8)
    )
    return {
        "50,000 items": HEAD + b"".join(ITEM % (n, n) for n in range(50_000)) + TAIL,
        "100,000 nested elements": HEAD + b"<item><description>" + b"<b>" * 100_000 + TAIL,
        "an entity bomb": bomb + b"]>" + HEAD + b"<item><title>&i;</title></item>" + TAIL,
        "a title of 20 MB": HEAD + b"<item><title>" + b"a " * 10_000_000 + b"</title></item>" + TAIL,
        "500 MB of zeros in gzip": gzip.compress(bytes(500_000_000), 1),
        "a broken feed of 8 MB": HEAD + (ITEM + b"<b></i>") % (1, 1) * 75_000,
        "a million bare ampersands": HEAD + b"<item><title>" + b"&" * 1_000_000 + b"</title></item>" + TAIL,
        "wide JSON": b'{"items":[' + b"{}," * 600_000 + b"{}]}",
    }


def _measured(raw: bytes, answer: Connection) -> None:
    before = _used()
    try:
        said = f"{len(read_feed(raw).entries)} entries"
    except SourceError as error:
        said = str(error)
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    answer.send((_used() - before, most / 1024, said))


def _used() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def limits() -> Iterator[str]:
    """Give a line for each hostile input: processor seconds, the most memory of any process, what came of it."""
    for name, raw in hostile().items():
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_measured, args=(raw, theirs))
        process.start()
        seconds, megabytes, said = ours.recv()
        process.join()
        yield f"{name:28}{seconds:6.2f} s{megabytes:7.0f} MB   {said[:70]}"
