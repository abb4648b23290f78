"""Mends the usual faults of feeds so that a strict parser can read them; loses no text and invents no element.

Every step is one pass that stops at the next ``<`` or ``&``: the time is linear in the text.
"""

from __future__ import annotations

import re
from html.entities import html5

from digest.collect.feed_names import USUAL_PREFIXES

_ROOT = re.compile(r"<(?:([\w-]+):)?(rss|rdf|feed|channel)(?=[\s>/])", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*+\[", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]+)\s")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_REFERENCE = re.compile(r"&(#[xX][0-9a-fA-F]{1,8};|#[0-9]{1,9};|[a-zA-Z][a-zA-Z0-9.]{0,31};)?")
#: A tag, and a value in it with or without quotes.
_TAG = re.compile(r"<[a-zA-Z_][^<>=]*+=[^<>]*+>")
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*'|([^\s"'<>]+?)(?=/?>|\s))""")
#: No tag begins like this, nor right behind a word with bare words in it: ``a<b and c>d``.
_BARE = re.compile(r"<(?:(?![a-zA-Z_/!?])|(?<=\w<)(?=[a-zA-Z]+\s+[^<>=/]*>))")
_PREFIX = re.compile(r"[<\s]/?([a-zA-Z_][\w.-]*):[a-zA-Z_][\w.-]*(?=[\s=/>])")
_DECLARED_PREFIX = re.compile(r"\sxmlns:([\w.-]+)\s*=")
_SPACED_NAMESPACE = re.compile(r"""(\sxmlns(?::[\w.-]+)?\s*=\s*)(["'])\s*([^"'<>\s]*)\s*\2""")
_LAST_ITEM = re.compile(r"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FIRST_ITEM = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_KNOWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_OPEN, _CLOSE = "<![CDATA[", "]]>"


def find_root(text: str) -> re.Match[str] | None:
    """Return where a feed's outermost element opens, None where there is none."""
    return _ROOT.search(text)


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` with the faults mended that can be without doubt, and a note for people on each kind.

    ``text`` must hold an element that ``find_root`` finds.
    """
    notes = []
    if mended := _CONTROL.sub("", text):
        if len(mended) != len(text):
            notes.append(f"took out {len(text) - len(mended)} control characters")
        text = mended
    text, note = _without_surroundings(text)
    if note:
        notes.append(note)
    escaped = _escape(text, frozenset(_ENTITY.findall(text[:4096])))
    if escaped != text:
        notes.append("mended bare '&' and '<', HTML entities and values without quotes")
    text, note = _declare_prefixes(escaped)
    if note:
        notes.append(note)
    return text, tuple(notes)


def cut_back(text: str) -> tuple[str, int] | None:
    """Return a feed that breaks off, cut after its last complete item and closed, and how many items it keeps.

    None where the feed does not break off: its outermost element is closed.
    """
    root = _ROOT.search(text)
    if root is None or re.search(rf"</(?:[\w-]+:)?{root[2]}\s*>", text[-2000:], re.IGNORECASE):
        return None
    ends = list(_LAST_ITEM.finditer(text))
    first = _FIRST_ITEM.search(text)
    end = ends[-1].end() if ends else first.start() if first else len(text)
    kept = text[:end]
    in_channel = root[2].lower() == "rss" or "</channel" not in kept.lower()
    name = f"{root[1]}:{root[2]}" if root[1] else root[2]
    has_channel = re.search(r"<channel[\s>]", kept, re.IGNORECASE) and root[2].lower() != "channel"
    closing = f"</channel></{name}>" if has_channel and in_channel else f"</{name}>"
    return kept + closing, len(ends)


def _without_surroundings(text: str) -> tuple[str, str]:
    """Take out what stands before the feed and after its last element, keeping a DOCTYPE that declares entities."""
    root = _ROOT.search(text)
    if root is None:
        return text, ""
    before = text[: root.start()]
    doctype = _DOCTYPE.search(before)
    prolog = before[doctype.start() :] if doctype else ""
    junk = re.sub(r"<\?[^<>]*>|<![^<>]*>|\ufeff", "", before[: doctype.start() if doctype else None]).strip()
    name = f"{root[1]}:{root[2]}" if root[1] else root[2]
    end = text.rfind(f"</{name}")
    closed = text.find(">", end) + 1 if end > 0 else 0
    trailing = text[closed:].strip() if closed else ""
    note = f"left out {len(junk) + len(trailing)} characters around the feed" if junk or trailing else ""
    return prolog + text[root.start() : closed or None], note


def _escape(text: str, declared: frozenset[str]) -> str:
    """Escape what is no markup outside CDATA sections; one that is never closed is none."""
    parts: list[str] = []
    at = end = 0
    while (start := text.find(_OPEN, at)) >= 0:
        end = end if end > start else text.find(_CLOSE, start)
        if end < 0:  # nothing is closed from here on
            return "".join((*parts, _escape_text(text[at:].replace(_OPEN, ""), declared)))
        inside = start + len(_OPEN)
        following = text.find(_OPEN, inside, end)
        is_closed = following < 0 or "</" not in text[inside:following]
        parts += (_escape_text(text[at:start], declared), text[start : end + 3] if is_closed else "")
        at = end + 3 if is_closed else inside
    return "".join((*parts, _escape_text(text[at:], declared)))


def _escape_text(text: str, declared: frozenset[str]) -> str:
    def reference(found: re.Match[str]) -> str:
        return _reference(found[1] or "", declared)

    if "&" in text:
        text = _REFERENCE.sub(reference, text)
    if "<" in text:
        text = _TAG.sub(_quoted, _BARE.sub("&lt;", text))
    return text.replace(_CLOSE, "]]&gt;") if _CLOSE in text else text


def _quoted(tag: re.Match[str]) -> str:
    """Return a tag with quotes around all its values."""
    return _VALUE.sub(lambda value: f'="{value[1]}"' if value[1] else value[0], tag[0])


def _reference(name: str, declared: frozenset[str]) -> str:
    """Return what a reference becomes: itself, the character it means in HTML, nothing, or escaped text."""
    if name in _KNOWN or name[:-1] in declared:
        return "&" + name
    if name.startswith("#"):
        code = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
        if 0x80 <= code < 0xA0:  # meant in windows-1252, as browsers take it (HTML §13.2.5.80)
            return bytes([code]).decode("windows-1252", "ignore")
        is_allowed = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
        return "&" + name if is_allowed else ""
    character = html5.get(name)
    return "&amp;" + name if character is None else character.replace("&", "&amp;").replace("<", "&lt;")


def _declare_prefixes(text: str) -> tuple[str, str]:
    """Declare on the outermost element the prefixes that are declared nowhere."""
    if " xmlns" in text or "\nxmlns" in text:
        text = _SPACED_NAMESPACE.sub(r"\1\2\3\2", text)
    used = set(_PREFIX.findall(text)) - {"xml", "xmlns"}
    missing = sorted(used - set(_DECLARED_PREFIX.findall(text)))
    root = _ROOT.search(text)
    if not missing or root is None:
        return text, ""
    declarations = "".join(f' xmlns:{name}="{USUAL_PREFIXES.get(name, "urn:undeclared:" + name)}"' for name in missing)
    note = f"declared the prefixes it forgot: {', '.join(missing[:5])}"
    return text[: root.end()] + declarations + text[root.end() :], note
