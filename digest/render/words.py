"""The words of the designs in the newsletter's language, its dates and its direction; knows no edition.

Catalogues are ``catalogs/<language>.po``, read when first used: nothing needs compiling.
"""

from __future__ import annotations

import gettext
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
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

    def clock(self, moment: datetime, zone: str, today: date) -> str:
        """Write a time of day in a zone, with the weekday where it is not today's: 06:30, Tue 18:10.

        It stays on one line. The narrow space of some languages is written as a plain one: old typefaces lack it.
        """
        local = moment.astimezone(ZoneInfo(zone))
        time = format_time(local, "short", tzinfo=ZoneInfo(zone), locale=self.locale)
        whole = time if local.date() == today else f"{format_date(local, 'EEE', locale=self.locale)} {time}"
        return re.sub(r"\s", "\u00a0", whole)

    def span(self, length: timedelta) -> str:
        """Write a length of time in words: 50 minutes."""
        return format_timedelta(length, threshold=1.2, locale=self.locale)

    def tongue(self, tag: str) -> str:
        """Return the name of a language in this one: German, Deutsch; '' where it is unknown."""
        code = tag.replace("_", "-").split("-")[0].lower()
        return str(self.locale.languages.get(code, ""))

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return a message in this language, in the form that the number asks for."""
        return self.translations.ngettext(one, many, number)

    def number(self, value: float) -> str:
        """Write a number with the language's separators."""
        return format_decimal(value, locale=self.locale)


@lru_cache(maxsize=32)
def language(tag: str) -> Language:
    """Return the language of a tag; an unknown one is shown in English words."""
    locale = _locale(tag)
    return Language(tag, locale, _translations(locale.language))


def spoken(*tags: str) -> Language:
    """Return the language of the first tag whose words there are, else English."""
    known = languages()
    return language(next((tag for tag in tags if re.split("[-_]", tag)[0].lower() in known), "en"))


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
    from babel.messages.mofile import write_mo  # slow to import, and English needs neither
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
