"""What readers' pages say, in the newsletter's language; knows no page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

#: Languages with all their words; any other is shown in English.
LANGUAGES = ("en", "de", "fr", "es", "ar")

_RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, called by their names."""

    language: str
    table: dict[str, str]

    def __call__(self, name: str, **values: str) -> str:
        """Return the words of a name, with values in their places."""
        return self.table[name].format(**values)

    @property
    def direction(self) -> str:
        """Which way the language is read, for ``dir``."""
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"


@cache
def words_of(tag: str) -> Words:
    """Return the words for a BCP 47 tag, English where there are none."""
    language = tag.partition("-")[0].lower()
    if language not in LANGUAGES:
        language = "en"
    table: dict[str, str] = import_module(f"subscribers.web.languages.{language}").WORDS
    return Words(language, table)
