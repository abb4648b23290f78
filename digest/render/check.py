"""Rules of a good mail that no other tool checks; knows no design.

Each fault is a sentence that says what is wrong and where, for ``digest check`` and ``digest preview``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise

from lxml import html as markup
from lxml.html import HtmlElement

from digest.model import SLOT, Edition, Message
from digest.render.fitting import SIZE_LIMIT, size
from digest.render.slots import KNOWN
from digest.render.writer import web_url

_SCHEMES = ("https://", "http://", "mailto:", "#", "%%")


def faults(message: Message, edition: Edition) -> tuple[str, ...]:
    """Return what is wrong with a mail, an empty tuple where nothing is."""
    page = markup.document_fromstring(message.html)
    return (
        *_size(message),
        *_slots(message),
        *_way_out(message),
        *_postal_address(message, edition),
        *_wrapper(page),
        *_tables(page),
        *_pictures(page),
        *_links(page),
        *_headings(page),
        *_inbox(message),
        *_text(message, edition),
    )


def _size(message: Message) -> Iterator[str]:
    if (bytes_ := size(message.html)) > SIZE_LIMIT:
        yield f"the HTML may grow to {bytes_:,} bytes; Gmail cuts it, keep it under {SIZE_LIMIT:,}"


def _slots(message: Message) -> Iterator[str]:
    for name in dict.fromkeys(SLOT.findall(message.html + message.text + message.subject)):
        if name not in KNOWN:
            yield f"nothing fills the slot %%{name}%%; there are {', '.join(KNOWN)}"


def _way_out(message: Message) -> Iterator[str]:
    for part, text in (("HTML", message.html), ("text", message.text)):
        if "%%UNSUBSCRIBE_URL%%" not in text:
            yield f"the {part} has no way to unsubscribe: put {{{{ slot.unsubscribe_url }}}} into the template"


def _postal_address(message: Message, edition: Edition) -> Iterator[str]:
    lines = [line.strip() for line in edition.masthead.postal_address.splitlines() if line.strip()]
    if not lines:
        yield "there is no postal address, which the law asks for: set postal_address under [site]"
    for part, text in (("HTML", unescape(message.html)), ("text", message.text)):
        if any(line not in text for line in lines):
            yield f"the postal address is not in the {part}: put edition.postal_address into the template"


def _wrapper(page: HtmlElement) -> Iterator[str]:
    body = page.find("body")
    first = next((child for child in body.iterchildren("*")), None) if body is not None else None
    if first is None or not first.get("lang") or first.get("dir") not in ("ltr", "rtl"):
        yield "the first element of the body has no lang and dir; clients drop those of <html>"


def _tables(page: HtmlElement) -> Iterator[str]:
    plain = [table for table in page.iter("table") if table.get("role") != "presentation"]
    if plain:
        yield f"{len(plain)} layout tables lack role=presentation, the first at line {plain[0].sourceline}"


def _pictures(page: HtmlElement) -> Iterator[str]:
    for image in page.iter("img"):
        if image.get("alt") is None:
            yield f"a picture has no alt: {image.get('src')}"
        if not (image.get("src") or "").startswith(("https://", "http://", "cid:")):
            yield f"a picture has no address that a mail client can fetch: {image.get('src')!r}"


def _links(page: HtmlElement) -> Iterator[str]:
    for anchor in page.iter("a"):
        address = anchor.get("href") or ""
        if not address.startswith(_SCHEMES):
            yield f"a link goes nowhere: {address!r}"
        if not anchor.text_content().strip() and not any(image.get("alt") for image in anchor.iter("img")):
            yield f"a link has no words: {address!r}"


def _headings(page: HtmlElement) -> Iterator[str]:
    levels = [int(str(heading.tag)[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels.count(1) != 1 or levels[:1] != [1]:
        yield "there is to be one h1, and it comes first"
    for upper, lower in pairwise(levels):
        if lower > upper + 1:
            yield f"h{lower} follows h{upper}: a level is missing between"


def _inbox(message: Message) -> Iterator[str]:
    if not message.subject.strip():
        yield "the subject is empty"
    if re.search(r"[\r\n]", message.subject):
        yield "the subject has more than one line"


def _text(message: Message, edition: Edition) -> Iterator[str]:
    if (address := web_url(edition)) and address not in message.text:
        yield "the text does not name the edition's page"
    for url in dict.fromkeys(re.findall(r'<a href="(https?://[^"]+)"', message.html)):
        if unescape(url) not in message.text and not url.startswith(edition.masthead.base_url or "\0"):
            yield f"the text lacks a link that the HTML has: {unescape(url)}"
