"""Reads a feed of any format from bytes, well-formed or broken; knows no network and no source.

Two tiers: well-formed bytes are read here and fast; the rest is mended first, and what then is still broken goes to
feedparser in a worker process with limits. So does everything large, because its cost cannot be told beforehand.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from digest.collect.feed_atom import read_atom
from digest.collect.feed_names import Names
from digest.collect.feed_rss import read_rss
from digest.collect.feed_values import Entry, Feed
from digest.collect.feed_xml import Element, NotWellFormed, parse
from digest.collect.impostor import describe
from digest.collect.worker import LimitPassed, Worker
from digest.errors import FeedError

__all__ = ["LARGEST", "Entry", "Feed", "as_json", "read_feed", "read_feed_file"]

#: Bytes a feed may have, uncompressed. The largest honest ones, podcasts with their whole past, have some 20 MB.
LARGEST = 32 << 20
#: Bytes up to which a feed is read in this process: not even the worst of this size costs much.
_SMALL = 2 << 20
#: Entries that are read of one feed; no newsletter looks further back.
MOST_ENTRIES = 50_000
_FEED_ROOTS = ("rss", "rdf", "channel")


def read_feed(raw: bytes, *, url: str = "", content_type: str = "", worker: Worker | None = None) -> Feed:
    """Return the feed in ``raw``, fetched from ``url`` with the server's ``content_type``.

    Raises FeedError, which says what was found instead. ``worker`` is used for what is broken or large; without
    one, a process is started for it and ended again.
    """
    raw = _unpacked(raw)
    try:
        if len(raw) > _SMALL:
            return _in(worker, read_or_mend, raw, url, content_type)
        return read_or_mend(raw, url, content_type)
    except NotWellFormed:
        return _in(worker, read_at_any_rate, raw, url, content_type)


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


def _in(worker: Worker | None, function: Any, raw: bytes, url: str, content_type: str) -> Feed:
    if worker is None:
        with Worker() as own:
            return _in(own, function, raw, url, content_type)
    try:
        return worker.run(function, raw, url, content_type)  # type: ignore[no-any-return] # both functions give a Feed
    except NotWellFormed:
        raise
    except LimitPassed:
        if function is read_at_any_rate:
            return worker.run(read_what_is_left, raw, url, content_type)
        raise


def read_or_mend(raw: bytes, url: str, content_type: str) -> Feed:
    """Read a feed strictly, as it is or mended; raise NotWellFormed where that is not enough."""
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        from digest.collect.feed_encoding import decode
        from digest.collect.feed_json import read_json_feed

        return read_json_feed(decode(raw, content_type)[0], url)
    try:
        return _of_tree(parse(raw), raw, url)
    except NotWellFormed:
        return _mended(raw, url, content_type)


def _mended(raw: bytes, url: str, content_type: str) -> Feed:
    from digest.collect.feed_balance import balance
    from digest.collect.feed_encoding import decode
    from digest.collect.feed_mend import cut_back, find_root, mend

    text, note = decode(raw, content_type)
    if find_root(text) is None:
        raise FeedError(f"{describe(raw, text)}, not a feed")
    text, notes = mend(text)
    if kept := cut_back(text):
        text, items = kept
        notes = (*notes, f"it breaks off; read the {items} items that are complete")
    try:
        feed = _of_tree(parse(text.encode()), raw, url)
    except NotWellFormed:
        feed = _of_tree(parse(balance(text).encode()), raw, url)
        notes = (*notes, "closed elements it leaves open")
    return replace(feed, notes=(*feed.notes, *filter(None, (note,)), *notes))


def read_at_any_rate(raw: bytes, url: str, content_type: str) -> Feed:
    """Read a feed that cannot be mended with feedparser."""
    from digest.collect.feed_encoding import decode
    from digest.collect.feed_loose import read_loosely
    from digest.collect.feed_mend import mend

    text, note = decode(raw, content_type)
    text, notes = mend(text)
    feed = read_loosely(text, url)
    return replace(
        feed, notes=(*filter(None, (note,)), *notes, "its elements do not fit into each other; read loosely")
    )


def read_what_is_left(raw: bytes, url: str, content_type: str) -> Feed:
    """Read what libxml2 recovers of a broken feed that feedparser takes too long for."""
    from digest.collect.feed_encoding import decode
    from digest.collect.feed_mend import mend

    text, notes = mend(decode(raw, content_type)[0])
    root = etree.fromstring(text.encode(), etree.XMLParser(recover=True, no_network=True, resolve_entities=False))
    if root is None:
        raise FeedError(f"{describe(raw)}, not a feed")
    return replace(_of_tree(root, raw, url), notes=(*notes, "too large and too broken; some of it may be missing"))


def _of_tree(root: Element, raw: bytes, url: str) -> Feed:
    names = Names()
    name = names[root.tag].rpartition(":")[2]
    has_bases = b"xml:base" in raw
    if name in _FEED_ROOTS:
        feed = read_rss(root, names, url, has_bases=has_bases)
    elif name in ("feed", "entry") and names[root.tag] != "xhtml:feed":
        feed = read_atom(root, names, url, has_bases=has_bases)
    else:
        raise FeedError(f"{describe(raw)}, not a feed")
    if len(feed.entries) > MOST_ENTRIES:
        notes = (f"read the first {MOST_ENTRIES} of {len(feed.entries)} entries",)
        return replace(feed, entries=feed.entries[:MOST_ENTRIES], notes=notes)
    return feed
