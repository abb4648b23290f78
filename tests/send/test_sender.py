"""The whole of sending on a real store: everyone once, whatever the provider does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import (
    EditionConflict,
    EditionHeld,
    NothingToSend,
    ProviderBusy,
    ProviderRefused,
    ProviderUncertain,
)
from digest.model import EditionState
from digest.pipeline import send as sending
from digest.send.provider import Traits
from digest.store import Limits
from tests.send.worlds import World, fleeting
from tests.store.samples import ENVELOPE, MESSAGE, NOW


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.store.close()


def balanced(report) -> bool:
    parts = (report.sent, report.rejected, report.suppressed, report.uncertain, report.cancelled, report.unsent)
    return report.planned == sum(parts)


def test_everyone_gets_it_once(world):
    report = world.send()
    assert report.planned == report.sent == 25
    assert set(world.provider.got.values()) == {1}
    assert report.state is EditionState.SENT


def test_a_rerun_sends_nothing_twice(world):
    world.send()
    before = world.provider.deliveries
    report = world.send()
    assert world.provider.deliveries == before
    assert report.sent == 25
    assert len(world.store.editions.transitions(world.edition.id)) == 3


def test_a_second_run_sends_only_to_those_not_yet_planned(world):
    world.send()
    world.people.count = 32
    report = world.send()
    assert report.planned == report.sent == 32
    assert set(world.provider.got.values()) == {1}


def test_who_left_after_planning_is_suppressed(world):
    world.people.gone = {3, 25}
    report = world.send()
    assert (report.sent, report.suppressed) == (23, 2)
    assert dict(sending.missed(world.store, world.edition.id)) == {3: "suppressed", 25: "suppressed"}


def test_nobody_to_send_to_is_an_error_and_leaves_no_send(world):
    world.people.count = 0
    with pytest.raises(NothingToSend):
        world.send()
    assert world.store.ledger.sends.of(world.store.editions.get(world.edition.id).row) == ()


def test_a_refused_login_plans_nothing(world):
    world.provider.refuses = ProviderRefused("wrong key")
    with pytest.raises(ProviderRefused):
        world.send()
    assert sending.report(world.store, world.edition.id).planned == 0


def test_a_refusal_in_mid_send_stops_it_and_the_rest_stays_unsent(world):
    world.provider.plan = [None, ProviderRefused("sender not verified")]
    with pytest.raises(ProviderRefused):
        world.send()
    report = sending.report(world.store, world.edition.id)
    assert (report.sent, report.unsent, report.uncertain) == (10, 15, 0)
    assert world.send().sent == 25
    assert set(world.provider.got.values()) == {1}


def test_a_busy_provider_is_asked_again_when_it_said(world):
    world.provider.plan = [ProviderBusy("429", retry_after=120)]
    report = world.send()
    assert report.sent == 25
    assert world.clock.now - NOW >= timedelta(seconds=120)


def test_a_provider_busy_past_the_deadline_leaves_the_rest_to_resume(world):
    world.provider.plan = [ProviderBusy("429", retry_after=3600 * 5)]
    with pytest.raises(ProviderBusy, match="resume"):
        world.send()
    assert balanced(sending.report(world.store, world.edition.id))


def test_what_is_uncertain_is_never_resent_blindly(world):
    world.provider.plan = [ProviderUncertain("timed out")]
    report = world.send()
    assert (report.sent, report.uncertain) == (15, 10)
    assert world.send().uncertain == 10
    assert world.resume().uncertain == 10
    assert sum(world.provider.got.values()) == 15


def test_the_uncertain_are_resent_only_where_duplicates_are_accepted(world):
    world.provider.plan = [ProviderUncertain("timed out")]
    world.send()
    arguments = (world.store, world.provider, world.edition.id, ENVELOPE, world.people, world.ways)
    assert sending.resend(*arguments).uncertain == 10
    report = sending.resend(*arguments, accept_duplicates=True)
    assert (report.planned, report.sent, report.uncertain) == (25, 25, 0)


def test_one_bad_address_costs_only_itself_and_can_be_sent_to_again(world):
    world.provider.plan = [{2: "rejected"}]
    report = world.send()
    assert (report.sent, report.rejected) == (24, 1)
    assert report.reasons == (("rejected", "as told", 1),)
    report = sending.resend(world.store, world.provider, world.edition.id, ENVELOPE, world.people, world.ways)
    assert (report.planned, report.sent, report.rejected) == (25, 25, 0)
    assert set(world.provider.got.values()) == {1}


def test_a_provider_that_says_when_means_every_sender(world):
    world.provider.plan = [ProviderBusy("429", retry_after=120)]
    times = []
    world.provider.when_called = lambda: times.append((world.clock.now - NOW).total_seconds())
    world.send()
    assert times[0] == 0
    assert all(time >= 120 for time in times[1:])


def test_one_who_is_put_off_does_not_hold_up_the_batch(world):
    world.provider.traits = Traits(batch_size=25, window=5)
    world.provider.plan = [{2: "later"}]
    world.send()
    assert world.provider.deliveries == 6


def test_those_put_off_are_tried_again(world):
    world.provider.plan = [{2: "later", 4: "later"}, {2: "later"}]
    report = world.send()
    assert report.sent == 25
    assert set(world.provider.got.values()) == {1}


def test_stop_finishes_what_is_in_flight_and_resume_does_the_rest(world):
    def stop() -> None:
        world.stopped = True

    world.provider.when_called = stop
    report = world.send()
    assert (report.sent, report.unsent, report.uncertain) == (10, 15, 0)
    assert report.state is EditionState.SENDING
    world.stopped, world.provider.when_called = False, lambda: None
    assert world.resume().sent == 25
    assert set(world.provider.got.values()) == {1}


def test_stop_between_two_windows_gives_the_rest_of_the_batch_back(world):
    world.provider.traits = Traits(batch_size=25, window=5)

    def stop() -> None:
        world.stopped = world.provider.deliveries == 2

    world.provider.when_called = stop
    report = world.send()
    assert (report.sent, report.unsent, report.uncertain) == (10, 15, 0)


def test_pause_and_resume(world):
    world.provider.when_called = lambda: sending.pause(world.store, world.edition.id, NOW, "lunch")
    report = world.send()
    assert (report.sent, report.state) == (10, EditionState.PAUSED)
    with pytest.raises(EditionHeld, match="resume"):
        world.send()
    world.provider.when_called = lambda: None
    report = world.resume()
    assert (report.sent, report.state) == (25, EditionState.SENT)


def test_cancel_stops_for_good(world):
    world.provider.when_called = lambda: sending.cancel(world.store, world.edition.id, NOW, "wrong lead")
    report = world.send()
    assert (report.sent, report.cancelled, report.unsent) == (10, 15, 0)
    assert report.state is EditionState.CANCELLED
    for again in (world.send, world.resume):
        with pytest.raises(EditionConflict):
            again()


def test_a_sent_edition_cannot_be_cancelled(world):
    world.send()
    with pytest.raises(EditionConflict, match="nothing is left"):
        sending.cancel(world.store, world.edition.id, NOW)


def test_a_correction_goes_to_exactly_those_who_got_the_edition(world):
    world.provider.plan = [{2: "rejected"}, ProviderUncertain("timed out")]
    world.people.gone = {25}
    world.send()
    world.provider.got.clear()
    world.people.count, world.people.gone = 40, set()
    arguments = (world.store, world.provider, world.edition.id, MESSAGE, ENVELOPE, world.people, world.ways)
    report = sending.correct(*arguments)
    assert set(world.provider.got) == {1, *range(3, 11), 21, 22, 23, 24}
    assert report.sent == 13
    assert sending.report(world.store, world.edition.id).sent == 13


def test_a_held_edition_is_not_sent(world):
    stored = world.store.editions.get(world.edition.id)
    world.store.editions.move(world.edition.id, EditionState.HELD, stored.version, "one source only", NOW)
    with pytest.raises(EditionHeld, match="one source only"):
        world.send()


def test_a_limit_per_second_spreads_the_batches_over_time(world):
    world.limits = Limits(per_second=5)
    assert world.send().sent == 25
    assert world.clock.now - NOW >= timedelta(seconds=4)


def test_a_limit_per_day_makes_batches_small_enough_and_waits_for_the_next_day(world):
    world.limits = Limits(per_day=9)
    assert world.send().sent == 25
    assert world.clock.now - NOW >= timedelta(days=2)


def test_a_warm_up_allows_more_each_day(world):
    world.limits = Limits(warm_up=(5, 10))
    assert world.send().sent == 25
    assert timedelta(days=2) <= world.clock.now - NOW < timedelta(days=3)


def test_windows_that_wait_beside_others_reach_everyone_once(world):
    world.people.count = 120
    world.provider.traits = Traits(batch_size=20, window=3, connections=2, queue=2)
    world.provider.plan = [None, {5: "later"}, ProviderUncertain("500")]
    report = world.send()
    assert balanced(report)
    assert report.sent + report.uncertain == 120
    assert set(world.provider.got.values()) == {1}


def test_several_connections_send_to_everyone_once(world):
    world.people.count = 200
    world.provider.traits = Traits(batch_size=10, window=10, connections=4)
    assert world.send().sent == 200
    assert set(world.provider.got.values()) == {1}


FATES = st.sampled_from(["sent", "rejected", "later", "uncertain"])
STEP = st.one_of(
    st.none(),
    st.just("busy"),
    st.just("uncertain"),
    st.just("gone"),
    st.dictionaries(st.integers(1, 30), FATES, max_size=8),
)


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(STEP, max_size=12), window=st.sampled_from([3, 10]), gone=st.sets(st.integers(1, 30)))
def test_the_sums_balance_and_nobody_gets_two_whatever_happens(steps, window, gone):
    with fleeting(30) as world:
        world.people.gone = gone
        world.provider.traits = Traits(batch_size=10, window=window)
        errors = {
            "busy": ProviderBusy("429"),
            "uncertain": ProviderUncertain("500"),
            "gone": ProviderBusy("x", retry_after=5),
        }
        world.provider.plan = [errors[step] if isinstance(step, str) else step for step in steps]
        report = world.send()
        assert balanced(report)
        assert report.planned == 30
        assert report.unsent == 0
        assert report.sent == sum(world.provider.got.values())
        assert all(count == 1 for count in world.provider.got.values())
        assert report.suppressed == len(gone)
