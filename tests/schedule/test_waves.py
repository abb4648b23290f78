"""Seven in the morning, everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import available_timezones

from digest.schedule import Due, Rule, Wave, waves


def test_zones_with_the_same_clock_go_together_and_the_east_goes_first() -> None:
    zones = ["Europe/Paris", "Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"]
    found = waves(Rule((time(7),)), datetime(2026, 3, 3, 12, tzinfo=UTC), zones, 3)
    day, next_day = date(2026, 3, 4), date(2026, 3, 5)
    assert found == (
        Wave(Due(datetime(2026, 3, 3, 22, tzinfo=UTC), day), ("Asia/Tokyo",)),
        Wave(Due(datetime(2026, 3, 4, 6, tzinfo=UTC), day), ("Europe/Berlin", "Europe/Paris")),
        Wave(Due(datetime(2026, 3, 4, 22, tzinfo=UTC), next_day), ("Asia/Tokyo",)),
    )


def test_every_zone_is_in_exactly_one_wave_of_a_date() -> None:
    names = available_timezones() - {"localtime"}
    found = waves(Rule((time(2, 30),)), datetime(2026, 3, 28, 12, tzinfo=UTC), names, 50)
    of_a_date = [wave for wave in found if wave.due.date == date(2026, 3, 29)]
    assert sorted(name for wave in of_a_date for name in wave.zones) == sorted(names)
    assert [wave.due for wave in found] == sorted({wave.due for wave in found})
