"""The ways to read a feed, from the fast and strict to the slow and loose; knows no process and no limit but sizes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from lxml import etree

from digest.collect.feed_atom import read_atom
from digest.collect.feed_names import Names
from digest.collect.feed_rss import read_rss
from digest.collect.feed_values import Feed
from digest.collect.feed_xml import Element, NotWellFormed, SpacesMatter, parse
from digest.collect.impostor import describe
from digest.errors import FeedError

#: Bytes up to which a broken feed is mended, and up to which it is given to feedparser: on a slow machine the one
#: does some 3 MB a second, the other 1 MB.
_MENDABLE, _LOOSE = 4 << 20, 1 << 20
#: What feeds have near their beginning whose texts have elements in them.
_XHTML, _HEAD = b"xhtml", 4096
_RSS_ROOTS = ("rss", "rdf", "channel")
#: What libxml2 says where going on would be what the sender wants.
_HOSTILE = {"amplification": "entities that grow without end", "Text node too long": "a text of more than 10 MB"}


def read_strictly(raw: bytes, url: str, content_type: str) -> Feed:
    """Read a feed as it is; raise NotWellFormed where it breaks the rules of XML, FeedError where it is none."""
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        from digest.collect.feed_encoding import decode
        from digest.collect.feed_json import read_json_feed

        return read_json_feed(decode(raw, content_type)[0], url)
    try:
        with suppress(SpacesMatter):
            if _XHTML not in raw[:_HEAD]:
                return _of_tree(parse(raw, keep_spaces=False), raw, url)
        return _of_tree(parse(raw), raw, url)
    except NotWellFormed as error:
        for sign, meaning in _HOSTILE.items():
            if sign in str(error):
                raise FeedError(f"XML with {meaning}; it was not read") from error
        raise


def read_mended(raw: bytes, url: str, content_type: str) -> Feed:
    """Mend a feed and read it strictly; raise NotWellFormed where that is not enough."""
    from digest.collect.feed_balance import balance
    from digest.collect.feed_mend import cut_back

    text, notes = _mended(raw, content_type)
    if kept := cut_back(text):
        text, items = kept
        notes = (*notes, f"it breaks off; complete items, read: {items}")
    try:
        feed = _of_tree(parse(text.encode()), raw, url)
    except NotWellFormed:
        feed = _of_tree(parse(balance(text).encode()), raw, url)
        notes = (*notes, "closed elements it leaves open")
    return replace(feed, notes=feed.notes + notes)


def read_anyhow(raw: bytes, url: str, content_type: str) -> Feed:
    """Read a feed in the first way that it takes; raise FeedError where it is none."""
    try:
        return read_strictly(raw, url, content_type)
    except NotWellFormed:
        if len(raw) > _MENDABLE:
            return _recovered(raw, url, content_type)
    ways = (read_mended, _loose) if len(raw) <= _LOOSE else (read_mended,)
    for way in ways:
        with suppress(NotWellFormed):
            return way(raw, url, content_type)
    return _recovered(raw, url, content_type)


def _loose(raw: bytes, url: str, content_type: str) -> Feed:
    from digest.collect.feed_loose import read_loosely

    text, notes = _mended(raw, content_type)
    feed = read_loosely(text, url)
    return replace(feed, notes=(*notes, "its elements do not fit into each other; read loosely"))


def _recovered(raw: bytes, url: str, content_type: str) -> Feed:
    """Read what libxml2 can make of a feed that is too large for anything else."""
    from digest.collect.feed_encoding import decode

    text = _mended(raw, content_type)[0] if len(raw) <= _MENDABLE else decode(raw, content_type)[0]
    start = max(text.find("<rss"), text.find("<feed"), text.find("<rdf:RDF"), 0)
    parser = etree.XMLParser(recover=True, no_network=True, resolve_entities=False, remove_comments=True)
    root = etree.fromstring(text[start:].encode(), parser)
    if root is None:
        raise FeedError(f"{describe(raw)}, not a feed")
    try:
        feed = _of_tree(root, raw, url)
    except UnicodeDecodeError as error:  # libxml2 lets through what is no character
        raise FeedError("a feed too broken to be read: characters that are none") from error
    return replace(feed, notes=(*feed.notes, "too large and too broken to be mended; some of it may be missing"))


def _mended(raw: bytes, content_type: str) -> tuple[str, tuple[str, ...]]:
    from digest.collect.feed_encoding import decode
    from digest.collect.feed_mend import find_root, mend

    text, note = decode(raw, content_type)
    if find_root(text) is None:
        raise FeedError(f"{describe(raw, text)}, not a feed")
    text, notes = mend(text)
    return text, (note, *notes) if note else notes


def _of_tree(root: Element, raw: bytes, url: str) -> Feed:
    names = Names(str(root.tag))
    name = names[root.tag].rpartition(":")[2]
    if name in _RSS_ROOTS:
        return read_rss(root, names, url)
    if name in ("feed", "entry"):
        return read_atom(root, names, url)
    raise FeedError(f"{describe(raw)}, not a feed")
