"""Joining, confirming and leaving: what the rules promise readers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from subscribers import Reason, State, UnknownList, audit, load_file, metadata, notices, roster
from subscribers.errors import AddressFault, UnknownSubscriber
from subscribers.importing.run import Options, run
from subscribers.importing.staging import stage
from subscribers.roster.rules import joining
from tests.subscribers.desks import MORNING

AT = {"at": MORNING}
BY_COMMAND = {"at": MORNING, "how": "command", "who": "keeper"}
BY_FORM = {"at": MORNING, "how": "form", "source": "192.0.2.7"}
BY_LINK = {"at": MORNING, "how": "link"}
BY_IMPORT = {"at": MORNING, "how": "import"}


def state_of(conn, address: str, slug: str) -> State | None:
    person = roster.find(conn, address)
    states = {each.list_slug: each.state for each in person.subscriptions} if person else {}
    return states.get(slug)


def test_a_single_opt_in_list_takes_people_at_once(conn):
    added = roster.add(conn, "daily", "ann@example.com", name="Ann  Ek", **BY_COMMAND)
    assert added.status == "added"
    assert roster.audience_page(conn, ("daily",), 0, 10) == [added.subscriber_id]
    assert roster.find(conn, "ANN@example.com").subscriber.name == "Ann Ek"
    assert notices.due(conn) == ()


def test_a_double_opt_in_list_sends_nothing_before_the_click(conn):
    added = roster.add(conn, "evening", "ann@example.com", **BY_COMMAND)
    assert added.status == "pending"
    assert roster.audience_count(conn, ("evening",)) == 0
    (notice,) = notices.due(conn)
    assert (notice.kind, notice.address, notice.list_slug) == ("confirm", "ann@example.com", "evening")
    assert roster.confirm(conn, added.subscriber_id, "evening", **BY_LINK)
    assert roster.audience_count(conn, ("evening",)) == 1
    assert notices.due(conn) == ()


def test_a_second_click_confirms_nothing_new(conn):
    added = roster.add(conn, "evening", "ann@example.com", **BY_COMMAND)
    roster.confirm(conn, added.subscriber_id, "evening", **BY_LINK)
    assert not roster.confirm(conn, added.subscriber_id, "evening", **BY_LINK)


def test_an_old_confirmation_does_not_bring_back_who_left(conn):
    added = roster.add(conn, "evening", "ann@example.com", **BY_COMMAND)
    roster.confirm(conn, added.subscriber_id, "evening", **BY_LINK)
    roster.unsubscribe(conn, added.subscriber_id, ("evening",), **BY_LINK)
    assert not roster.confirm(conn, added.subscriber_id, "evening", **BY_LINK)
    assert state_of(conn, "ann@example.com", "evening") is State.UNSUBSCRIBED


def test_asking_twice_queues_one_mail(conn):
    roster.add(conn, "evening", "ann@example.com", **BY_FORM)
    roster.add(conn, "evening", "Ann@Example.com", **BY_FORM)
    assert len(notices.due(conn)) == 1


def test_a_notice_is_done_once(conn):
    roster.add(conn, "evening", "ann@example.com", **BY_FORM)
    (notice,) = notices.due(conn)
    assert notices.done(conn, notice.id, **AT)
    assert not notices.done(conn, notice.id, **AT)
    assert notices.due(conn) == ()


@pytest.mark.parametrize("by", [BY_IMPORT, BY_COMMAND])
def test_nobody_puts_back_who_left(conn, by):
    added = roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    roster.unsubscribe(conn, added.subscriber_id, ("daily",), **BY_LINK)
    assert roster.add(conn, "daily", "ann@example.com", **by).status == "left"
    assert roster.audience_count(conn, ("daily",)) == 0


def test_an_override_puts_back_and_is_recorded(conn):
    added = roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    roster.unsubscribe(conn, added.subscriber_id, ("daily",), **BY_LINK)
    again = roster.add(conn, "daily", "ann@example.com", override=True, **BY_COMMAND)
    assert again.status == "added"
    newest = audit.entries(conn, subscriber_id=added.subscriber_id)[0]
    assert (newest.what, newest.detail, newest.who) == ("subscribed", "override", "keeper")


def test_their_own_act_brings_back_who_left_after_a_mail_even_on_a_single_list(conn):
    added = roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    roster.unsubscribe(conn, added.subscriber_id, ("daily",), **BY_LINK)
    assert roster.add(conn, "daily", "ann@example.com", **BY_FORM).status == "pending"
    assert roster.audience_count(conn, ("daily",)) == 0
    assert roster.confirm(conn, added.subscriber_id, "daily", **BY_LINK)
    assert roster.audience_count(conn, ("daily",)) == 1


def test_who_was_removed_stays_off_in_later_imports(conn):
    roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    assert roster.remove(conn, "daily", "ann@example.com", **BY_COMMAND)
    assert not roster.remove(conn, "daily", "ann@example.com", **BY_COMMAND)
    assert roster.add(conn, "daily", "ann@example.com", **BY_IMPORT).status == "left"


def test_an_unknown_list_is_answered_with_those_there_are(conn):
    with pytest.raises(UnknownList, match='no list "dayly"; the lists are: daily, evening, extra'):
        roster.add(conn, "dayly", "ann@example.com", **BY_COMMAND)


def test_a_bad_address_says_why(conn):
    with pytest.raises(AddressFault, match=r'"ann@example" is not an address: .*period'):
        roster.add(conn, "daily", "ann@example", **BY_COMMAND)


def test_removing_a_stranger_says_so(conn):
    with pytest.raises(UnknownSubscriber, match="nobody has the address"):
        roster.remove(conn, "daily", "nobody@example.com", **BY_COMMAND)


def test_one_click_leaves_every_list_named_and_passes_over_unknown_ones(conn):
    added = roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    roster.add(conn, "extra", "ann@example.com", **BY_COMMAND)
    left = roster.unsubscribe(conn, added.subscriber_id, ("daily", "gone", "extra"), **BY_LINK)
    assert left == ("daily", "extra")
    assert roster.unsubscribe(conn, added.subscriber_id, ("daily", "extra"), **BY_LINK) == ()


def test_a_suppressed_address_is_not_added_nor_written_to(conn):
    added = roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    assert roster.suppress(conn, "Ann@example.com", Reason.COMPLAINT, **BY_COMMAND)
    assert not roster.suppress(conn, "ann@example.com", Reason.COMPLAINT, **BY_COMMAND)
    assert roster.audience_page(conn, ("daily",), 0, 10) == []
    assert roster.sendable(conn, [added.subscriber_id], ("daily",)) == []
    again = roster.add(conn, "extra", "ann@example.com", **BY_FORM)
    assert (again.status, again.reason) == ("suppressed", Reason.COMPLAINT)


def test_a_suppression_for_one_list_leaves_the_others(conn):
    for slug in ("daily", "extra"):
        roster.add(conn, slug, "ann@example.com", **BY_COMMAND)
    roster.suppress(conn, "ann@example.com", list_slug="daily", **BY_COMMAND)
    assert roster.audience_count(conn, ("daily",)) == 0
    assert roster.audience_count(conn, ("extra",)) == 1
    assert roster.audience_count(conn, ("daily", "extra")) == 1


def test_lifting_a_suppression_is_recorded(conn):
    roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    roster.suppress(conn, "ann@example.com", **BY_COMMAND)
    assert roster.lift(conn, "ann@example.com", **BY_COMMAND)
    assert not roster.lift(conn, "ann@example.com", **BY_COMMAND)
    assert roster.audience_count(conn, ("daily",)) == 1
    assert audit.entries(conn)[0].what == "suppression lifted"


def test_an_address_suppressed_before_it_was_known_is_held_when_added_by_override_elsewhere(conn):
    roster.suppress(conn, "ann@example.com", list_slug="daily", **BY_COMMAND)
    added = roster.add(conn, "extra", "ann@example.com", **BY_COMMAND)
    assert added.status == "added"
    assert roster.add(conn, "daily", "ann@example.com", **BY_COMMAND).status == "suppressed"


def test_an_audience_has_everybody_once_in_pages(conn):
    for number in range(25):
        roster.add(conn, "daily", f"p{number}@example.com", **BY_COMMAND)
        if number % 3 == 0:
            roster.add(conn, "extra", f"p{number}@example.com", **BY_COMMAND)
    roster.add(conn, "extra", "only@example.com", **BY_COMMAND)
    seen: list[int] = []
    while page := roster.audience_page(conn, ("daily", "extra"), seen[-1] if seen else 0, 7):
        seen += page
    assert seen == sorted(set(seen))
    assert len(seen) == roster.audience_count(conn, ("daily", "extra")) == 26


def test_weekday_readers_are_left_out_on_weekends(conn):
    added = roster.add(conn, "daily", "ann@example.com", **BY_COMMAND)
    roster.add(conn, "daily", "bob@example.com", **BY_COMMAND)
    assert roster.prefer(conn, added.subscriber_id, weekdays_only=True, **BY_LINK)
    assert roster.audience_count(conn, ("daily",)) == 2
    assert roster.audience_count(conn, ("daily",), weekend=True) == 1
    assert added.subscriber_id not in roster.audience_page(conn, ("daily",), 0, 9, weekend=True)


def test_choices_of_sections_are_counted_the_commonest_first(conn):
    for number in range(20):
        slug = "extra" if number % 2 else "daily"
        added = roster.add(conn, slug, f"p{number}@example.com", **BY_COMMAND)
        chosen = ("World",) if number < 6 else (f"S{number}",) if number < 12 else ()
        roster.prefer(conn, added.subscriber_id, sections=chosen, **BY_LINK)
    roster.add(conn, "extra", "p0@example.com", **BY_COMMAND)
    found = roster.choices(conn, ("daily", "extra"))
    assert found == ((("World",), 6), *(((f"S{n}",), 1) for n in (10, 11, 6, 7, 8, 9)))


def test_choices_are_told_of_those_asked_for(conn):
    ids = [roster.add(conn, "daily", f"p{n}@example.com", **BY_COMMAND).subscriber_id for n in range(4)]
    roster.prefer(conn, ids[1], sections=("World", "Arts"), **BY_LINK)
    roster.prefer(conn, ids[2], sections=("Sport",), **BY_LINK)
    assert roster.chosen_sections(conn, ids[:2]) == {ids[1]: ("Arts", "World")}
    assert roster.chosen_sections(conn, []) == {}


def test_people_are_found_by_the_ids_that_providers_know(conn):
    ids = [roster.add(conn, "daily", f"p{n}@example.com", **BY_COMMAND).subscriber_id for n in range(3)]
    people = roster.sendable(conn, ids, ("daily",))
    roster.forget(conn, "p1@example.com", **BY_COMMAND)
    found = roster.by_public_ids(conn, [each.public_id for each in people] + ["unknown"])
    assert sorted(found.values()) == [ids[0], ids[2]]


def test_who_left_since_the_audience_was_taken_is_not_sendable(conn):
    ids = [roster.add(conn, "daily", f"p{n}@example.com", **BY_COMMAND).subscriber_id for n in range(4)]
    roster.unsubscribe(conn, ids[0], ("daily",), **BY_LINK)
    roster.suppress(conn, "p1@example.com", **BY_COMMAND)
    roster.forget(conn, "p2@example.com", **BY_COMMAND)
    assert [each.id for each in roster.sendable(conn, ids, ("daily",))] == [ids[3]]


def test_forgetting_takes_the_person_and_leaves_the_mark(conn):
    by_form = {**BY_FORM, "at": MORNING + timedelta(days=1)}
    added = roster.add(conn, "daily", "ann@example.com", name="Ann", fields={"city": "Lund"}, **by_form)
    assert roster.forget(conn, "ann@example.com", **BY_COMMAND) == added.subscriber_id
    assert roster.find(conn, "ann@example.com") is None
    assert roster.search(conn, "ann") == ()
    assert roster.add(conn, "daily", "ann@example.com", **BY_IMPORT).status == "suppressed"
    entries = audit.entries(conn, subscriber_id=added.subscriber_id)
    assert [each.what for each in entries] == ["forgotten", "suppressed", "subscribed"]
    assert "192.0.2.7" not in str(entries)
    assert "ann@" not in str(entries)


def test_nothing_of_a_forgotten_person_is_left_in_any_table(desk, tmp_path):
    path = tmp_path / "zacharias.csv"
    path.write_text("email,name,city\nann@example.com,Ann,\nzacharias@example.com,Zacharias,Zwolle\n")
    load_file(desk.begin, path, "daily", now=desk.now)
    path.rename(tmp_path / "people.csv")
    with desk.begin() as conn:
        roster.ask(conn, "extra", " ZACHARIAS@Example.com", name="Zacharias", **BY_FORM)
        roster.put_tags(conn, {2: ["friend"]})
        roster.forget(conn, "Zacharias@example.com", **BY_COMMAND)
        rows = [str(row) for table in metadata.sorted_tables for row in conn.execute(table.select())]
    left = [row for row in rows if "zachar" in row.lower().replace("zacharias.csv", "") or "Zwolle" in row]
    assert left == []


def test_forgetting_the_last_person_of_a_stopped_import_lets_it_begin_anew(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email\n" + "".join(f"p{number:04}@example.com\n" for number in range(3000)))
    steps = run(desk.begin, stage(path, tmp_path), "daily", Options(), now=desk.now)
    next(steps)
    next(steps)
    steps.close()
    with desk.begin() as conn:
        roster.forget(conn, "p1999@example.com", **BY_COMMAND)
    fates, _ = load_file(desk.begin, path, "daily", now=desk.now)
    assert dict(+fates) == {"already": 1999, "suppressed": 1, "new": 1000}


def test_who_never_confirmed_is_erased_after_a_while_and_nobody_else(conn):
    long_ago = {"at": MORNING - timedelta(days=40), "how": "form"}
    for name in ("never", "did", "elsewhere", "left"):
        added = roster.add(conn, "evening", f"{name}@example.com", **long_ago)
        if name == "did":
            roster.confirm(conn, added.subscriber_id, "evening", **BY_LINK)
        if name == "left":
            roster.unsubscribe(conn, added.subscriber_id, ("evening",), **BY_LINK)
    roster.add(conn, "daily", "elsewhere@example.com", **BY_COMMAND)
    roster.add(conn, "evening", "lately@example.com", **BY_FORM)
    before = MORNING - timedelta(days=30)
    assert roster.tidy(conn, before, **BY_COMMAND) == 1
    assert roster.tidy(conn, before, **BY_COMMAND) == 0
    assert roster.find(conn, "never@example.com") is None
    assert all(roster.find(conn, f"{name}@example.com") for name in ("did", "elsewhere", "left", "lately"))
    assert roster.add(conn, "evening", "never@example.com", **BY_IMPORT).status == "pending"


def test_a_person_gets_few_confirmations_however_often_somebody_asks(conn):
    sent = 0
    for minute in range(0, 24 * 60, 5):
        at = MORNING + timedelta(minutes=minute)
        roster.add(conn, "evening", "ann@example.com", at=at, how="form")
        for notice in notices.due(conn):
            sent += notices.done(conn, notice.id, at=at)
    assert sent == notices.MOST_A_DAY
    roster.add(conn, "evening", "ann@example.com", at=MORNING + timedelta(days=2), how="form")
    assert len(notices.due(conn)) == 1


def test_who_was_forgotten_may_come_back_by_their_own_act_as_somebody_new(conn):
    first = roster.add(conn, "evening", "ann@example.com", **BY_FORM)
    roster.forget(conn, "ann@example.com", **BY_COMMAND)
    again = roster.add(conn, "evening", "ann@example.com", **BY_FORM)
    assert again.status == "pending"
    assert again.subscriber_id != first.subscriber_id
    assert roster.confirm(conn, again.subscriber_id, "evening", **BY_LINK)
    assert roster.audience_page(conn, ("evening",), 0, 9) == [again.subscriber_id]


def test_a_persons_data_is_handed_over_whole(conn):
    roster.add(conn, "daily", "Ann@Example.com", name="Ann Ek", fields={"city": "Lund"}, **BY_FORM)
    data = roster.export_subject(conn, "ann@example.com")
    assert data["subscriber"]["address"] == "Ann@example.com"
    assert data["subscriber"]["fields"] == {"city": "Lund"}
    assert data["subscriptions"][0]["state"] == "confirmed"
    assert data["history"][0]["source"] == "192.0.2.7"
    assert data["history"][0]["at"] == "2026-03-04T06:30:00Z"


def test_lists_count_their_people_by_state(conn):
    roster.add(conn, "evening", "ann@example.com", **BY_COMMAND)
    bob = roster.add(conn, "evening", "bob@example.com", **BY_COMMAND)
    roster.confirm(conn, bob.subscriber_id, "evening", **BY_LINK)
    cid = roster.add(conn, "evening", "cid@example.com", **BY_COMMAND)
    roster.unsubscribe(conn, cid.subscriber_id, ("evening",), **BY_LINK)
    daily, evening, _extra = roster.lists(conn)
    assert (evening.confirmed, evening.unconfirmed, evening.unsubscribed) == (1, 1, 1)
    assert (daily.confirmed, daily.unconfirmed, daily.unsubscribed) == (0, 0, 0)
    assert roster.lists(conn, ["evening", "nolist"]) == (evening,)
    assert roster.lists(conn, []) == ()


def test_a_list_counts_who_of_its_confirmed_people_gets_no_mail(conn):
    for name in ("ann", "bob", "cid", "dan"):
        roster.add(conn, "daily", f"{name}@example.com", **BY_COMMAND)
    roster.add(conn, "evening", "ann@example.com", **BY_COMMAND)  # asked to confirm
    roster.suppress(conn, "ann@example.com", **BY_COMMAND)
    roster.suppress(conn, "ann@example.com", list_slug="daily", **BY_COMMAND)  # by two marks, and one person
    roster.suppress(conn, "bob@example.com", list_slug="daily", **BY_COMMAND)
    roster.suppress(conn, "cid@example.com", list_slug="evening", **BY_COMMAND)
    dan = roster.by_address(conn, "dan@example.com")
    roster.unsubscribe(conn, dan.id, ("daily",), **BY_LINK)
    roster.suppress(conn, "dan@example.com", **BY_COMMAND)
    roster.suppress(conn, "eve@example.com", **BY_COMMAND)  # nobody's
    daily, evening, _extra = roster.lists(conn)
    assert (daily.confirmed, daily.suppressed, daily.getting_mail) == (3, 2, 1)
    assert (evening.confirmed, evening.suppressed) == (0, 0)
    assert roster.audience_count(conn, ("daily",)) == daily.getting_mail


def test_wishes_from_the_form_are_settled_by_each_lists_opt_in(conn):
    roster.ask(conn, "daily", "ann@example.com", **BY_FORM)
    roster.ask(conn, "evening", "ann@example.com", **BY_FORM)
    assert roster.audience_count(conn, ("daily", "evening")) == 0
    assert [each.status for each in roster.settle(conn)] == ["added", "pending"]
    assert roster.settle(conn) == ()


NEVER = [
    (state, reason, opt_in, how)
    for state in (None, *State)
    for reason in (None, *Reason)
    for opt_in in ("single", "double")
    for how in ("import", "command", "editor", "admin", "api")
    if state is State.UNSUBSCRIBED or reason is not None
]


@pytest.mark.parametrize(("state", "reason", "opt_in", "how"), NEVER)
def test_without_their_own_act_or_an_override_nobody_comes_back(state, reason, opt_in, how):
    assert joining(state, reason, opt_in, how) in ("left", "suppressed")


@pytest.mark.parametrize("reason", [Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.MANUAL])
def test_a_form_does_not_lift_what_a_provider_or_keeper_held(reason):
    assert joining(None, reason, "single", "form") == "suppressed"
