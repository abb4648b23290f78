"""Seven in the morning, everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import available_timezones

from digest.schedule import Wave, waves


def test_zones_with_the_same_clock_go_together_and_the_east_goes_first() -> None:
    found = waves(date(2026, 3, 4), time(7), ["Europe/Paris", "Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"])
    assert found == (
        Wave(datetime(2026, 3, 3, 22, tzinfo=UTC), ("Asia/Tokyo",)),
        Wave(datetime(2026, 3, 4, 6, tzinfo=UTC), ("Europe/Berlin", "Europe/Paris")),
    )


def test_every_zone_is_in_exactly_one_wave() -> None:
    names = available_timezones() - {"localtime"}
    found = waves(date(2026, 3, 29), time(2, 30), names)
    assert sorted(name for wave in found for name in wave.zones) == sorted(names)
    assert [wave.at for wave in found] == sorted({wave.at for wave in found})
