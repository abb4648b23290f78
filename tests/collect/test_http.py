"""Bodies are fetched politely, completely and within limits, against a server that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import brotli
import pytest
import zstandard

from digest.collect.http import Answer, fetch_one, fetching, run
from digest.collect.limits import Limits
from digest.errors import AddressRefused, FetchError
from tests.collect.feedserver import FeedServer

LIMITS = Limits(
    host_gap=0,
    allow_hosts=("127.0.0.1",),
    connect_timeout=60,
    total_timeout=60,
    max_body_bytes=1_000_000,
    max_redirects=3,
)
#: For a server that never answers; no other test is to hang on how busy the machine is.
SHORT = replace(LIMITS, connect_timeout=1, total_timeout=1)
BODY = b"<rss>" + b"the same again " * 1000 + b"</rss>"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on loopback."""
    with FeedServer() as server:
        yield server


def fetch(url: str, limits: Limits = LIMITS, **headers: str) -> Answer:
    """Fetch one address."""

    async def ask() -> Answer:
        async with fetching(limits) as fetcher:
            return await fetcher.fetch(url, headers)

    return run(ask())


ENCODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=1),
    "zstd": zstandard.compress,
    "identity": bytes,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_body_is_decompressed(server: FeedServer, encoding: str) -> None:
    url = server.answers("/feed", ENCODINGS[encoding](BODY), Content_Encoding=encoding, Content_Type="text/xml")
    answer = fetch(url)
    assert (answer.status, answer.body.raw, answer.body.content_type) == (200, BODY, "text/xml")
    assert "zstd" in server.asked[0].headers["Accept-Encoding"]


def test_deflate_without_its_wrapper_is_decompressed_too(server: FeedServer) -> None:
    packer = zlib.compressobj(wbits=-15)
    url = server.answers("/feed", packer.compress(BODY) + packer.flush(), Content_Encoding="deflate")
    assert fetch(url).body.raw == BODY


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_body_that_swells_past_the_limit_is_stopped(server: FeedServer, encoding: str) -> None:
    url = server.answers("/bomb", ENCODINGS[encoding](bytes(30_000_000)), Content_Encoding=encoding)
    with pytest.raises(FetchError, match="larger than 1 MB"):
        fetch(url)


def test_broken_twofold_and_unknown_compression_is_refused(server: FeedServer) -> None:
    for encoding, body, said in (
        ("gzip", b"not gzip at all", "compression is broken"),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY)), "compressed 2 times"),
        ("lzma", BODY, "not asked for"),
    ):
        url = server.answers(f"/{encoding[-4:]}{len(body)}".replace(" ", ""), body, Content_Encoding=encoding)
        with pytest.raises(FetchError, match=said):
            fetch(url)


def test_a_permanent_move_is_told_and_a_temporary_one_is_not(server: FeedServer) -> None:
    new = server.answers("/new", BODY)
    server.answers("/moved", status=301, Location="/new")
    server.answers("/for-good", status=308, Location=new)
    server.answers("/for-now", status=302, Location="/new")
    server.answers("/mixed", status=301, Location="/for-now")
    assert [fetch(server.url(path)).moved_to for path in ("/moved", "/for-good", "/for-now", "/mixed", "/new")] == [
        new, new, "", "", "",
    ]  # fmt: skip
    assert fetch(server.url("/mixed")).body.raw == BODY


def test_redirects_that_never_end_are_given_up(server: FeedServer) -> None:
    url = server.answers("/round", status=302, Location="/round")
    with pytest.raises(FetchError, match="redirected more than 3 times"):
        fetch(url)
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://[::1]:1/", "file:///etc/passwd", "http://u:p@127.0.0.1/", "http://2130706433/"],
)
def test_a_redirect_to_a_private_or_odd_address_is_refused(server: FeedServer, target: str) -> None:
    url = server.answers("/out", status=302, Location=target)
    with pytest.raises(AddressRefused):
        fetch(url)


def test_loopback_itself_is_refused_unless_allowed(server: FeedServer) -> None:
    url = server.answers("/feed", BODY)
    with pytest.raises(AddressRefused, match="add it to allow_hosts"):
        fetch(url, Limits())
    assert server.asked == []


def hang(handler) -> None:
    """Say nothing until the other side gives up."""
    handler.rfile.read(1)


def hang_up(handler) -> None:
    """Close the connection without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def break_off(handler) -> None:
    """Promise more than is sent."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>")
    hang_up(handler)


def babble(handler) -> None:
    """Answer in no protocol at all."""
    handler.wfile.write(b"\x16\x03\x01 220 smtp ready\r\n\r\n")
    hang_up(handler)


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        (hang_up, r"the server hung up"),
        (break_off, r"the answer breaks off"),
        (babble, r"the answer is not HTTP"),
    ],
)
def test_a_server_that_misbehaves_is_reported_in_words(server: FeedServer, instead, said: str) -> None:
    url = server.does("/feed", instead)
    with pytest.raises(FetchError, match=said) as error:
        fetch(url)
    assert str(error.value).startswith(url)


def test_a_server_that_never_answers_is_given_up_after_a_while(server: FeedServer) -> None:
    url = server.does("/feed", hang)
    with pytest.raises(FetchError, match=r"timed out after 1 s") as error:
        fetch(url, SHORT)
    assert str(error.value).startswith(url)


def test_nobody_listening_is_reported_in_words() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # held, and nobody listens
        with pytest.raises(FetchError, match=r"no connection \("):
            fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_no_cookie_is_kept_and_no_password_of_the_environment_sent(server: FeedServer) -> None:
    url = server.answers("/feed", status=302, Location="/feed2", Set_Cookie="id=1; Path=/")
    server.answers("/feed2", BODY)
    fetch(url)
    assert "Cookie" not in server.asked[1].headers
    assert "Authorization" not in server.asked[1].headers


def test_one_request_at_a_time_goes_to_a_host(server: FeedServer) -> None:
    urls = [server.answers(f"/{number}", BODY) for number in range(8)]

    async def ask() -> list[Answer]:
        async with fetching(LIMITS) as fetcher:
            return await asyncio.gather(*map(fetcher.fetch, urls))

    assert [answer.status for answer in run(ask())] == [200] * 8
    assert server.most_at_a_time == 1


def test_one_address_gives_its_body_or_an_error(server: FeedServer) -> None:
    limits = Limits(allow_hosts=("127.0.0.1",))
    assert fetch_one(server.answers("/feed", BODY), limits).raw == BODY
    with pytest.raises(FetchError, match="the server answers 404"):
        fetch_one(server.url("/none"), limits)
