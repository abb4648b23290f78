"""Coming in: the one-time link, passwords, sign-ins that end, and guesses that get slow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from digest.errors import UsageError
from digest.store import Store
from digest.web.admin.gate import COOKIE
from digest.web.admin.inviting import new_owner_link, setup_link
from digest.web.admin.login import safe_next
from digest.web.admin.passwords import hashed, is_right
from tests.admin.conftest import PASSWORD, House
from tests.admin.visitor import Visitor
from tests.newsroom import Newsroom


def test_a_one_time_link_makes_one_account(own_house: House) -> None:
    link = new_owner_link(own_house.app.store.accounts, "", datetime.now(UTC))
    own_house.settle("oscar", link)
    second = own_house.stranger()
    answer = second.get(link)
    assert answer.status == 404
    assert "used already" in answer.plain
    assert second.post(link, {"name": "mallory", "password": PASSWORD}).status == 403


def test_looking_at_a_link_does_not_use_it_up(own_house: House) -> None:
    link = new_owner_link(own_house.app.store.accounts, "", datetime.now(UTC))
    for _ in range(3):
        assert own_house.stranger().get(link).status == 200
    own_house.settle("oscar", link)


def test_a_newer_link_ends_the_older_ones(own_house: House) -> None:
    accounts, now = own_house.app.store.accounts, datetime.now(UTC)
    old, new = (new_owner_link(accounts, "", now) for _ in range(2))
    assert own_house.stranger().get(old).status == 404
    assert own_house.stranger().get(new).status == 200


def test_a_link_holds_for_an_hour(own_house: House) -> None:
    accounts, made = own_house.app.store.accounts, datetime.now(UTC)
    token = new_owner_link(accounts, "", made).rpartition("/")[2]
    assert accounts.invited(token, made + timedelta(minutes=59)) == "owner"
    assert accounts.invited(token, made + timedelta(minutes=61)) is None


def test_no_setup_link_is_made_once_somebody_can_sign_in(own_house: House) -> None:
    assert setup_link(own_house.app.store.accounts, "", datetime.now(UTC)) == ""


def test_the_first_start_makes_a_link_that_makes_the_first_owner(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/new.db")
    now = datetime.now(UTC)
    old, new = (setup_link(store.accounts, "https://news.example", now) for _ in range(2))
    token = new.removeprefix("https://news.example/admin/welcome/")
    assert len(token) >= 32
    assert store.accounts.invited(token, now) == "owner"
    assert store.accounts.invited(old.rpartition("/")[2], now) is None
    store.accounts.accept(token, "Olive", "a hash", now)
    assert setup_link(store.accounts, "https://news.example", now) == ""
    store.close()


def test_the_command_prints_a_link(newsroom: Newsroom) -> None:
    ran = newsroom.digest("admin", "link")
    assert ran.code == 0
    assert ran.out.startswith("http://127.0.0.1:8000/admin/welcome/")


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(house: House) -> None:
    answers = []
    for name in ("olive", "nobody"):
        visitor = house.stranger("192.0.2.40")
        visitor.get("/admin/login")
        answers.append(visitor.post("/admin/login", {"name": name, "password": "wrong words here"}))
    assert [each.status for each in answers] == [403, 403]
    assert answers[0].plain.replace("olive", "") == answers[1].plain.replace("nobody", "")
    assert not any(COOKIE + "=" in each.header("set-cookie") for each in answers)


def test_guessing_at_one_name_gets_slow_from_many_places(own_house: House) -> None:
    statuses = []
    for number in range(12):
        visitor = own_house.stranger(f"192.0.2.{number}")
        visitor.get("/admin/login")
        statuses.append(visitor.post("/admin/login", {"name": "Vera", "password": "x"}).status)
    assert statuses[:10] == [403] * 10
    assert set(statuses[10:]) == {429}


def test_a_sign_in_gets_a_new_token_each_time(own_house: House) -> None:
    visitor = own_house.stranger()
    visitor.cookies[COOKIE] = "planted"
    visitor.get("/admin/login")
    answer = visitor.post("/admin/login", {"name": "edgar", "password": PASSWORD})
    assert answer.status == 303
    assert visitor.cookies[COOKIE] != "planted"
    cookie = next(value for name, value in answer.headers if name == "set-cookie" and value.startswith(COOKIE + "="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" in cookie
    planted = own_house.stranger()
    planted.cookies[COOKIE] = "planted"
    assert planted.get("/admin").status == 303


def test_the_store_holds_no_token_and_no_password(own_house: House) -> None:
    visitor = own_house.enter("editor")
    token = visitor.cookies[COOKIE]
    own_house.app.store.close()
    kept = b"".join(file.read_bytes() for file in (own_house.room.folder / "var").glob("digest.db*"))
    assert b"edgar" in kept
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept


def test_signing_out_ends_the_sign_in(own_house: House) -> None:
    visitor = own_house.enter("editor")
    token = visitor.cookies[COOKIE]
    assert visitor.post("/admin/logout").status == 303
    again = own_house.stranger()
    again.cookies[COOKIE] = token
    assert again.get("/admin").status == 303


def test_a_new_password_ends_every_sign_in(own_house: House) -> None:
    here, there = own_house.enter("editor"), own_house.enter("editor")
    assert there.get("/admin/account").status == 200
    new = {"old": PASSWORD, "new": "another boat entirely"}
    assert here.post("/admin/account", new).location == "/admin/login"
    assert here.get("/admin/account").status == 303
    assert there.get("/admin/account").status == 303
    visitor = own_house.stranger()
    visitor.get("/admin/login")
    assert visitor.post("/admin/login", {"name": "edgar", "password": new["new"]}).status == 303


def test_the_old_password_is_asked_for(own_house: House) -> None:
    visitor = own_house.enter("editor")
    answer = visitor.post("/admin/account", {"old": "not this one", "new": "another boat entirely"})
    assert "is another one" in visitor.follow(answer).plain
    assert visitor.get("/admin/account").status == 200


def test_a_removed_account_is_out_at_once(own_house: House) -> None:
    owner, editor = own_house.enter("owner"), own_house.enter("editor")
    assert owner.post("/admin/accounts/remove", {"name": "edgar"}).status == 303
    assert editor.get("/admin").status == 303


def test_a_changed_role_holds_at_once(own_house: House) -> None:
    owner, editor = own_house.enter("owner"), own_house.enter("editor")
    assert owner.post("/admin/accounts/role", {"name": "edgar", "role": "viewer"}).status == 303
    assert editor.get("/admin/import").status == 403


@pytest.mark.parametrize(
    ("path", "form"),
    [("/admin/accounts/role", {"name": "olive", "role": "editor"}), ("/admin/accounts/remove", {"name": "olive"})],
)
def test_somebody_stays_the_owner(own_house: House, path: str, form: dict[str, str]) -> None:
    owner = own_house.enter("owner")
    owner.get("/admin/accounts")
    assert "somebody must stay the owner" in owner.follow(owner.post(path, form)).plain


def test_what_is_done_to_accounts_and_tokens_stands_in_the_log(own_house: House) -> None:
    owner = own_house.enter("owner")
    owner.get("/admin/accounts")
    owner.post("/admin/accounts/invite", {"role": "viewer"})
    owner.post("/admin/accounts/role", {"name": "edgar", "role": "viewer"})
    owner.post("/admin/accounts/lists", [("name", "edgar"), ("reach", "some"), ("of_list", "weekly")])
    owner.post("/admin/accounts/remove", {"name": "vera"})
    owner.post("/admin/tokens", {"name": "website", "scope": "lists:read"})
    owner.post("/admin/tokens/revoke", {"name": "website"})
    log = owner.get("/admin/log").plain
    for entry in (
        "account invited viewer olive admin, 192.0.2.7",
        "role changed edgar: viewer olive admin, 192.0.2.7",
        "lists of an account changed edgar, for weekly olive",
        "account removed vera olive",
        "token made website: lists:read olive",
        "token revoked website olive",
    ):
        assert entry in log, entry


def test_an_invitation_gives_its_role_and_no_other(own_house: House) -> None:
    owner = own_house.enter("owner")
    page = owner.post("/admin/accounts/invite", {"role": "viewer"})
    link = page.plain.split("https://news.example")[1].split()[0]
    own_house.settle("victor", link)
    account = own_house.app.store.accounts.named("Victor")
    assert account is not None
    assert account.role == "viewer"


def test_a_form_shown_to_another_browser_signs_nobody_in(house: House) -> None:
    shown, other = house.stranger(), house.stranger()
    mark = shown.get("/admin/login").csrf
    assert other.post("/admin/login", {"name": "olive", "password": PASSWORD, "csrf": mark}).status == 403


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/admin/people?text=a", "/admin/people?text=a"),
        ("https://evil.example/admin", "/admin"),
        ("//evil.example/admin", "/admin"),
        ("/\\evil.example", "/admin"),
        ("/admin\r\nset-cookie: a=b", "/admin"),
        ("javascript:alert(1)", "/admin"),
        ("/elsewhere", "/admin"),
        ("", "/admin"),
    ],
)
def test_signing_in_leads_nowhere_else(asked: str, leads: str) -> None:
    assert safe_next(asked) == leads


def test_a_page_asked_for_without_a_sign_in_comes_after_it(house: House) -> None:
    visitor: Visitor = house.stranger()
    login = visitor.follow(visitor.get("/admin/people?text=ada"))
    assert 'value="/admin/people?text=ada"' in login.text


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "olive12olive", "x" * 300])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(UsageError):
        hashed(password, "olive12")


def test_a_password_is_right_only_with_its_own_hash() -> None:
    kept = hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_right(PASSWORD, kept)
    assert not is_right(PASSWORD + "!", kept)
    assert not is_right("nobody has this password", None)
    assert PASSWORD not in kept


def test_a_strangers_form_is_small(house: House) -> None:
    stranger = house.stranger()
    stranger.get("/admin/login")
    large = stranger.post("/admin/login", {"name": "olive", "password": "x" * 20_000})
    assert (large.status, "too old" in large.plain) == (403, True)
    file = stranger.upload("/admin/login", {"name": "olive"}, "disk.bin", b"0" * 20_000)
    assert file.status == 403
    endless = stranger.post("/admin/login", {"name": "olive"}, **{"content-length": "9" * 5000})
    assert endless.status == 403


def test_no_password_is_hashed_for_a_link_that_does_not_hold(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def costly(*_words: object) -> str:
        raise AssertionError("a hash was made")

    stranger = house.stranger()
    stranger.get("/admin/login")
    monkeypatch.setattr(PasswordHasher, "hash", costly)
    answer = stranger.post("/admin/welcome/guessed", {"name": "eve", "password": "a long boat song"})
    assert answer.status == 404
    assert "used already, or is too old" in answer.plain
