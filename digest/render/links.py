"""Which addresses a message may carry; knows no article and no template."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

from digest.model import Masthead, Picture, Source
from digest.render.text import printable

_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "!#$%&'()*+,/:;=?@[]~"


def link(url: str) -> str:
    """Return an address fit for a link, or '' where it is none that a reader should follow.

    Only http, https and mailto pass. Spaces, quotes and other characters are percent-encoded, so that the
    address survives every mail client; a host in another script becomes A-labels.
    """
    url = printable(url).strip()
    try:
        parts = urlsplit(url)
        if parts.scheme == "mailto":
            return _quoted(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        return _quoted(urlunsplit(parts._replace(netloc=_netloc(parts.netloc))))
    except ValueError:
        return ""


def _netloc(netloc: str) -> str:
    return netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")


def _quoted(url: str) -> str:
    return _STRAY_PERCENT.sub("%25", quote(url, safe=_SAFE))


def shown(url: str) -> str:
    """Return an address as people write it: no scheme, no ``www.``, no slash at the end."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def picture(image: Picture | None, source: Source, masthead: Masthead) -> Picture | None:
    """Return the picture with an address that may be shown, or none.

    Pictures come from the newsletter's own server; from another one only where the source says so.
    """
    address = link(image.url) if image else ""
    if not image or not address or not (source.hotlink or is_own(address, masthead)):
        return None
    return Picture(address, image.alt, image.width, image.height)


def is_own(address: str, masthead: Masthead) -> bool:
    """Tell whether an address is on the newsletter's own server."""
    return bool(masthead.base_url) and address.startswith(masthead.base_url.rstrip("/") + "/")
