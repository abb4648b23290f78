"""How rare a word is in general, and where it lies in meaning; knows no article and no day.

The table beside this module was made from two sources under the MIT licence: the English word counts of symspellpy
and the static vectors of wordllama (see docs/explanation/grouping.md). It is data, read once; nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

#: −ln of the share of running text of a word that the table lacks: a name, most often.
UNKNOWN_RARITY = 18.2
_YEAR = 9.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in order of their frequency, with what is known of each."""

    numbers: dict[str, int]  #: folded word → its row
    rarity: npt.NDArray[np.float32]  #: −ln of its share of running text
    vectors: npt.NDArray[np.int8]  #: of the most frequent words, mean removed; each times its scale
    scales: npt.NDArray[np.float32]

    def rarity_of(self, term: str) -> float:
        """Return −ln of a term's share of running text: a number's by its length, a year's as that of one."""
        number = self.numbers.get(term)
        if number is not None:
            return float(self.rarity[number])
        if term.isdigit():
            return _YEAR if len(term) == 4 and term[:2] in ("19", "20") else min(UNKNOWN_RARITY, 5.0 + 2 * len(term))
        return UNKNOWN_RARITY


@cache
def lexicon() -> Lexicon:
    """Return the bundled table."""
    with np.load(Path(__file__).with_name("words.npz")) as table:
        words = table["words"].tobytes().decode().split("\n")
        rarity, scales = (table[name].astype(np.float32) for name in ("rarity", "scales"))
        return Lexicon(dict(zip(words, range(len(words)), strict=True)), rarity, table["vectors"], scales)
