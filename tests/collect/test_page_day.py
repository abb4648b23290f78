"""The days that pages write out, in the words, digits and calendars of their readers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.page_day import read_day

FOURTH = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("March 4, 2026", "en"),
        ("Wed 4th Mar 2026", "en"),
        ("03/04/2026", "en-US"),
        ("04/03/2026", "en-GB"),
        ("04/03/2026", "es"),
        ("4.3.2026", "fi"),
        ("4. maaliskuuta 2026", "fi"),
        ("Mittwoch, 4. März 2026", "de"),
        ("le 4 mars 2026", "fr"),
        ("4 de marzo de 2026", "es"),
        ("4 de març de 2026", "ca"),
        ("4 marzo 2026", "it"),
        ("4. března 2026", "cs"),
        ("4 marca 2026", "pl"),
        ("2026. március 4.", "hu"),
        ("2026 m. kovo 4 d.", "lt"),
        ("4. ožujka 2026.", "hr"),
        ("4 Mart 2026", "tr"),
        ("4 марта 2026", "ru"),
        ("4 березня 2026", "uk"),
        ("4 Μαρτίου 2026", "el"),
        ("4 במרץ 2026", "he"),
        ("4 مارس 2026", "ar"),
        ("٤ آذار ٢٠٢٦", "ar"),
        ("۱۳ اسفند ۱۴۰۴", "fa"),
        ("۱۴۰۴/۱۲/۱۳", "fa"),
        ("4 मार्च 2026", "hi"),
        ("४ मार्च २०२६", "hi"),
        ("৪ মার্চ ২০২৬", "bn"),
        ("วันพุธที่ 4 มีนาคม พ.ศ. 2569", "th"),
        ("4 มี.ค. 2569", "th"),
        ("4 tháng 3, 2026", "vi"),
        ("4 Maret 2026", "id"),
        ("2026年3月4日", "ja"),
        ("令和8年3月4日（水）", "ja"),
        ("2026년 3월 4일", "ko"),
    ],
)
def test_a_day_is_read_as_its_readers_read_it(text: str, language: str) -> None:
    assert read_day(text, language) == FOURTH


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("4 March 2026, 17:40", 17, 40),
        ("March 4, 2026 at 5:40 p.m.", 17, 40),
        ("le 4 mars 2026 à 17h40", 17, 40),
        ("2026年3月4日 17時40分", 17, 40),
        ("4 มีนาคม 2569 เวลา 17.40 น.", 17, 40),
    ],
)
def test_its_time_is_read_where_it_is_told(text: str, hour: int, minute: int) -> None:
    assert read_day(text) == FOURTH.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", ""),
        ("4 March", "en"),
        ("03/04/2026", "en"),
        ("31 February 2026", "en"),
        ("4 March 1066", "en"),
        ("the other 4 people of 2026", "en"),
        ("12 readers 2026", "en"),
        ("0/0/2026", "de"),
    ],
)
def test_what_names_no_day_for_certain_is_none(text: str, language: str) -> None:
    assert read_day(text, language) is None


@pytest.mark.parametrize(
    ("day", "ours"),
    [
        ("1 فروردین 1399", datetime(2020, 3, 20, tzinfo=UTC)),
        ("30 اسفند 1399", datetime(2021, 3, 20, tzinfo=UTC)),
        ("1 فروردین 1400", datetime(2021, 3, 21, tzinfo=UTC)),
        ("31 شهریور 1404", datetime(2025, 9, 22, tzinfo=UTC)),
        ("1 مهر 1404", datetime(2025, 9, 23, tzinfo=UTC)),
        ("1 فروردین 1405", datetime(2026, 3, 21, tzinfo=UTC)),
    ],
)
def test_the_solar_calendar_knows_its_leap_years(day: str, ours: datetime) -> None:
    assert read_day(day) == ours


@given(st.text(max_size=60), st.sampled_from(["", "en", "en-US", "fa", "th", "hr", "zz"]))
def test_no_text_is_more_than_a_day_or_none(text: str, language: str) -> None:
    found = read_day(text, language)

    assert found is None or 1991 <= found.year < 2100


@given(st.dates(date(1992, 1, 1), date(2099, 12, 31)))
def test_every_day_written_the_european_way_is_read_back(day: date) -> None:
    assert read_day(f"{day:%d.%m.%Y}", "de") == datetime(day.year, day.month, day.day, tzinfo=UTC)
