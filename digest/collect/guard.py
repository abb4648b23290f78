"""Tells which addresses may be asked: only public ones, unless the config allows a host; opens no connection.

The rule is kept at the place where it cannot be got round: the resolver hands the connector nothing but addresses that
were checked, so the connection goes to the very address that was looked at, on every redirect anew.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from digest.errors import AddressRefused, FetchError

#: Not globally reachable, or nobody's (IANA IPv4 Special-Purpose Address Registry, RFC 6890).
_NOT_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
#: All that has ever been given out for the public network (RFC 4291 §2.4).
_UNICAST = IPv6Network("2000::/3")
#: Parts of it that are not public: protocol assignments with Teredo, documentation (RFC 6890, 3849, 9637).
_NOT_PUBLIC_6 = (IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))
#: Prefixes that carry an IPv4 address, and how many bits stand after it (RFC 4291 §2.5.5, 6052, 3056).
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
#: A host whose last label is a number is an IPv4 address to whoever connects (WHATWG URL §3.5).
_NUMERIC = re.compile(r"(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)\.?$")
_HOST = re.compile(r"[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?\.?")
_ODD = re.compile(r"[\x00-\x20\x7f\\]")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public network, whatever form it is carried in."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NOT_PUBLIC)
    return _is_public_6(found)


def _is_public_6(address: IPv6Address) -> bool:
    for network, bits in _CARRIERS:
        if address in network:
            return is_public(str(IPv4Address((int(address) >> bits) & 0xFFFFFFFF)))
    return address in _UNICAST and not any(address in network for network in _NOT_PUBLIC_6)


class Guard:
    """Which hosts and addresses may be asked."""

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        """``allow_hosts`` may be private: names, addresses, networks (``10.1.0.0/16``), or ``name:port``."""
        self._names: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for allowed in allow_hosts:
            try:
                self._networks.append(ip_network(allowed.strip("[]"), strict=False))
            except ValueError:
                self._names.add(allowed.lower().rstrip("."))

    def check(self, url: str) -> str:
        """Return the host to be asked for ``url``, in lower case; raise AddressRefused where it must not be."""
        parts = _split(url)
        host = (parts.hostname or "").rstrip(".")
        if ":" in host or _NUMERIC.search(host):
            self._check_literal(url, host)
        elif not self._is_named(host, parts.port) and (host == "localhost" or host.endswith(".localhost")):
            raise AddressRefused(_private(url, host))
        return host

    def allows(self, host: str, address: str, port: int | None = None) -> bool:
        """Tell whether ``address``, to which ``host`` resolved, may be connected to."""
        if self._is_named(host.lower().rstrip("."), port) or is_public(address):
            return True
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(found in network for network in self._networks if network.version == found.version)

    def _check_literal(self, url: str, host: str) -> None:
        try:
            ip_address(host)
        except ValueError:
            raise AddressRefused(f"{url}: {host} is an odd spelling of a numeric address; write it out") from None
        if not self.allows(host, host, _split(url).port):
            raise AddressRefused(_private(url, host))

    def _is_named(self, host: str, port: int | None) -> bool:
        return host in self._names or f"{host}:{port}" in self._names


def _split(url: str) -> SplitResult:
    """Take an address apart; raise AddressRefused for what is not of the web, or says one thing and means another."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused(f"{url[:200]}: not an address ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(
            f"{url[:200]}: only http and https are fetched, not {parts.scheme or 'an address without'!r}"
        )
    if "@" in parts.netloc:
        raise AddressRefused(f"{parts.scheme}://…@{host}: addresses with a name or password in them are not fetched")
    if _ODD.search(url) or not (":" in host or _HOST.fullmatch(_in_ascii(url, host))):
        raise AddressRefused(f"{url[:200]!r}: not an address: odd characters in it")
    return parts


def _in_ascii(url: str, host: str) -> str:
    """Return a host's name as it is asked for in the DNS (RFC 5891), refusing digits and dots of other scripts."""
    if host.isascii():
        return host
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise AddressRefused(f"{url[:200]}: {host} is no host's name") from error
    if _NUMERIC.search(name):
        raise AddressRefused(f"{url[:200]}: {host} is an odd spelling of a numeric address")
    return name


def _private(url: str, host: str) -> str:
    return f"{url[:200]}: {host} is a private or local address; add it to allow_hosts if that is meant"


class GuardedResolver(AbstractResolver):
    """Resolves names to the addresses that may be connected to, and to no others."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard, self._inner = guard, inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the allowed addresses of ``host``; raise AddressRefused where it has none but private ones."""
        found = await self._inner.resolve(host, port, family)
        allowed = [each for each in found if self._guard.allows(host, each["host"], port)]
        if found and not allowed:
            raise AddressRefused(f"{host} resolves to {found[0]['host']}, a private or local address")
        if not found:
            raise FetchError(f"{host}: no address")
        return allowed

    async def close(self) -> None:
        """Close the resolver inside."""
        await self._inner.close()
