"""Loads the JSON-LD of a page, well written or not; knows only by name what it is about.

A quotation mark too many costs a page no more than itself: the plain facts are read out of what is no JSON.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

#: Values one behind the other in a script: a page of news has a handful.
_MOST = 200
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_CDATA = re.compile(
    r"^\s*(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?:\*/)?|(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*;?\s*$"
)

_FACT = re.compile(
    r"""
    "(@type | headline | datePublished | dateModified | dateCreated)" \s*:\s* \[?\s* "([^"\\]{1,500})" \s* (?=[,\]}\n])
    """,
    re.VERBOSE,
)
_AUTHOR = re.compile(
    r"""
    "author" \s*:\s* \[?\s* (?: "([^"\\]{1,100})" | \{ [^{}]{0,300}? "name" \s*:\s* "([^"\\]{1,100})" ) \s* (?=[,\]}])
    """,
    re.VERBOSE,
)
_REFERENCE = re.compile(r'"author" \s*:\s* \[?\s* \{ \s* "@id" \s*:\s* "([^"\\]{1,200})" \s* \}', re.VERBOSE)
_IMAGE = re.compile(
    r"""
    "image" \s*:\s* \[?\s* (?: "([^"\s]{8,1000})" | \{ [^{}]{0,500}? "(?:url|contentUrl)" \s*:\s* "([^"\s]{8,1000})" )
    """,
    re.VERBOSE,
)


def load(text: str) -> Any:
    """Return the value in a script; pages forget commas' rules, wrap it in CDATA, escape it, break lines in strings."""
    text = _CDATA.sub("", text).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _one_by_one(text) or _one_by_one(html.unescape(text)) or _salvaged(text)


def _one_by_one(text: str) -> list[Any]:
    """Return the values that stand one behind the other in a script, up to the first that is broken."""
    decoder, at = json.JSONDecoder(strict=False), 0
    found: list[Any] = []
    while at < len(text) and len(found) < _MOST:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return found


def _salvaged(text: str) -> dict[str, Any] | None:
    """Return type, headline, dates, first author and picture as far as they stand whole in the text, else None."""
    found: dict[str, Any] = {}
    for fact in _FACT.finditer(text):
        found.setdefault(fact[1], fact[2])
    if not str(found.get("@type", "")).endswith(("Article", "Posting")):
        kinds = (fact[2] for fact in _FACT.finditer(text) if fact[1] == "@type")
        found["@type"] = next((kind for kind in kinds if kind.endswith(("Article", "Posting"))), "")
    if author := _AUTHOR.search(text):
        found["author"] = author[1] or author[2]
    elif reference := _REFERENCE.search(text):
        found["author"] = _named(text, reference[1])
    if image := _IMAGE.search(text):
        found["image"] = (image[1] or image[2]).replace("\\/", "/")
    return found if found["@type"] else None


def _named(text: str, mark: str) -> str:
    """Return the name of the item that is referred to by ``mark``, '' where it stands nowhere whole."""
    item = re.search(rf'"@id"\s*:\s*"{re.escape(mark)}"\s*,[^{{}}]{{0,500}}?"name"\s*:\s*"([^"\\]{{1,100}})"', text)
    return item[1] if item else ""
