"""Laws that hold after any sequence of acts, found by trying many."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from subscribers import Reason, audit, roster
from tests.subscribers.desks import MORNING, make_engine

LISTS = {"daily": "single", "evening": "double"}
ADDRESSES = ["ann@example.com", "Bob+x@Example.org", "cid@bücher.example"]
addresses = st.sampled_from(ADDRESSES)
slugs = st.sampled_from(sorted(LISTS))
others = st.sampled_from(["import", "command", "editor", "admin", "api"])


class Lists(RuleBasedStateMachine):
    """Two lists and three people, and a simple account of who gave their word for what."""

    @initialize()
    def open(self) -> None:
        self.engine = make_engine()
        self.conn = self.engine.connect()
        self.at = MORNING
        self.willing: set[tuple[str, str]] = set()  # who should get mail, by our account
        self.gone: set[tuple[str, str]] = set()  # who left and has not come back by their own act
        self.held: dict[str, Reason] = {}
        for slug, opt_in in LISTS.items():
            roster.ensure_list(self.conn, slug, opt_in=opt_in, at=self.at)

    def teardown(self) -> None:
        if hasattr(self, "conn"):
            self.conn.close()
            self.engine.dispose()

    def by(self, how: str) -> dict[str, object]:
        self.at += timedelta(minutes=1)
        return {"at": self.at, "how": how}

    @rule(slug=slugs, address=addresses, how=others)
    def somebody_adds(self, slug, address, how):
        status = roster.add(self.conn, slug, address, **self.by(how)).status
        key = (slug, address)
        if address in self.held:
            assert status == "suppressed"
        elif key in self.gone:
            assert status == "left"
        elif key in self.willing:
            assert status == "already"
        elif LISTS[slug] == "single":
            assert status == "added"
            self.willing.add(key)
        else:
            assert status in ("pending", "already")

    @rule(slug=slugs, address=addresses)
    def the_reader_asks_and_confirms(self, slug, address):
        status = roster.add(self.conn, slug, address, **self.by("form")).status
        key = (slug, address)
        if self.held.get(address, Reason.FORGOTTEN) is not Reason.FORGOTTEN:
            assert status == "suppressed"
            return
        assert status in ("added", "pending", "already")
        assert status == "pending" or (key not in self.gone and address not in self.held)
        person = roster.by_address(self.conn, address)
        roster.confirm(self.conn, person.id, slug, **self.by("link"))
        self.held.pop(address, None)
        self.gone.discard(key)
        self.willing.add(key)

    @rule(slug=slugs, address=addresses)
    def the_reader_leaves(self, slug, address):
        person = roster.by_address(self.conn, address)
        was_on = {each.list_slug for each in roster.person(self.conn, person).subscriptions} if person else set()
        if person is not None:
            roster.unsubscribe(self.conn, person.id, (slug,), **self.by("link"))
        if slug in was_on:
            self.gone.add((slug, address))
        self.willing.discard((slug, address))

    @rule(address=addresses, reason=st.sampled_from([Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.MANUAL]))
    def an_address_is_suppressed(self, address, reason):
        is_new = roster.suppress(self.conn, address, reason, **self.by("provider"))
        assert is_new is (address not in self.held)
        self.held.setdefault(address, reason)

    @rule(address=addresses)
    def a_keeper_lifts(self, address):
        assert roster.lift(self.conn, address, **self.by("command")) is (address in self.held)
        self.held.pop(address, None)

    @rule(address=addresses)
    def a_person_is_forgotten(self, address):
        if roster.by_address(self.conn, address) is None:
            return
        roster.forget(self.conn, address, **self.by("command"))
        self.held.setdefault(address, Reason.FORGOTTEN)
        self.willing = {key for key in self.willing if key[1] != address}
        self.gone = {key for key in self.gone if key[1] != address}

    @invariant()
    def mail_goes_to_the_willing_and_to_nobody_else(self):
        for slug in LISTS:
            ids = roster.audience_page(self.conn, (slug,), 0, 99)
            people = roster.sendable(self.conn, ids, (slug,))
            wanted = {address for at, address in self.willing if at == slug and address not in self.held}
            assert {roster.by_address(self.conn, each.address).id for each in people} == set(ids)
            assert {each.address.lower() for each in people} == {address.lower() for address in wanted}
            assert len(ids) == roster.audience_count(self.conn, (slug,))

    @invariant()
    def two_lists_together_are_the_two_apart(self):
        apart = {each for slug in LISTS for each in roster.audience_page(self.conn, (slug,), 0, 99)}
        assert roster.audience_page(self.conn, tuple(LISTS), 0, 99) == sorted(apart)

    @invariant()
    def the_log_only_grows_and_names_nobody(self):
        entries = audit.entries(self.conn, limit=500)
        assert [each.id for each in entries] == sorted((each.id for each in entries), reverse=True)
        assert "@" not in str([(each.what, each.detail) for each in entries])


TestLists = Lists.TestCase
TestLists.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)


def test_importing_the_package_loads_no_library():
    code = "import subscribers, sys; print(sorted({'sqlalchemy', 'click', 'starlette', 'email_validator'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


def test_every_name_of_the_package_is_there():
    import subscribers

    for name in (*subscribers._PARTS, *subscribers._HOMES):
        assert getattr(subscribers, name) is not None
    for name in roster.__all__:
        assert getattr(roster, name) is not None
