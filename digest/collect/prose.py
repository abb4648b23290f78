"""Turns the small pieces of markup that feeds carry into plain text; knows no feed format and no page.

Feeds carry hundreds of such pieces each, so this is written for speed on them: one pass over the tags,
nothing at all where there are none. Every pattern stops at the next ``<``, so the time is linear in the text.
"""

from __future__ import annotations

import re
from html import unescape

from digest.collect.characters import as_meant

_TAG = re.compile(r"<(?:(/?[a-zA-Z][^\s<>/]*)(?:(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>|[^<>]*+>)|[!?][^<>]*+>)")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
#: Elements that make no sense in a line unless they are closed.
_MENTIONED = re.compile(
    r"<(html|head|body|title|table|thead|tbody|form|input|select|button|textarea|div|section|article|main|nav|header|"
    r"footer|canvas|video|audio|iframe|object|embed|svg|script|style|template|link|meta|base|ul|ol|pre|code|h[1-6])>",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"</([a-zA-Z0-9]+)")
_ESCAPED_MARKUP = re.compile(
    r"</(?:p|div|li|ul|ol|h[1-6]|span|strong|em|b|i|a)>|<br ?/?>|<(?:a|img) [^<>]*=", re.IGNORECASE
)
#: A comparison without spaces, ``a<b and c>d``: what follows a word at once and has bare words in it is no tag.
_COMPARED = re.compile(r"<(?<=\w<)(?=[a-zA-Z]+\s+[^<>=]*>)")
#: Marks the end of a paragraph while tags are taken out; it cannot occur in XML.
_BREAK = "\x00"
#: Marks the end of a line; two of them end a paragraph.
_LINE = "\x01"
_LINES = re.compile(f"{_LINE}(?:\\s*{_LINE})+")
_BLOCKS = (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody tfoot"
    " thead tr ul"
)
_SPACES = "td th wbr option img"
_INLINE = (
    "a abbr acronym area audio b base basefont bdi bdo big blink button canvas caption cite code col colgroup data"
    " datalist del dfn em embed font frame i iframe input ins kbd label link map mark marquee meta meter nobr"
    " noscript object optgroup output param picture progress q rb rp rt ruby s samp select small"
    " source span strike strong sub sup svg"
    " path textarea time title track tt u var video"
)
#: What each tag leaves in the text.
_LEAVES = (
    dict.fromkeys(_INLINE.split(), "") | dict.fromkeys(_SPACES.split(), " ") | dict.fromkeys(_BLOCKS.split(), _BREAK)
)
_LEAVES["br"] = _LINE
_LEAVES |= {"/" + name: left for name, left in _LEAVES.items()}
#: What opens something whose content is never prose. None of it is in ``_LEAVES``, so it leads to the careful way.
_UNSEEN = re.compile(r"<(script|style|template|head)\b|<!--", re.IGNORECASE)


def one_line(value: str) -> str:
    """Return ``value`` without markup, references resolved, on one line."""
    if "<" in value or "&" in value:
        if "<" in value and _MENTIONED.search(value):
            value = _with_mentions(value)
        value = _without_markup(value).replace(_BREAK, " ")
    # Nearly every headline is as it should be, and to see that costs less than to make it so.
    if value.isprintable() and "  " not in value and value.strip() == value:
        return value
    return " ".join(as_meant(value).split())


def _with_mentions(value: str) -> str:
    """Return a line with those tags as text that nothing in it closes: it speaks of the elements."""
    closed = {name.lower() for name in _CLOSED.findall(value)}
    return _MENTIONED.sub(lambda tag: tag[0] if tag[1].lower() in closed else f"&lt;{tag[1]}&gt;", value)


def paragraphs(value: str) -> str:
    """Return ``value`` as plain text: no markup, references resolved, a blank line between paragraphs."""
    value = value.strip()
    if "<" in value or "&" in value:
        # A single paragraph, as most deks are, needs no looking for tags.
        if value[:3] == "<p>" and value[-4:] == "</p>" and value.find("<", 1) == len(value) - 4:
            value = value[3:-4]
        if "<" in value or "&" in value:
            value = _without_markup(value)
    if value.isprintable():  # neither a break nor a new line
        return value if "  " not in value and value.strip() == value else " ".join(value.split())
    value = as_meant(value)
    parts = value.split(_BREAK) if _BREAK in value else _BLANK_LINE.split(value) if "\n" in value else [value]
    return "\n\n".join(filter(None, map(_flat, parts)))


def literal(value: str) -> str:
    """Return text that carries no markup by its format's own word, with its paragraphs kept."""
    return "\n\n".join(filter(None, map(_flat, _BLANK_LINE.split(value))))


def is_html_name(name: str) -> bool:
    """Tell whether an element of this name is HTML's."""
    return name.lower() in _LEAVES


def _flat(value: str) -> str:
    """Return ``value`` with single spaces in it; what most values need for it is cheaper than to take them apart."""
    value = value.strip()
    if not value.isprintable():
        value = value.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
        if not value.isprintable():
            return " ".join(value.split())
    while "  " in value:
        value = value.replace("  ", " ")
    return value


def _without_markup(value: str) -> str:
    value = _strip(value)
    # Some publishing systems escape their markup twice; nobody means to print a closing paragraph tag.
    if "<" in value and len(_ESCAPED_MARKUP.findall(value)) > 2:
        value = _strip(value)
    return value


def _strip(value: str) -> str:
    if "<" in value:
        if "<![CDATA[" in value:  # escaped together with what stands in it
            value = value.replace("<![CDATA[", "").replace("]]>", "")
        if _COMPARED.search(value):
            value = _COMPARED.sub("&lt;", value)
        pieces = _TAG.split(value)
        left = list(map(_LEAVES.get, pieces[1::2]))
        if None in left:
            names = {name.lower() for name in pieces[1::2] if name}
            value = _TAG.sub(lambda tag: _left(tag, names), _without_unseen(value))
        else:
            pieces[1::2] = left
            value = "".join(pieces)
        if "<!--" in value:  # never closed
            value = value.replace("<!--", "")
        if _LINE in value:
            value = _LINES.sub(_BREAK, value).replace(_LINE, " ")
    return _REFERENCE.sub(_resolve, value) if "&" in value else value


def _left(tag: re.Match[str], names: set[str]) -> str:
    """Return what a tag leaves in a text that has tags of these names."""
    name = (tag[1] or "").lower()
    left = _LEAVES.get(name)
    if left is not None:
        return left
    # An unknown word between angle brackets is the writer's own, as in Vector<int>; what looks like an element is not,
    # and what is opened and closed is one.
    counterpart = name[1:] if name[:1] == "/" else "/" + name
    if not name or "=" in tag[0] or "-" in name or ":" in name or counterpart in names:
        return ""
    return tag[0]


def _resolve(reference: re.Match[str]) -> str:
    return unescape(reference[0])


def _without_unseen(value: str) -> str:
    """Take out what is never shown, with its content; what is never closed stays."""
    kept = []
    endless = set()
    at = look = 0
    while opened := _UNSEEN.search(value, look):
        end = f"</{opened[1].lower()}>" if opened[1] else "-->"
        closed = None if end in endless else re.compile(end, re.IGNORECASE).search(value, opened.end())
        if closed is None:
            endless.add(end)
            look = opened.end()
        else:
            kept.append(value[at : opened.start()])
            at = look = closed.end()
    return "".join((*kept, value[at:]))
