"""Editions: one a date and slot, moved only where they may go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from digest.errors import EditionConflict, StoreError
from digest.model import EditionState
from digest.store.editions import MOVES
from tests.store.samples import MESSAGE, NOW, edition

COMPOSED, HELD, APPROVED, FROZEN = (EditionState(s) for s in ("composed", "held", "approved", "frozen"))


def test_an_edition_comes_back_as_it_was(store):
    stored = store.editions.save(edition(), COMPOSED, NOW)
    assert stored.edition == edition()
    assert store.editions.find("morning", date(2026, 3, 4)) == stored == store.editions.get("morning/2026-03-04")
    assert (stored.state, stored.version, stored.message) == (COMPOSED, 1, None)


def test_slots_of_a_day_are_editions_of_their_own(store):
    store.editions.save(edition(slot="0700"), COMPOSED, NOW)
    store.editions.save(edition(slot="1800"), COMPOSED, NOW)
    assert store.editions.find("morning", date(2026, 3, 4)) is None
    assert store.editions.get("morning/2026-03-04/1800").edition.slot == "1800"
    assert [stored.edition.slot for stored in store.editions.list("morning")] == ["1800", "0700"]


def test_composing_again_replaces_what_is_not_frozen(store):
    store.editions.save(edition(), COMPOSED, NOW)
    stored = store.editions.save(replace(edition(), subject="New"), HELD, NOW)
    assert (stored.edition.subject, stored.state, stored.version) == ("New", HELD, 2)


def test_a_frozen_edition_cannot_be_composed_again(store):
    store.editions.save(edition(), APPROVED, NOW)
    stored = store.editions.freeze(edition().id, MESSAGE, now=NOW)
    assert (stored.state, stored.message) == (FROZEN, MESSAGE)
    assert store.editions.freeze(edition().id, replace(MESSAGE, subject="other"), now=NOW) == stored
    with pytest.raises(EditionConflict, match="frozen"):
        store.editions.save(edition(), COMPOSED, NOW)


def test_a_move_on_an_old_version_is_refused(store):
    stored = store.editions.save(edition(), COMPOSED, NOW)
    store.editions.move(stored.id, HELD, stored.version, "thin", NOW)
    with pytest.raises(EditionConflict, match="another process"):
        store.editions.move(stored.id, APPROVED, stored.version, now=NOW)


@pytest.mark.parametrize("state", list(EditionState))
def test_an_edition_goes_only_where_it_may(store, state):
    for to in EditionState:
        day = date(2026, 1, 1) + timedelta(days=list(EditionState).index(to))
        stored = store.editions.save(edition(day=day), state, NOW)
        if to in MOVES[state]:
            assert store.editions.move(stored.id, to, stored.version, now=NOW).state is to
        else:
            with pytest.raises(EditionConflict, match=f"cannot become {to}"):
                store.editions.move(stored.id, to, stored.version, now=NOW)


def test_every_move_is_kept_with_its_reason(store):
    stored = store.editions.save(edition(), COMPOSED, NOW)
    stored = store.editions.move(stored.id, HELD, stored.version, "one source only", NOW)
    store.editions.move(stored.id, APPROVED, stored.version, "kim looked", NOW)
    found = store.editions.transitions(stored.id)
    assert [(each.was, each.became, each.why) for each in found] == [
        ("composed", "held", "one source only"),
        ("held", "approved", "kim looked"),
    ]


def test_past_editions_are_those_that_left(store):
    for day in (1, 2, 3):
        sent = replace(edition(day=date(2026, 3, day)), cut_off=NOW.replace(day=day))
        stored = store.editions.save(sent, EditionState.SENT if day != 2 else COMPOSED, NOW)
        assert stored.version == 1
    assert [each.date.day for each in store.editions.past("morning", NOW.replace(day=1) - timedelta(hours=1))] == [3, 1]
    assert [each.date.day for each in store.editions.past("morning", NOW.replace(day=1))] == [3]
    assert store.editions.past("evening", NOW.replace(day=1)) == ()


@pytest.mark.parametrize("name", ["morning", "morning/today", "morning/2026-03-05"])
def test_a_name_of_no_edition_is_an_error(store, name):
    with pytest.raises(StoreError, match=name):
        store.editions.get(name)
