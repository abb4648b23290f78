"""Feeds with their expected reading beside them, as the gofeed project keeps them, and how ours compares."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.collect.dates import read_date
from digest.collect.feed import Entry, read_feed
from digest.errors import FeedError

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True)
class Case:
    """A feed and what is expected of it."""

    name: str
    raw: bytes
    expected: dict[str, Any]


def expectations(folder: Path) -> Iterator[Case]:
    """Give every feed under ``folder`` that has an expectation beside it, named ``x.json`` or ``x_expected.json``."""
    for file in sorted(folder.rglob("*")):
        beside = [file.with_name(file.stem + "_expected.json")] + (
            [file.with_suffix(".json")] if file.suffix == ".xml" else []
        )
        found = next((each for each in beside if each.exists()), None)
        if file.suffix in (".xml", ".json") and not file.stem.endswith("_expected") and found:
            yield Case(str(file.relative_to(folder)), file.read_bytes(), json.loads(found.read_text()))


def compare(case: Case) -> list[str]:
    """Return the fields that differ, markup and white space left aside; none where all are right."""
    try:
        feed = read_feed(case.raw)
    except FeedError as error:
        return [str(error)]
    expected = case.expected
    items = expected.get("items") or expected.get("entries") or []
    faults = _differences({"title": (expected.get("title"), feed.title), "link": (_link(expected), feed.link)})
    if len(items) != len(feed.entries):
        faults.append(f"{len(feed.entries)} entries, not {len(items)}")
    for item, entry in zip(items, feed.entries, strict=False):
        faults += _entry_faults(item, entry)
    return faults


def _entry_faults(item: dict[str, Any], entry: Entry) -> list[str]:
    guid, content = item.get("guid", item.get("id")), item.get("content")
    guid = guid.get("value") if isinstance(guid, dict) else guid
    content = content.get("value") if isinstance(content, dict) else content
    faults = _differences({
        "headline": (item.get("title"), entry.headline),
        "url": (_link(item), entry.url),
        "id": (guid, entry.guid),
        "dek": (item.get("description", item.get("summary")), entry.dek),
        "body": (content or item.get("content_html") or item.get("content_text"), entry.body),
    })  # fmt: skip
    dates = {"published": ("date_published", entry.published_at), "updated": ("date_modified", entry.updated_at)}
    for name, (in_json, ours) in dates.items():
        theirs = item.get(f"{name}Parsed") or item.get(in_json)
        if theirs and read_date(theirs) != ours:
            faults.append(f"{name}: {ours}, not {theirs}")
    return faults


def _differences(pairs: dict[str, tuple[Any, str]]) -> list[str]:
    return [
        f"{name}: {ours!r}, not {theirs!r}" for name, (theirs, ours) in pairs.items() if _plain(theirs) != _plain(ours)
    ]


def _plain(value: Any) -> str:
    text = str(value or "")
    for _ in range(3):
        text = html.unescape(_TAG.sub(" ", text))
    return "".join(text.split())


def _link(value: dict[str, Any]) -> str:
    """Return the address meant for people among those expected."""
    if "link" in value or "links" not in value:
        return str(value.get("link") or value.get("url") or value.get("home_page_url") or "")
    links = value["links"]
    if links and isinstance(links[0], str):
        return "" if value.get("feedLink") else str(links[-1])
    return next((str(link.get("href", "")) for link in links if link.get("rel") == "alternate"), "")
