"""The words of the designs in the newsletter's language, its dates and its direction; knows no edition.

Catalogues are ``catalogs/<language>.po``, read when first used: nothing needs compiling.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from digest.render.text import Direction

CATALOGS = Path(__file__).parent / "catalogs"


@dataclass(frozen=True, slots=True)
class Language:
    """A language as the designs need it."""

    tag: str  #: BCP 47, as the newsletter names it
    locale: Locale
    translations: gettext.NullTranslations

    @property
    def direction(self) -> Direction:
        """Which way its script runs."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    def day(self, day: date) -> str:
        """Write a date in full: Wednesday, 4 March 2026."""
        return format_date(day, "full", locale=self.locale)

    def short_day(self, day: date) -> str:
        """Write a date in short: 4 Mar 2026."""
        return format_date(day, "medium", locale=self.locale)

    def clock(self, moment: datetime, zone: str) -> str:
        """Write a time of day in a zone: 06:30."""
        return format_time(moment, "short", tzinfo=ZoneInfo(zone), locale=self.locale)

    def enumeration(self, items: tuple[str, ...]) -> str:
        """Join with commas and an *and*."""
        return format_list(items, locale=self.locale)

    def number(self, value: float) -> str:
        """Write a number with the language's separators."""
        return format_decimal(value, locale=self.locale)


@lru_cache(maxsize=32)
def language(tag: str) -> Language:
    """Return the language of a tag; an unknown one is shown in English words."""
    locale = _locale(tag)
    return Language(tag, locale, _translations(locale.language))


def languages() -> tuple[str, ...]:
    """Return the languages that the designs speak."""
    return ("en", *sorted(path.stem for path in CATALOGS.glob("*.po")))


def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _translations(code: str) -> gettext.NullTranslations:
    path = CATALOGS / f"{code}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
