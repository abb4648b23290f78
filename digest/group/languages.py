"""Tell articles of different languages apart; knows tags and scripts, and guesses nothing else."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digest.group.lexicon import lexicon
from digest.group.texts import Ints
from digest.group.words import terms
from digest.model import Article, Story

#: Share of a text's words that are in the table of English words, and of how many: of English headlines .7 and more, of
#: eight other languages .54 at the most.
_ENGLISH, _FEWEST, _READ = 0.7, 5, 40
#: Scripts that one language alone writes, near enough to keep a feed without a tag from mixing with others.
_SCRIPTS = ("CYRILLIC", "ARABIC", "HEBREW", "GREEK", "HANGUL", "HIRAGANA", "KATAKANA", "CJK", "THAI", "DEVANAGARI")


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of the language of a story."""

    tag: str  #: primary subtag, '' where no article is tagged
    script: str  #: of its headline, '' for Latin

    def differs(self, other: Language) -> bool:
        """Return whether the two are surely two languages."""
        if self.tag and other.tag:
            return self.tag != other.tag
        return self.script != other.script

    def is_of(self, tag: str) -> bool:
        """Return whether this may be the language of a newsletter: one without a tag is, in Latin script."""
        return self.tag == _primary(tag) if self.tag else not self.script


def of_story(story: Story) -> Language:
    """Return the language that a story is told in."""
    tag = next((article.language for article in story.articles if article.language), "")
    script = _script(story.lead.headline)
    return Language(_primary(tag) or ("" if script or not _is_english(story.lead) else "en"), script)


def _is_english(article: Article) -> bool:
    """Return whether most words of a report without a tag are in the table of English words."""
    known = lexicon().numbers
    words = [term for term in terms(f"{article.headline} {article.dek}")[:_READ] if term.isalpha()]
    return len(words) >= _FEWEST and sum(word in known for word in words) >= _ENGLISH * len(words)


def kinds(articles: Sequence[Article]) -> Ints:
    """Return a number for each article's language, 0 where it is unknown: the feed's tag first, then the script.

    An article without a tag is of the language that most of the others in its script are tagged with; in Latin
    script it is English where its words are, else unknown.
    """
    names = [language(article) for article in articles]
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        if article.language and (script := _script(article.headline)):
            tags[script][_primary(article.language)] += 1
    usual = {script: min(found, key=lambda tag: (-found[tag], tag)) for script, found in tags.items()}
    if set(names) - {"", "en"}:  # else there is nothing in Latin script to be told from
        names = [name or ("en" if _is_english(article) else "") for name, article in zip(names, articles, strict=True)]
    names = [usual.get(name, name) for name in names]
    numbers = {name: n for n, name in enumerate(sorted(set(names) - {""}), start=1)}
    return np.array([numbers.get(name, 0) for name in names], np.int64)


def language(article: Article) -> str:
    """Return the primary subtag (``pt-BR`` is ``pt``), else the script's name where it is not Latin, else ''."""
    if article.language:
        return _primary(article.language)
    return _script(article.headline)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()


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
