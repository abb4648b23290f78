"""Says in people's words what a body is that should have been something else; knows nothing of what was wanted."""

from __future__ import annotations

import re

from digest.collect.prose import one_line

_TITLE = re.compile(r"<title[^<>]*>([^<]{0,500})", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|script|meta|div|p|h1|center)[\s>/]", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_PAGE_ROOTS = frozenset(
    {"html", "head", "body", "title", "script", "meta", "div", "p", "h1", "center", "br", "style", "b"}
)
_ELEMENT = re.compile(r"<([a-zA-Z_][\w:.-]*)")
#: Words that bot defences put on the page they show instead of the one asked for.
_CHALLENGES = re.compile(
    r"just a moment\.\.\.|attention required!|checking (?:if the site|your browser)"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:robot|human)|captcha|cf-chl-|challenge-platform"
    r"|_incapsula_|pardon our interruption|ddos protection by"
    r"|enable javascript and cookies to continue|unusual traffic from|bot (?:detection|manager)|request unsuccessful",
    re.IGNORECASE,
)
_REFUSALS = re.compile(
    r"access (?:to this page )?(?:has been |is )?denied|forbidden|not authori[sz]ed|blocked", re.IGNORECASE
)
_MAGIC = (
    (b"%PDF", "a PDF file"), (b"\x89PNG", "a picture (PNG)"), (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"), (b"PK\x03\x04", "a ZIP file"),
    (b"\x1f\x8b", "a gzip file"), (b"\x00asm", "a program"), (b"RIFF", "a media file"),
    (b"ID3", "an audio file"), (b"\x7fELF", "a program"),
)  # fmt: skip
#: Roots that people mistake for feeds, and what to do about each.
_ROOTS = {
    "urlset": "a sitemap; use kind 'sitemap'",
    "sitemapindex": "a sitemap index; use kind 'sitemap'",
    "opml": "an OPML list of feeds; import it",
    "svg": "a picture (SVG)",
}


def describe(raw: bytes, text: str = "") -> str:
    """Return what a body is: ``an HTML page 'Not found'``, ``a challenge page …``, ``an empty body``.

    ``text`` is the body decoded, where the caller has it already.
    """
    if not raw.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return "an empty body" if len(raw) < 1000 else f"{len(raw)} bytes with nothing in them"
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            return name
    head = (text or raw.decode("utf-8", "replace"))[:20000].lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")):
        return "JSON that is no feed"
    root = _ELEMENT.search(head)
    name = root[1].rpartition(":")[2].lower() if root else ""
    if _DOCTYPE.match(head) or name in _PAGE_ROOTS or (not head.startswith("<") and _HTML.search(head)):
        return _page(head)
    if root and head.startswith("<"):
        return _ROOTS.get(name, f"an XML document <{root[1][:40]}>")
    return f"text that begins {one_line(head[:60])!r}"


def _page(head: str) -> str:
    title = one_line(found[1])[:100] if (found := _TITLE.search(head)) else ""
    named = f" {title!r}" if title else " without a title"
    if _CHALLENGES.search(head):
        return f"a challenge page{named}: the site wants a person in a browser"
    if _REFUSALS.search(title):
        return f"an HTML page{named}: the site refuses"
    return f"an HTML page{named}"
