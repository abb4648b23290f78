"""What a kind of source is read with; does not know how a body is fetched or where articles go."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from digest.collect.worker import Workers
from digest.errors import SourceError
from digest.model import Article, Introduction, Source, SourceKind


@dataclass(frozen=True, slots=True)
class Body:
    """What an address or a path gave."""

    raw: bytes = b""  #: after decompression; empty for a folder
    url: str = ""  #: the address after redirects, '' for a local file
    content_type: str = ""  #: as the server said it, '' when it did not
    path: Path | None = None  #: the local file or folder, None for what came from the network
    workers: Workers | None = None  #: processes for what may cost much; None: each reading starts its own


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a body."""

    articles: tuple[Article, ...] = ()  #: in the body's order, keys empty
    ttl_minutes: int = 0  #: how long the source asks to be left alone, 0 when it does not say
    notes: tuple[str, ...] = ()  #: what was mended, for people
    home: str = ""  #: the address of the site it belongs to, '' when it does not say
    introduction: Introduction | None = None  #: what the body says of its source, where it does
    parts: tuple[str, ...] = ()  #: of an index: the addresses of the bodies that hold the articles, likeliest first


class Reader(Protocol):
    """Reads one kind of source."""

    def __call__(self, source: Source, body: Body, now: datetime) -> Reading:
        """Return the articles in ``body``; raise SourceError where it holds none of its kind."""
        ...


#: Kind of source to ``module:function``. A reader is imported when its first source is read,
#: so that a newsletter of feeds alone never pays for what reading pages takes.
READERS: dict[SourceKind, str] = {
    "feed": "digest.collect.feed_source:read_source",
    "page": "digest.collect.page_source:read_source",
    "folder": "digest.collect.folder:read_source",
    "sitemap": "digest.collect.sitemap:read_source",
}


def reader_for(kind: str) -> Reader:
    """Return the reader of a kind; raise SourceError for a kind there is none for."""
    where = READERS.get(cast("SourceKind", kind))
    if where is None:
        raise SourceError(f"no reader for kind {kind!r}; there are {', '.join(READERS)}")
    module, _, name = where.partition(":")
    return cast("Reader", getattr(importlib.import_module(module), name))
