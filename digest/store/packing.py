"""Packs ids and bitmaps into bytes; knows no table.

Ids are kept as differences, seven bits a byte (LEB128), deflated (RFC 1951) where that is shorter: a list of all ids
costs a fiftieth of a byte an id, one of every third half a byte. A bitmap is a whole number whose bit *n* stands for
position *n*; everyone at once costs nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

#: Neither the first byte of packed ids nor the last of a bitmap is ever zero by itself, so it tells what is deflated.
DEFLATED = b"\0"

#: Shorter bitmaps are not worth the deflating, in bytes.
SHORT = 32


def pack(ids: Sequence[int]) -> bytes:
    """Pack ascending ids above zero."""
    before, packed = 0, bytearray()
    for number in ids:
        gap, before = number - before, number
        if gap < 1:
            raise ValueError("ids must be ascending and above zero")
        while gap > 127:
            packed.append(gap & 127 | 128)
            gap >>= 7
        packed.append(gap)
    return min(bytes(packed), DEFLATED + _deflate(packed), key=len)


@lru_cache(maxsize=16)  # a batch is read several times in its life, and several batches share an audience
def unpack(packed: bytes) -> tuple[int, ...]:
    """Return the ids that ``pack`` packed."""
    if packed.startswith(DEFLATED):
        packed = zlib.decompress(packed[1:], wbits=-zlib.MAX_WBITS)
    head = next((n for n, byte in enumerate(packed) if byte < 128), 0) + 1
    first, rest = tuple(_gaps(packed[:head])), packed[head:]
    gaps = rest if rest.isascii() else _gaps(rest)  # bytes below 128 are gaps as they stand
    return tuple(accumulate(gaps, initial=first[0])) if first else ()


def _gaps(packed: bytes) -> Iterator[int]:
    gap = shift = 0
    for byte in packed:
        gap |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield gap
            gap = shift = 0


def bits(positions: Iterable[int]) -> int:
    """Return the bitmap of some positions."""
    mask = 0
    for position in positions:
        mask |= 1 << position
    return mask


def positions(mask: int) -> list[int]:
    """Return the positions of a bitmap, ascending."""
    return [n for n, bit in enumerate(reversed(f"{mask:b}")) if bit == "1"]


def to_bytes(mask: int, everyone: int = 0) -> bytes | None:
    """Return a bitmap as bytes: none at all for ``everyone``, nothing for an empty one."""
    if not mask:
        return None
    if mask == everyone:
        return b""
    plain = mask.to_bytes((mask.bit_length() + 7) // 8, "little")
    return plain if len(plain) < SHORT else min(plain, _deflate(plain) + DEFLATED, key=len)


def from_bytes(packed: bytes | None, everyone: int = 0) -> int:
    """Return the bitmap that ``to_bytes`` packed."""
    if packed is None:
        return 0
    if not packed:
        return everyone
    if packed.endswith(DEFLATED):
        packed = zlib.decompress(packed[:-1], wbits=-zlib.MAX_WBITS)
    return int.from_bytes(packed, "little")


def _deflate(plain: bytes | bytearray) -> bytes:
    deflating = zlib.compressobj(wbits=-zlib.MAX_WBITS, memLevel=5)  # little memory: it is set up anew each time
    return deflating.compress(plain) + deflating.flush()
