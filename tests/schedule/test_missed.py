"""What is done about a run that nobody made in time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.schedule import Policy, Rule, due_between, missed, next_due

ZONE = ZoneInfo("Europe/Berlin")
DAILY = Rule((time(7),))
YESTERDAY = datetime(2026, 3, 3, 6, tzinfo=UTC)
TODAY = datetime(2026, 3, 4, 6, tzinfo=UTC)

CASES = [
    ("on time", timedelta(0), "skip", "send"),
    ("a minute late because the machine was busy", timedelta(minutes=1), "skip", "send"),
    ("three hours late, four allowed", timedelta(hours=3), "send", "send"),
    ("exactly four hours late, four allowed", timedelta(hours=4), "send", "send"),
    ("five hours late, four allowed", timedelta(hours=5), "send", "skip"),
    ("an hour late, none wanted", timedelta(hours=1), "skip", "skip"),
    ("an hour late, a person is asked", timedelta(hours=1), "ask", "ask"),
    ("twenty hours late, a person is asked", timedelta(hours=20), "ask", "ask"),
]


@pytest.mark.parametrize(("late", "policy", "action"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_run_that_is(late: timedelta, policy: Policy, action: Policy) -> None:
    (decision,) = missed(DAILY, ZONE, YESTERDAY, TODAY + late, policy, late_hours=4)
    assert decision.action == action
    assert decision.due.at == TODAY
    assert decision.why


def test_nothing_is_decided_twice() -> None:
    assert missed(DAILY, ZONE, TODAY, TODAY + timedelta(hours=1)) == ()


def test_a_first_start_has_missed_nothing() -> None:
    assert missed(DAILY, ZONE, None, TODAY + timedelta(hours=1)) == ()


def test_a_first_start_at_the_very_time_sends() -> None:
    assert [d.action for d in missed(DAILY, ZONE, None, TODAY)] == ["send"]


def test_a_clock_set_back_gives_nothing_to_do() -> None:
    assert missed(DAILY, ZONE, TODAY, TODAY - timedelta(hours=2)) == ()


def test_after_a_week_away_only_the_newest_edition_goes() -> None:
    decisions = missed(DAILY, ZONE, YESTERDAY - timedelta(days=6), TODAY + timedelta(hours=1))
    assert [d.action for d in decisions] == ["skip"] * 6 + ["send"]


def test_of_two_slots_missed_today_the_later_goes() -> None:
    rule = Rule((time(6), time(7)))
    decisions = missed(rule, ZONE, YESTERDAY, TODAY + timedelta(hours=1))
    assert [(d.due.slot, d.action) for d in decisions] == [("0600", "skip"), ("0700", "send")]


def test_the_reason_names_the_hours() -> None:
    (decision,) = missed(DAILY, ZONE, YESTERDAY, TODAY + timedelta(hours=7.5), late_hours=4)
    assert decision.why == "7.5 hours late; at most 4 are allowed"


@given(
    away=st.integers(1, 30 * 24),
    late_hours=st.floats(0, 48),
    policy=st.sampled_from(["send", "skip", "ask"]),
    times=st.lists(st.sampled_from([time(0), time(7), time(12, 30), time(23, 30)]), min_size=1),
)
def test_every_run_is_decided_once_and_at_most_one_instant_goes(
    away: int, late_hours: float, policy: Policy, times: list[time]
) -> None:
    rule, now = Rule(tuple(times)), YESTERDAY + timedelta(hours=away)
    decisions = missed(rule, ZONE, YESTERDAY, now, policy, late_hours)
    assert [d.due for d in decisions] == list(due_between(rule, YESTERDAY, now, ZONE))
    assert len({d.due.at for d in decisions if d.action != "skip"}) <= 1


def test_waking_at_each_due_instant_sends_every_edition() -> None:
    last, sent = YESTERDAY, 0
    for _ in range(400):
        now = next_due(DAILY, last, ZONE)
        assert now is not None
        sent += [d.action for d in missed(DAILY, ZONE, last, now, "skip")].count("send")
        last = now
    assert sent == 400
