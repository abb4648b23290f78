"""Private addresses are refused in every form and spelling, unless the config allows the host."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.guard import Guard, GuardedResolver, is_public
from digest.errors import AddressRefused

PRIVATE = [
    "127.0.0.1", "127.8.9.10", "0.0.0.1", "10.1.2.3", "100.127.255.255", "169.254.169.254", "172.31.0.1", "192.168.0.1",
    "192.0.0.8", "198.19.0.1", "203.0.113.5", "239.1.1.1", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1",
    "2002:a00:1::", "2001::1", "2001:db8::1", "2001:2::1", "3fff:abc::", "5f00::1", "100::1", "4000::1", "not an address", "",
]  # fmt: skip
PUBLIC = ["8.8.4.4", "172.32.0.1", "192.1.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
ODD = [
    "http://127.1/", "http://0x7f.0.0.1/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/",
    "http://0177.0.0.1/", "http://127.0.0.1./", "http://localhost/", "http://LOCALHOST:8080/", "http://a.localhost/",
    "http://localhost./", "http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://1.1.1.1.1/", "http://0/", "http://0x/", "http://256.1.1.1/",
    "http://8.8.8.8@10.0.0.1/", "http://user:secret@news.example/", "http://news.example\\@10.0.0.1/", "http://new s.example/",
    "http://news.example\t/", "http://%31%32%37.0.0.1/", "file:///etc/passwd", "ftp://news.example/", "gopher://x/", "//x/",
    "news.example/feed", "http://", "http:///x", "http://news.example:99999/", "http://[::1", "javascript:alert(1)", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_known_as_such(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", ODD)
def test_odd_spellings_and_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        Guard().check(url)


@pytest.mark.parametrize(
    "url", ["https://news.example/feed?a=b|c", "http://news.example:8080", "https://müller.example/"]
)
def test_ordinary_addresses_are_let_through(url: str) -> None:
    assert Guard().check(url)


def test_a_password_in_an_address_is_not_repeated_in_the_error() -> None:
    with pytest.raises(AddressRefused) as refused:
        Guard().check("http://user:secret@news.example/")
    assert "secret" not in str(refused.value)


def test_a_host_is_allowed_by_name_by_name_and_port_by_address_and_by_network() -> None:
    guard = Guard(["intranet.example", "wiki.example:8080", "127.0.0.1", "10.1.0.0/16", "[fd00::1]"])
    assert str(guard.check("http://127.0.0.1:8000/feed")) == "http://127.0.0.1:8000/feed"
    assert guard.check("http://10.1.200.3/feed")
    assert guard.check("http://[fd00::1]/feed")
    assert guard.allows("intranet.example", "192.168.1.1", 80)
    assert guard.allows("wiki.example", "192.168.1.1", 8080)
    assert not guard.allows("wiki.example", "192.168.1.1", 80)
    assert not guard.allows("other.example", "192.168.1.1", 80)
    with pytest.raises(AddressRefused, match="allow_hosts"):
        guard.check("http://10.2.0.1/feed")


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_in_ipv6_as_it_is_in_ipv4(address) -> None:
    carried = [f"::ffff:{address}", f"64:ff9b::{address}", f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::"]
    assert {is_public(form) for form in carried} == {is_public(str(address))}


class Names(AbstractResolver):
    """A resolver that gives each time the next answer it was told."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the next answer."""
        found = self.answers.pop(0)
        return [ResolveResult(hostname=host, host=each, port=port, family=2, proto=0, flags=0) for each in found]

    async def close(self) -> None:
        """Nothing to close."""


def resolved(names: Names, guard: Guard | None = None) -> list[str]:
    """Return the addresses that a connection may be made to."""
    found = asyncio.run(GuardedResolver(guard or Guard(), names).resolve("news.example", 443))
    return [each["host"] for each in found]


def test_a_name_that_resolves_differently_the_second_time_is_refused_then() -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    assert resolved(names) == ["8.8.8.8"]
    with pytest.raises(AddressRefused, match=r"resolves to 127\.0\.0\.1"):
        resolved(names)


def test_of_mixed_addresses_only_the_public_ones_are_connected_to() -> None:
    assert resolved(Names(["10.0.0.1", "8.8.8.8", "::1"])) == ["8.8.8.8"]


def test_an_allowed_name_may_resolve_to_a_private_address() -> None:
    assert resolved(Names(["10.0.0.1"]), Guard(["news.example"])) == ["10.0.0.1"]


@pytest.mark.data
def test_the_list_of_addresses_is_told_apart(data: Path) -> None:
    addresses = json.loads((data / "urls" / "addresses.json").read_text())
    assert [each for each in addresses["must_refuse"] if is_public(each)] == []
    assert [each for each in addresses["must_allow"] if not is_public(each)] == []
