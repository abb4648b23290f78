"""Who may come in, as it is kept: second steps, recovery codes, limits to lists, tokens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from digest.errors import UsageError
from digest.store import Store
from digest.store.accounts import Account
from digest.store.upgrade import FOLDER

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def make(store: Store, name: str, role: str = "editor", lists: list[str] | None = None) -> Account:
    store.accounts.invite(f"for {name}", role, LATER, lists=lists)  # type: ignore[arg-type] # one of the three
    store.accounts.accept(f"for {name}", name, "a hash", NOW)
    account = store.accounts.named(name)
    assert account is not None
    return account


def test_a_second_step_counts_once_it_is_proved(store: Store) -> None:
    account = make(store, "edgar")
    store.second_steps.begin(account.id, b"first")
    store.second_steps.begin(account.id, b"second")
    assert store.second_steps.secret(account.id) is None
    assert store.second_steps.secret(account.id, active=False) == b"second"
    assert not account.has_second_step
    assert store.second_steps.activate(account.id, 7, ["one", "two"], NOW)
    assert not store.second_steps.activate(account.id, 8, ["three"], NOW)
    store.second_steps.begin(account.id, b"third")
    assert store.second_steps.secret(account.id) == b"second"
    again = store.accounts.numbered(account.id)
    assert again is not None
    assert again.has_second_step


def test_of_many_who_show_one_code_at_once_one_comes_in(store: Store) -> None:
    account = make(store, "edgar")
    store.second_steps.begin(account.id, b"secret")
    store.second_steps.activate(account.id, 7, ["one", "two"], NOW)
    with ThreadPoolExecutor(8) as many:
        spans = list(many.map(lambda _: store.second_steps.take(account.id, 8), range(8)))
        codes = list(many.map(lambda _: store.second_steps.take_recovery(account.id, "one"), range(8)))
    assert (sum(spans), sum(codes)) == (1, 1)
    assert not store.second_steps.take(account.id, 7)
    assert store.second_steps.codes_left(account.id) == 1


def test_a_second_step_ends_the_sign_ins_before_it_but_the_one_it_was_made_in(store: Store) -> None:
    account = make(store, "edgar")
    for token in ("here", "there"):
        store.accounts.sign_in(account.id, token, NOW, LATER)
    store.second_steps.wait("half", account.id, NOW, LATER)
    store.second_steps.begin(account.id, b"secret")
    store.second_steps.activate(account.id, 7, ["one"], NOW, but="here")
    assert store.accounts.signed_in("here", NOW) is not None
    assert store.accounts.signed_in("there", NOW) is None
    assert store.second_steps.waiting("half", NOW) is None
    assert store.second_steps.remove(account.id)
    assert not store.second_steps.remove(account.id)
    assert store.accounts.signed_in("here", NOW) is None


def test_an_account_keeps_to_lists_until_it_is_an_owners(store: Store) -> None:
    make(store, "olive", "owner")
    assert make(store, "edgar", lists=["weekly", "daily"]).lists == ("daily", "weekly")
    with pytest.raises(UsageError, match="an owner keeps every list"):
        store.accounts.set_lists("olive", ["daily"])
    with pytest.raises(UsageError, match="an owner keeps every list"):
        store.accounts.invite("link", "owner", LATER, lists=["daily"])
    with pytest.raises(UsageError, match="nobody is called"):
        store.accounts.set_lists("nobody", None)
    store.accounts.set_role("edgar", "owner")
    assert [each.lists for each in store.accounts.all()] == [None, None]


def test_a_token_is_found_by_itself_alone(store: Store) -> None:
    store.tokens.make("secret", "website", ["b:write", "a:read"], by="olive", now=NOW, lists=["daily"], until=LATER)
    found = store.tokens.find("secret", NOW)
    assert found is not None
    assert (found.scopes, found.lists, found.made_by) == (("a:read", "b:write"), ("daily",), "olive")
    assert store.tokens.find("website", NOW) is None
    assert store.tokens.find("secret", LATER) is None
    with pytest.raises(UsageError, match="is there already"):
        store.tokens.make("other", "website", ["a:read"], by="olive", now=NOW)


def test_the_last_use_is_noted_now_and_then(store: Store) -> None:
    store.tokens.make("secret", "website", ["a:read"], by="olive", now=NOW)
    for minutes, noted in ((0, 0), (4, 0), (6, 6)):
        at = NOW + timedelta(minutes=minutes)
        found = store.tokens.find("secret", at)
        assert found is not None
        store.tokens.note_use(found, at)
        assert store.tokens.all()[0].used_at == NOW + timedelta(minutes=noted)


def test_accounts_of_an_older_version_keep_every_list(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    store = Store.open(url, migrate=False)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(
            text("INSERT INTO accounts VALUES (1, 'olive', 'owner', 'a hash', '2026-03-04 06:30:00', NULL)")
        )
    store.close()
    store = Store.open(url)
    account = store.accounts.named("olive")
    assert account is not None
    assert (account.lists, account.has_second_step) == (None, False)
    assert store.tokens.all() == ()
    store.close()
