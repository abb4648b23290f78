"""Dates are read in all the spellings that feeds use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.dates import read_date

SPELLINGS = {
    "Sun, 17 Oct 2021 12:07:17 GMT": "2021-10-17T12:07:17",
    "Sun, 17 Oct 2021 14:06:48 +0100": "2021-10-17T13:06:48",
    "Sun, 17 Oct 2021 14:06:48 -0330": "2021-10-17T17:36:48",
    "Sun,17 Oct 2021 14:06:48 GMT": "2021-10-17T14:06:48",
    "17 Oct 2021 14:06 EDT": "2021-10-17T18:06:00",
    "6 Jul 14 12:56 UT": "2014-07-06T12:56:00",
    "Thu, 01 Jan 2004 19:48:21 PST": "2004-01-02T03:48:21",
    "Wed, 2 Oct 2002 8:00:00 EST": "2002-10-02T13:00:00",
    "Friday, 5 November 2021 10:00:00 GMT": "2021-11-05T10:00:00",
    "Sun Jul  6 12:56:00 2014": "2014-07-06T12:56:00",
    "Sun Jul 6 12:56:00 EST 2014": "2014-07-06T17:56:00",
    "2019-10-12T07:20:50.52Z": "2019-10-12T07:20:50.520000",
    "2019-10-12T07:20:50+02:00": "2019-10-12T05:20:50",
    "2004-01-01T19:48:21.000+0100": "2004-01-01T18:48:21",
    "2003-12-31 10:14:55 -0800": "2003-12-31T18:14:55",
    "2003-12-31 10:14": "2003-12-31T10:14:00",
    "2014-07-06": "2014-07-06T00:00:00",
    "2014-07": "2014-07-01T00:00:00",
    "20140706T125600Z": "2014-07-06T12:56:00",
    "October 5, 2021 3:15 pm": "2021-10-05T15:15:00",
    "Oct 5th, 2021 12:15 a.m. EDT": "2021-10-05T04:15:00",
    "5 Okt 2021 15:15": "2021-10-05T15:15:00",
    "17 de octubre de 2021 10:00": "2021-10-17T10:00:00",
    "1er août 2021 10h30": "2021-08-01T10:30:00",
    "Sun, 17 Oct 2021 14:06:48 Europe/Berlin": "2021-10-17T12:06:48",
    "Sun, 17 Jan 2021 14:06:48 America/Argentina/Salta": "2021-01-17T17:06:48",
    "Sun, 17 Oct 2021 14:06:48 Nowhere/Land": "2021-10-17T14:06:48",
    "October 5, 2021 3:15 PM ET": "2021-10-05T19:15:00",
    "December 5, 2021 3:15 PM ET": "2021-12-05T20:15:00",
    "le 17 octobre 2021 à 10h30 et plus": "2021-10-17T10:30:00",
    "2021-10-17T14:06:48+02:00Z": "2021-10-17T12:06:48",
    "2021. október 17. 10:00": "2021-10-17T10:00:00",
    "2021-10-17 오후 3:05:10": "2021-10-17T15:05:10",
    "2021年10月17日 上午12:05": "2021-10-17T00:05:00",
    "Κυρ, 11 Ιούλ 2021 12:00:00 +0300": "2021-07-11T09:00:00",
    "1634472437": "2021-10-17T12:07:17",
    "1634472437000": "2021-10-17T12:07:17",
    "Sun, 17 Oct 2021 24:00:00 GMT": "2021-10-18T00:00:00",
    "Sat, 31 Dec 2016 23:59:60 GMT": "2017-01-01T00:00:00",
    "\n  Sun, 17 Oct 2021 12:07:17 GMT\n ": "2021-10-17T12:07:17",
}
NO_DATES = [
    "",
    None,
    "yesterday",
    "0001-01-01T00:00:00Z",
    "9999-12-31",
    "Sun, 41 Oct 2021 12:00:00 GMT",
    "12:30",
    "x" * 500,
]
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001 - made aware below
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_date_is_read_in_utc(written: str) -> None:
    assert read_date(written) == datetime.fromisoformat(SPELLINGS[written]).replace(tzinfo=UTC)


@pytest.mark.parametrize("written", NO_DATES)
def test_what_is_no_date_of_news_is_none(written: str | None) -> None:
    assert read_date(written) is None


@given(MOMENTS, ZONES)
def test_what_the_standards_write_is_read_back(moment: datetime, zone: timezone) -> None:
    moment = moment.replace(tzinfo=zone, microsecond=0)
    assert read_date(moment.isoformat()) == moment
    assert read_date(format_datetime(moment)) == moment


@given(st.text(max_size=60))
def test_any_text_gives_a_moment_in_utc_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or found.utcoffset() == timedelta(0)
