"""Reads a feed of any format from bytes, well-formed or broken; knows no network and no source.

Two tiers: well-formed bytes are read here and fast; the rest is mended first, and what then is still broken goes to
feedparser in a worker process with limits. So does everything large, because its cost cannot be told beforehand.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from digest.collect.feed_tiers import read_anyhow, read_mended, read_strictly
from digest.collect.feed_values import Entry, Feed
from digest.collect.feed_xml import NotWellFormed
from digest.collect.worker import Worker
from digest.errors import FeedError

__all__ = ["LARGEST", "Entry", "Feed", "as_json", "read_feed", "read_feed_file"]

#: Bytes a feed may have, uncompressed. The largest honest ones, podcasts with their whole past, have some 20 MB.
LARGEST = 32 << 20
#: Bytes up to which a feed is read in this process: not even the worst of this size costs much.
_SMALL = 2 << 20
#: Bytes up to which one is, if it has no more than so many of the marks that cost time and memory: 50,000 items.
_MIDDLING, _FEW = 16 << 20, 750_000
_MARKS = (b"<", b"&", b"{", b"[")
#: Bytes up to which a feed is mended in this process.
_SMALL_AND_BROKEN = 256 << 10


def read_feed(raw: bytes, *, url: str = "", content_type: str = "", worker: Worker | None = None) -> Feed:
    """Return the feed in ``raw``, fetched from ``url`` with the server's ``content_type``.

    Raises FeedError, which says what was found instead. ``worker`` is used for what is broken or large; without
    one, a process is started for it and ended again.
    """
    raw = _unpacked(raw)
    if _is_cheap(raw):
        try:
            return read_strictly(raw, url, content_type)
        except NotWellFormed:
            if len(raw) <= _SMALL_AND_BROKEN:
                with suppress(NotWellFormed):
                    return read_mended(raw, url, content_type)
    if worker:
        return worker.run(read_anyhow, raw, url, content_type)
    with Worker() as own:
        return own.run(read_anyhow, raw, url, content_type)


def _is_cheap(raw: bytes) -> bool:
    """Tell whether reading ``raw`` strictly cannot cost much, whatever is in it: it is small, or has little markup."""
    return len(raw) <= _SMALL or (len(raw) <= _MIDDLING and sum(map(raw.count, _MARKS)) <= _FEW)


def read_feed_file(path: Path, *, url: str = "", worker: Worker | None = None) -> Feed:
    """Return the feed in a local file; a file too large is refused unread."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}") from error
    return read_feed(raw, url=url, worker=worker)


def as_json(feed: Feed) -> dict[str, Any]:
    """Return what ``digest inspect feed --json`` prints of a feed; times are RFC 3339 in UTC."""
    return {"title": feed.title, "link": feed.link, "entries": [_entry_as_json(entry) for entry in feed.entries]}


def _entry_as_json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.guid,
        "headline": entry.headline,
        "url": entry.url,
        "published_at": _moment(entry.published_at),
        "updated_at": _moment(entry.updated_at),
        "dek": entry.dek,
        "body": entry.body,
        "byline": entry.byline,
    }


def _moment(when: datetime | None) -> str | None:
    return when.isoformat().replace("+00:00", "Z") if when else None


def _unpacked(raw: bytes) -> bytes:
    """Return ``raw`` without gzip around it; raise FeedError where it is larger than a feed may be."""
    if raw.startswith(b"\x1f\x8b"):
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, LARGEST + 1)
        except zlib.error as error:
            raise FeedError(f"a broken gzip file ({error}), not a feed") from error
    if len(raw) > LARGEST:
        raise FeedError(f"larger than {LARGEST >> 20} MB, the most a feed may have")
    return raw
