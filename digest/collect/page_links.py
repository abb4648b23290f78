"""Makes the links of a page absolute; a link that cannot be understood is no link, and never an error."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin, urlsplit


def absolute(base: str, href: str | None) -> str:
    """Return a link as an absolute http or https address, '' where it is none."""
    if href is None:
        return ""
    try:
        address = urljoin(base, href.strip())
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 address, for one
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def is_web(address: str) -> bool:
    """Tell whether a text is an absolute http or https address."""
    return bool(absolute("", address))


def host_of(address: str) -> str:
    """Return an address's host in lower case without ``www.``, '' where it has none."""
    return (urlsplit(address).hostname or "").removeprefix("www.") if is_web(address) else ""


def same_page(one: str, other: str) -> bool:
    """Tell whether two absolute addresses differ in their fragments at most."""
    return urldefrag(one)[0] == urldefrag(other)[0]
