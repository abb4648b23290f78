"""Kept to some lists: every page, for each role, with what is one's own and with what is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from digest.pipeline.composing import compose
from digest.pipeline.desk import Desk
from digest.store.moving import _tables
from digest.web.admin import pages
from subscribers import Reason, roster
from subscribers.web.admin.asked import Page
from tests.admin.conftest import NEWSLETTERS, PASSWORD, House, kept_password, open_house
from tests.admin.visitor import Answer, Visitor
from tests.background import until_done
from tests.newsroom import NOW

#: Words that stand on a page only where something of the other list is shown.
FOREIGN = re.compile(r"dora@|Dora Secret|secret-tag|secret\.csv|/daily/|list=daily|>daily<|The Daily\b")
#: What a sign-in changes by itself.
PASSING = {"accounts", "signins", "halfway", "meta"}


@pytest.fixture(scope="module")
def shores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two lists with a reader each and one on both; Lena edits the one list, Lars looks at it."""
    house = open_house(tmp_path_factory.mktemp("shores"), newsletters=NEWSLETTERS)
    for newsletter in house.app.newsletters:
        compose(house.app, replace(newsletter, issue=(NOW.date(), "")), NOW)
    with house.app.store.begin() as conn:
        for slug, address, name in (
            ("daily", "dora@secret.example.org", "Dora Secret"),
            ("harbour", "hugo@quay.example.org", "Hugo Quay"),
            ("daily", "bea@both.example.org", "Bea Both"),
            ("harbour", "bea@both.example.org", ""),
        ):
            roster.add(
                conn,
                slug,
                address,
                name=name,
                at=NOW,
                how="command",
                source=f"{'secret' if slug == 'daily' else 'open'}.csv",
            )
        dora = roster.by_address(conn, "dora@secret.example.org")
        assert dora is not None
        roster.put_tags(conn, {dora.id: ["secret-tag"]})
        roster.suppress(conn, "gone@secret.example.org", Reason.MANUAL, list_slug="daily", at=NOW, how="command")
    accounts, now = house.app.store.accounts, datetime.now(UTC)
    for name, role in (("lena", "editor"), ("lars", "viewer")):
        accounts.invite(f"for {name}", role, now + timedelta(hours=1), lists=["harbour"])  # type: ignore[arg-type]
        accounts.accept(f"for {name}", name, kept_password(), now)
    yield house
    house.app.store.close()


def entered(house: House, name: str) -> Visitor:
    visitor = house.stranger()
    visitor.get("/admin/login")
    assert visitor.post("/admin/login", {"name": name, "password": PASSWORD}).status == 303
    visitor.get("/admin/account")
    return visitor


@pytest.fixture(scope="module")
def lena(shores: House) -> Visitor:
    return entered(shores, "lena")


@pytest.fixture(scope="module")
def lars(shores: House) -> Visitor:
    return entered(shores, "lars")


def public_id(house: House, address: str) -> str:
    with house.app.store.read() as conn:
        found = roster.by_address(conn, address)
    assert found is not None
    return found.public_id


def number(house: House, address: str) -> str:
    with house.app.store.read() as conn:
        found = roster.by_address(conn, address)
    assert found is not None
    return str(found.id)


def filled(house: House, page: Page, slug: str, address: str) -> str:
    """Return the address of a page about one list and somebody on it."""
    values = {
        "list": slug, "newsletter": slug, "person": public_id(house, address), "date": "2026-03-04",
        "source": "herald", "slot": "0700", "file": "nothing", "job": "nothing", "token": "nothing",
    }  # fmt: skip
    return "/admin" + re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "1"), page.path)


def form_about(house: House, slug: str, address: str) -> list[tuple[str, str]]:
    """Return a form that names a list, its edition and its reader in every word a page may look for."""
    return [
        ("list", slug), ("to", slug), ("newsletter", slug), ("edition", f"{slug}/2026-03-04"),
        ("person", number(house, address)), ("act", "tag"), ("tag_name", "stolen"), ("name", "Stolen"),
        ("field", "stolen"), ("value", "stolen"), ("address", address), ("pasted", "stolen@example.org"),
        ("slug", "stolen"), ("title", "Stolen"), ("what", "skip"), ("why", "stolen"),
    ]  # fmt: skip


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that is kept."""
    with house.app.store.read() as conn:
        return {
            table.name: [tuple(row) for row in conn.execute(select(table))]
            for table in _tables()
            if table.name not in PASSING
        }


def ask(visitor: Visitor, page: Page, path: str, form: list[tuple[str, str]]) -> Answer:
    visitor.at = "/admin/account"
    return visitor.get(path) if page.method == "GET" else visitor.post(path, form)


@pytest.mark.parametrize("name", ["lena", "lars"])
def test_nothing_of_another_list_can_be_seen_or_changed(
    shores: House, name: str, request: pytest.FixtureRequest
) -> None:
    visitor: Visitor = request.getfixturevalue(name)
    before = everything(shores)
    for page in pages(Desk(shores.app)):
        path = filled(shores, page, "daily", "dora@secret.example.org")
        answer = ask(visitor, page, path, form_about(shores, "daily", "dora@secret.example.org"))
        assert answer.status < 500, (page, answer.plain)
        assert not FOREIGN.search(answer.text), (page, FOREIGN.findall(answer.text))
        if "{" in page.path:
            assert answer.status in (303, 400, 403, 404) or "source" in page.path, (page, answer.plain)
    assert everything(shores) == before


@pytest.mark.parametrize("name", ["lena", "lars"])
def test_every_page_of_the_list_that_is_kept_can_be_seen(
    shores: House, name: str, request: pytest.FixtureRequest
) -> None:
    visitor: Visitor = request.getfixturevalue(name)
    seen = set()
    for page in pages(Desk(shores.app)):
        if page.method == "GET" and not re.search(r"\{(slot|file|job)\}", page.path):
            answer = visitor.get(filled(shores, page, "harbour", "hugo@quay.example.org"))
            assert answer.status == (403 if page.needs == "owner" else answer.status)
            if answer.status == 200:
                assert not FOREIGN.search(answer.text), (page, FOREIGN.findall(answer.text))
                seen.add(page.path)
    wanted = {"", "/lists", "/people", "/people/{person}", "/editions", "/editions/{newsletter}/{date}", "/log"}
    assert seen >= wanted | {"/suppressions", "/newsletters", "/preview/{newsletter}/{date}"}
    assert ("/lists/{list}.csv" in seen) is (name == "lena")
    assert "/people/{person}/data.json" not in seen


@pytest.mark.parametrize(
    "query", ["", "text=secret", "text=dora", "state=confirmed", "tag=secret-tag", "state=suppressed"]
)
def test_a_search_finds_nobody_of_another_list(shores: House, lena: Visitor, query: str) -> None:
    answer = lena.get(f"/admin/people?{query}")
    assert answer.status == 200
    assert "dora@" not in answer.text
    assert ("hugo@quay" in answer.text) is (query in ("", "state=confirmed"))


def test_who_keeps_two_lists_searches_both_and_no_third(shores: House, lena: Visitor) -> None:
    with shores.app.store.begin() as conn:
        for slug in ("islands", "empty"):
            roster.ensure_list(conn, slug, opt_in="single", at=NOW)
        roster.add(conn, "islands", "ida@isle.example.org", at=NOW, how="command")
    shores.app.store.accounts.set_lists("lena", ["harbour", "islands"])
    try:
        for query in ("", "text=example", "state=confirmed", "text=example&state=confirmed"):
            found = lena.get(f"/admin/people?{query}").text
            assert "hugo@quay" in found
            assert "ida@isle" in found
            assert "dora@" not in found
        assert "ida@isle" not in lena.get("/admin/people?list=harbour").text
        assert lena.get("/admin/people?list=daily").status == 400
    finally:
        shores.app.store.accounts.set_lists("lena", ["harbour"])


def test_another_list_is_answered_like_one_that_is_not_there(shores: House, lena: Visitor) -> None:
    for path in ("/admin/people?list={}", "/admin/lists/{}.csv", "/admin/log?list={}", "/admin/import?list={}"):
        there, nowhere = (lena.get(path.format(slug)) for slug in ("daily", "nolist"))
        assert there.status == nowhere.status == 400
        assert there.plain.replace("daily", "nolist") == nowhere.plain
    there, nowhere = (
        lena.get(f"/admin/people/{who}") for who in (public_id(shores, "dora@secret.example.org"), "x" * 16)
    )
    assert (there.status, there.plain) == (nowhere.status, nowhere.plain)
    there, nowhere = (lena.get(f"/admin/editions/{slug}/2026-03-04") for slug in ("daily", "nolist"))
    assert there.status == nowhere.status == 404
    assert there.plain.replace("daily", "nolist") == nowhere.plain


def test_somebody_on_two_lists_is_seen_as_far_as_they_are_on_the_kept_one(shores: House, lena: Visitor) -> None:
    page = lena.get(f"/admin/people/{public_id(shores, 'bea@both.example.org')}")
    assert page.status == 200
    assert "harbour confirmed" in page.plain
    assert not FOREIGN.search(page.text), FOREIGN.findall(page.text)
    line = lena.get("/admin/people?text=bea")
    assert "harbour" in line.plain
    assert not FOREIGN.search(line.text), FOREIGN.findall(line.text)


def test_a_kept_list_is_worked_on_as_ever(shores: House, lena: Visitor) -> None:
    lena.get("/admin/lists")
    lena.post("/admin/lists/harbour/add", {"address": "nils@quay.example.org", "name": "Nils"})
    person = f"/admin/people/{public_id(shores, 'nils@quay.example.org')}"
    lena.post(f"{person}/tag", {"tag_name": "pilot"})
    lena.post(f"{person}/name", {"name": "Nils Mole"})
    assert "nils@quay" in lena.get("/admin/people?tag=pilot").text
    assert "Nils Mole" in lena.get("/admin/lists/harbour.csv").text
    assert "subscribed" in lena.get("/admin/log").plain
    lena.post(f"{person}/leave", {"list": "harbour"})
    assert "harbour unsubscribed" in lena.get(person).plain


def test_suppressing_reaches_no_further_than_the_kept_list(shores: House, lena: Visitor) -> None:
    with shores.app.store.begin() as conn:
        for slug in ("daily", "harbour"):
            roster.add(conn, slug, "sven@both.example.org", at=NOW, how="command")
    lena.get("/admin/people")
    lena.post(f"/admin/people/{public_id(shores, 'sven@both.example.org')}/suppress")
    with shores.app.store.read() as conn:
        assert roster.is_suppressed(conn, "sven@both.example.org", "harbour") is Reason.MANUAL
        assert roster.is_suppressed(conn, "sven@both.example.org", "daily") is None
    lena.at = "/admin/suppressions"
    answer = lena.post("/admin/suppressions", {"address": "sven@both.example.org", "act": "suppress"})
    assert "name one of yours" in lena.follow(answer).plain


def test_all_that_match_are_those_of_the_kept_list(shores: House, lena: Visitor) -> None:
    lena.get("/admin/people")
    started = lena.post("/admin/people/act", {"act": "tag", "tag_name": "mine", "all": "yes", "text": "example"})
    until_done("job ")
    lena.follow(started)
    assert "dora@" not in shores.enter_once("owner").get("/admin/people?tag=mine").text
    assert "hugo@" in shores.enter_once("owner").get("/admin/people?tag=mine").text


def test_the_work_of_others_is_not_watched(shores: House, lena: Visitor) -> None:
    owner = shores.enter_once("owner")
    owner.get("/admin/people")
    theirs = owner.post("/admin/people/act", {"act": "tag", "tag_name": "all", "all": "yes", "list": "daily"}).location
    mine = lena.post("/admin/people/act", {"act": "tag", "tag_name": "ours", "all": "yes"}).location
    assert [lena.get(each).status for each in (theirs, mine)] == [400, 200]
    assert [owner.get(each).status for each in (theirs, mine)] == [200, 200]
    until_done("job ")


def test_an_edition_that_goes_to_others_too_is_seen_and_not_changed(shores: House, lena: Visitor) -> None:
    page = lena.get("/admin/editions/both/2026-03-04")
    assert page.status == 200
    assert "Approve" not in page.plain
    lena.at = "/admin/editions/both/2026-03-04"
    answer = lena.post("/admin/editions/decide", {"edition": "both/2026-03-04", "act": "approve"})
    assert "others keep too" in lena.follow(answer).plain
    answer = lena.post("/admin/editions/decide", {"edition": "harbour/2026-03-04", "act": "hold", "why": "later"})
    assert "Held." in lena.follow(answer).plain


def test_an_import_goes_to_a_kept_list_and_is_seen_by_who_keeps_it(shores: House, lena: Visitor) -> None:
    owner = shores.enter_once("owner")
    owner.get("/admin/import")
    handed = owner.upload("/admin/import", {"list": "daily"}, "secret.csv", b"email\nnew@secret.example.org\n")
    assert handed.status == 303
    assert lena.get(handed.location).status == 400
    lena.get("/admin/import")
    assert lena.upload("/admin/import", {"list": "harbour"}, "open.csv", b"email\nnew@quay.example.org\n").status == 303


def settled_import(visitor: Visitor, form: dict[str, str], rows: bytes) -> None:
    """Hand a file over, look at it, and carry it out."""
    visitor.get("/admin/import")
    handed = visitor.upload("/admin/import", {"list": "harbour"} | form, "some.csv", rows)
    assert handed.location.startswith("/admin/import/"), handed.plain
    for act in (lambda: None, lambda: visitor.post(handed.location)):
        act()
        until_done("job ")
        visitor.get(handed.location)


def test_an_import_suppresses_and_takes_back_nobody_beyond_the_kept_list(shores: House, lena: Visitor) -> None:
    with shores.app.store.begin() as conn:
        roster.add(conn, "daily", "paul@both.example.org", at=NOW, how="command")
        roster.add(conn, "harbour", "rosa@both.example.org", at=NOW, how="command")
        roster.suppress(conn, "rosa@both.example.org", Reason.COMPLAINT, at=NOW, how="provider")
    settled_import(lena, {}, b"email,status,suppressed\npaul@both.example.org,confirmed,hard bounce\n")
    with shores.app.store.read() as conn:
        assert roster.is_suppressed(conn, "paul@both.example.org", "harbour") is Reason.HARD_BOUNCE
        assert roster.is_suppressed(conn, "paul@both.example.org", "daily") is None
    lena.at = "/admin/import"
    answer = lena.upload(
        "/admin/import", {"list": "harbour", "override": "yes"}, "a.csv", b"email\nrosa@both.example.org\n"
    )
    assert "holds for every list" in lena.follow(answer).plain
    person = f"/admin/people/{public_id(shores, 'rosa@both.example.org')}"
    lena.at = person
    answer = lena.post(f"{person}/join", {"list": "harbour", "override": "yes"})
    assert "holds for every list" in lena.follow(answer).plain
    with shores.app.store.read() as conn:
        assert roster.is_suppressed(conn, "rosa@both.example.org") is Reason.COMPLAINT


def test_an_owner_keeps_every_list(shores: House) -> None:
    owner = shores.enter_once("owner")
    owner.get("/admin/accounts")
    owner.at = "/admin/accounts"
    form = [("name", "olive"), ("reach", "some"), ("of_list", "harbour")]
    assert "an owner keeps every list" in owner.follow(owner.post("/admin/accounts/lists", form)).plain


def test_an_invitation_for_a_list_makes_an_account_of_that_list(shores: House) -> None:
    owner = shores.enter_once("owner")
    owner.get("/admin/accounts")
    page = owner.post("/admin/accounts/invite", [("role", "viewer"), ("reach", "some"), ("of_list", "harbour")])
    shores.settle("ida", page.plain.split("https://news.example")[1].split()[0])
    account = shores.app.store.accounts.named("ida")
    assert account is not None
    assert account.lists == ("harbour",)


def test_lists_given_and_taken_hold_at_the_next_click(shores: House, lars: Visitor) -> None:
    owner = shores.enter_once("owner")
    owner.get("/admin/accounts")
    owner.post("/admin/accounts/lists", [("name", "lars"), ("reach", "all")])
    assert lars.get("/admin/people?list=daily").status == 200
    owner.post("/admin/accounts/lists", [("name", "lars"), ("reach", "some"), ("of_list", "harbour")])
    assert lars.get("/admin/people?list=daily").status == 400
