"""Tell articles of different languages apart, by tags, scripts and small words; knows no story's event."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from digest.group.lexicon import lexicon
from digest.group.small_words import foreign_words, latin_letters, latin_words
from digest.group.texts import Ints
from digest.group.words import terms
from digest.model import Article, Story

#: Share of a text's words that are in the table of English words, and of how many: of English headlines .7 and more, of
#: eight other languages .54 at the most.
_ENGLISH, _FEWEST, _READ = 0.7, 5, 40
#: Characters of a body that are looked at beside headline and dek.
_LOOKED_AT = 300
#: What a letter that English lacks says of the language, beside a small word.
_LETTER = 0.5
#: What must be said for a language, and how many times as much as for any other: by a text, by all of its source.
_CLEAR, _CLEAR_OF_SOURCE = (2.5, 1.4), (3.0, 1.25)
#: Articles of a story that are asked for their language.
_HEARD = 3
_MARKS = ".,;:!?¿¡…–—-„“”«»‹›\"'’()[]"
#: Scripts that one language alone writes, near enough to keep a feed without a tag from mixing with others.
_SCRIPTS = ("CYRILLIC", "ARABIC", "HEBREW", "GREEK", "HANGUL", "HIRAGANA", "KATAKANA", "CJK", "THAI", "DEVANAGARI")

Said = dict[str, float]  # language → how much speaks for it


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


def kinds(names: Sequence[str]) -> Ints:
    """Return a number for each language, 0 where it is unknown."""
    numbers = {name: n for n, name in enumerate(sorted(set(names) - {""}), start=1)}
    return np.array([numbers.get(name, 0) for name in names], np.int64)


def told_in(articles: Sequence[Article]) -> list[str]:
    """Return the language of each article, '' where it is unknown: the feed's tag first, then the script.

    An article without a tag is of the language that most of the others in its script are tagged with; in Latin
    script it is of the one whose small words and letters it has, or else its source has, and English where its words
    are.
    """
    names = [language(article) for article in articles]
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        if article.language and (script := _script(article.headline)):
            tags[script][_primary(article.language)] += 1
    usual = {script: min(found, key=lambda tag: (-found[tag], tag)) for script, found in tags.items()}
    _guess(articles, names)
    if set(names) - {"", "en"}:  # else there is nothing in Latin script to be told from
        names = [name or ("en" if _is_english(article) else "") for name, article in zip(names, articles, strict=True)]
    return [usual.get(name, name) for name in names]


def spoken(articles: Iterable[Article]) -> str:
    """Return the language of the first of these articles that shows one, '' where none does: it may be English."""
    for article in islice(articles, _HEARD):
        if name := language(article) or _spoken(article):
            return name
    return ""


def heard(text: str) -> str:
    """Return the language that a text by itself shows, '' where it shows none."""
    article = Article(key="", source="", url="", headline=text)
    return language(article) or _spoken(article) or ("en" if _is_english(article) else "")


def _spoken(article: Article) -> str:
    guess = _clearly(said, *_CLEAR) if (said := _said(article)) else ""
    return "" if guess == "en" or (guess and _is_english(article)) else guess


def _guess(articles: Sequence[Article], names: list[str]) -> None:
    """Name the language of those texts in Latin script that surely are not English."""
    said = {n: found for n, name in enumerate(names) if not name and (found := _said(articles[n]))}
    if not said:
        return
    by_source: dict[str, Said] = defaultdict(lambda: defaultdict(float))
    for n, found in said.items():
        for name, amount in found.items():
            by_source[articles[n].source][name] += amount
    usual = {source: _clearly(found, *_CLEAR_OF_SOURCE) for source, found in by_source.items() if source}
    for n, name in enumerate(names):
        if not name and articles[n].source in by_source:
            guess = _clearly(said.get(n, {}), *_CLEAR) or usual.get(articles[n].source, "")
            names[n] = "" if guess == "en" or _is_english(articles[n]) else guess


def _said(article: Article) -> Said:
    """Return what small words and letters say for each language, nothing where no language but English has them."""
    text = f"{article.headline} {article.dek} {article.body[:_LOOKED_AT]}".lower()
    words = text.split()
    if text.isascii() and foreign_words().isdisjoint(words):
        return {}
    found: Said = defaultdict(float)
    for word in words:
        for name in latin_words().get(word.strip(_MARKS), ()):
            found[name] += 1
    letters = Counter(name for letter in text if letter > "~" for name in latin_letters().get(letter, ()))
    for name, times in letters.items():  # where no word says so, letters are names, or broken
        found[name] += min(_LETTER * times, found[name] + 1)
    return found


def _clearly(said: Said, least: float, times: float) -> str:
    """Return the language for which so much is said, and so many times as much as for any other, '' where none is."""
    (name, most), (_, next_best) = [*sorted(said.items(), key=_most_first), ("", 0.0), ("", 0.0)][:2]
    return name if most >= least and most >= times * next_best else ""


def _most_first(said: tuple[str, float]) -> tuple[float, str]:
    return (-said[1], said[0])


def language(article: Article) -> str:
    """Return the primary subtag (``pt-BR`` is ``pt``), else the script's name where it is not Latin, else ''."""
    if article.language:
        return _primary(article.language)
    return _script(article.headline)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()


def _script(text: str) -> str:
    if text.isascii():
        return ""
    found = Counter(
        script
        for character in text[:80]
        if not character.isascii()
        for script in _SCRIPTS
        if unicodedata.name(character, "").startswith(script)
    )
    name, times = found.most_common(1)[0] if found else ("", 0)
    return name.lower() if 2 * times > len(text[:80].replace(" ", "")) else ""
