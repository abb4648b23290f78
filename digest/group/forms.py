"""Put parts and roots in the place of words that their language bends; knows numbers of terms, never an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from digest.group.words import is_bent, parts, root_part, small_terms

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def cut(
    numbers: dict[str, int], found: Ints, languages: Sequence[str], rows: Ints, in_full: Bools
) -> tuple[dict[str, int], Ints, Ints]:
    """Return the numbers of terms and forms, and for each form found its place in ``found`` and its number.

    ``found`` are the numbers of terms, ``rows`` their texts; ``languages`` are those of the texts. Where a language
    bends its words, a term gives its parts where ``in_full`` says so, else its root, and a small word nothing.
    """
    made, terms = dict(numbers), list(numbers)
    names, kinds = np.unique(np.array(languages), return_inverse=True)
    bent = np.fromiter(map(is_bent, names.tolist()), np.bool_, len(names))[kinds][rows]
    used = np.zeros(len(terms), np.bool_)
    used[found[bent]] = True
    cuts = (parts(term) if is_used else () for term, is_used in zip(terms, used.tolist(), strict=True))
    roots = ((root_part(term),) if is_used else () for term, is_used in zip(terms, used.tolist(), strict=True))
    tables = [_table(each, made) for each in (((term,) for term in terms), cuts, roots)]
    starts, sizes, forms = (np.concatenate(each) for each in zip(*tables, strict=True))
    starts[len(terms) :] += len(terms)
    starts[2 * len(terms) :] += len(tables[1][2])
    chosen = found + len(terms) * np.where(bent, np.where(in_full, 1, 2), 0)
    lengths = np.where(_is_small(terms, found, names.tolist(), kinds[rows]), 0, sizes[chosen])
    ends = np.cumsum(lengths)
    inside = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return made, np.repeat(np.arange(len(found)), lengths), forms[np.repeat(starts[chosen], lengths) + inside]


def _table(forms: Iterable[Sequence[str]], numbers: dict[str, int]) -> tuple[Ints, Ints, Ints]:
    """Return where each term's forms start, how many there are, and the numbers of them all."""
    found = [[numbers.setdefault(form, len(numbers)) for form in each] for each in forms]
    sizes = np.array([len(each) for each in found], np.int64)
    flat = np.array([number for each in found for number in each], np.int64)
    return np.cumsum(sizes) - sizes, sizes, flat


def _is_small(terms: Sequence[str], found: Ints, names: Sequence[str], kinds: Ints) -> Bools:
    """Return for each term found whether it is a small word of its language."""
    is_small = np.zeros(len(found), np.bool_)
    for kind, name in enumerate(names):
        if is_bent(name) and (small := small_terms(name)):
            own = kinds == kind
            is_small[own] = np.fromiter((term in small for term in terms), np.bool_, len(terms))[found[own]]
    return is_small
