"""What was put back from a backup sends nothing by itself that may have gone since: that is for a person to say."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.pipeline.appointing import appoint
from digest.pipeline.composing import compose
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.publishing import publish
from digest.pipeline.resting import let_rest
from digest.pipeline.send import report
from digest.schedule.appointed import run_appointed
from digest.schedule.running import run_due
from tests.newsroom import EVENTS, Newsroom

NAME = "daily/2026-03-04"
DUE = datetime(2026, 3, 4, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Newsroom:
    """Return a newsletter due at seven, which makes good for hours what it missed."""
    room = Newsroom(tmp_path / "news", capsys)
    room.folder.mkdir()
    room.newsletter = (
        'slug = "daily"\nopt_in = "single"\nmin_stories = 1\nsend_at = "07:00"\nlate = "send"\nlate_hours = 8'
    )
    room.report("tide", *EVENTS, at=DUE - 3 * HOUR)
    room.add("ann@example.org", "bo@example.org")
    with_app(room, lambda app: run_due(app, app.newsletters[0], DUE - HOUR), DUE - HOUR)
    return room


def with_app(room, act, now=DUE):
    """Do something as a process of its own."""
    app = replace(build(read_config(room.write_config()), now=now), clock=lambda: now)
    try:
        return act(app)
    finally:
        app.store.close()


def look(app: App) -> None:
    """Be the schedule and the sender, once."""
    for newsletter in app.newsletters:
        run_due(app, newsletter, app.clock())
    run_appointed(app, app.clock())
    Dispatcher(app, lambda: False, lambda _seconds: None).look()


def back(room: Newsroom, archive: Path) -> str:
    """Put a backup back; return what was said."""
    ran = room.digest("restore", str(archive), "--yes")
    assert ran.code == 0, ran.err
    return ran.err


def backup(room: Newsroom) -> Path:
    archive = room.folder.parent / "back.zip"
    assert room.digest("backup", str(archive)).code == 0
    return archive


def test_an_edition_that_went_after_the_backup_does_not_go_again(room: Newsroom) -> None:
    archive = backup(room)
    with_app(room, look, DUE)
    assert len(room.journal) == 2
    (room.folder / "out" / "journal.jsonl").unlink()  # as a provider that remembers nothing
    said = back(room, archive)
    assert "does not know what left since, so nothing goes by itself" in said
    with_app(room, look, DUE + HOUR)
    assert room.journal == []


def test_the_next_edition_goes_as_ever(room: Newsroom) -> None:
    back(room, backup(room))
    with_app(room, look, DUE + HOUR)
    assert room.journal == []
    room.report("tide", *EVENTS, at=DUE + 20 * HOUR)
    with_app(room, look, DUE + 24 * HOUR)
    assert {mail["edition"] for mail in room.journal} == {"daily/2026-03-05"}


def test_what_was_on_its_way_is_paused_and_goes_on_where_a_person_says_so(room: Newsroom) -> None:
    with_app(room, lambda app: publish(app, app.newsletters[0], DUE, deliver=False))
    said = back(room, backup(room))
    assert f"digest resume {NAME} sends the rest, digest cancel {NAME} ends it" in said
    with_app(room, look, DUE + HOUR)
    assert room.journal == []
    assert with_app(room, lambda app: report(app.store, NAME)).state == "paused"
    assert room.digest("resume", NAME, now=None).code == 0
    assert len(room.journal) == 2


@pytest.mark.parametrize("copied_at", [DUE + HOUR, DUE + 3 * HOUR])
def test_an_edition_whose_own_time_came_since_waits_for_a_person(room: Newsroom, copied_at: datetime) -> None:
    """One whose time came before the copy was made had not gone then, so the schedule asks about it as ever."""
    with_app(room, lambda app: compose(app, app.newsletters[0], DUE))
    with_app(room, lambda app: appoint(app, NAME, DUE + 2 * HOUR, "kim"))
    database = room.folder / "var" / "digest.db"
    let_rest(database, copied_at, DUE + 4 * HOUR)
    stored = with_app(room, lambda app: app.store.editions.get(NAME))
    is_since = copied_at < DUE + 2 * HOUR
    assert stored.state == ("held" if is_since else "composed")
    assert ("does not know what left since" in stored.why) == is_since
    assert (with_app(room, lambda app: app.store.appointments.of(stored.row)) is None) == is_since


def test_done_again_it_changes_nothing_more(room: Newsroom) -> None:
    with_app(room, lambda app: publish(app, app.newsletters[0], DUE, deliver=False))
    database, twice = room.folder / "var" / "digest.db", room.folder / "twice.db"
    let_rest(database, DUE, DUE + HOUR)
    shutil.copy(database, twice)
    let_rest(twice, DUE, DUE + 2 * HOUR)
    assert twice.read_bytes() == database.read_bytes()


def test_the_help_says_what_becomes_of_sends_and_times(room: Newsroom) -> None:
    told = " ".join(room.digest("restore", "--help").out.split())
    assert "a send on its way is paused" in told
    assert "an edition whose own time passed since is held" in told
