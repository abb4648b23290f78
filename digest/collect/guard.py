"""Tells which addresses may be asked: only public ones, unless the config allows a host; opens no connection.

The rule is kept at the place where it cannot be got round: the resolver hands the connector nothing but addresses that
were checked, so the connection goes to the very address that was looked at, on every redirect anew.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from digest.errors import AddressRefused, FetchError


def _range(network: str) -> tuple[int, int]:
    found = ip_network(network)
    return int(found.network_address), int(found.broadcast_address)


#: Not globally reachable, or nobody's (IANA IPv4 Special-Purpose Address Registry, RFC 6890).
_NOT_PUBLIC = tuple(
    _range(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
#: All that has ever been given out for the public network (RFC 4291 §2.4).
_UNICAST = _range("2000::/3")
#: Parts of it that are not public: protocol assignments with Teredo, documentation (RFC 6890, 3849, 9637).
_NOT_PUBLIC_6 = tuple(map(_range, ("2001::/23", "2001:db8::/32", "3fff::/20")))
#: Prefixes that carry an IPv4 address, and how many bits stand after it (RFC 4291 §2.5.5, 6052, 3056).
_CARRIERS = ((_range("::ffff:0:0/96"), 0), (_range("64:ff9b::/96"), 0), (_range("2002::/16"), 80))
#: A host whose last label is a number is an IPv4 address to whoever connects (WHATWG URL §3.5).
_NUMERIC = re.compile(r"(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)\.?$")
_HOST = re.compile(r"[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?\.?")
_ODD = re.compile(r"[\x00-\x20\x7f\\]")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public network, whatever form it is carried in."""
    found = _number(address)
    return found is not None and (_is_public_4 if found[0] == 4 else _is_public_6)(found[1])


def _number(address: str) -> tuple[int, int] | None:
    """Return an address's version and number, None where it is none in its canonical spelling."""
    try:
        if ":" in address:
            return 6, int.from_bytes(socket.inet_pton(socket.AF_INET6, address.partition("%")[0]), "big")
        return 4, int.from_bytes(socket.inet_pton(socket.AF_INET, address), "big")
    except (OSError, ValueError):
        return None


def _is_public_4(number: int) -> bool:
    return not any(low <= number <= high for low, high in _NOT_PUBLIC)


def _is_public_6(number: int) -> bool:
    for (low, high), bits in _CARRIERS:
        if low <= number <= high:
            return _is_public_4((number >> bits) & 0xFFFFFFFF)
    return _UNICAST[0] <= number <= _UNICAST[1] and not any(low <= number <= high for low, high in _NOT_PUBLIC_6)


class Guard:
    """Which hosts and addresses may be asked."""

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        """``allow_hosts`` may be private: names, addresses, networks (``10.1.0.0/16``), or ``name:port``."""
        self._names: set[str] = set()
        self._networks: list[tuple[int, int, int]] = []
        for allowed in allow_hosts:
            try:
                network = ip_network(allowed.strip("[]"), strict=False)
            except ValueError:
                self._names.add(allowed.lower().rstrip("."))
            else:
                self._networks.append((network.version, int(network[0]), int(network[-1])))

    def check(self, url: str) -> URL:
        """Return the address to be asked for ``url``; raise AddressRefused where it must not be.

        It is taken apart by the library that the connection is made with, so that both mean the same host by it.
        """
        target = _parsed(url)
        host, port = host_of(target), target.port
        if ":" in host or _NUMERIC.search(host):
            if _number(host) is None:
                raise AddressRefused(f"{url[:200]}: {host} is an odd spelling of a numeric address; write it out")
            if not self.allows(host, host, port):
                raise AddressRefused(_private(url, host))
        elif (host == "localhost" or host.endswith(".localhost")) and not self._is_named(host, port):
            raise AddressRefused(_private(url, host))
        return target

    def allows(self, host: str, address: str, port: int | None = None) -> bool:
        """Tell whether ``address``, to which ``host`` resolved, may be connected to."""
        if self._names and self._is_named(host.lower().rstrip("."), port):
            return True
        found = _number(address)
        if found is None:
            return False
        version, number = found
        return any(version == of and low <= number <= high for of, low, high in self._networks) or (
            _is_public_4(number) if version == 4 else _is_public_6(number)
        )

    def _is_named(self, host: str, port: int | None) -> bool:
        return host in self._names or f"{host}:{port}" in self._names


def host_of(url: URL) -> str:
    """Return the host of an address as it is asked for in the DNS, in lower case, without a last dot."""
    return (url.raw_host or "").rstrip(".")


def _parsed(url: str) -> URL:
    """Take an address apart; raise AddressRefused for what is not of the web, or says one thing and means another."""
    try:
        found = URL(url)
        host, _ = host_of(found), found.port
    except ValueError as error:
        raise AddressRefused(f"{url[:200]!r}: not an address ({error})") from error
    if found.scheme not in ("http", "https"):
        raise AddressRefused(f"{url[:200]!r}: only addresses with http:// or https:// are fetched")
    if found.raw_user is not None or found.raw_password is not None:
        raise AddressRefused(f"{found.scheme}://…@{host}: addresses with a name or password in them are not fetched")
    if _ODD.search(url) or not (":" in host or _HOST.fullmatch(host)):
        raise AddressRefused(f"{url[:200]!r}: not an address: odd characters in it")
    return found


def _private(url: str, host: str) -> str:
    return f"{url[:200]}: {host} is a private or local address; add it to allow_hosts under [collect] if that is meant"


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
        return sorted(allowed, key=lambda each: each["family"] != socket.AF_INET)

    async def close(self) -> None:
        """Close the resolver inside."""
        await self._inner.close()
