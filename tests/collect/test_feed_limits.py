"""No input of any kind takes more than its share of time and memory."""

from __future__ import annotations

import gzip
import time

import pytest

from digest.collect.feed import LARGEST, read_feed
from digest.collect.worker import Bounds, LimitPassed, Worker
from digest.errors import FeedError, SourceError

HEAD = b'<rss version="2.0"><channel><title>T</title>'
TAIL = b"</channel></rss>"
ITEM = b"<item><title>A headline of some length</title><link>https://a.example/%d</link><guid>%d</guid></item>"
BOMB = (
    b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
    + b"".join(b'<!ENTITY %s "%s">' % (name, b"&%s;" % of * 20) for name, of in zip([b"b", b"c", b"d", b"e", b"f"], [b"a", b"b", b"c", b"d", b"e"], strict=True))
    + b"]>"
)  # fmt: skip
PLACE = b"<item><title>T</title><pubDate>Wed, 04 Mar 2026 12:00:00 Some/Where_%d</pubDate></item>"


def size_of(raw: bytes) -> int:
    """Return how many entries are read of a feed, or -1 where it is refused as the tree of errors says."""
    try:
        return len(read_feed(raw).entries)
    except SourceError:
        return -1


HOSTILE = {
    "100,000 nested elements": HEAD + b"<item><description>" + b"<b>" * 100_000 + TAIL,
    "100,000 nested elements, closed": HEAD + b"<b>" * 100_000 + b"</b>" * 100_000 + TAIL,
    "100,000 nested items": HEAD + b"<item>" * 100_000 + TAIL,
    "an entity bomb": BOMB + HEAD + b"<item><title>&f;</title></item>" + TAIL,
    "a title of 20 MB": HEAD + b"<item><title>" + b"a " * 10_000_000 + b"</title></item>" + TAIL,
    "a title of 4 MB": HEAD + b"<item><title>" + b"a<b" * 1_300_000 + b"</title></item>" + TAIL,
    "half a million elements": HEAD + b"<a/>" * 500_000 + TAIL,
    "500 MB of zeros in gzip": gzip.compress(bytes(1 << 20), 1) * 500,
    "a million ampersands": HEAD + b"<item><title>" + b"&" * 1_000_000 + b"</title></item>" + TAIL,
    "a million opening brackets": HEAD + b"<item><title>" + b"<" * 1_000_000 + b"</title></item>" + TAIL,
    "quotes never closed": HEAD + b"<item><description><![CDATA[" + b"<p \"<a '" * 200_000 + b"]]></description></item>" + TAIL,
    "comments never closed": HEAD + b"<item><description><![CDATA[" + b"<!-- " * 300_000 + b"]]></description></item>" + TAIL,
    "sections never closed": HEAD + b"<![CDATA[" * 200_000 + TAIL,
    "a million spaces": HEAD + b"<item><description>" + b" \n" * 900_000 + b"<p</description></item>" + TAIL,
    "deep JSON": b'{"items":' + b"[" * 1_000_000,
    "wide JSON": b'{"items":[' + b"{}," * 600_000 + b"{}]}",
    "a number without end": b'{"items":[{"id":' + b"9" * 1_000_000 + b"}]}",
    "prefixes without end": HEAD + b"".join(b"<p%d:x/>" % n for n in range(60_000)) + TAIL,
    "attributes without end": HEAD + b"<item " + b"".join(b'a%d="" ' % n for n in range(100_000)) + b"/>" + TAIL,
    "values without quotes": HEAD + b"<item " + b"a= b=c =" * 200_000 + b"/>&" + TAIL,
    "values without end": HEAD + b"<item a='" + b'b= "' * 300_000 + TAIL,
    "places that nobody knows": HEAD + b"".join(PLACE % n for n in range(20_000)) + TAIL,
    "a broken feed of 10 MB": (HEAD + (ITEM + b"<b></i>") % (1, 1) * 80_000)[:10_000_000],
}  # fmt: skip


def ten_million_additions() -> float:
    """Return the seconds of processor time that they take here and now: .3 where the limits were chosen."""
    began, total = time.process_time(), 0
    for number in range(2_000_000):
        total += number
    return (time.process_time() - began) * 5


@pytest.fixture(scope="module")
def worker():
    """A process that is ended when a call costs more than is allowed: two seconds, or as much on a slower machine."""
    with Worker(Bounds(cpu_seconds=max(2.0, 7 * ten_million_additions()), memory_mb=300, seconds=200.0)) as worker:
        yield worker


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_read_or_refused_within_the_limits(name: str, worker: Worker) -> None:
    assert worker.run(size_of, HOSTILE[name]) >= -1


def test_fifty_thousand_items_are_read_within_the_limits(worker: Worker) -> None:
    raw = HEAD + b"".join(ITEM % (number, number) for number in range(50_000)) + TAIL
    assert worker.run(size_of, raw) == 50_000


def test_a_feed_larger_than_any_is_refused_unread() -> None:
    with pytest.raises(FeedError, match="larger than"):
        read_feed(b" " * (LARGEST + 1))


def burn() -> None:
    """Take processor time for ever."""
    while True:
        pass


def swell() -> int:
    """Take memory for ever."""
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def refuse() -> None:
    """Raise an error of the tree."""
    raise FeedError("not today")


def stumble() -> None:
    """Raise an error of no tree."""
    raise LookupError("lost")


def test_a_call_that_takes_too_long_is_ended_and_the_next_one_answered() -> None:
    with Worker(Bounds(cpu_seconds=0.2)) as worker:
        with pytest.raises(LimitPassed, match=r"more than 0\.2 s of processor time"):
            worker.run(burn)
        assert worker.run(len, b"four") == 4


def test_a_call_that_takes_too_much_memory_is_ended_and_the_next_one_answered() -> None:
    with Worker(Bounds(memory_mb=200)) as worker:
        with pytest.raises(LimitPassed, match="more than 200 MB"):
            worker.run(swell)
        assert worker.run(len, b"four") == 4


def test_errors_of_the_tree_come_back_as_they_are_and_others_as_source_errors() -> None:
    with Worker() as worker:
        with pytest.raises(FeedError, match="not today"):
            worker.run(refuse)
        with pytest.raises(SourceError, match="LookupError: lost"):
            worker.run(stumble)
