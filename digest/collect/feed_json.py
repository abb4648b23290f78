"""Reads JSON Feed 1.0 and 1.1; knows nothing of XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from digest.collect.dates import read_date
from digest.collect.feed_parts import names_of
from digest.collect.feed_picture import first_image
from digest.collect.feed_values import Entry, Feed, within_reach
from digest.collect.feed_xml import resolve
from digest.collect.prose import literal, one_line, paragraphs
from digest.collect.storable import keepable
from digest.errors import FeedError
from digest.model import Picture

_ITEMS = re.compile(r'"items"\s*:\s*\[')


def read_json_feed(text: str, url: str) -> Feed:
    """Return the feed in a JSON text fetched from ``url``; raise FeedError where it is none."""
    notes: tuple[str, ...] = ()
    try:
        found = json.loads(text, strict=False)  # control characters in texts are left out below
    except (ValueError, RecursionError) as error:
        found = _complete_part(text)
        if found is None:
            raise FeedError(f"JSON that breaks off or is malformed: {str(error)[:120]}") from error
        notes = (f"it breaks off; complete items, read: {len(found['items'])}",)
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise FeedError(f"JSON that is no feed: {_described(found)}; a JSON Feed has a list of 'items'")
    link = resolve(_string(found, "home_page_url"), url)
    base = link or resolve(_string(found, "feed_url"), url) or url
    items = [item for item in found["items"] if isinstance(item, dict)]
    if len(items) < len(found["items"]):
        notes = (*notes, "left out what is no object in 'items'")
    items, more = within_reach(items)
    authors = _people(found)
    return Feed(
        title=one_line(_string(found, "title")),
        link=link,
        language=_string(found, "language"),
        entries=tuple(_entry(item, base, authors) for item in items),
        logo=resolve(_string(found, "icon", "favicon"), base),
        tagline=one_line(_string(found, "description")),
        notes=notes + more,
    )


def _complete_part(text: str) -> dict[str, Any] | None:
    """Return a feed that breaks off with the items before the break, None where there are none."""
    start = _ITEMS.search(text)
    if start is None:
        return None
    decoder = json.JSONDecoder(strict=False)
    items: list[Any] = []
    at = start.end()
    while (opened := text.find("{", at)) >= 0 and not text[at:opened].strip(", \t\r\n"):
        try:
            item, at = decoder.raw_decode(text, opened)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return {**_before(text[: start.start()]), "items": items} if items else None


def _before(text: str) -> dict[str, Any]:
    """Return the members that stand before the items, if they are whole."""
    try:
        found = json.loads(text.rstrip(", \t\r\n") + "}", strict=False)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _entry(item: Mapping[str, Any], base: str, feed_authors: list[str]) -> Entry:
    html = _string(item, "content_html")
    return Entry(
        guid=_string(item, "id"),
        headline=one_line(_string(item, "title")),
        url=resolve(_string(item, "url", "external_url"), base),
        published_at=read_date(_string(item, "date_published")),
        updated_at=read_date(_string(item, "date_modified")),
        dek=paragraphs(_string(item, "summary")),
        body=paragraphs(html) if html else literal(_string(item, "content_text")),
        byline=names_of(_people(item) or feed_authors),
        image=_picture(item, html, base),
        section=next((one_line(keepable(tag)) for tag in _list(item, "tags") if isinstance(tag, str)), ""),
        language=_string(item, "language"),
    )


def _picture(item: Mapping[str, Any], html: str, base: str) -> Picture | None:
    if url := _string(item, "image", "banner_image"):
        return Picture(resolve(url, base))
    for attachment in _list(item, "attachments"):
        if isinstance(attachment, dict) and _string(attachment, "mime_type").startswith("image/"):
            return Picture(resolve(_string(attachment, "url"), base))
    if found := first_image(html):
        return Picture(resolve(found[0], base), *found[1:])
    return None


def _people(item: Mapping[str, Any]) -> list[str]:
    """Return the names of ``authors`` (1.1), else of ``author`` (1.0)."""
    people: Iterable[Any] = _list(item, "authors") or [item.get("author")]
    return [name for each in people if isinstance(each, dict) and (name := _string(each, "name"))]


def _list(item: Mapping[str, Any], key: str) -> list[Any]:
    found = item.get(key)
    return found if isinstance(found, list) else []


def _string(item: Mapping[str, Any], *keys: str) -> str:
    """Return the first of these that is text or a number, without control characters."""
    for key in keys:
        found = item.get(key)
        if isinstance(found, str) and found:
            return keepable(found)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return str(found)
    return ""


def _described(found: object) -> str:
    if isinstance(found, dict):
        return "an object with " + (", ".join(repr(str(key)[:30]) for key in list(found)[:4]) or "nothing in it")
    return {list: "a list", str: "a string", type(None): "null"}.get(type(found), "a number")
