"""Take from a story what reads the same in any language: names, numbers, pictures; knows no other story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from digest.group.figures import numbers
from digest.group.lexicon import UNKNOWN_RARITY, lexicon
from digest.group.sounds import bare, plain, sound
from digest.group.words import terms
from digest.model import Article

#: Characters of a body that are read: who and where stand at its top.
_READ = 800
#: Words commoner than one in e⁹ are no names; from there on a word weighs the more the rarer it is.
_COMMON = 9.0
#: Sounds by which a name is known in other letters, and what it then weighs; the same letters weigh more.
_BY_SOUND = {3: 0.35, 4: 0.6}
_LONG_SOUND = 0.8
#: A word that has its capital only where every word has one is a name less surely.
_UNSURE = 0.4
#: What a number weighs by its digits, the zeros at its end left out. A year is in many texts.
_DIGITS = {2: 0.3, 3: 0.7}
_LONG_NUMBER, _YEAR = 1.0, 0.35
#: Texts of so many words have at least this share of them in common where they are of one language, and at most .08
#: where they are of two (145 pages; Danish and Norwegian alone lie above). Short ones have to share more.
_SAME_LANGUAGE = ((20, 0.12), (8, 0.4))

#: Who tells a story is no part of it: the agencies that stand under reports in every language, and its own source.
_AGENCIES = frozenset(
    (
        "reuter",
        "afp",
        "ap",
        "dpa",
        "ansa",
        "efe",
        "tass",
        "xinhua",
        "kyodo",
        "apa",
        "sda",
        "lusa",
        "belga",
        "ritzau",
        "ntb",
    )
)

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: What stands before a word that has its capital because a sentence begins; nothing at all does too.
_BEGINS = (*".!?:;…\n\"'“„«»‹›‘’([–—|-", "")

Named = tuple[str, str, float]  # key, spelling, how surely it is a name


@dataclass(slots=True)
class Mark:
    """A name, a number or a picture in one story."""

    forms: dict[str, float] = field(default_factory=dict)  #: its spellings → how surely it is a name, 0…1
    is_on_top: bool = False  #: stands in a headline or a dek

    def weight(self, other: Mark) -> float:
        """Return how much it tells that this and another story have it, 0…1."""
        same = [self.forms[form] * other.forms[form] * telling(form) for form in self.forms.keys() & other.forms]
        if same:
            return max(same)
        return min(max(sure * _by_sound(form) for form, sure in mark.forms.items()) for mark in (self, other))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a story says that another language would say alike, and the words that it would not."""

    marks: dict[str, Mark]  #: names by their sounds, numbers by their digits, pictures by their address
    common: frozenset[str]  #: its words that have no capital

    def is_of_same_language(self, other: Reading) -> bool:
        """Return whether two stories are surely told in one language, whatever their feeds say."""
        fewer, same = min(len(self.common), len(other.common)), len(self.common & other.common)
        return any(fewer >= words and same >= share * fewer for words, share in _SAME_LANGUAGE)


def read(articles: Sequence[Article]) -> Reading:
    """Read the reports of a story.

    Two names in a row are a mark of their own, for alphabets that agree in sounds alone.
    """
    found: dict[str, Mark] = {}
    common = frozenset(word for article in articles for text, _ in _texts(article) for word in _lower(text))
    tellers = _AGENCIES.union(*(terms(f"{article.source} {article.owner}") for article in articles))
    for article in articles:
        for text, is_on_top in _texts(article):
            for key, form, sure in (*_names(text, common), *_numbers(text)):
                if form in tellers:
                    continue
                mark = found.setdefault(key, Mark())
                mark.forms[form] = max(sure, mark.forms.get(form, 0.0))
                mark.is_on_top |= is_on_top
        if article.image and article.image.url:
            found[f"picture {article.image.url}"] = Mark({article.image.url: 1.0}, is_on_top=True)
    return Reading(found, common)


def _texts(article: Article) -> tuple[tuple[str, bool], ...]:
    return (article.headline, True), (article.dek, True), (article.body[:_READ], False)


def _lower(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if word[0].islower())


def _names(text: str, common: frozenset[str]) -> Iterator[Named]:
    """Yield what may be a name: a word with a capital, or any longer word where there are no capitals."""
    before: tuple[int, str] = (-2, "")
    for match in _WORD.finditer(text):
        word = match[0]
        if word[0].islower() or word.lower() in common:
            continue
        sure = _UNSURE if word[0].isupper() and text[: match.start()].rstrip(" \u00a0")[-1:] in _BEGINS else 1.0
        forms = _forms(word)
        if before[0] == match.start() - 1:
            yield from _together(before[1], forms[0])
        before = (match.end(), forms[0])
        for form in forms:
            yield from _alone(form, sure)


def _forms(word: str) -> tuple[str, ...]:
    """Return the spellings under which a word is looked for."""
    if word[0].isupper():
        return (terms(word)[0],)
    form = plain(word)
    return tuple(dict.fromkeys((form, bare(form))))


def _alone(form: str, sure: float) -> Iterator[Named]:
    sounds = sound(form)
    if len(sounds) >= min(_BY_SOUND):
        yield sounds, form, sure
    elif form.isascii() and len(form) > 1:
        yield f"={form}", form, sure


def _together(one: str, other: str) -> Iterator[Named]:
    sounds = sound(one), sound(other)
    if all(sounds) and len("".join(sounds)) >= min(_BY_SOUND):
        yield " ".join(sounds), f"{one} {other}", 1.0


def _numbers(text: str) -> Iterator[Named]:
    return ((f"#{number}", number, 1.0) for number in sorted(numbers(text)))


@lru_cache(maxsize=1 << 16)
def telling(form: str) -> float:
    """Return how much it tells that two stories have the same letters or digits, 0…1."""
    if form[0].isdigit():
        return _number_telling(form)
    if " " in form:
        return 0.0  # in the same letters, each of the two names has spoken already
    return max(0.0, lexicon().rarity_of(form) - _COMMON) / (UNKNOWN_RARITY - _COMMON)


def _number_telling(form: str) -> float:
    if len(form) == 4 and form[:2] in ("19", "20"):
        return _YEAR
    digits = form.replace(".", "").strip("0") if "." in form else form.rstrip("0")
    return _DIGITS.get(len(digits), _LONG_NUMBER if len(digits) > max(_DIGITS) else 0.0)


def _by_sound(form: str) -> float:
    """Return how much it tells that two stories have words of the same sounds, 0…1."""
    sounds = len(sound(form.replace(" ", "")))
    weight = _BY_SOUND.get(sounds, _LONG_SOUND if sounds > max(_BY_SOUND) else 0.0)
    return weight * max(map(telling, form.split()), default=0.0)
