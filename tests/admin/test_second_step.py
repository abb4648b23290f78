"""The second step of signing in: codes from a phone, recovery codes, and what ends with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from digest.errors import StoreError
from digest.store.door_tables import signins
from digest.web.admin import codes
from digest.web.admin.gate import COOKIE
from digest.web.admin.second_login import HALF_COOKIE
from subscribers import KeyRing
from tests.admin.conftest import PASSWORD, House
from tests.admin.visitor import Answer, Visitor
from tests.dying import dies_after, lives
from tests.newsroom import Newsroom

#: RFC 6238, appendix B: the ASCII secret 12345678901234567890 and what SHA-1 makes of it, the last six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize(("second", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    now = datetime.fromtimestamp(second, UTC)
    assert codes.span_of(RFC_SECRET, code, now) == second // 30
    assert codes.span_of(RFC_SECRET, f"{code[:3]} {code[3:]}", now) == second // 30


@pytest.mark.parametrize(("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_holds_for_one_span_before_and_after(late: int, taken: bool) -> None:
    now = datetime.fromtimestamp(1111111109 + late, UTC)
    assert (codes.span_of(RFC_SECRET, "081804", now) is not None) is taken


@pytest.mark.parametrize("code", ["", "000000", "28708", "2870822", "２８７０８２", "'; --", "é"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert codes.span_of(RFC_SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_a_sealed_secret_opens_with_an_old_key_and_for_its_own_account_alone() -> None:
    ring = KeyRing.generate()
    sealed = codes.Vault(lambda: ring).seal(7, RFC_SECRET)
    assert RFC_SECRET.encode() not in sealed
    assert codes.Vault(ring.rotate).open(7, sealed) == RFC_SECRET
    for vault, account in ((codes.Vault(lambda: ring), 8), (codes.Vault(KeyRing.generate), 7)):
        with pytest.raises(StoreError, match="digest admin reset"):
            vault.open(account, sealed)


def test_the_picture_is_drawn_here_and_loads_nothing() -> None:
    drawn = codes.picture(codes.address(RFC_SECRET, "olive", "Broadsheet news.example"))
    assert drawn.startswith("<svg")
    assert not re.search(r"style=|href=|<image|<script|https?://(?!www\.w3\.org/2000/svg)", drawn)


class Phone:
    """An authenticator app, whose clock can be set forward: no code is good twice."""

    def __init__(self, secret: str) -> None:
        self._maker, self._ahead = pyotp.TOTP(secret), -30

    def code(self) -> str:
        """Return a code not shown before that is still taken."""
        self._ahead += 30
        assert self._ahead <= 30, "two spans ahead is too early"
        return self._maker.at(datetime.now(UTC) + timedelta(seconds=self._ahead))


def begin(visitor: Visitor) -> Phone:
    """Begin a second step and scan the picture."""
    visitor.get("/admin/account")
    shown = visitor.post("/admin/account/second-step", {"password": PASSWORD})
    assert "<svg" in shown.text
    secret = re.search(r'<code class="link">([A-Z2-7 \n]+)</code>', shown.text)
    assert secret, shown.plain
    return Phone(re.sub(r"\s", "", secret[1]))


def turn_on(visitor: Visitor) -> tuple[Phone, list[str]]:
    """Turn a second step on; return the phone and the recovery codes."""
    phone = begin(visitor)
    shown = visitor.post("/admin/account/second-step/confirm", {"code": phone.code()})
    return phone, re.findall(r"<code>([a-z2-7-]{19})</code>", shown.text)


def give_password(house: House, name: str = "edgar", place: str = "192.0.2.7") -> tuple[Visitor, Answer]:
    """Sign in as far as the password goes."""
    visitor = house.stranger(place)
    visitor.get("/admin/login?next=/admin/people")
    answer = visitor.post("/admin/login", {"name": name, "password": PASSWORD, "after": "/admin/people"})
    return visitor, answer


def test_a_password_alone_no_longer_lets_anybody_in(own_house: House) -> None:
    phone, recovery = turn_on(own_house.enter("editor"))
    assert len(set(recovery)) == 10
    visitor, answer = give_password(own_house)
    assert answer.location.startswith("/admin/login/code")
    assert COOKIE not in visitor.cookies
    assert visitor.get("/admin").location.startswith("/admin/login")
    visitor.get(answer.location)
    let_in = visitor.post("/admin/login/code", {"code": phone.code(), "after": "/admin/people"})
    assert let_in.location == "/admin/people"
    assert visitor.get("/admin/people").status == 200
    assert HALF_COOKIE not in visitor.cookies


def test_no_code_is_asked_for_before_one_was_proved(own_house: House) -> None:
    editor = own_house.enter("editor")
    begin(editor)
    assert give_password(own_house)[1].location == "/admin/people"
    answer = editor.post("/admin/account/second-step/confirm", {"code": "000000"})
    assert "not the code of this moment" in editor.follow(answer).plain
    assert "You began it" in editor.get("/admin/account").plain


def test_a_code_is_taken_once(own_house: House) -> None:
    phone, _ = turn_on(own_house.enter("editor"))
    code = phone.code()
    for status in (303, 403):
        visitor, answer = give_password(own_house)
        visitor.get(answer.location)
        assert visitor.post("/admin/login/code", {"code": code}).status == status


def test_the_code_that_turned_it_on_signs_nobody_in(own_house: House) -> None:
    editor = own_house.enter("editor")
    phone = begin(editor)
    code = phone.code()
    editor.post("/admin/account/second-step/confirm", {"code": code})
    visitor, answer = give_password(own_house)
    visitor.get(answer.location)
    assert visitor.post("/admin/login/code", {"code": code}).status == 403


def test_each_recovery_code_lets_in_once(own_house: House) -> None:
    _, recovery = turn_on(own_house.enter("editor"))
    for status in (303, 403):
        visitor, answer = give_password(own_house)
        visitor.get(answer.location)
        assert visitor.post("/admin/login/code", {"code": recovery[0].upper().replace("-", " ")}).status == status
    assert own_house.app.store.second_steps.codes_left(2) == 9


@pytest.mark.parametrize("by_phone", [True, False])
def test_no_code_is_used_up_by_a_sign_in_that_never_was(own_house: House, by_phone: bool) -> None:
    phone, recovery = turn_on(own_house.enter("editor"))
    code = phone.code() if by_phone else recovery[0]
    visitor, answer = give_password(own_house)
    visitor.get(answer.location)
    store = own_house.app.store
    for commits, kept in ((0, 1), (1, 2)):  # one is of the browser in which it was turned on
        dies_after(store, commits)
        assert not lives(lambda: visitor.post("/admin/login/code", {"code": code}))
        del store.begin  # and starts anew
        with store.read() as conn:
            assert conn.scalar(select(func.count()).select_from(signins)) == kept
    visitor, answer = give_password(own_house)
    visitor.get(answer.location)
    assert visitor.post("/admin/login/code", {"code": code}).status == 403


def test_new_recovery_codes_end_the_old_ones(own_house: House) -> None:
    editor = own_house.enter("editor")
    _, old = turn_on(editor)
    shown = editor.post("/admin/account/second-step/codes", {"password": PASSWORD})
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", shown.text)
    for code, status in ((old[0], 403), (new[0], 303)):
        visitor, answer = give_password(own_house)
        visitor.get(answer.location)
        assert visitor.post("/admin/login/code", {"code": code}).status == status


def test_guessing_codes_gets_slow_from_many_places(own_house: House) -> None:
    turn_on(own_house.enter("editor"))
    statuses = []
    for number in range(7):
        visitor, answer = give_password(own_house, place=f"192.0.2.{100 + number}")
        visitor.get(answer.location)
        statuses.append(visitor.post("/admin/login/code", {"code": f"00000{number}"}).status)
    assert statuses == [403] * 5 + [429] * 2


def test_the_page_of_codes_is_shown_to_nobody_without_a_password(house: House) -> None:
    stranger = house.stranger()
    stranger.get("/admin/login")
    assert stranger.get("/admin/login/code").location == "/admin/login"
    stranger.cookies[HALF_COOKIE] = "planted"
    assert stranger.post("/admin/login/code", {"code": "000000"}).location == "/admin/login"


def test_a_sign_in_half_done_does_not_wait_for_ever(own_house: House) -> None:
    steps, now = own_house.app.store.second_steps, datetime.now(UTC)
    steps.wait("token", 2, now, now + timedelta(minutes=10))
    assert steps.waiting("token", now + timedelta(minutes=9)) == 2
    assert steps.waiting("token", now + timedelta(minutes=11)) is None


def test_turning_it_on_or_off_ends_every_other_sign_in(own_house: House) -> None:
    here, there = own_house.enter("editor"), own_house.enter("editor")
    turn_on(here)
    assert here.get("/admin/account").status == 200
    assert there.get("/admin/account").status == 303
    half, _ = give_password(own_house)
    assert here.post("/admin/account/second-step/off", {"password": PASSWORD}).location == "/admin/account"
    assert half.get("/admin/login/code").location == "/admin/login"
    assert give_password(own_house)[1].location == "/admin/people"


@pytest.mark.parametrize("act", ["", "/off", "/codes"])
def test_the_password_is_asked_for_once_more(own_house: House, act: str) -> None:
    editor = own_house.enter("editor")
    if act:
        turn_on(editor)
    editor.at = "/admin/account"
    answer = editor.post(f"/admin/account/second-step{act}", {"password": "not this one"})
    assert "is another one" in editor.follow(answer).plain


def test_the_secret_is_shown_once_and_kept_sealed(own_house: House) -> None:
    editor = own_house.enter("editor")
    editor.get("/admin/account")
    shown = editor.post("/admin/account/second-step", {"password": PASSWORD})
    secret = re.sub(r"\s", "", re.search(r'<code class="link">([A-Z2-7 \n]+)</code>', shown.text)[1])  # type: ignore[index]
    assert secret not in re.sub(r"\s", "", editor.get("/admin/account").text)
    _, recovery = turn_on(editor)
    own_house.app.store.close()
    kept = b"".join(file.read_bytes() for file in (own_house.room.folder / "var").glob("digest.db*"))
    assert secret.encode() not in kept
    assert recovery[0].replace("-", "").encode() not in kept


def test_an_owner_takes_off_somebody_elses(own_house: House) -> None:
    editor, owner = own_house.enter("editor"), own_house.enter("owner")
    turn_on(editor)
    assert "Take off the second step of edgar" in owner.get("/admin/accounts").text
    owner.post("/admin/accounts/second-step", {"name": "edgar"})
    assert editor.get("/admin").status == 303
    assert give_password(own_house)[1].location == "/admin/people"
    log = owner.get("/admin/log").plain
    assert "second step on edgar" in log
    assert "second step off edgar" in log


def test_a_removed_account_takes_its_second_step_along(own_house: House) -> None:
    turn_on(own_house.enter("editor"))
    own_house.enter("owner").post("/admin/accounts/remove", {"name": "edgar"})
    assert own_house.app.store.accounts.named("edgar") is None
    assert own_house.app.store.second_steps.codes_left(2) == 0


def test_strangers_guessing_at_a_name_do_not_lock_its_owner_out(own_house: House) -> None:
    visitor = own_house.enter("editor")
    for number in range(12):
        guesser = own_house.stranger(f"198.51.100.{number}")
        guesser.get("/admin/login")
        guesser.post("/admin/login", {"name": "edgar", "password": "x"})
    stranger, answer = give_password(own_house, place="203.0.113.9")
    assert answer.status == 429
    assert COOKIE not in stranger.cookies
    visitor.post("/admin/logout")
    visitor.get("/admin/login")
    assert visitor.post("/admin/login", {"name": "edgar", "password": PASSWORD}).status == 303


def test_a_known_browser_may_not_guess_for_ever_and_is_known_for_its_own_name_alone(own_house: House) -> None:
    visitor = own_house.enter("editor")
    visitor.post("/admin/logout")
    visitor.get("/admin/login")
    tries = [visitor.post("/admin/login", {"name": "edgar", "password": "x"}).status for _ in range(11)]
    assert tries[-1] == 429
    other = own_house.enter("viewer")
    for number in range(10):
        guesser = own_house.stranger(f"198.51.100.{number}")
        guesser.get("/admin/login")
        guesser.post("/admin/login", {"name": "olive", "password": "x"})
    other.post("/admin/logout")
    other.get("/admin/login")
    assert other.post("/admin/login", {"name": "olive", "password": "x"}).status == 429


def test_the_command_resets_a_second_step(newsroom: Newsroom) -> None:
    ran = newsroom.digest("admin", "reset", "nobody")
    assert ran.code == 2
    assert 'nobody is called "nobody"' in ran.err
