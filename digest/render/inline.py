"""Styles onto elements, for clients that read no style sheet; knows no template.

At-rules and states never reach the inliner: ``stylesheet`` splits them off, and they go into the head
as they were written. The network is never asked.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Callable

from lxml import etree

from digest.render.stylesheet import split

#: Turns markup and rules into markup whose elements carry the rules.
Inliner = Callable[[str, str], str]

_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>\s*", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_SEPARATOR = re.compile(r"(\"[^\"]*\"|'[^']*')|\s*([;,:])\s+")


def with_premailer(html: str, css: str) -> str:
    """Inline with premailer, its own reading of at-rules, network, files and old attributes turned off."""
    # Read once, when premailer is imported: its cache holds 128 entries, and a design has about as many rules.
    os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")
    from premailer import Premailer  # slow to import, and needed only when an edition is rendered

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cssutils, about properties that only mail clients know
        inlined: str = Premailer(
            _DOCTYPE.sub("", html, count=1),
            css_text=css,
            keep_style_tags=True,
            disable_leftover_css=True,
            remove_classes=False,
            strip_important=False,
            disable_validation=True,
            disable_link_rewrites=True,
            disable_basic_attributes=["align", "valign", "bgcolor", "width", "height"],
            align_floating_images=False,
            allow_network=False,
            cssutils_logging_level=logging.CRITICAL,
        ).transform(pretty_print=False)
    return inlined


def with_css_inline(html: str, css: str) -> str:
    """Inline with css-inline, written in Rust: the extra ``css-inline``."""
    from css_inline import CSSInliner  # an extra; not everyone has it

    plain = CSSInliner(inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=css)
    return str(plain.inline(_DOCTYPE.sub("", html, count=1)))


#: Every inliner, by the name it has in config.toml.
INLINERS: dict[str, Inliner] = {"premailer": with_premailer, "css-inline": with_css_inline}


def inline(html: str, css: str, inliner: Inliner = with_premailer) -> str:
    """Return the markup with every rule on its elements and the rest in a ``<style>`` of its head.

    Classes that the kept rules do not name are dropped, and the styles are written without white space.
    """
    sheet = split(css)
    doctype = _DOCTYPE.match(html)
    inlined = _tidied(inliner(html, sheet.inlined), sheet.kept)
    return (doctype.group().strip() + "\n" if doctype else "") + with_style(inlined, sheet.kept)


def _tidied(html: str, kept: str) -> str:
    page = etree.fromstring(_DOCTYPE.sub("", html, count=1), etree.HTMLParser(encoding=None))
    named = set(_CLASS.findall(kept))
    for element in page.iter(etree.Element):
        if classes := element.get("class"):
            _set(element, "class", " ".join(one for one in classes.split() if one in named))
        if style := element.get("style"):
            _set(element, "style", _tight(style))
    for head in page.iter("head"):
        for meta in head.findall("meta[@http-equiv='Content-Type']"):
            head.remove(meta)  # lxml's own, beside the one that is there
    return str(etree.tostring(page, method="html", encoding="unicode"))


def _set(element: etree._Element, name: str, value: str) -> None:
    if value:
        element.set(name, value)
    else:
        del element.attrib[name]


def _tight(style: str) -> str:
    """Write declarations without the white space between them, except inside strings."""
    return _SEPARATOR.sub(lambda found: found.group(1) or found.group(2), style).strip().rstrip(";")


def with_style(html: str, css: str) -> str:
    """Put a style sheet at the end of the head."""
    if not css:
        return html
    return _HEAD_END.sub(lambda end: f"<style>\n{css}\n</style>\n{end.group()}", html, count=1)
