"""A confirmation or an alarm that the other side puts off, as one that lists strangers grey does, is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.model import Fate, Receipt
from digest.pipeline.app import App
from digest.pipeline.notifying import FOR_A_DAY, FRESH, send_notices
from digest.pipeline.telling import JUST_NOW, Alarm, tell, tell_again
from digest.send.provider import Mailing, Parcel
from subscribers import roster
from tests.newsroom import Newsroom
from tests.send.worlds import FakeProvider

NAME = "club/2026-03-04"


class Grey(FakeProvider):
    """A mail server that says of everybody what it is told to say."""

    fate: Fate = "later"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def deliver(self, _mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        self.asked += [each.address for each in parcel.recipients]
        return tuple(Receipt(each.id, self.fate, detail="451 4.7.1 greylisted") for each in parcel.recipients)


@dataclass
class Club:
    """A list with double opt-in, behind a mail server that puts things off."""

    app: App
    server: Grey
    now: datetime

    def joins(self, address: str) -> None:
        with self.app.store.begin() as connection:
            roster.add(connection, "club", address, at=self.now, how="form")


@pytest.fixture
def club(newsroom: Newsroom) -> Iterator[Club]:
    newsroom.newsletter = 'slug = "club"\ntitle = "The Club"\nopt_in = "double"'
    newsroom.site += '\nalarm_mail = "desk@daily.example"'
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    server = Grey()
    opened = Club(build(read_config(newsroom.write_config()), now=now), server, now)
    opened.app = replace(opened.app, clock=lambda: opened.now, open_provider=lambda: server)
    yield opened
    opened.app.store.close()


def test_a_confirmation_goes_when_it_is_taken_and_once(club: Club) -> None:
    club.joins("ann@reader.example.org")
    assert send_notices(club.app) == 0
    club.now += timedelta(minutes=5)
    club.server.fate = "sent"
    assert [send_notices(club.app) for _ in range(2)] == [1, 0]
    assert club.server.asked == ["ann@reader.example.org"] * 2


def test_what_is_put_off_again_and_again_is_given_up_after_a_day_and_keeps_nobody_waiting(club: Club) -> None:
    club.joins("grey@reader.example.org")
    assert send_notices(club.app) == 0
    club.now += FRESH + timedelta(minutes=1)
    club.joins("new@reader.example.org")
    club.server.asked.clear()
    assert send_notices(club.app, limit=1) == 0
    assert club.server.asked == ["new@reader.example.org"]
    club.now += FOR_A_DAY
    club.server.asked.clear()
    assert [send_notices(club.app) for _ in range(2)] == [0, 0]
    assert sorted(club.server.asked) == ["grey@reader.example.org", "new@reader.example.org"]


@pytest.mark.parametrize("fate", ["rejected", "uncertain"])
def test_a_confirmation_that_is_refused_or_may_have_gone_is_not_sent_again(club: Club, fate: Fate) -> None:
    club.joins("ann@reader.example.org")
    club.server.fate = fate
    assert [send_notices(club.app) for _ in range(2)] == [0, 0]
    assert len(club.server.asked) == 1


@pytest.mark.parametrize("fate", ["later", "rejected"])
def test_an_alarm_that_nobody_got_is_told_again_and_once(club: Club, fate: Fate) -> None:
    club.server.fate = fate
    tell(club.app, Alarm(NAME, "failed", "no sources"))
    club.server.fate = "sent"
    club.now += 2 * JUST_NOW
    tell_again(club.app)
    tell_again(club.app)
    assert club.server.asked == ["desk@daily.example"] * 2
