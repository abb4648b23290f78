"""The laws of a batch: everyone is in exactly one place, whatever happens."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from digest.model import Receipt
from digest.store import batch as moves
from digest.store.batch import Batch

IDS = tuple(range(10, 22))
SOME = st.sets(st.sampled_from(IDS))
FATES = st.dictionaries(st.sampled_from(IDS), st.sampled_from(["sent", "rejected", "later", "uncertain"]))


def fresh() -> Batch:
    return Batch(1, 1, IDS, todo=(1 << len(IDS)) - 1)


def receipts(fates: dict[int, str]) -> list[Receipt]:
    return [Receipt(number, fate) for number, fate in fates.items()]


class AnyOrder(RuleBasedStateMachine):
    """Applies every transition in any order, as crashes and late news would."""

    def __init__(self) -> None:
        super().__init__()
        self.batch = fresh()
        self.handed_over: list[int] = []

    @rule()
    def claim(self):
        if self.batch.todo and not self.batch.is_claimed:
            self.batch = moves.claim(self.batch)

    @rule(ids=SOME, gone=SOME)
    def start(self, ids, gone):
        if self.batch.is_claimed:
            before = self.batch.flight
            self.batch = moves.start(moves.suppress(self.batch, gone), ids)
            self.handed_over += self.batch.at(self.batch.flight & ~before)

    @rule(fates=FATES, fenced=st.booleans())
    def record(self, fates, fenced):
        later = self.batch.find(number for number, fate in fates.items() if fate == "later")
        back = 0 if fenced else later & (self.batch.flight | self.batch.uncertain)
        for number in self.batch.at(back):
            self.handed_over.remove(number)
        self.batch = moves.record(self.batch, receipts(fates), fenced=fenced)

    @rule(later=st.booleans())
    def release(self, later):
        if self.batch.is_claimed:
            self.batch = moves.release(self.batch, later=later)

    @rule(attempt=st.integers(0, 5))
    def prove(self, attempt):
        self.batch = moves.prove(self.batch, attempt)

    @rule(ids=SOME)
    def settle(self, ids):
        self.batch = moves.settle(self.batch, ids)

    @rule()
    def cancel(self):
        if not self.batch.is_claimed:
            self.batch = moves.cancel(self.batch)

    @rule(ids=SOME)
    def hand_on(self, ids):
        self.batch = moves.hand_on(self.batch, ids)

    @invariant()
    def everyone_is_in_exactly_one_place(self):
        b = self.batch
        places = (b.todo, b.flight, b.sent, b.uncertain, b.rejected, b.suppressed, b.cancelled, b.resent)
        assert sum(place.bit_count() for place in places) == len(IDS)

    @invariant()
    def nobody_was_handed_over_twice(self):
        assert len(set(self.handed_over)) == len(self.handed_over)

    @invariant()
    def only_a_claimed_batch_has_mails_in_flight(self):
        assert self.batch.is_claimed or not self.batch.flight


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)


@given(ids=SOME, fates=FATES)
def test_recording_twice_is_recording_once(ids, fates):
    claimed = moves.start(moves.claim(fresh()), ids)
    once = moves.record(claimed, receipts(fates))
    settled = {number: fate for number, fate in fates.items() if fate != "uncertain"}
    assert moves.record(once, receipts(settled)) == once


def test_an_event_before_the_answer_proves_what_the_answer_leaves_open():
    batch = moves.start(moves.claim(fresh()), IDS)
    proved = moves.prove(batch, batch.attempt)
    assert moves.release(proved).uncertain == 0
    assert moves.record(proved, receipts(dict.fromkeys(IDS, "uncertain"))).sent == fresh().everyone


def test_an_event_after_death_settles_the_whole_batch():
    batch = moves.release(moves.start(moves.claim(fresh()), IDS))
    assert batch.uncertain == fresh().everyone
    assert moves.prove(batch, batch.attempt + 1) == batch
    assert moves.prove(batch, batch.attempt).sent == fresh().everyone
