"""What the schedule does with a run: a real newsletter, a real store, a driven clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.editing import skip
from digest.pipeline.telling import Alarm, tell, tell_again
from digest.schedule.running import rule_of, run_due
from tests.newsroom import EVENTS, Newsroom

DUE = datetime(2026, 3, 4, 7, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Daily:
    """A daily newsletter under a clock that is driven by hand."""

    def __init__(self, room: Newsroom, settings: str = "") -> None:
        self.room = room
        room.newsletter = f'slug = "daily"\nopt_in = "single"\n{settings}'
        room.report("tide", EVENTS[0])
        room.add("ann@example.org", "bo@example.org")

    def open(self) -> App:
        """Return the application, as a new process would build it."""
        return build(read_config(self.room.write_config()), now=DUE)

    def look(self, now: datetime) -> list[str]:
        """Look at the clock once, as processes of their own; return what was decided."""
        app = self.open()
        try:
            decided = [each.action for each in run_due(app, app.newsletters[0], now)]
            send_planned(app)
            return decided
        finally:
            app.store.close()

    def news(self, at: datetime, number: int) -> None:
        """Other things happen."""
        self.room.report("tide", *EVENTS[number : number + 3], at=at)

    def editions(self) -> dict[str, str]:
        """Return the state of each edition there is."""
        ran = self.room.digest("edition", "list", "--json")
        return {each["edition"]: each["state"] for each in ran.values}


def send_planned(app: App) -> None:
    """Be the process that sends, for one look."""
    Dispatcher(app, lambda: False, lambda _seconds: None).look()


@pytest.fixture
def daily(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Daily]:
    """Return what makes a newsletter of some settings."""
    return lambda settings="": Daily(Newsroom(tmp_path, capsys), settings)


def test_the_edition_goes_when_it_is_due_and_once(daily: Callable[..., Daily]) -> None:
    paper = daily()
    assert paper.look(DUE - HOUR) == []
    assert paper.look(DUE) == ["send"]
    assert paper.look(DUE + timedelta(minutes=1)) == []
    assert len(paper.room.journal) == 2
    assert paper.editions() == {"daily/2026-03-04": "sent"}


def test_a_run_missed_after_the_first_start_is_known_to_be_missed(daily: Callable[..., Daily]) -> None:
    paper = daily()
    paper.look(DUE - HOUR)
    assert paper.look(DUE + 2 * HOUR) == ["send"]
    assert len(paper.room.journal) == 2


def test_a_run_too_late_is_skipped_and_the_next_day_goes_as_ever(daily: Callable[..., Daily]) -> None:
    paper = daily("late_hours = 3")
    paper.look(DUE - HOUR)
    assert paper.look(DUE + 5 * HOUR) == ["skip"]
    assert paper.room.journal == []
    paper.news(DUE + DAY - HOUR, 1)
    assert paper.look(DUE + DAY) == ["send"]
    assert paper.editions() == {"daily/2026-03-05": "sent"}


def test_a_late_run_asks_a_person_where_that_is_wanted(daily: Callable[..., Daily]) -> None:
    paper = daily('late = "ask"')
    paper.look(DUE - HOUR)
    assert paper.look(DUE + 2 * HOUR) == ["ask"]
    assert paper.editions() == {"daily/2026-03-04": "held"}
    assert paper.room.journal == []
    assert paper.room.digest("edition", "approve", "daily/2026-03-04").code == 0
    assert paper.room.digest("send", "--edition", "daily/2026-03-04", "--yes", now=None).code == 0
    assert len(paper.room.journal) == 2


def test_a_late_evening_edition_made_after_midnight_is_still_that_evening_s(
    daily: Callable[..., Daily],
) -> None:
    paper = daily('send_at = "23:30"')
    paper.room.report("tide", EVENTS[0], at=DUE + 15 * HOUR)
    paper.look(DUE + 16 * HOUR)
    assert paper.look(DUE + 18 * HOUR) == ["send"]
    assert paper.editions() == {"daily/2026-03-04": "sent"}
    paper.news(DUE + 39 * HOUR, 1)
    assert paper.look(DUE + DAY + timedelta(hours=16, minutes=30)) == ["send"]
    assert set(paper.editions()) == {"daily/2026-03-04", "daily/2026-03-05"}


def test_an_edition_of_before_midnight_whose_time_came_after_it_is_sent_by_its_name(
    daily: Callable[..., Daily],
) -> None:
    # Nuuk's clocks went from 23:00 on 29 March 2025 to midnight: half past eleven never came.
    gap = datetime(2025, 3, 30, 1, tzinfo=UTC)
    paper = daily('send_at = "23:30"\ntimezone = "America/Nuuk"\napproval = "required"')
    paper.room.report("tide", EVENTS[0], at=gap - HOUR)
    paper.look(gap - 2 * HOUR)
    assert paper.look(gap) == ["send"]
    assert paper.editions() == {"daily/2025-03-29": "composed"}
    assert paper.room.digest("edition", "approve", "daily/2025-03-29").code == 0
    ran = paper.room.digest("send", "--edition", "daily/2025-03-29", "--yes", now=None)
    assert ran.code == 0, ran.err
    assert paper.editions() == {"daily/2025-03-29": "sent"}
    assert len(paper.room.journal) == 2


def test_sent_by_hand_an_edition_in_readers_time_goes_to_everyone_and_says_so(daily: Callable[..., Daily]) -> None:
    paper = daily('timezone = "Europe/Berlin"\nreaders_time = true')
    paper.room.digest("subscribers", "add", "daily", "kei@example.org", "--field", "timezone=Asia/Tokyo")
    ran = paper.room.digest("send", "--yes", now=DUE)
    assert "each reader's own time" in ran.err
    assert len(paper.room.journal) == 3
    assert paper.look(DUE) == []


def test_several_times_a_day_make_an_edition_each(daily: Callable[..., Daily]) -> None:
    paper = daily('send_at = ["07:00", "17:30"]')
    assert paper.look(DUE) == ["send"]
    paper.news(DUE + 9 * HOUR, 1)
    assert paper.look(DUE + timedelta(hours=10, minutes=30)) == ["send"]
    assert set(paper.editions()) == {"daily/2026-03-04/0700", "daily/2026-03-04/1730"}


def test_a_clock_set_back_sends_nothing_again(daily: Callable[..., Daily]) -> None:
    paper = daily()
    paper.look(DUE)
    assert paper.look(DUE - timedelta(minutes=10)) == []
    assert paper.look(DUE) == []
    assert len(paper.room.journal) == 2


def test_a_process_killed_before_it_noted_the_run_sends_nothing_twice(daily: Callable[..., Daily]) -> None:
    paper = daily()
    paper.look(DUE - HOUR)
    paper.look(DUE)
    app = paper.open()
    app.store.meta.set("last run of daily", (DUE - HOUR).isoformat())
    app.store.close()
    assert paper.look(DUE + timedelta(minutes=2)) == ["send"]
    assert len(paper.room.journal) == 2


def test_two_schedules_at_once_make_one_edition(daily: Callable[..., Daily]) -> None:
    paper = daily()
    paper.look(DUE - HOUR)
    apps = [paper.open(), paper.open()]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda app: (run_due(app, app.newsletters[0], DUE), send_planned(app)), apps))
    for app in apps:
        app.store.close()
    assert sorted(each["recipient"] for each in paper.room.journal) == sorted(
        {each["recipient"] for each in paper.room.journal}
    )
    assert len(paper.room.journal) == 2
    assert list(paper.editions()) == ["daily/2026-03-04"]


def test_nothing_to_send_is_told_and_the_schedule_goes_on(daily: Callable[..., Daily]) -> None:
    paper = daily()
    assert paper.look(DUE) == ["send"]
    assert paper.look(DUE + DAY) == ["send"]
    assert len(paper.room.journal) == 2
    paper.news(DUE + 2 * DAY - HOUR, 1)
    assert paper.look(DUE + 2 * DAY) == ["send"]
    assert len(paper.room.journal) == 4


def test_a_provider_that_is_busy_is_asked_again_until_it_is_too_late(daily: Callable[..., Daily]) -> None:
    paper = daily("late_hours = 2")
    paper.room.provider = 'kind = "smtp"\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"'
    paper.room.site += '\nunsubscribe_mailbox = "leave@daily.example"'
    assert paper.look(DUE) == ["send"]
    paper.room.provider = 'kind = "outbox"'
    assert paper.look(DUE + HOUR) == ["send"]
    assert paper.editions() == {"daily/2026-03-04": "sent"}
    assert len(paper.room.journal) == 2


def test_readers_get_the_same_edition_each_in_their_own_morning(daily: Callable[..., Daily]) -> None:
    paper = daily('timezone = "Europe/Berlin"\nreaders_time = true')
    for name, zone in (("kiri", "Pacific/Auckland"), ("sol", "America/Los_Angeles"), ("odd", "Middle/Earth")):
        ran = paper.room.digest("subscribers", "add", "daily", f"{name}@example.org", "--field", f"timezone={zone}")
        assert ran.code == 0, ran.err
    paper.look(DUE - 20 * HOUR)
    paper.room.report("tide", EVENTS[0], at=DUE - 14 * HOUR)
    mails = []
    for hours in (-14, -13, -2, -1, 0, 7, 8, 9):
        paper.look(DUE + hours * HOUR)
        mails.append(len(paper.room.journal))
    # seven in the morning in Auckland, Berlin and Los Angeles; the odd one goes with Berlin
    assert mails == [0, 1, 1, 4, 4, 4, 5, 5]
    assert paper.editions() == {"daily/2026-03-04": "sent"}
    assert len({each["recipient"] for each in paper.room.journal}) == 5


def test_in_readers_time_the_edition_is_composed_before_the_first_zone_is_due(daily: Callable[..., Daily]) -> None:
    paper = daily('timezone = "Europe/Berlin"\nreaders_time = true')
    paper.room.digest("subscribers", "add", "daily", "kiri@example.org", "--field", "timezone=Pacific/Auckland")
    auckland = DUE - 13 * HOUR
    paper.room.report("tide", EVENTS[0], at=auckland - HOUR)
    paper.look(auckland - HOUR)
    assert paper.editions() == {}
    paper.look(auckland - timedelta(minutes=5))
    assert paper.editions() == {"daily/2026-03-04": "composed"}
    assert paper.room.journal == []
    paper.look(auckland)
    assert len(paper.room.journal) == 1
    paper.look(DUE - HOUR)
    assert len(paper.room.journal) == 3
    assert list(paper.editions()) == ["daily/2026-03-04"]


def test_who_looks_after_it_is_told_once_by_mail_and_webhook(daily: Callable[..., Daily]) -> None:
    paper = daily('late = "ask"')
    with webhook() as (address, heard):
        paper.room.site += f'\nalarm_mail = "desk@daily.example"\nalarm_webhook = "{address}"'
        paper.look(DUE - HOUR)
        paper.look(DUE + 2 * HOUR)
        app = paper.open()
        tell(app, Alarm("daily/2026-03-04", "held", "again"))
        app.store.close()
    assert [each["edition"] for each in heard] == ["daily/2026-03-04"]
    assert "digest edition approve daily/2026-03-04" in heard[0]["text"]
    (mail,) = (paper.room.folder / "out").rglob("*.eml")
    assert b"To: desk@daily.example" in mail.read_bytes()
    assert b"2.0 hours late" in mail.read_bytes()


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("min_stories = 60", "only 1 story, at least 60 wanted"),
        ('approval = "required"', "this newsletter's editions wait for approval"),
    ],
)
def test_an_alarm_names_its_edition_once_and_says_why_it_waits(
    daily: Callable[..., Daily], setting: str, why: str
) -> None:
    paper = daily(setting)
    with webhook() as (address, heard):
        paper.room.site += f'\nalarm_webhook = "{address}"'
        paper.look(DUE - HOUR)
        assert paper.look(DUE) == ["send"]
    (alarm,) = heard
    assert (alarm["what"], alarm["why"]) == ("held", why)
    assert alarm["text"].count("digest edition approve") == 1


def test_an_alarm_speaks_the_newsletters_language_and_no_template_silences_it(daily: Callable[..., Daily]) -> None:
    paper = daily('language = "de"')
    own = paper.room.folder / "templates" / "notices" / "alarm.html"
    own.parent.mkdir(parents=True)
    own.write_text("{{ nonsense }}", encoding="utf-8")
    paper.room.site += '\nalarm_mail = "desk@daily.example"'
    app = paper.open()
    tell(app, Alarm("daily/2026-03-04", "failed", "smtp: login refused"))
    app.store.close()
    (mail,) = (paper.room.folder / "out").rglob("*.eml")
    assert b"Subject: daily/2026-03-04 wurde nicht gesendet" in mail.read_bytes()
    assert b"smtp: login refused" in mail.read_bytes()


def test_a_webhook_that_fails_costs_nothing_and_is_asked_again(daily: Callable[..., Daily]) -> None:
    paper = daily('late = "ask"')
    paper.room.site += '\nalarm_webhook = "http://127.0.0.1:9/"'
    paper.look(DUE - HOUR)
    assert paper.look(DUE + 2 * HOUR) == ["ask"]
    heard: list[bytes] = []
    app = paper.open()
    tell(app, Alarm("daily/2026-03-04", "held", "late"), post=lambda _url, body: heard.append(body))
    app.store.close()
    assert len(heard) == 1


def test_an_alarm_that_nobody_took_is_told_again_as_long_as_it_is_so(daily: Callable[..., Daily]) -> None:
    paper = daily('late = "ask"')
    paper.room.site += '\nalarm_mail = "desk@daily.example"\nalarm_webhook = "http://127.0.0.1:9/"'
    now = DUE - HOUR
    app = replace(paper.open(), clock=lambda: now)
    run_due(app, app.newsletters[0], now)
    now = DUE + 2 * HOUR
    run_due(app, app.newsletters[0], now)
    heard: list[bytes] = []

    def hear(_url: str, body: bytes) -> None:
        heard.append(body)

    tell_again(app, hear)
    assert heard == [], "somebody is at it at this moment"
    now += HOUR
    tell_again(app)
    for _ in range(2):
        tell_again(app, hear)
    assert [json.loads(body)["what"] for body in heard] == ["held"]
    assert len(paper.room.journal) == 1, "the mail had gone before"
    tell(app, Alarm("daily/2026-03-04", "failed", "no luck"))
    now += HOUR
    skip(app, "daily/2026-03-04", "no longer wanted")
    tell_again(app, hear)
    assert len(heard) == 1
    tell(app, Alarm("daily/2026-03-05", "failed", "no luck"))
    now += 2 * DAY
    tell_again(app, hear)
    assert len(heard) == 1
    assert app.store.meta.beginning("to tell ") == {}
    app.store.close()


def test_an_edition_that_cannot_be_sent_is_an_alarm(daily: Callable[..., Daily]) -> None:
    paper = daily()
    paper.room.report("tide", at=DUE)
    with webhook() as (address, heard):
        paper.room.site += f'\nalarm_webhook = "{address}"'
        paper.look(DUE)
    assert [each["what"] for each in heard] == ["failed"]
    assert "nothing to send" in heard[0]["why"]


@contextmanager
def webhook() -> Iterator[tuple[str, list[Any]]]:
    """Serve an address that keeps the JSON it is sent."""
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", heard
        server.shutdown()
        thread.join()


def test_settings_become_a_rule(daily: Callable[..., Daily]) -> None:
    app = daily(
        'send_at = "06:15"\nevery_hours = 8\ndays = ["mon"]\nmonth_days = [31]\nholidays = ["2026-12-24", "12-25"]\n'
    ).open()
    rule = rule_of(app.newsletters[0])
    app.store.close()
    assert [f"{at:%H:%M}" for at in rule.clock] == ["06:15", "14:15", "22:15"]
    assert (rule.days, rule.month_days) == (("mon",), (31,))
    assert [each.isoformat() for each in rule.holidays] == ["2026-12-24"]
    assert rule.yearly == {(12, 25)}
