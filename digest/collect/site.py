"""Tells which addresses belong to one site, by the list of public suffixes; knows no page and no network."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from tld import get_fld


def site_of(url: str) -> str:
    """Return the registrable domain of an address: ``bbc.co.uk`` of ``www.bbc.co.uk``; '' where there is no host.

    An address by number is a site of its own, and so is every customer of a host that gives out subdomains. Below
    a suffix that is on no list, the last two labels are the domain (publicsuffix.org, Algorithm).
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return _registrable(host)


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    if not host or _is_number(host):
        return host
    found = get_fld(f"https://{host}/", fail_silently=True, search_private=True)
    return found or ".".join(host.split(".")[-2:])


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def own_address(stated: str, url: str) -> str:
    """Return the address a page states for itself where it can be the article's at ``url``, else ''.

    It must stay on the site, and must not be a front page or a section above the article: many pages state those.
    """
    if not stated or not url or site_of(stated) != site_of(url):
        return ""
    ours, theirs = _path(url), _path(stated)
    return "" if ours != theirs and f"{ours}/".startswith(f"{theirs}/") else stated


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")
