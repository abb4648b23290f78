"""The process that sends: it goes on with what another left, asks about old news, and lets no fault spread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from digest.bootstrap import build
from digest.config import read_config
from digest.model import EditionState, Receipt
from digest.pipeline.app import App
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.publishing import publish
from digest.pipeline.send import report
from digest.pipeline.turns import REST
from digest.pipeline.vitals import health_of, note_stop, stopped_by
from digest.send.provider import Mailing, Parcel
from digest.store import tables
from tests.newsroom import EVENTS, Newsroom
from tests.send.worlds import FakeProvider

DUE = datetime(2026, 3, 4, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Post:
    """A newsletter whose editions one process plans and another sends, under a clock driven by hand."""

    def __init__(self, room: Newsroom) -> None:
        self.room, self.now = room, DUE
        room.newsletter = 'slug = "daily"\nopt_in = "single"\nlate_hours = 3'
        room.report("tide", *EVENTS)
        room.add("ann@example.org", "bo@example.org")

    @contextmanager
    def open(self) -> Iterator[App]:
        app = replace(build(read_config(self.room.write_config()), now=self.now), clock=lambda: self.now)
        try:
            yield app
        finally:
            app.store.close()

    def plan(self, at: datetime = DUE) -> None:
        with self.open() as app:
            publish(app, app.newsletters[0], at, deliver=False)

    def send(self) -> None:
        """Be a fresh process that sends, for one look."""
        with self.open() as app:
            Dispatcher(app, lambda: False, lambda _seconds: None).look()

    def state(self, name: str = "daily/2026-03-04") -> EditionState:
        with self.open() as app:
            return report(app.store, name).state

    def pass_by(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def post(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Post:
    """Return a newsletter with two readers."""
    return Post(Newsroom(tmp_path, capsys))


def test_what_one_process_planned_another_sends_once(post: Post) -> None:
    post.plan()
    assert post.state() is EditionState.SENDING
    assert post.room.journal == []
    post.send()
    post.send()
    assert post.state() is EditionState.SENT
    assert len(post.room.journal) == 2


def test_a_send_left_half_done_is_finished_where_nobody_was_away_long(post: Post) -> None:
    post.send()
    post.plan()
    post.pass_by(2 * HOUR)
    post.send()
    assert post.state() is EditionState.SENT


def test_what_lay_unsent_for_longer_than_it_may_be_late_waits_for_a_person(post: Post) -> None:
    post.send()
    post.plan()
    post.pass_by(8 * HOUR)
    post.send()
    assert post.state() is EditionState.PAUSED
    assert post.room.journal == []
    ran = post.room.digest("resume", "daily/2026-03-04", now=None)
    assert ran.code == 0, ran.err
    assert len(post.room.journal) == 2


def test_an_edition_whose_sender_died_before_it_could_say_so_is_sent_and_no_old_news(post: Post) -> None:
    post.plan()
    post.send()
    with post.open() as app, app.store.begin() as connection:
        connection.execute(update(tables.editions).values(state="sending"))
    post.pass_by(30 * HOUR)
    post.send()
    assert post.state() is EditionState.SENT
    with post.open() as app:
        assert stopped_by(app, "daily/2026-03-04") == ""
    assert len(post.room.journal) == 2


def test_a_person_s_yes_to_old_news_holds(post: Post) -> None:
    post.send()
    post.plan()
    post.pass_by(8 * HOUR)
    with post.open() as app:
        dispatcher = Dispatcher(app, lambda: False, lambda _seconds: None)
        dispatcher.look()
        for send in app.store.ledger.sends.of(app.store.editions.get("daily/2026-03-04").row):
            app.store.ledger.sends.move(send.id, "sending", post.now)
        dispatcher.look()
    assert post.state() is EditionState.SENT


def test_a_slow_send_is_never_old_news_to_the_process_at_work_on_it(post: Post) -> None:
    post.send()
    with post.open() as app:
        dispatcher = Dispatcher(app, lambda: False, lambda _seconds: None)
        dispatcher.look()
        publish(app, app.newsletters[0], DUE, deliver=False)
        post.pass_by(30 * HOUR)
        dispatcher.look()
    assert post.state() is EditionState.SENT


def test_a_fault_is_told_and_stops_no_other_edition(post: Post, look_for: Callable[[], Callable[[str], int]]) -> None:
    post.plan()
    told = look_for()
    name = post.room.newsletter
    post.room.newsletter = name.replace('"daily"', '"other"')
    post.room.add("cy@example.org", to="other")
    post.plan()
    with post.open() as app:
        dispatcher = Dispatcher(app, lambda: False, lambda _seconds: None)
        dispatcher.look()
        dispatcher.look()
        assert report(app.store, "other/2026-03-04").state is EditionState.SENT
        assert told("send_stopped") == 1, "asked again at once"
        assert 'no newsletter "daily"' in stopped_by(app, "daily/2026-03-04")
        assert stopped_by(app, "other/2026-03-04") == ""
        post.pass_by(timedelta(minutes=2))
        dispatcher.look()
        assert told("send_stopped") == 2
        note_stop(app, "daily/2026-03-04", "")
        dispatcher.look()
        assert told("send_stopped") == 3, "a person who says that it is mended is believed at once"
    post.room.newsletter = name
    post.send()
    assert post.state() is EditionState.SENT
    with post.open() as app:
        assert stopped_by(app, "daily/2026-03-04") == ""


@pytest.fixture
def look_for() -> Callable[[], Callable[[str], int]]:
    """Return what begins to count events by name."""
    import structlog
    from structlog.testing import LogCapture

    def begin() -> Callable[[str], int]:
        heard = LogCapture()
        structlog.configure(processors=[heard])
        return lambda name: sum(each["event"] == name for each in heard.entries)

    yield begin
    structlog.reset_defaults()


def test_a_correction_that_was_cut_short_is_finished_too(post: Post) -> None:
    post.plan()
    post.send()
    with post.open() as app:
        stored = app.store.editions.get("daily/2026-03-04")
        assert stored.message is not None
        row = stored.row
        app.store.editions.keep_message(stored.id, "correction-1", stored.message)
        got = [send.id for send in app.store.ledger.sends.of(row, "")]
        app.store.ledger.sends.plan(
            row,
            lambda connection, after, limit: app.store.ledger.accounts.sent_page(connection, got, after, limit),
            purpose="correction-1", audience="those who got it", provider="outbox", size=10, now=post.now,
        )  # fmt: skip
    post.send()
    with post.open() as app:
        assert report(app.store, "daily/2026-03-04", "correction-1").sent == 2


def test_the_sender_tells_that_it_looks_and_its_silence_is_a_fault(post: Post) -> None:
    post.send()
    with post.open() as app:
        assert health_of(app, post.now).look == post.now
        assert health_of(app, post.now).faults == ()
        assert "process that sends" in health_of(app, post.now + HOUR).faults[0]


class Greylisting(FakeProvider):
    """Puts off whatever one newsletter sends, until told otherwise."""

    def __init__(self, newsletter: str) -> None:
        super().__init__()
        self.newsletter, self.is_over = newsletter, False

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        is_put_off = mailing.envelope.edition.startswith(self.newsletter) and not self.is_over
        self.plan = [{each.id: "later" for each in parcel.recipients}] if is_put_off else []
        return super().deliver(mailing, parcel)


def two_editions(post: Post) -> None:
    post.plan()
    post.room.newsletter = f"{post.room.newsletter}\n[[newsletters]]\n{post.room.newsletter.replace('daily', 'other')}"
    post.room.add("cy@example.org", to="other")
    with post.open() as app:
        publish(app, app.newsletters[1], DUE, deliver=False)


def test_mail_that_was_put_off_in_one_edition_delays_no_other(post: Post) -> None:
    two_editions(post)
    provider = Greylisting("daily")
    with post.open() as app:
        app = replace(app, open_provider=lambda: provider)
        dispatcher = Dispatcher(app, lambda: False, lambda seconds: post.pass_by(timedelta(seconds=seconds)))
        began = post.now
        dispatcher.look()
        assert report(app.store, "other/2026-03-04").state is EditionState.SENT
        assert report(app.store, "daily/2026-03-04").unsent == 2
        assert post.now - began < timedelta(seconds=1), "nobody waited"
        provider.is_over = True
        dispatcher.look()
        assert report(app.store, "daily/2026-03-04").unsent == 2, "an edition that gave way rests"
        post.pass_by(REST)
        dispatcher.look()
        assert report(app.store, "daily/2026-03-04").sent == 2
    assert set(provider.got.values()) == {1}


def test_two_editions_that_wait_by_turns_are_given_up_at_the_deadline_all_the_same(post: Post) -> None:
    two_editions(post)
    provider = Greylisting("")
    names = ("daily/2026-03-04", "other/2026-03-04")
    with post.open() as app:
        app = replace(app, open_provider=lambda: provider)
        dispatcher = Dispatcher(app, lambda: False, lambda _seconds: post.pass_by(HOUR / 2))
        stopped: set[str] = set()
        while stopped != set(names) and post.now < DUE + 9 * HOUR:
            dispatcher.look()
            stopped |= {name for name in names if "still busy at the deadline" in stopped_by(app, name)}
            post.pass_by(HOUR / 2)
        assert stopped == set(names)
        assert DUE + 4 * HOUR <= post.now < DUE + 7 * HOUR
        assert [report(app.store, name).unsent for name in names] == [2, 1]
