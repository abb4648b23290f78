"""Whoever dies over an act leaves it with its entry in the log, or neither: on the pages, by the API, in the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from digest.cli.root import run
from digest.pipeline import editing
from digest.pipeline.composing import compose
from digest.pipeline.publishing import publish
from digest.pipeline.recording import recorded
from digest.store.moving import _tables
from digest.web.admin.codes import plain, recovery_codes
from subscribers import audit, roster
from subscribers.errors import RosterError
from tests.admin.conftest import PASSWORD, House
from tests.dying import dies_after, lives
from tests.newsroom import NOW

NAME = "daily/2026-03-04"
ON = {"edition": NAME}
BY: Any = {"at": NOW, "how": "admin", "who": "olive"}


@pytest.fixture
def house(own_house: House) -> Iterator[House]:
    """An installation with an edition, a token, a list no newsletter goes to, and an account of every role."""
    compose(own_house.app, own_house.app.newsletters[0], NOW)
    own_house.app.store.tokens.make("secret", "website", ("lists:read",), by="olive", now=NOW)
    with own_house.app.store.begin() as conn:
        roster.ensure_list(conn, "old", at=NOW)
    return own_house


def begun(house: House) -> None:
    """Plan the edition and send nothing of it."""
    publish(house.app, house.app.newsletters[0], NOW, deliver=False)


def skipped(house: House) -> None:
    editing.skip(house.app, NAME, "a holiday")


def corrected(house: House) -> None:
    key = house.app.store.editions.get(NAME).edition.stories[1].key
    editing.correct_edition(house.app, NAME, "pin", [key], who="olive", now=NOW)


def with_step(house: House) -> None:
    account = house.app.store.accounts.named("vera")
    assert account is not None
    house.app.store.second_steps.begin(account.id, b"sealed")
    house.app.store.second_steps.activate(account.id, 1, [plain(each) for each in recovery_codes()], NOW)


def as_it_is(_house: House) -> None:
    """Change nothing before the act."""


#: What is there before, the page's address, its form.
ACTS: dict[str, tuple[Callable[[House], None], str, dict[str, str]]] = {
    "password": (as_it_is, "/account", {"old": PASSWORD, "new": "another boat in the harbour"}),
    "invite": (as_it_is, "/accounts/invite", {"role": "viewer"}),
    "role": (as_it_is, "/accounts/role", {"name": "vera", "role": "editor"}),
    "lists": (as_it_is, "/accounts/lists", {"name": "vera", "reach": "some", "of_list": "daily"}),
    "remove": (as_it_is, "/accounts/remove", {"name": "vera"}),
    "second step": (with_step, "/accounts/second-step", {"name": "vera"}),
    "token": (as_it_is, "/tokens", {"name": "robot", "scope": "lists:read"}),
    "revoke": (as_it_is, "/tokens/revoke", {"name": "website"}),
    "approve": (as_it_is, "/editions/decide", ON | {"act": "approve"}),
    "hold": (as_it_is, "/editions/decide", ON | {"act": "hold"}),
    "skip": (as_it_is, "/editions/decide", ON | {"act": "skip"}),
    "reopen": (skipped, "/editions/decide", ON | {"act": "reopen"}),
    "undo": (corrected, "/editions/undo", ON),
    "pause": (begun, "/editions/send", ON | {"act": "pause"}),
    "cancel": (begun, "/editions/send", ON | {"act": "cancel"}),
    "delete a list": (as_it_is, "/lists/old/delete", {"again": "old"}),
}


def kept(house: House) -> dict[str, list[Any]]:
    """Return everything in the store but the log."""
    with house.app.store.read() as conn:
        return {
            table.name: [tuple(row) for row in conn.execute(select(table))]
            for table in _tables()
            if table.name != "roster_audit"
        }


def entries(house: House) -> int:
    with house.app.store.read() as conn:
        return len(audit.entries(conn, limit=1000))


#: With which transaction the process dies: most acts are one, an edition's state follows from its sends in another.
DEATHS = [("role", 0), ("cancel", 0), *((name, 1) for name in ACTS), ("pause", 2), ("cancel", 2)]


@pytest.mark.parametrize(("name", "commits"), DEATHS)
def test_an_act_on_a_page_is_kept_with_its_entry_or_neither(house: House, name: str, commits: int) -> None:
    before_it, path, form = ACTS[name]
    before_it(house)
    visitor = house.enter("owner")
    was, said = kept(house), entries(house)
    dies_after(house.app.store, commits)
    assert not lives(lambda: visitor.post(f"/admin{path}", form))
    is_done = kept(house) != was
    assert is_done == (commits > 0)
    assert entries(house) - said == is_done


def test_an_act_that_is_refused_has_no_entry(house: House) -> None:
    said = entries(house)
    with pytest.raises(RosterError), recorded(house.app, BY, "tried", "in vain") as app, app.store.begin():
        raise RosterError("no")
    assert entries(house) == said


def test_an_act_that_finds_nothing_to_change_has_its_entry(house: House) -> None:
    editing.approve(house.app, NAME, "olive")
    was, said = kept(house), entries(house)
    with recorded(house.app, BY, "edition: approve", NAME) as app:
        editing.approve(app, NAME, "olive")
    assert (kept(house), entries(house)) == (was, said + 1)


def test_what_is_done_in_the_shell_is_kept_with_its_entry(house: House) -> None:
    config = str(house.room.folder / "config.toml")
    for words in (["token", "robot", "--may", "lists:read"], ["revoke", "robot"], ["limit", "vera", "--list", "daily"]):
        assert run(["--config", config, "admin", *words]) == 0
    with house.app.store.read() as conn:
        told = [(each.what, each.how) for each in audit.entries(conn, limit=3)]
    assert told == [(what, "command") for what in ("lists of an account changed", "token revoked", "token made")]
