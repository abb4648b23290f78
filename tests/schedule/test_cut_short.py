"""A scheduler, an editor or a sender that dies between two transactions leaves nothing that the next look does not mend."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import insert

from digest.bootstrap import build
from digest.config import read_config
from digest.errors import ProviderRefused, StoreError
from digest.model import EditionState
from digest.pipeline.accounting import tally
from digest.pipeline.app import App
from digest.pipeline.appointing import GRACE, appoint, vouch
from digest.pipeline.collecting import collect
from digest.pipeline.composing import compose
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.editing import approve, correct_edition, hold, reopen, skip, undo
from digest.pipeline.publishing import publish
from digest.pipeline.recording import recorded
from digest.pipeline.send import go_on, pause, report
from digest.pipeline.telling import tell_again
from digest.schedule.appointed import run_appointed
from digest.schedule.running import run_due
from digest.store.ledger_tables import sends
from digest.store.plans import GIVEN_UP
from digest.web.admin.sendings import Sendings
from tests.background import until_done
from tests.dying import MOST, dies_after, lives
from tests.newsroom import EVENTS, Newsroom
from tests.send.worlds import folder_in_memory

NAME = "daily/2026-03-04"
DUE = datetime(2026, 3, 4, 7, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

Act = Callable[[App], object]
Said = TypeVar("Said")


@dataclass
class House:
    """A newsletter in a folder, whose processes come and go."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    now: datetime = DUE - HOUR

    def found(self, settings: str = "", **more: str) -> None:
        """Set the newsletter up and let its scheduler look for the first time, before anything is due."""
        room = Newsroom(self.folder, self.capture)
        room.newsletter = f'slug = "daily"\nopt_in = "single"\nlate_hours = 3\n{settings}'
        room.site += '\nalarm_mail = "desk@daily.example"'
        room.report("tide", *EVENTS, at=DUE - 12 * HOUR)
        room.write_config()
        room.add("ann@example.org", "bo@example.org")
        for address, field in more.items():
            room.digest("subscribers", "set", f"{address}@example.org", field)
        self.act(look)

    def act(self, act: Act, dies_with: int = MOST) -> bool:
        """Be a process that does something, and may die with one of its transactions; tell whether it lived."""
        app = replace(build(read_config(self.folder / "config.toml"), now=self.now), clock=lambda: self.now)
        dies_after(app.store, dies_with)
        try:
            return lives(partial(act, app))
        finally:
            app.store.close()

    def each_death(self, act: Act) -> Iterator[House]:
        """Let a process die with its first, second … transaction; yield a copy of what each left."""
        for commits in range(1, MOST):
            place = self.folder.with_name(f"{self.folder.name}-{commits}")
            shutil.copytree(self.folder, place)
            left = House(place, self.capture, self.now)
            is_over = left.act(act, commits)
            yield left
            shutil.rmtree(place)
            if is_over:
                return
        raise AssertionError(f"more than {MOST} transactions")

    def asked(self, ask: Callable[[App], Said]) -> Said:
        """Ask what is kept."""
        said: list[Said] = []
        self.act(lambda app: said.append(ask(app)))
        return said[0]

    @property
    def state(self) -> EditionState:
        return self.asked(lambda app: app.store.editions.get(NAME).state)

    @property
    def room(self) -> Newsroom:
        return Newsroom(self.folder, self.capture)

    @property
    def mails(self) -> int:
        return len(self.room.mails())

    @property
    def told(self) -> set[str]:
        """What kinds of alarm the desk was told."""
        lines = self.room.journal
        return {each["edition"].rpartition("/")[2] for each in lines if each["edition"].startswith("alarms/")}


@pytest.fixture
def house(capsys: pytest.CaptureFixture[str]) -> Iterator[House]:
    with folder_in_memory() as memory:
        (memory / "news").mkdir()
        yield House(memory / "news", capsys)


def look(app: App) -> None:
    """Be the scheduler for one look."""
    now = app.clock()
    run_due(app, app.newsletters[0], now)
    run_appointed(app, now)
    tell_again(app)


def send(app: App) -> None:
    """Be the process that sends for one look."""
    Dispatcher(app, lambda: False, lambda _seconds: None).look()


def look_and_send(app: App) -> None:
    look(app)
    send(app)


def gather(app: App) -> None:
    collect(app, app.sources, app.clock(), force=True)


def collected(house: House) -> tuple[object, ...]:
    """Return what is kept of the sources: articles, what is remembered, whether a check was written down."""
    return house.asked(
        lambda app: (
            app.store.articles.window(house.now - 48 * HOUR, house.now, ["tide"]),
            app.store.sources.states(["tide"]).keys(),
            bool(app.store.sources.history("tide")),
        )
    )


def test_what_a_source_gave_is_kept_once_wherever_its_collector_died(house):
    house.found()
    whole = House(house.folder.with_name("whole"), house.capture, house.now)
    shutil.copytree(house.folder, whole.folder)
    whole.act(gather)
    for left in house.each_death(gather):
        left.act(gather)
        assert collected(left) == collected(whole)


def test_an_edition_that_somebody_made_meanwhile_stays_as_they_left_it(house):
    house.found()

    def held_meanwhile(app: App) -> None:
        """Compose and hold it, while another process has found none and still asks its sources."""
        compose(app, app.newsletters[0], DUE)
        hold(app, NAME, "kim is not sure")

    def both(app: App) -> None:
        save = app.store.editions.save

        def late(*arguments: object, **options: object) -> object:
            app.store.editions.save = save
            held_meanwhile(app)
            return save(*arguments, **options)

        app.store.editions.save = late
        composed = compose(app, app.newsletters[0], DUE)
        assert composed.stored is not None
        assert composed.stored.state is EditionState.HELD

    assert house.act(both)
    assert house.state is EditionState.HELD


def test_an_edition_that_is_due_goes_once_wherever_its_scheduler_died(house):
    house.found()
    house.now = DUE
    for left in house.each_death(look):
        left.now += 5 * MINUTE
        left.act(look_and_send)
        assert (left.state, left.mails, left.told) == (EditionState.SENT, 2, set())
        left.now += 5 * MINUTE
        left.act(look_and_send)
        assert left.mails == 2


def test_an_edition_goes_after_all_where_another_process_held_its_store_or_its_plan(house):
    house.found()
    house.now = DUE
    house.act(lambda app: compose(app, app.newsletters[0], DUE))

    def while_it_is_locked(app: App) -> None:
        """Look while the database does not let us write, and tells so the moment it is asked to freeze."""
        freeze = app.store.editions.freeze

        def locked(*_: object, **__: object) -> object:
            raise StoreError("locked by another process")

        app.store.editions.freeze = locked
        look(app)
        app.store.editions.freeze = freeze

    house.act(while_it_is_locked)
    assert house.state is EditionState.COMPOSED

    def while_somebody_plans(app: App) -> None:
        """Look while a machine that may live plans the same edition for other people."""
        stored = app.store.editions.get(NAME)
        values = {"edition": stored.row, "purpose": "", "audience": "others", "provider": "outbox", "cursor": 0}
        values |= {"state": "planning", "planner": "elsewhere 1 2", "created_at": house.now, "changed_at": house.now}
        with app.store.begin() as connection:
            connection.execute(insert(sends).values(**values, why=""))
        look(app)

    house.act(while_somebody_plans)
    assert (house.state, plans(house)) == (EditionState.FROZEN, {"planning"})
    house.now += GIVEN_UP + MINUTE
    house.act(look_and_send)
    assert (house.state, house.mails) == (EditionState.SENT, 2)


def test_a_late_edition_is_held_and_the_desk_told_wherever_its_scheduler_died(house):
    house.found('late = "ask"')
    house.now = DUE + HOUR
    for left in house.each_death(look):
        left.now += 5 * MINUTE
        left.act(look_and_send)
        assert (left.state, left.mails, left.told) == (EditionState.HELD, 0, {"held"})


def test_an_edition_with_too_little_in_it_is_told_of_wherever_its_scheduler_died(house):
    house.found("min_stories = 9")
    house.now = DUE
    for left in house.each_death(look):
        left.now += 5 * MINUTE
        left.act(look_and_send)
        assert (left.state, left.mails, left.told) == (EditionState.HELD, 0, {"held"})


def test_readers_of_every_zone_get_it_once_wherever_their_scheduler_died(house):
    house.now = DUE - 10 * HOUR
    house.found("readers_time = true", ann="timezone=Asia/Tokyo")
    house.now = DUE - 9 * HOUR - 5 * MINUTE
    house.act(look)  # composes ahead
    house.now += 5 * MINUTE
    for left in house.each_death(look):
        left.now += 5 * MINUTE
        left.act(look_and_send)
        assert left.mails == 1
        left.now = DUE
        left.act(look_and_send)
        assert (left.mails, left.told) == (2, set())


def test_what_was_begun_and_is_too_late_to_be_finished_is_told(house):
    house.found()
    house.now = DUE
    for left in house.each_death(look):
        left.now += 8 * HOUR
        left.act(look)
        if not left.asked(lambda app: app.store.editions.list()):
            continue
        is_cut_short = plans(left) == {"planning"} or (left.state is EditionState.FROZEN and not plans(left))
        assert left.told == ({"failed"} if is_cut_short else set())


def chosen(house: House) -> None:
    """Give the edition a time of its own, half an hour after its newsletter's."""
    house.found()
    house.now = DUE - HOUR / 2
    house.act(lambda app: compose(app, app.newsletters[0], DUE))
    house.act(lambda app: appoint(app, NAME, DUE + HOUR / 2, "kim"))
    house.now = DUE
    house.act(look)
    house.now = DUE + HOUR / 2


def test_an_edition_with_a_time_of_its_own_goes_once_wherever_its_scheduler_died(house):
    chosen(house)
    for left in house.each_death(look):
        left.now += MINUTE / 3
        left.act(look_and_send)
        assert (left.state, left.mails, left.told) == (EditionState.SENT, 2, set())
        assert left.asked(lambda app: app.store.appointments.due(app.clock())) == ()


def test_a_time_that_came_while_nobody_was_there_is_asked_about_wherever_that_died(house):
    chosen(house)
    house.now += 8 * HOUR
    for left in house.each_death(look):
        left.now += MINUTE / 3
        left.act(look_and_send)
        assert (left.state, left.mails, left.told) == (EditionState.HELD, 0, {"held"})


def sent_from_a_page(app: App) -> None:
    """Be a page on which somebody sends the edition an hour before it is due."""
    stored = app.store.editions.get(NAME)
    with recorded(app, {"at": app.clock(), "how": "admin", "who": "kim"}, "send begun", NAME) as acting:
        vouch(acting, stored, "kim")
        stored = approve(acting, NAME, "kim")
    Sendings(app).publish(stored)


def test_an_edition_that_somebody_sends_from_a_page_goes_once_wherever_its_process_died(house):
    house.found()
    house.act(lambda app: compose(app, app.newsletters[0], DUE))
    for left in house.each_death(sent_from_a_page):
        left.act(look_and_send)  # the schedule leaves it to the page for a while, where it is not planned yet
        left.now += GRACE
        left.act(look_and_send)
        assert (left.state, left.mails, left.told) == (EditionState.SENT, 2, set())
        left.now = DUE
        left.act(look_and_send)
        assert left.mails == 2


def paused(house: House) -> None:
    """Plan the edition with a sender about, and pause it."""
    planned(house)
    house.act(lambda app: pause(app.store, NAME, DUE, "paused by kim"))


def gone_on_with_from_a_page(app: App) -> None:
    """Be a page on which somebody presses "Go on", and the thread that it begins."""
    with recorded(app, {"at": app.clock(), "how": "admin", "who": "kim"}, "send: resume", NAME) as acting:
        go_on(acting.store, NAME, app.clock())
    sendings = Sendings(app)
    sendings.resume(app.store.editions.get(NAME))
    until_done(f"send {NAME}")
    app.store.meta.set("what comes after", "nothing")  # where the thread died, its process did


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the process is dead
def test_what_somebody_goes_on_with_on_a_page_goes_wherever_its_process_died(house):
    paused(house)
    assert house.state is EditionState.PAUSED
    for left in house.each_death(gone_on_with_from_a_page):
        left.now += MINUTE
        left.act(send)
        assert (left.state, left.mails, left.told) == (EditionState.SENT, 2, set())


def test_a_plan_that_was_paused_is_finished_wherever_whoever_goes_on_with_it_died(house):
    composed(house)
    house.act(begin, 2)
    assert plans(house) == {"planning"}
    house.act(lambda app: pause(app.store, NAME, DUE, "paused by kim"))
    for left in house.each_death(lambda app: go_on(app.store, NAME, DUE)):
        left.now += MINUTE
        left.act(send)
        assert (left.state, left.mails, left.told) == (EditionState.SENT, 2, set())


def test_a_cut_short_plan_that_is_old_news_has_its_button_whatever_the_state(house):
    composed(house)
    house.act(begin, 2)
    house.now += 8 * HOUR
    house.act(send)
    for state in (EditionState.SENT, EditionState.SENDING):
        with_others = house.asked(lambda app, state=state: replace(tally(app.store, NAME), state=state, unsent=2))
        assert house.asked(lambda app, told=with_others: Sendings(app).is_cut_short(told))


def test_what_stops_a_send_from_a_page_is_for_a_person_and_not_for_the_schedule(house):
    house.found()
    house.act(lambda app: compose(app, app.newsletters[0], DUE))
    (house.folder / "out" / "journal.jsonl").mkdir(parents=True)  # nothing can be written there

    def refused(app: App) -> None:
        with pytest.raises(ProviderRefused):
            sent_from_a_page(app)

    assert house.act(refused)
    assert house.asked(lambda app: app.store.appointments.of(app.store.editions.get(NAME).row)) is None


def planned(house: House) -> None:
    house.found()
    house.act(send)
    house.now = DUE
    house.act(lambda app: publish(app, app.newsletters[0], DUE, deliver=False))


def composed(house: House) -> None:
    house.found()
    house.act(send)
    house.now = DUE
    house.act(lambda app: compose(app, app.newsletters[0], DUE))


def begin(app: App) -> None:
    """Be a page on which somebody lets the edition go."""
    publish(app, app.newsletters[0], DUE, deliver=False)


def plans(house: House) -> set[str]:
    """Return the states of what is planned."""
    return house.asked(lambda app: {each.state for each in app.store.ledger.sends.of(1)})


def test_a_plan_is_finished_by_the_sender_where_whoever_made_it_died(house):
    composed(house)
    for left in house.each_death(begin):
        was_planned = bool(plans(left))
        left.now += MINUTE
        left.act(send)
        assert (left.mails, left.state is EditionState.SENT) == ((2, True) if was_planned else (0, False))
        left.act(begin)  # pressed once more
        left.act(send)
        assert (left.mails, left.state) == (2, EditionState.SENT)


def test_a_plan_that_is_old_news_is_told_and_finished_by_a_person_alone(house):
    composed(house)
    for left in house.each_death(begin):
        if plans(left) != {"planning"}:
            continue
        left.now += 8 * HOUR
        for _ in range(2):
            left.act(send)
            assert (left.mails, left.told) == (0, {"stopped"})
            left.now += 2 * MINUTE
        assert left.room.digest("resume", NAME, now=None).code == 0
        assert (left.mails, left.state) == (2, EditionState.SENT)


def test_the_next_sender_ends_what_one_that_died_began(house):
    planned(house)
    for left in house.each_death(send):
        left.now += MINUTE
        left.act(send)
        assert (left.state, left.mails) == (EditionState.SENT, 2)
        assert left.asked(lambda app: report(app.store, NAME).unsent) == 0


def test_old_news_waits_for_a_person_wherever_the_sender_died_that_found_it(house):
    planned(house)
    house.now += 8 * HOUR
    for left in house.each_death(send):
        left.now += MINUTE
        left.act(send)
        assert (left.state, left.mails, left.told) == (EditionState.PAUSED, 0, {"stopped"})


def test_an_edition_with_a_reason_to_be_held_is_never_free_to_go_while_it_is_reopened(house):
    house.found("min_stories = 9")
    house.act(lambda app: compose(app, app.newsletters[0], DUE))
    house.act(lambda app: skip(app, NAME, "no news"))
    for left in house.each_death(lambda app: reopen(app, NAME)):
        assert left.state is EditionState.HELD


def titles(app: App) -> list[str]:
    return [story.title for story in app.store.editions.get(NAME).edition.stories]


def test_an_editor_s_decision_and_the_edition_never_disagree(house):
    house.found()
    house.act(lambda app: compose(app, app.newsletters[0], DUE))
    (key,) = house.asked(lambda app: [app.store.editions.get(NAME).edition.lead.key])
    before = house.asked(titles)

    def retitle(app: App) -> None:
        correct_edition(app, NAME, "retitle", [key], who="kim", now=app.clock(), text="Anew")

    def agree(house: House) -> bool:
        held = house.asked(lambda app: [each.text for each in app.store.corrections.history(NAME)])
        assert (held, house.asked(titles)[0]) in (([], before[0]), (["Anew"], "Anew"))
        return bool(held)

    assert {agree(left) for left in house.each_death(retitle)} == {True}
    house.act(retitle)
    assert {agree(left) for left in house.each_death(lambda app: undo(app, NAME))} == {False}


@pytest.mark.parametrize("decide", [approve, hold], ids=["approve", "hold"])
def test_what_is_decided_of_an_edition_is_kept_at_once(house, decide):
    house.found()
    house.act(lambda app: compose(app, app.newsletters[0], DUE))
    states = [left.state for left in house.each_death(lambda app: decide(app, NAME, "kim"))]
    assert set(states) == {EditionState.APPROVED if decide is approve else EditionState.HELD}
