"""Picture: an edition's pictures fetched, made fit and kept, to be served from here; knows no template and no web.

A picture that cannot be had costs the edition nothing: the story goes without.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import structlog

from digest.collect.http import fetch_one
from digest.errors import BroadsheetError, SourceError
from digest.model import Article, Edition, Picture, Source, Story
from digest.pipeline.app import App
from digest.pipeline.placing import put
from digest.render.links import is_own
from digest.render.pictures import Printable, header, kept, printable

#: Returns the bytes at an address, or raises SourceError.
Fetch = Callable[[str], bytes]

#: Where pictures are served, under the base address.
PATH = "pictures"

#: Pictures fetched at a time, seconds for each, and bytes of the largest that is taken.
WORKERS, PATIENCE, LARGEST = 4, 15.0, 20_000_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pictured:
    """An edition with its pictures, and why some are missing."""

    edition: Edition
    missing: tuple[tuple[str, str], ...] = ()  #: address, reason


def picture(edition: Edition, folder: Path, fetch: Fetch) -> Pictured:
    """Return the edition with the addresses of its pictures on our own server; the files are in ``folder``.

    Stories' pictures and sources' header images are taken, except of sources that may be hotlinked. Without a base
    address nothing can be served, and the edition comes back as it was.
    """
    if not edition.masthead.base_url:
        return Pictured(edition)
    wanted = _wanted(edition)
    with ThreadPoolExecutor(WORKERS) as pool:
        results = dict(zip(wanted, pool.map(lambda one: _kept(one, wanted[one], folder, fetch), wanted), strict=True))
    base = f"{edition.masthead.base_url.rstrip('/')}/{PATH}/"
    served = {one: (f"{base}{fit.name}", fit) for one, fit in results.items() if isinstance(fit, Printable)}
    missing = tuple((one, str(fault)) for one, fault in results.items() if isinstance(fault, BroadsheetError))
    return Pictured(
        replace(
            edition,
            stories=tuple(_story(story, served) for story in edition.stories),
            sources=tuple(_source(source, served) for source in edition.sources),
        ),
        missing,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A picture to be had."""

    make: Callable[[bytes], Printable]
    may_be_file: bool = False  #: only config.toml may name a file of this machine; an article never does


def pictured(app: App, edition: Edition) -> Edition:
    """Return the edition with its pictures, as an installation keeps them; what is missing is logged."""
    limits = replace(app.limits, total_timeout=PATIENCE, max_body_bytes=LARGEST)
    had = picture(edition, app.pictures, lambda url: fetch_one(url, limits).raw)
    for address, why in had.missing:
        log.info("picture_missing", edition=edition.id, address=address, why=why)
    return had.edition


def _wanted(edition: Edition) -> dict[str, _Wanted]:
    """Return every address to be fetched, with what is made of it."""
    leads = (story.lead for story in edition.stories)
    found = {lead.image.url: _Wanted(printable) for lead in leads if lead.image and not _hotlinked(lead, edition)}
    for source in edition.sources:
        if source.logo and not source.hotlink:
            found[source.logo] = _Wanted(header, may_be_file=True)
    return {address: one for address, one in found.items() if address and not is_own(address, edition.masthead)}


def _hotlinked(article: Article, edition: Edition) -> bool:
    return edition.source(article.source).hotlink


def _kept(address: str, wanted: _Wanted, folder: Path, fetch: Fetch) -> Printable | BroadsheetError:
    """Return a picture that was had before, else fetch it and keep it with a note of where it came from."""
    note = folder / f"{blake2b(address.encode(), digest_size=12).hexdigest()}.from"
    try:
        if (before := _had(note, folder)) is not None:
            return before
        fit = wanted.make(_bytes(address, wanted, fetch))
        _write(folder / fit.name, fit.data)
        _write(note, fit.name.encode())
    except BroadsheetError as fault:
        return fault
    except OSError as fault:
        return SourceError(f"{folder}: cannot be read: {fault.strerror}")
    return fit


def _had(note: Path, folder: Path) -> Printable | None:
    """Return the picture that a note names; None where either is gone, or damaged as a power cut leaves files."""
    with suppress(FileNotFoundError, UnicodeDecodeError, IsADirectoryError, SourceError):
        there = folder / note.read_text(encoding="ascii")
        had = kept(there.read_bytes())
        there.touch()  # needed again: not to be cleared away as old
        return had
    return None


def _bytes(address: str, wanted: _Wanted, fetch: Fetch) -> bytes:
    if address.startswith(("http://", "https://")):
        return fetch(address)
    if not wanted.may_be_file:
        raise SourceError(f"{address}: a picture is fetched over HTTP alone")
    try:
        return Path(address).read_bytes()
    except OSError as fault:
        raise SourceError(f"{address}: cannot be read: {fault.strerror}") from fault


def _write(file: Path, data: bytes) -> None:
    """Write a file whole."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{id(data)}.new")
        draft.write_bytes(data)
        put(draft, file)
    except OSError as fault:
        raise SourceError(f"{file}: cannot be written: {fault.strerror}") from fault


def _story(story: Story, served: dict[str, tuple[str, Printable]]) -> Story:
    return replace(story, lead=_article(story.lead, served))


def _article(article: Article, served: dict[str, tuple[str, Printable]]) -> Article:
    if not article.image or article.image.url not in served:
        return article
    address, fit = served[article.image.url]
    return replace(article, image=Picture(address, article.image.alt, fit.width, fit.height))


def _source(source: Source, served: dict[str, tuple[str, Printable]]) -> Source:
    if source.logo not in served:
        return source
    address, fit = served[source.logo]
    return replace(source, logo=address, logo_size=(fit.width, fit.height))
