"""A month without a person: every edition, none twice, whatever dies in between."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.model import Edition, EditionState
from digest.pipeline.send import report
from subscribers import roster
from tests.schedule.soak_world import READERS, Clockwork, newsstand, write_config

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEWSLETTERS = ("north", "south")


def enrol(config: Path, at: datetime) -> None:
    """Put readers on the list."""
    app = build(read_config(config), now=at)
    with app.store.begin() as connection:
        for number in range(READERS):
            roster.add(connection, "all", f"reader{number}@daily.example", how="command", at=at)
    app.store.close()


def editions(config: Path, now: datetime) -> list[tuple[Edition, EditionState, int, int]]:
    """Return each edition with its state, how many it was planned for and how many have it."""
    app = build(read_config(config), now=now)
    found = []
    for each in app.store.editions.list(None, 1000):
        sums = report(app.store, each.id)
        found.append((each.edition, each.state, sums.planned, sums.sent))
    app.store.close()
    return found


def soak(folder: Path, first: datetime, days: int, step: timedelta) -> Clockwork:
    """Live through ``days`` days from half past ten at night; on the way two kills, one in mid-send, and a day away."""
    with newsstand(seed=days) as stand:
        config = write_config(folder, stand.port)
        enrol(config, first)
        clockwork = Clockwork(config)
        away = first + (days // 2) * DAY + 6 * HOUR
        killed = cut = False
        now = first
        while now < first + days * DAY:
            if not (now - first) % (6 * HOUR):
                stand.happen(now - timedelta(minutes=20))
            if away <= now < away + 32 * HOUR:
                now += step  # the machine is off
                continue
            if not killed and now >= first + DAY + 12 * HOUR:
                clockwork.kill()
                clockwork.start()
                killed = True
            if not cut and now == first + 2 * DAY + 3 * HOUR:  # 02:30 of the winter's Berlin
                assert clockwork.kill_in_mid_send(now) > 0
                clockwork.start()
                cut = True
            clockwork.look(now)
            now += step
        assert killed
        assert cut
        clockwork.stop()
    return clockwork


def prove(folder: Path, first: datetime, days: int, clockwork: Clockwork) -> None:
    """Check what every day should have come to."""
    mails = clockwork.mails()
    assert len(mails) == len(set(mails)), "somebody got an edition twice"
    made = editions(folder / "config.toml", first + days * DAY)
    by_edition = Counter(edition for edition, _ in mails)
    assert {edition.id for edition, *_ in made} == set(by_edition)
    for edition, state, planned, sent in made:
        assert (edition.id, state, planned, sent) == (edition.id, EditionState.SENT, READERS, READERS)
        assert by_edition[edition.id] == READERS
    for newsletter in NEWSLETTERS:
        dates = sorted(edition.date for edition, *_ in made if edition.newsletter == newsletter)
        skipped = {date.fromisoformat(d) for n, d, action in clockwork.decisions if (n, action) == (newsletter, "skip")}
        assert len(skipped) == 1, "one day was missed, too late to make good"
        span = range((dates[-1] - dates[0]).days + 1)
        assert dates == [d for d in (dates[0] + n * DAY for n in span) if d not in skipped]
        told = [
            article.key
            for edition, *_ in made
            if edition.newsletter == newsletter
            for story in (*edition.stories, *edition.brief)
            if not story.is_update
            for article in story.articles
        ]
        assert len(told) == len(set(told)), "a story came back without news"
    peak = clockwork.memory[len(clockwork.memory) // 4 :]
    assert max(peak) - peak[0] < 30_000, "memory grows"


def test_six_days_with_kills_and_a_day_away(tmp_path: Path) -> None:
    first = datetime(2026, 3, 25, 22, 30, tzinfo=UTC)  # Berlin's clocks go forward on the fourth night
    prove(tmp_path, first, 6, soak(tmp_path, first, 6, 3 * HOUR))


@pytest.mark.torture
def test_thirty_days_through_both_changes_of_the_clocks(tmp_path: Path) -> None:
    first = datetime(2026, 3, 14, 22, 30, tzinfo=UTC)  # Berlin forward on 29 March, Sydney back on 5 April
    prove(tmp_path, first, 30, soak(tmp_path, first, 30, timedelta(minutes=30)))
