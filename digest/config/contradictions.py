"""What each value of config.toml allows and all together do not; reads no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from digest.config.positions import Path as Place
from digest.config.raw import shown
from digest.config.settings import PROVIDERS
from digest.config.wording import guess


def contradictions(document: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Find what each value allows and all together do not; takes the raw document, faulty or not."""
    sources, newsletters = _tables(document, "sources"), _tables(document, "newsletters")
    yield from _twice("sources", sources)
    yield from _twice("newsletters", newsletters)
    for index, source in enumerate(sources):
        if bool(source.get("url")) == bool(source.get("path")):
            what = "has url and path; one of them is enough" if source.get("url") else "needs url or path"
            yield ("sources", index), f'source "{shown(source.get("slug", index + 1))}" {what}'
    slugs = [str(source.get("slug")) for source in sources]
    for index, newsletter in enumerate(newsletters):
        named = newsletter.get("sources", [])
        for number, slug in enumerate(named if isinstance(named, list) else []):
            if slug not in slugs:
                place = ("newsletters", index, "sources", number)
                yield place, f'no source has the slug "{shown(slug)}"{guess(str(slug), slugs, otherwise=True)}'
    yield from _half_a_writer(document.get("writer"))
    provider, site = document.get("provider"), document.get("site")
    kind = provider.get("kind", "outbox") if isinstance(provider, dict) else "outbox"
    if (
        isinstance(kind, str)
        and kind in PROVIDERS
        and kind != "outbox"
        and not (isinstance(site, dict) and site.get("sender"))
    ):
        yield ("provider", "kind"), f'kind = "{kind}" needs [site] sender, the From address'


def _half_a_writer(writer: object) -> Iterator[tuple[Place, str]]:
    """Find a writer's address without its model, or the other way round."""
    if isinstance(writer, dict) and bool(writer.get("base_url")) != bool(writer.get("model")):
        given, missing = ("base_url", "model") if writer.get("base_url") else ("model", "base_url")
        yield ("writer", given), f"{given} alone writes no dek; set {missing} too, or neither"


def _tables(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = document.get(name, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _twice(table: str, rows: list[dict[str, Any]]) -> Iterator[tuple[Place, str]]:
    slugs = [row.get("slug") for row in rows]
    for index, slug in enumerate(slugs):
        if slug is not None and slug in slugs[:index]:
            yield (table, index, "slug"), f'the slug "{shown(slug)}" is taken by another of the {table}'
