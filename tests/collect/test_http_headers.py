"""How long an answer is good for, and how long a server wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.collect.http_headers import fresh_seconds, retry_after

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"Cache-Control": "max-age=600", "Age": "100"}, 500),
        ({"Cache-Control": "max-age=600", "Age": "1000"}, 0),
        ({"Cache-Control": "no-cache, max-age=600"}, 0),
        ({"Cache-Control": "no-store", "Expires": "Wed, 04 Mar 2026 13:00:00 GMT"}, 0),
        ({"Cache-Control": "s-maxage=900"}, 0),
        ({"Cache-Control": 'max-age="60"'}, 60),
        ({"Expires": "Wed, 04 Mar 2026 13:00:00 GMT"}, 3600),
        ({"Expires": "0"}, 0),
        ({"Expires": "Wed, 04 Mar 2026 13:00:00 GMT", "Date": "Wed, 04 Mar 2026 12:59:00 GMT"}, 60),
        ({"Expires": "Wed, 04 Mar 2026 13:00:00 GMT", "Cache-Control": "max-age=60"}, 3600),
        ({"Cache-Control": "max-age=99999999999999"}, 9_999_999_999),
    ],
)
def test_an_answer_is_good_for_as_long_as_its_headers_say(headers: dict[str, str], seconds: float) -> None:
    assert fresh_seconds(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "Wed, 04 Mar 2026 12:10:00 GMT"}, 600),
        ({"Retry-After": "Wed, 04 Mar 2026 12:10:00 GMT", "Date": "Wed, 04 Mar 2026 12:09:30 GMT"}, 30),
        ({"Retry-After": "Wed, 04 Mar 2026 11:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "-5"}, 0),
    ],
)
def test_a_server_is_left_alone_for_as_long_as_it_says(headers: dict[str, str], seconds: float) -> None:
    assert retry_after(headers, NOW) == seconds
