"""An edition that a person gave a time of its own: it goes then, once, and at no other time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.errors import EditionConflict, UsageError
from digest.pipeline.app import App
from digest.pipeline.appointing import appoint, local, moment, release
from digest.pipeline.composing import compose
from digest.pipeline.editing import hold, reopen, skip
from digest.schedule.appointed import run_appointed
from digest.schedule.running import run_due
from tests.newsroom import EVENTS, Newsroom
from tests.schedule.test_running import send_planned

NAME = "daily/2026-03-04"
DUE = datetime(2026, 3, 4, 6, tzinfo=UTC)  # 07:00 in Berlin
HOUR = timedelta(hours=1)


@dataclass
class Morning:
    """A newsletter due at seven in Berlin, whose edition was composed at half past five."""

    room: Newsroom
    app: App
    now: datetime = DUE - HOUR / 2

    def give(self, words: str) -> None:
        """Give the edition a time."""
        appoint(self.app, NAME, moment(self.app, self.app.store.editions.get(NAME), words), "kim")

    def look(self, at: datetime) -> None:
        """Let the clock's process look at what is due, and the sender's send it."""
        self.now = at
        run_due(self.app, self.app.newsletters[0], at)
        run_appointed(self.app, at)
        send_planned(self.app)

    @property
    def state(self) -> str:
        return str(self.app.store.editions.get(NAME).state)

    @property
    def told(self) -> list[str]:
        """Who was told what: the alarms in the outbox."""
        return [line["edition"] for line in self.room.journal if line["edition"].startswith("alarms/")]


@pytest.fixture
def morning(newsroom: Newsroom) -> Iterator[Morning]:
    newsroom.newsletter = 'slug = "daily"\nopt_in = "single"\nmin_stories = 1\nsend_at = ["07:00"]\nlate = "send"'
    newsroom.site += '\ntimezone = "Europe/Berlin"\nalarm_mail = "desk@daily.example"'
    newsroom.report("herald", *EVENTS, at=DUE - 3 * HOUR)
    newsroom.add("ann@example.org", "bo@example.org")
    app = build(read_config(newsroom.write_config()), now=DUE)
    opened = Morning(newsroom, app)
    opened.app = replace(app, clock=lambda: opened.now)
    run_due(opened.app, app.newsletters[0], DUE - HOUR)
    compose(opened.app, app.newsletters[0], opened.now)
    yield opened
    app.store.close()


def test_it_is_left_alone_at_its_newsletters_time_and_goes_at_its_own(morning: Morning) -> None:
    morning.give("09:30")
    morning.look(DUE)
    assert (morning.state, morning.room.mails(), morning.told) == ("composed", [], [])
    morning.look(DUE + 2 * HOUR)
    assert morning.state == "composed"
    morning.look(DUE + 2.5 * HOUR)
    assert (morning.state, len(morning.room.mails())) == ("sent", 2)
    morning.look(DUE + 2.6 * HOUR)
    assert len(morning.room.mails()) == 2


def test_it_may_go_before_its_newsletters_time_and_nobody_gets_it_twice(morning: Morning) -> None:
    morning.give("06:45")
    morning.look(DUE - HOUR / 4)
    assert (morning.state, len(morning.room.journal)) == ("sent", 2)
    morning.look(DUE)
    assert len(morning.room.journal) == 2


def test_it_goes_with_its_newsletter_once_the_time_is_taken_back(morning: Morning) -> None:
    morning.give("09:30")
    assert release(morning.app, NAME)
    assert not release(morning.app, NAME)
    morning.look(DUE)
    assert morning.state == "sent"


def test_the_last_time_chosen_counts(morning: Morning) -> None:
    morning.give("09:30")
    morning.give("08:00")
    morning.look(DUE + HOUR)
    assert morning.state == "sent"


def test_a_time_that_came_while_nobody_was_there_is_asked_about(morning: Morning) -> None:
    morning.give("09:30")
    morning.look(DUE)
    morning.look(DUE + 10 * HOUR)
    assert (morning.state, morning.room.mails()) == ("held", [])
    assert morning.told == [f"alarms/{NAME}/held"]
    assert "nobody was there" in morning.app.store.editions.get(NAME).why


def test_a_time_is_to_come_and_not_too_far_off(morning: Morning) -> None:
    stored = morning.app.store.editions.get(NAME)
    with pytest.raises(UsageError, match="is past"):
        appoint(morning.app, NAME, morning.now - HOUR, "kim")
    with pytest.raises(UsageError, match="31 days off"):
        appoint(morning.app, NAME, morning.now + timedelta(days=32), "kim")
    assert local(morning.app, stored, DUE + 2.5 * HOUR) == "2026-03-04 09:30 Europe/Berlin"


def test_a_held_edition_is_approved_before_it_gets_a_time(morning: Morning) -> None:
    hold(morning.app, NAME, "look at the lead")
    with pytest.raises(EditionConflict, match="approve it first"):
        morning.give("09:30")


def test_a_skipped_edition_does_not_go_and_alarms_nobody_until_it_is_reopened(morning: Morning) -> None:
    skip(morning.app, NAME, "holiday")
    morning.look(DUE)
    assert (morning.state, morning.told) == ("skipped", [])
    with pytest.raises(EditionConflict, match="is skipped"):
        morning.give("09:30")
    assert str(reopen(morning.app, NAME).state) == "composed"
    with pytest.raises(EditionConflict, match="only an edition that was skipped"):
        reopen(morning.app, NAME)
    morning.give("09:30")
    morning.look(DUE + 2.5 * HOUR)
    assert morning.state == "sent"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("09:30", "2026-03-04T08:30Z"),
        (" 9:30 ", "2026-03-04T08:30Z"),
        ("2026-03-05T09:30", "2026-03-05T08:30Z"),
        ("2026-03-05T09:30Z", "2026-03-05T09:30Z"),
        ("2026-03-05T09:30-05:00", "2026-03-05T14:30Z"),
        ("2026-03-29T02:30", "2026-03-29T01:00Z"),  # the clocks go from 2 to 3
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),  # they show it twice: the first
    ],
)
def test_a_time_is_the_newsletters_own_unless_it_names_a_zone(morning: Morning, words: str, meant: str) -> None:
    assert moment(morning.app, morning.app.store.editions.get(NAME), words) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "25:00", "09:61", "0٩:00", "tomorrow at 9", "9999-12-31T23:59-14:00", "0001-01-01T00:00+14:00"],
)
def test_what_is_no_time_is_refused(morning: Morning, words: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        moment(morning.app, morning.app.store.editions.get(NAME), words)
