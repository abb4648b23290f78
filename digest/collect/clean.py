"""Cleans HTML that comes from outside; what leaves here is safe to show, and knows nothing of where it came from."""

from __future__ import annotations

import nh3

from digest.collect import prose

#: What a quoted article needs; everything else is taken out, its text kept.
_TAGS = (
    "a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ins li mark "
    "ol p pre q s small span strong sub sup table tbody td tfoot th thead time tr u ul"
)
#: The only schemes a link may have.
SCHEMES = frozenset({"http", "https", "mailto"})
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "time": {"datetime"}, "td": {"colspan"}, "th": {"colspan"}}
_WITH_CONTENT = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "title",
    "textarea",
    "select",
}


def clean_html(html: str) -> str:
    """Return the HTML with known tags only, links to http, https and mailto only, and nothing that runs or tracks."""
    return nh3.clean(
        html,
        tags=set(_TAGS.split()),
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def plain_text(html: str) -> str:
    """Return what a reader sees of the HTML: plain text, paragraphs separated by a blank line."""
    return prose.paragraphs(clean_html(html))
