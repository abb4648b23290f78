"""What no form and no link of ours sends: numbers that are none, headers and addresses that are none."""

from __future__ import annotations

import pytest

from subscribers.web.numbers import number_of
from tests.admin.conftest import House
from tests.admin.visitor import Visitor


@pytest.mark.parametrize("word", ["", "²", "٣", "-1", "+1", "1.0", " 1", "9" * 19, "9" * 5000, "1\n"])
def test_what_is_no_number_of_a_row_is_none(word: str) -> None:
    assert number_of(word) is None


def test_a_number_of_a_row_is_read() -> None:
    assert (number_of("0"), number_of("007"), number_of("9" * 18)) == (0, 7, 10**18 - 1)


@pytest.mark.parametrize("number", ["%C2%B2", "9" * 40, "9" * 5000])
@pytest.mark.parametrize("path", ["/admin/log?before=", "/admin/suppressions?before=", "/admin/people?text=a&after=n:"])
def test_a_page_after_no_row_is_a_page(owner: Visitor, path: str, number: str) -> None:
    assert owner.get(path + number).status == 200


def test_nobody_is_chosen_by_what_is_no_number(owner: Visitor) -> None:
    owner.get("/admin/people")
    answer = owner.post("/admin/people/act", {"act": "add", "to": "weekly", "person": "²"})
    assert answer.status == 303
    assert "choose some people first" in owner.follow(answer).plain


@pytest.mark.parametrize("days", ["²", "٣", "9" * 5000, "0", "3651"])
def test_a_token_holds_for_a_number_of_days_alone(owner: Visitor, days: str) -> None:
    owner.get("/admin/tokens")
    answer = owner.post("/admin/tokens", {"name": "odd", "scope": "lists:read", "days": days, "reach": "all"})
    assert "1 to 3650 days" in owner.follow(answer).plain


def test_a_form_from_no_address_is_from_another_site(owner: Visitor) -> None:
    assert owner.post("/admin/lists", {"slug": "odd"}, origin="http://[").status == 403


def test_a_form_whose_page_is_no_address_leads_to_the_first_page(owner: Visitor) -> None:
    owner.get("/admin/tokens")
    answer = owner.post("/admin/tokens", {"name": "odd", "scope": "lists:read", "days": "0"}, referer="http://[")
    assert (answer.status, answer.location) == (303, "/admin")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/editions/a\x00b/2026-03-04", 404), ("/admin/people/\x00", 400), ("/admin/people?text=%00", 200)],
)
def test_a_nul_in_an_address_is_a_sign_that_nothing_has(owner: Visitor, path: str, status: int) -> None:
    answer = owner.get(path)
    assert answer.status == status
    assert "\x00" not in answer.text


def test_a_nul_in_an_address_of_the_api_is_told_like_any_other_problem(house: House) -> None:
    answer = house.stranger().get("/api/nothing\x00")
    assert (answer.status, answer.header("content-type")) == (404, "application/problem+json")
