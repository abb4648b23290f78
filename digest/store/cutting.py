"""Cuts a page of an audience into batches, each of one variant; knows no table and nobody's wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def cut(ids: Sequence[int], size: int, variant_of: Mapping[int, str]) -> list[tuple[str, list[int]]]:
    """Return batches of at most ``size`` ids with the variant they carry, the whole edition's first.

    Ids stay in their order; who has no variant of their own gets the whole edition, which is variant ''.
    """
    if not variant_of:
        return [("", list(ids[n : n + size])) for n in range(0, len(ids), size)]
    groups: dict[str, list[int]] = {}
    for number in ids:
        groups.setdefault(variant_of.get(number, ""), []).append(number)
    return [
        (variant, group[n : n + size]) for variant, group in sorted(groups.items()) for n in range(0, len(group), size)
    ]
