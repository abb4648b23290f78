"""Who may ask for what: every role at every page, and nobody without one."""

from __future__ import annotations

import re

import pytest

from digest.pipeline.desk import Desk
from digest.web.admin import pages
from subscribers.web.admin.asked import ROLES, Page
from tests.admin.conftest import House

#: method, path, least role: written down once more here, so that a change of a page's door is a decision.
DOORS = {
    "GET ": "viewer",
    "POST /editions/compose": "editor",
    "POST /editions/correct": "editor",
    "POST /editions/undo": "editor",
    "POST /editions/decide": "editor",
    "POST /editions/test": "editor",
    "POST /editions/send": "editor",
    "GET /editions": "viewer",
    "GET /editions/{newsletter}/{date}": "viewer",
    "GET /editions/{newsletter}/{date}/{slot}": "viewer",
    "GET /preview/{newsletter}/{date}": "viewer",
    "GET /preview/{newsletter}/{date}/{slot}": "viewer",
    "GET /readership": "editor",
    "GET /resend/{newsletter}/{date}": "editor",
    "GET /resend/{newsletter}/{date}/{slot}": "editor",
    "POST /editions/resend": "editor",
    "GET /progress/{newsletter}/{date}": "viewer",
    "GET /progress/{newsletter}/{date}/{slot}": "viewer",
    "GET /sources": "viewer",
    "GET /sources/{source}": "viewer",
    "GET /settings": "viewer",
    "GET /newsletters": "viewer",
    "GET /account": "viewer",
    "POST /account": "viewer",
    "POST /account/second-step": "viewer",
    "POST /account/second-step/confirm": "viewer",
    "POST /account/second-step/codes": "viewer",
    "POST /account/second-step/off": "viewer",
    "POST /accounts/second-step": "owner",
    "POST /accounts/lists": "owner",
    "GET /tokens": "owner",
    "POST /tokens": "owner",
    "POST /tokens/revoke": "owner",
    "GET /accounts": "owner",
    "POST /accounts/invite": "owner",
    "POST /accounts/role": "owner",
    "POST /accounts/remove": "owner",
    "GET /lists": "viewer",
    "POST /lists": "editor",
    "POST /lists/{list}/change": "editor",
    "POST /lists/{list}/delete": "owner",
    "POST /lists/{list}/add": "editor",
    "GET /lists/{list}.csv": "editor",
    "GET /people": "viewer",
    "POST /people/act": "editor",
    "GET /jobs/{job}": "editor",
    "GET /people/{person}": "viewer",
    "GET /people/{person}/data.json": "editor",
    "POST /people/{person}/name": "editor",
    "POST /people/{person}/field": "editor",
    "POST /people/{person}/tag": "editor",
    "POST /people/{person}/untag": "editor",
    "POST /people/{person}/join": "editor",
    "POST /people/{person}/leave": "editor",
    "POST /people/{person}/suppress": "editor",
    "POST /people/{person}/lift": "editor",
    "POST /people/{person}/forget": "editor",
    "GET /import": "editor",
    "POST /import": "editor",
    "GET /import/{file}": "editor",
    "POST /import/{file}": "editor",
    "GET /suppressions": "viewer",
    "POST /suppressions": "editor",
    "GET /log": "viewer",
}


def every_page(house: House) -> list[Page]:
    return pages(Desk(house.app))


def filled(path: str) -> str:
    return "/admin" + re.sub(r"\{[^}]*\}", "2026-03-04", path)


def test_each_page_has_the_door_that_was_decided(house: House) -> None:
    assert {f"{page.method} {page.path}": page.needs for page in every_page(house)} == DOORS


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_doors_and_no_other(house: House, role: str) -> None:
    for page in every_page(house):
        visitor = house.enter_once(role)
        visitor.csrf, mark = "", visitor.csrf
        ask = visitor.get if page.method == "GET" else visitor.post
        answer = ask(filled(page.path))
        visitor.csrf = mark
        if ROLES.index(role) < ROLES.index(page.needs):
            assert answer.status == 403, (role, page)
            assert "needs the role" in answer.plain
        else:
            # Let in, and then stopped: by a form without its mark, or by what does not exist.
            assert "needs the role" not in answer.plain, (role, page)
            assert answer.status < 500, (role, page, answer.plain)


def test_nobody_comes_in_without_signing_in(house: House) -> None:
    for page in every_page(house):
        stranger = house.stranger()
        answer = stranger.get(filled(page.path)) if page.method == "GET" else stranger.post(filled(page.path))
        assert answer.status == 303, page
        assert answer.location.startswith("/admin/login"), page
        assert answer.body == b""


def test_a_post_without_the_forms_mark_does_nothing(house: House) -> None:
    visitor = house.enter("owner")
    for page in every_page(house):
        if page.method == "POST":
            answer = visitor.post(filled(page.path), {"csrf": "0" * 64})
            assert answer.status == 403, page
            assert "too old" in answer.plain


def test_a_post_from_another_site_does_nothing(house: House) -> None:
    visitor = house.enter("owner")
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ):
        answer = visitor.post("/admin/lists", {"slug": "stolen", "title": "Stolen"}, **headers)
        assert answer.status == 403, headers
    assert "stolen" not in visitor.get("/admin/lists").text


def test_no_page_runs_a_foreign_script_or_stands_in_a_foreign_frame(house: House) -> None:
    visitor = house.enter("owner")
    for page in every_page(house):
        if page.method == "GET":
            answer = visitor.get(filled(page.path))
            policy = answer.header("content-security-policy")
            assert "script-src 'self';" in policy, page
            assert "frame-ancestors 'none'" in policy or "sandbox" in policy, page
            assert "unsafe" not in policy or "sandbox" in policy, page
            assert answer.header("x-content-type-options") == "nosniff"
            assert answer.header("cache-control") == "no-store"
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:|\sstyle=", answer.text), page
