"""Packs ids and bitmaps into bytes; knows no table.

Ids are kept as differences, seven bits a byte (LEB128), so a dense list costs one byte an id. A bitmap is a
whole number whose bit *n* stands for position *n*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate


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
    return bytes(packed)


def unpack(packed: bytes) -> tuple[int, ...]:
    """Return the ids that ``pack`` packed."""
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


def to_bytes(mask: int) -> bytes | None:
    """Return a bitmap as bytes, nothing for an empty one."""
    return mask.to_bytes((mask.bit_length() + 7) // 8, "little") if mask else None


def from_bytes(packed: bytes | None) -> int:
    """Return the bitmap that ``to_bytes`` packed."""
    return int.from_bytes(packed, "little") if packed else 0
