"""Turns well-formed bytes into a tree of elements, and elements into text; knows no feed format."""

from __future__ import annotations

import re
import threading
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no other name for the class of its elements
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
#: Labels that in practice mean windows-1252, of which they are a subset (WHATWG Encoding §4.2).
_WESTERN = frozenset(
    {b"iso-8859-1", b"iso8859-1", b"latin1", b"latin-1", b"us-ascii", b"ascii", b"windows-1252", b"cp1252"}
)
_PARSERS = threading.local()
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


class NotWellFormed(Exception):
    """the bytes are not well-formed XML"""


class SpacesMatter(Exception):
    """a text has elements in it, and the spaces between them were left out"""


class _Spaceless(etree.XMLParser):
    """Leaves out the spaces between elements; a class of its own, so that a tree tells how it was read."""


def parse(raw: bytes, *, keep_spaces: bool = True) -> Element:
    """Return the root of well-formed XML; raise NotWellFormed for anything else.

    Half the nodes of most feeds are the spaces between elements. Without ``keep_spaces`` they are left out, which is
    faster; where it turns out that they belong to a text, ``markup`` raises SpacesMatter.

    Nothing is fetched and no file is read for it. Entities are resolved where the document itself declares
    them; libxml2 stops those that grow, elements nested deeper than 256, and texts longer than 10 MB.
    """
    try:
        root = etree.fromstring(raw, _parser(_encoding(raw), keep_spaces))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotWellFormed(str(error)) from error
    if root is None:
        raise NotWellFormed("no element")
    return root


def _parser(encoding: str | None, keep_spaces: bool) -> etree.XMLParser:
    """Return this thread's parser for an encoding; to make one costs as much as a short feed."""
    parsers: dict[Any, etree.XMLParser] = _PARSERS.__dict__
    key = encoding, keep_spaces
    if key not in parsers:
        parsers[key] = (etree.XMLParser if keep_spaces else _Spaceless)(
            encoding=encoding,
            resolve_entities="internal",  # type: ignore[arg-type] # the stubs do not know it yet
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
            collect_ids=False,
            remove_blank_text=not keep_spaces,
        )
    return parsers[key]


def _encoding(raw: bytes) -> str | None:
    """Return the encoding to read ``raw`` in where its declaration is known to mislead, else None."""
    declared = _DECLARED.match(raw[:200])
    name = declared[1].lower() if declared else b"utf-8"
    if name.startswith((b"utf", b"iso-2022", b"hz")):  # the last two look like ASCII and are not
        return None
    try:
        raw.decode("utf-8")  # nothing else looks like it by accident
    except UnicodeDecodeError:
        return "windows-1252" if name in _WESTERN else None
    return "utf-8"


def markup(element: Element | None) -> str:
    """Return what stands in an element: its text, and the elements in it as markup."""
    if element is None:
        return ""
    text = element.text or ""
    if not len(element):
        return text
    if isinstance(element.getroottree().parser, _Spaceless):
        raise SpacesMatter
    return text + "".join(etree.tostring(child, encoding="unicode") for child in element)


def resolve(url: str, base: str) -> str:
    """Return ``url`` made absolute with ``base`` where it is not already."""
    if url[:4] == "http" and url[-1] > " " and "&" not in url and "\n" not in url:
        return url.rstrip()  # as nearly all are
    url = "".join(url.split("\n")).strip() if "\n" in url else url.strip()
    if "&amp;" in url:
        url = url.replace("&amp;", "&")  # escaped twice; no address means it so
    if not url or not base or url.startswith(("http://", "https://")) or _SCHEME.match(url):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def base_of(element: Element) -> str:
    """Return the address that xml:base of the element and those around it give, '' for none (XML Base §4)."""
    bases = [above.get(XML_BASE) or "" for above in (element, *element.iterancestors())]
    found = ""
    for base in reversed([base for base in bases if base]):
        found = resolve(base, found)
    return found


def is_web_address(url: str) -> bool:
    """Tell whether an address is one that readers can follow: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
