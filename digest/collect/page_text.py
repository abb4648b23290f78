"""Turns the bytes of a page into a tree, and a piece of the tree into text; knows nothing of articles."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

import charset_normalizer
from lxml import etree, html

#: How far into a page a declaration of its encoding is looked for (WHATWG HTML §13.2.3.2 asks for 1024).
DECLARATION = 4096
#: How much of a page is read to guess an encoding that is declared nowhere.
GUESS = 16384
#: For each broken character, so many good ones beyond ASCII must stand in a text for its encoding to be right.
FEW = 10
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(r"""<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: Labels that browsers read as another encoding (WHATWG Encoding §4.2).
_READ_AS = {
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "us-ascii": "windows-1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
#: Encodings that a guess tells apart reliably; the Latin ones it takes for each other.
_TOLD_APART = frozenset(
    {"big5", "cp932", "cp949", "cp1251", "cp1253", "cp1255", "cp1256", "euc_jp", "euc_kr", "gb18030", "gb2312"}
    | {"iso2022_jp", "iso8859_5", "iso8859_7", "koi8_r", "koi8_u", "mac_cyrillic", "shift_jis", "utf_16", "utf_32"}
)
UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "select", "button"})
_BREAKS = frozenset({"br", "p", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption"})
#: Letters of scripts that put no spaces between words.
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode(raw: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the page as text, and the name of the encoding it was read in.

    The order is: byte order mark, UTF-8 where every byte fits it, the header's charset, the page's own
    declaration, any of these where few bytes do not fit, a guess.
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, "replace"), name
    for name in ("utf-8", *_declared(raw, content_type)):
        try:
            return raw.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    return _guess(raw, content_type)


def _declared(raw: bytes, content_type: str) -> Iterable[str]:
    head = raw[:DECLARATION].decode("latin-1")
    for pattern, text in ((_CHARSET, content_type), (_CHARSET, head), (_XML_ENCODING, head)):
        if found := pattern.search(text):
            name = found[1].lower()
            yield _READ_AS.get(name, name)


def _guess(raw: bytes, content_type: str) -> tuple[str, str]:
    """Decode bytes that fit no declaration whole: a few broken ones are replaced, many speak against it."""
    for name in filter(_is_known, ("utf-8", *_declared(raw, content_type))):
        text = raw.decode(name, "replace")
        if FEW * text.count("\ufffd") < sum(not character.isascii() for character in text):
            return text, name
    found = charset_normalizer.from_bytes(raw[:GUESS], cp_isolation=[*_TOLD_APART, "cp1252"]).best()
    name = found.encoding if found and found.encoding in _TOLD_APART else "windows-1252"
    return raw.decode(name, "replace"), name


def _is_known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def parse(text: str) -> html.HtmlElement | None:
    """Return the tree of a page, ``None`` where there is no element in it."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    # One class for every element: lxml's own choice by tag name costs a Python call for each.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    clean = _CONTROL.sub("", text)
    if not clean.strip():
        return None
    try:
        return html.document_fromstring(clean.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def squeeze(text: str | None) -> str:
    """Return the text on one line, with single spaces."""
    # Spaces without width are none to Python.
    return " ".join((text or "").replace("\u200b", " ").replace("\ufeff", " ").split())


def text_of(element: etree._Element | None) -> str:
    """Return what a reader sees of the element, on one line."""
    return squeeze("".join(_pieces(element))) if element is not None else ""


def _pieces(element: etree._Element) -> Iterable[str]:
    """Yield the visible text in document order; never recursive, a page may nest deeply."""
    hidden: etree._Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and hidden is None:
            if node.tag in UNSEEN and node is not element:
                hidden = node
                continue
            if node.tag in _BREAKS:
                yield " "
            yield node.text or ""
        elif event == "end":
            if hidden is node:
                hidden = None
            if hidden is None and node is not element:
                if node.tag in _BREAKS:
                    yield " "
                yield node.tail or ""


def word_count(text: str) -> int:
    """Return how many words a text has; scripts without spaces count two characters a word."""
    return len(text.split()) + len(WIDE.findall(text)) // 2


def key_of(text: str) -> str:
    """Return the letters and digits of a text, to find the same line again in another writing."""
    return re.sub(r"\W+", "", text)
