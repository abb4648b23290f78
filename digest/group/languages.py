"""Tell articles of different languages apart; knows tags and scripts, and guesses nothing else."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np

from digest.group.texts import Ints
from digest.model import Article

#: Scripts that one language alone writes, near enough to keep a feed without a tag from mixing with others.
_SCRIPTS = ("CYRILLIC", "ARABIC", "HEBREW", "GREEK", "HANGUL", "HIRAGANA", "KATAKANA", "CJK", "THAI", "DEVANAGARI")


def kinds(articles: Sequence[Article]) -> Ints:
    """Return a number for each article's language, 0 where it is unknown: the feed's tag first, then the script."""
    names = [language(article) for article in articles]
    numbers = {name: n for n, name in enumerate(sorted(set(names) - {""}), start=1)}
    return np.array([numbers.get(name, 0) for name in names], np.int64)


def language(article: Article) -> str:
    """Return the primary subtag (``pt-BR`` is ``pt``), else the script's name where it is not Latin, else ''."""
    if article.language:
        return article.language.replace("_", "-").split("-")[0].lower()
    return _script(article.headline)


def _script(text: str) -> str:
    found = Counter(
        script
        for character in text[:80]
        if not character.isascii()
        for script in _SCRIPTS
        if unicodedata.name(character, "").startswith(script)
    )
    name, times = found.most_common(1)[0] if found else ("", 0)
    return name.lower() if 2 * times > len(text[:80].replace(" ", "")) else ""
