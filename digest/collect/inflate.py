"""Undoes the compression of a body piece by piece, and stops exactly at a limit; knows no network."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli
import zstandard

from digest.errors import FetchError

#: What a server is told it may send.
ACCEPTED = "gzip, deflate, br, zstd"
_STEP = 1 << 16


class _Stream(Protocol):
    """One compression, undone in steps that give at most so many bytes."""

    def feed(self, piece: bytes) -> Iterator[bytes]: ...


class Inflater:
    """Collects a body from its pieces, decompressed."""

    def __init__(self, encodings: str, limit: int) -> None:
        """``encodings`` is the Content-Encoding as sent; ``limit`` is in bytes, decompressed.

        Raises FetchError for an encoding that was not asked for.
        """
        names = [name for part in encodings.lower().split(",") if (name := part.strip()) not in ("", "identity")]
        if len(names) > 1:
            raise FetchError(f"compressed {len(names)} times ({encodings[:60]}); nothing honest is")
        self._stream = _stream(names[0]) if names else None
        self._limit = limit
        self._parts: list[bytes] = []
        self.size = 0

    def feed(self, piece: bytes) -> None:
        """Take one more piece of the body; raise FetchError where it is broken, or larger than the limit."""
        try:
            for part in self._stream.feed(piece) if self._stream else (piece,):
                self.size += len(part)
                if self.size > self._limit:
                    raise FetchError(f"larger than {self._limit / 1e6:g} MB")
                self._parts.append(part)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise FetchError(f"its compression is broken ({error})") from error

    def result(self) -> bytes:
        """Return the body."""
        return b"".join(self._parts)


class _Zlib:
    def __init__(self, name: str) -> None:
        self._is_raw_possible = name == "deflate"
        self._inner = zlib.decompressobj(wbits=47)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while piece and not self._inner.eof:
            yield self._step(piece)
            piece = self._inner.unconsumed_tail

    def _step(self, piece: bytes) -> bytes:
        try:
            return self._inner.decompress(piece, _STEP)
        except zlib.error:
            if not self._is_raw_possible:
                raise
            # RFC 9110 §8.4.1.2: some servers send 'deflate' without the zlib wrapper it should have.
            self._is_raw_possible, self._inner = False, zlib.decompressobj(wbits=-15)
            return self._inner.decompress(piece, _STEP)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        yield self._inner.process(piece, output_buffer_limit=_STEP)
        while not self._inner.can_accept_more_data() and not self._inner.is_finished():
            yield self._inner.process(b"", output_buffer_limit=_STEP)


class _Zstandard:
    def __init__(self) -> None:
        # The window is what a frame may ask of memory before its first byte; RFC 9659 §3 allows 8 MB on the web.
        self._inner = zstandard.ZstdDecompressor(max_window_size=1 << 23).decompressobj()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        for at in range(0, len(piece), 256):
            # decompressobj knows no limit; 256 bytes of zstd give at most 8 MB, a block of 128 KB for every 4 bytes.
            if not self._inner.eof:
                yield self._inner.decompress(piece[at : at + 256])


def _stream(name: str) -> _Stream:
    if name in ("gzip", "x-gzip", "deflate"):
        return _Zlib(name)
    if name == "br":
        return _Brotli()
    if name == "zstd":
        return _Zstandard()
    raise FetchError(f"compressed as {name[:40]!r}, which was not asked for")
