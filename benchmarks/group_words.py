"""Make the table of words anew: ``python -m benchmarks.group_words SYMSPELLPY WORDLLAMA OUT.npz``.

The first two are the unpacked packages of that name; this needs the packages tokenizers and safetensors, which
nothing else here does. How the table is used: ``digest/group/lexicon.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.asking import parser
from digest.group.words import terms

#: Words with a vector, and its dimensions.
WITH_VECTOR, DIMENSIONS = 20_000, 128


def main(symspellpy: Path, wordllama: Path, out: Path) -> None:
    """Write words, −ln of their shares, and their vectors as bytes with a scale each."""
    counts = frequencies(symspellpy / "frequency_dictionary_en_82_765.txt")
    vector_of = vectors(wordllama)
    folded: dict[str, int] = {}
    summed: dict[str, np.ndarray] = {}
    for word, count in counts.items():
        found = terms(word)
        if len(found) == 1:
            folded[found[0]] = folded.get(found[0], 0) + count
            summed[found[0]] = summed.get(found[0], 0) + unit(vector_of(word)) * count**0.5
    words = sorted(folded, key=lambda word: (-folded[word], word))
    total = sum(folded.values())
    rarity = np.array([-math.log(folded[word] / total) for word in words])
    weight = np.array([folded[word] ** 0.5 for word in words[:WITH_VECTOR]]) * np.maximum(0, rarity[:WITH_VECTOR] - 5)
    made = axes(np.stack([unit(summed[word]) for word in words[:WITH_VECTOR]]), weight / weight.sum())
    scale = np.maximum(np.abs(made).max(axis=1), 1e-9)
    np.savez(
        out,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        rarity=rarity.astype(np.float16),
        vectors=np.round(made / scale[:, None] * 127).astype(np.int8),
        scales=(scale / 127).astype(np.float16),
    )


def frequencies(path: Path) -> dict[str, int]:
    """Return how often each word was counted."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return {word: int(count) for word, count in (line.split()[:2] for line in lines)}


def vectors(folder: Path) -> Callable[[str], np.ndarray]:
    """Return what gives a word's vector: the mean of its tokens'."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    tokens = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    table = next(iter(load_file(folder / "weights" / "l2_supercat_256.safetensors").values())).astype(np.float32)
    return lambda word: table[tokens.encode(word, add_special_tokens=False).ids].mean(axis=0)


def unit(vector: np.ndarray) -> np.ndarray:
    """Return the vector at length 1."""
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def axes(rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the rows less their weighted mean, along their weighted principal axes."""
    centred = rows - weight @ rows
    _, found = np.linalg.eigh((centred * weight[:, None]).T @ centred)
    found = found[:, ::-1][:, :DIMENSIONS]
    found *= np.sign(found[np.abs(found).argmax(axis=0), np.arange(DIMENSIONS)])
    return centred @ found


if __name__ == "__main__":
    asked = parser(__doc__)
    for name in ("symspellpy", "wordllama", "out"):
        asked.add_argument(name, type=Path)
    main(**vars(asked.parse_args()))
