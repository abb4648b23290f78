"""Whatever is done to a feed, it is read or refused; ``make fuzz`` does more of it."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fuzz import break_one
from digest.collect.feed import Feed, read_feed
from digest.collect.worker import Worker
from digest.errors import SourceError
from tests.collect.test_feed import FORMATS


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A process for what is too broken to be read here."""
    with Worker() as worker:
        yield worker


def reading(raw: bytes, worker: Worker) -> Feed | None:
    """Return the reading of a feed, None where it is refused; an error of no tree shows in its words."""
    try:
        return read_feed(raw, url="https://harbour.example/feed", worker=worker)
    except SourceError as error:
        if str(error).startswith("it could not be read ("):
            raise
        return None


@pytest.mark.parametrize("seed", range(400))
def test_a_broken_feed_is_read_or_refused(seed: int, worker: Worker) -> None:
    chance = random.Random(seed)
    feeds = list(FORMATS.values())
    feed = reading(break_one(chance.choice(feeds), feeds, chance), worker)
    for entry in feed.entries if feed else ():
        assert "\x00" not in entry.headline + entry.dek + entry.body
        assert entry.headline == " ".join(entry.headline.split())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with Worker() as worker:
        reading(raw, worker)


@given(
    st.sampled_from([b"<rss><channel>", b'<feed xmlns="http://www.w3.org/2005/Atom">', b'{"items":[']),
    st.text(max_size=200),
)
def test_a_feed_of_any_text_is_read_or_refused(head: bytes, text: str) -> None:
    with Worker() as worker:
        reading(head + text.encode("utf-8", "surrogatepass"), worker)


PIECES = st.lists(
    st.sampled_from([" <b>x</b>", " ", "\n", "y", "<![CDATA[ z ]]>", "<!-- c -->", "&#10;", "<p> </p>", "<i/>"]),
    max_size=8,
).map("".join)


@given(
    PIECES, PIECES, st.sampled_from(["<rss><channel><item>%s</item></channel></rss>", "<feed><entry>%s</entry></feed>"])
)
def test_leaving_out_the_spaces_between_elements_changes_no_reading(title: str, text: str, around: str) -> None:
    inside = f"\n <title>{title}</title>\n <description>{text}</description> <content> {text}</content>\n"
    without = around % inside
    assert read_feed(without.encode()) == read_feed(f"<!-- xhtml: read with all spaces -->{without}".encode())
