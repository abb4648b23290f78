"""Reads the day that a page writes out for its readers, in their words, digits and calendar; knows no page.

A text names a day only where number, month and year stand together, so that no sentence is one by chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from digest.collect.date_names import month_of

#: Month names that begin like no month of feeds, or like another one, in the case dates are written in.
_NAMES = (
    "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga prosinca",
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenog prosinca",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος - - - -",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "- شباط آذار نيسان أيار حزيران تموز آب أيلول - - -",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "januari februari maret april mei juni juli agustus september oktober november desember",
)
_MONTHS = {name: n for line in _NAMES for n, name in enumerate(line.split(), 1) if name != "-"}
_MONTHS |= {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}
#: The months of the solar calendar of Iran and Afghanistan.
_IRANIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_SOLAR = {name: n for n, name in enumerate(_IRANIAN.split(), 1)}
#: The year before the first of each Japanese era.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_ERA = re.compile(r"(令和|平成|昭和)\s*(\d{1,2}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_EASTERN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b", re.IGNORECASE)
#: A word, with the marks that Indic and Thai letters carry, two where months have two.
_WORD = r"((?:كانون|تشرين) \S+|[^\W\d_][^\d\s,;:|/()]*)"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|re|º|ª|\.)?,?\s+(?:de\s+|d['’]\s?|of\s+)?{_WORD},?\s+"
    r"(?:de\s+|del\s+|พ\.ศ\.\s*)?(\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(rf"(?<!\w){_WORD}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_WORD_SECOND = re.compile(rf"(?<!\d)(\d{{4}})\.?\s+(?:m\.\s+)?{_WORD}\s+(\d{{1,2}})(?!\d)")
_CLOCK = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])[:h.時시点]([0-5]\d)(?![\d.])\s*([ap]\.?m\b)?", re.IGNORECASE)
#: Years of the web in the Gregorian calendar, the Buddhist one and the solar one of Iran.
_YEARS, _BUDDHIST, _PERSIAN = range(1991, 2100), range(2534, 2643), range(1370, 1479)
_BUDDHA = 543


def read_day(text: str, language: str = "") -> datetime | None:
    """Return the day that a line names, with its time where it does, taken as UTC; ``None`` where it names none.

    ``language`` is the page's, a BCP 47 tag: it tells whether days or months come first where both could.
    """
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    for year, month, day, end in _days(text, language):
        when = _moment(year, month, day)
        if when:
            return when + _clock(text[end : end + 30])
    return None


def _days(text: str, language: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield year, month, day and where they end, for each way to read the text."""
    if era := _ERA.search(text):
        yield _ERAS[era[1]] + (1 if era[2] == "元" else int(era[2])), int(era[3]), int(era[4]), era.end()
    for pattern in (_EASTERN, _YEAR_FIRST):
        if found := pattern.search(text):
            year, month, day = (int(found[n]) for n in (1, found.re.groups - 1, found.re.groups))
            yield year, month, day, found.end()
    if found := _VIETNAMESE.search(text):
        yield int(found[3]), int(found[2]), int(found[1]), found.end()
    for pattern, places in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_WORD_SECOND, (1, 2, 3))):
        for found in pattern.finditer(text):
            if number := _month(found[places[1]], language):
                yield int(found[places[0]]), number, int(found[places[2]]), found.end()
    if found := _YEAR_LAST.search(text):
        named = _WEEKDAY.search(text)
        yield from _on(_WEEKDAYS[named[1].lower()], found) if named else _by_numbers(found, language)


def _on(weekday: int, found: re.Match[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the readings of ``03/04/2026`` that are on that day of the week."""
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    for month, day in ((one, other), (other, one)):
        when = _moment(year, month, day)
        if when and when.weekday() == weekday:
            yield year, month, day, found.end()


def _by_numbers(found: re.Match[str], language: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield the day in ``25/11/2026``; with strokes English alone leaves open which comes first."""
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    is_english = language.lower().startswith("en") and found[2] != "."
    is_american = language.lower() == "en-us"
    if one <= 12 and (other > 12 or (is_english and is_american)):
        yield year, one, other, found.end()
    elif not is_english or one > 12 or one == other or "-" in language:
        yield year, other, one, found.end()


def _month(word: str, language: str) -> int | None:
    """Return the number of a month; that of a solar month of Iran is told by a hundred more."""
    name = word.casefold().rstrip(".")
    if name == "listopada" and language[:2] in ("hr", "bs"):
        return 10
    if name in _SOLAR:
        return 100 + _SOLAR[name]
    return (
        _MONTHS.get(name)
        or _MONTHS.get(word)
        or _MONTHS.get(name.removeprefix("ב"))
        or _MONTHS.get(name.removesuffix("ta"))
        or month_of(name)
    )


def _moment(year: int, month: int, day: int) -> datetime | None:
    if year in _PERSIAN:
        year, month, day = _gregorian(year, month % 100, day)
    elif year in _BUDDHIST:
        year -= _BUDDHA
    try:
        return datetime(year, month, day, tzinfo=UTC) if year in _YEARS else None
    except ValueError:
        return None


def _gregorian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Return a day of the solar calendar of Iran in ours, right from 1370 to 1478.

    Eight years in 33 are a day longer (Borkowski, The Persian calendar for 3000 years, 1996); the first of 1370 was
    21 March 1991.
    """
    leaps = sum((y % 33) in (1, 5, 9, 13, 17, 22, 26, 30) for y in range(1370, year))
    first = datetime(1991, 3, 21, tzinfo=UTC) + timedelta(days=365 * (year - 1370) + leaps)
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    found = first + timedelta(days=before + day - 1)
    return found.year, found.month, found.day


def _clock(rest: str) -> timedelta:
    found = _CLOCK.search(rest)
    if found is None:
        return timedelta()
    hour = int(found[1])
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower().startswith("p") else 0)
    return timedelta(hours=hour, minutes=int(found[2]))
