"""Styles onto elements, for clients that read no style sheet; knows no template.

At-rules and states never reach the inliner: ``stylesheet`` splits them off, and they go into the head
as they were written. The network is never asked.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable

from digest.render.stylesheet import split

#: Turns markup and rules into markup whose elements carry the rules.
Inliner = Callable[[str, str], str]

_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_CONTENT_TYPE = re.compile(r'<meta http-equiv="Content-Type"[^>]*>\n?', re.IGNORECASE)


def with_premailer(html: str, css: str) -> str:
    """Inline with premailer, its own reading of at-rules, network, files and old attributes turned off."""
    from premailer import Premailer  # slow to import, and needed only when an edition is rendered

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cssutils, about properties that only mail clients know
        inlined: str = Premailer(
            html,
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
    return _doctype(html) + _CONTENT_TYPE.sub("", _DOCTYPE.sub("", inlined, count=1)).lstrip()


def _doctype(html: str) -> str:
    found = _DOCTYPE.match(html)
    return found.group().strip() + "\n" if found else ""


def inline(html: str, css: str, inliner: Inliner = with_premailer) -> str:
    """Return the markup with every rule on its elements and the rest in a ``<style>`` of its head."""
    sheet = split(css)
    inlined = inliner(html, sheet.inlined)
    return with_style(inlined, sheet.kept)


def with_style(html: str, css: str) -> str:
    """Put a style sheet at the end of the head."""
    if not css:
        return html
    return _HEAD_END.sub(lambda end: f"<style>\n{css}\n</style>\n{end.group()}", html, count=1)
