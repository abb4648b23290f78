"""The pages that readers see, asked as a browser and a mail provider ask them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette

from subscribers import State, audit, notices, roster
from subscribers.web import routes
from subscribers.web.words import LANGUAGES, words_of
from tests.subscribers.browser import Browser
from tests.subscribers.desks import MORNING

BY = {"at": MORNING, "how": "command"}


@pytest.fixture
def browser(desk) -> Browser:
    return Browser(Starlette(routes=routes(desk)))


@pytest.fixture
def ann(desk):
    """A subscriber of both lists that feed the morning newsletter."""
    with desk.begin() as conn:
        roster.add(conn, "daily", "ann@example.com", name="Ann", **BY)
        roster.add(conn, "extra", "ann@example.com", **BY)
        return roster.by_address(conn, "ann@example.com")


def states(desk, address: str = "ann@example.com") -> dict[str, State]:
    with desk.read() as conn:
        return {each.list_slug: each.state for each in roster.find(conn, address).subscriptions}


def everything(desk) -> list[list[tuple[object, ...]]]:
    """Return every row of every table."""
    import subscribers

    with desk.read() as conn:
        return [[tuple(row) for row in conn.execute(table.select())] for table in subscribers.metadata.sorted_tables]


def link(desk, person, purpose="unsubscribe", scope="morning") -> str:
    return {"unsubscribe": "/u/", "preferences": "/preferences/", "confirm": "/confirm/"}[purpose] + desk.ring.sign(
        purpose, person.public_id, scope
    )


def test_looking_at_any_page_changes_nothing(desk, browser, ann):
    before = everything(desk)
    for path in (
        link(desk, ann),
        link(desk, ann, "preferences"),
        link(desk, ann, "confirm", "evening"),
        "/subscribe",
        "/subscribe/morning",
    ):
        assert browser.get(path).status == 200
    assert everything(desk) == before


def test_one_click_leaves_every_list_that_feeds_the_newsletter(desk, browser, ann):
    # RFC 8058 §3.1: the provider posts this body, with no cookie and no page seen before.
    answer = browser.post(link(desk, ann), {"List-Unsubscribe": "One-Click"})
    assert answer.status == 200
    assert states(desk) == {"daily": State.UNSUBSCRIBED, "extra": State.UNSUBSCRIBED}
    assert browser.post(link(desk, ann), {"List-Unsubscribe": "One-Click"}).status == 200


def test_the_unsubscribe_page_asks_first_and_hides_the_address(desk, browser, ann):
    page = browser.get(link(desk, ann))
    assert page.heading == "Leave The Morning?"
    assert "a…@example.com" in page.text
    assert "ann@example.com" not in page.text


def test_one_click_works_years_later_after_keys_were_rotated(desk, browser, ann):
    path = link(desk, ann)
    desk.ring = desk.ring.rotate().rotate()
    desk.later(days=4000)
    assert browser.post(path).status == 200
    assert set(states(desk).values()) == {State.UNSUBSCRIBED}


def test_a_newsletter_that_is_no_more_still_lets_people_go(desk, browser, ann):
    desk.papers = ()
    assert browser.post(link(desk, ann)).status == 200
    assert set(states(desk).values()) == {State.UNSUBSCRIBED}


def test_leaving_one_newsletter_leaves_the_other(desk, browser, ann):
    with desk.begin() as conn:
        roster.add(conn, "evening", "ann@example.com", **BY)
        roster.confirm(conn, ann.id, "evening", **BY)
    browser.post(link(desk, ann))
    assert states(desk)["evening"] is State.CONFIRMED


def test_a_link_of_another_purpose_opens_nothing(desk, browser, ann):
    token = desk.ring.sign("preferences", ann.public_id, "morning")
    assert browser.post(f"/u/{token}").status == 404
    assert browser.post(f"/confirm/{token}").status == 404
    assert set(states(desk).values()) == {State.CONFIRMED}


def test_a_link_that_was_changed_opens_nothing(desk, browser, ann):
    with desk.begin() as conn:
        roster.add(conn, "daily", "bob@example.com", **BY)
        bob = roster.by_address(conn, "bob@example.com")
    forged = link(desk, ann).replace(ann.public_id, bob.public_id)
    assert browser.post(forged).status == 404
    assert states(desk, "bob@example.com") == {"daily": State.CONFIRMED}


def test_someone_forgotten_gets_the_same_answer(desk, browser, ann):
    path = link(desk, ann)
    there = browser.post(path)
    with desk.begin() as conn:
        roster.forget(conn, "ann@example.com", **BY)
    gone = browser.post(path)
    assert (gone.status, gone.body) == (there.status, there.body)


def test_the_one_question_is_kept_without_free_text(desk, browser, ann):
    browser.post(link(desk, ann))
    answer = browser.post(link(desk, ann) + "/why", {"why": "too often"})
    assert answer.heading == "Thank you"
    browser.post(link(desk, ann) + "/why", {"why": "<script>"})
    with desk.read() as conn:
        said = [each.detail for each in audit.entries(conn) if each.what == "said why they left"]
    assert said == ["too often"]


def test_who_left_by_mistake_is_asked_by_mail(desk, browser, ann):
    browser.post(link(desk, ann))
    assert browser.post(link(desk, ann) + "/back").heading == "Look into your mailbox"
    with desk.read() as conn:
        (notice,) = notices.due(conn)
    assert browser.post(link(desk, notice, "confirm", notice.list_slug)).heading == "Welcome"
    assert states(desk)["daily"] is State.CONFIRMED


def test_the_form_and_the_mail_make_a_subscriber(desk, browser):
    assert browser.post("/subscribe/abend", {"email": "Neu@example.com", "name": "Nele"}).status == 200
    with desk.read() as conn:
        (notice,) = notices.due(conn)
    path = link(desk, notice, "confirm", notice.list_slug)
    assert "Nur noch ein Klick" in browser.get(path).text
    assert states(desk, "neu@example.com") == {"evening": State.UNCONFIRMED}
    assert browser.post(path).heading == "Willkommen"
    assert states(desk, "neu@example.com") == {"evening": State.CONFIRMED}


def test_the_form_answers_the_same_for_known_and_unknown_addresses(desk, browser, ann):
    known = browser.post("/subscribe/morning", {"email": "ann@example.com"})
    unknown = browser.post("/subscribe/morning", {"email": "nobody@example.com"})
    with desk.begin() as conn:
        roster.suppress(conn, "held@example.com", **BY)
    held = browser.post("/subscribe/morning", {"email": "held@example.com"})
    assert known.status == unknown.status == held.status == 200
    assert known.body == unknown.body == held.body
    assert known.headers == unknown.headers == held.headers
    assert known.headers["connection"] == "close"


def test_until_the_answer_has_gone_known_and_unknown_cost_the_same_statements(desk):
    from sqlalchemy import event

    said: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    with desk.begin() as conn:
        roster.add(conn, "daily", "ann@example.com", **BY)
    counts = []
    for address in ("ann@example.com", "nobody@example.com"):
        said.clear()
        with desk.begin() as conn:
            roster.ask(conn, "daily", address, at=MORNING, how="form")
        counts.append(list(said))
    assert counts[0] == counts[1]


def test_a_program_that_fills_in_every_field_is_thanked_and_ignored(desk, browser):
    before = everything(desk)
    form = {"email": "bot@example.com", "website": "https://spam.example"}
    assert browser.post("/subscribe/morning", form).heading == "Look into your mailbox"
    assert everything(desk) == before


def test_an_address_that_is_none_is_shown_again_with_the_fault(browser):
    answer = browser.post("/subscribe/morning", {"email": '"><script>alert(1)</script>'})
    assert answer.status == 422
    assert "does not look like an email address" in answer.text
    assert "<script>" not in answer.text


def test_too_many_wishes_from_one_place_have_to_wait(desk, browser):
    form = {"email": "x@example.com"}
    answers = [browser.post("/subscribe/morning", form).status for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert Browser(browser.app, "198.51.100.9").post("/subscribe/morning", form).status == 200
    desk.later(minutes=11)
    assert browser.post("/subscribe/morning", form).status == 200


def test_preferences_are_kept(desk, browser, ann):
    path = link(desk, ann, "preferences")
    form = [("form", "choices"), ("list", "daily"), ("section", "World"), ("weekdays_only", "yes")]
    page = browser.post(path, form)
    assert "Your choices are saved." in page.text
    assert states(desk) == {"daily": State.CONFIRMED, "extra": State.UNSUBSCRIBED}
    with desk.read() as conn:
        person = roster.by_address(conn, "ann@example.com")
    assert (person.sections, person.weekdays_only) == (("World",), True)


def test_all_sections_are_kept_as_no_choice_at_all(desk, browser, ann):
    form = [("form", "choices"), ("list", "daily"), ("list", "extra"), ("section", "World"), ("section", "Sport")]
    browser.post(link(desk, ann, "preferences"), form)
    with desk.read() as conn:
        assert roster.by_address(conn, "ann@example.com").sections == ()


def test_choices_made_for_another_newsletter_are_left_alone(desk, browser, ann):
    with desk.begin() as conn:
        roster.prefer(conn, roster.by_address(conn, "ann@example.com").id, sections=("Cinema", "Sport"), **BY)
    page = browser.get(link(desk, ann, "preferences"))
    assert re.findall(r'value="(World|Sport)"\s+(checked)?', page.text) == [("World", ""), ("Sport", "checked")]
    browser.post(link(desk, ann, "preferences"), [("form", "choices"), ("list", "daily"), ("section", "World")])
    with desk.read() as conn:
        assert roster.by_address(conn, "ann@example.com").sections == ("Cinema", "World")
    everywhere = [("form", "choices"), ("list", "daily"), ("section", "World"), ("section", "Sport")]
    browser.post(link(desk, ann, "preferences"), everywhere)
    with desk.read() as conn:
        assert roster.by_address(conn, "ann@example.com").sections == ("Cinema",)


def test_the_time_zone_is_asked_only_where_mail_comes_by_the_readers_clock(desk, browser, ann):
    path = link(desk, ann, "preferences")
    form = [("form", "choices"), ("list", "daily"), ("zone", "America/Nuuk")]
    assert "Your time zone" not in browser.get(path).text
    browser.post(path, form)
    assert zone(desk) == ""
    desk.papers = tuple(replace(paper, is_in_readers_time=True) for paper in desk.papers)
    assert "Your time zone" in browser.get(path).text
    browser.post(path, form)
    assert zone(desk) == "America/Nuuk"
    assert re.search(r'value="America/Nuuk"\s+selected', browser.get(path).text)
    browser.post(path, [*form[:2], ("zone", "Moon/Tranquility")])
    assert zone(desk) == "America/Nuuk", "what is no zone changes nothing"
    browser.post(path, [*form[:2], ("zone", "")])
    assert zone(desk) == ""


def zone(desk) -> str:
    with desk.read() as conn:
        return roster.zone_of(roster.by_address(conn, "ann@example.com"))


def test_an_empty_post_to_the_preferences_changes_nothing(desk, browser, ann):
    before = everything(desk)
    assert browser.post(link(desk, ann, "preferences")).status == 200
    assert everything(desk) == before


def test_a_forwarded_mail_shows_nothing_of_the_person(desk, browser, ann):
    for path in (link(desk, ann), link(desk, ann, "preferences")):
        page = browser.get(path)
        assert "ann@" not in page.text
        assert ">Ann<" not in page.text


@pytest.mark.parametrize("path", ["/u/nothing", "/confirm/u1.x.y.z", "/preferences/" + "a" * 3000, "/u/%00.%ff"])
def test_a_broken_link_is_explained(browser, path):
    answer = browser.get(path)
    assert answer.status == 404
    assert answer.heading == "This link does not work"


def test_a_broken_link_is_explained_in_the_language_of_the_first_newsletter(desk, browser):
    desk.papers = desk.papers[::-1]
    assert browser.get("/u/nothing").heading == "Dieser Link funktioniert nicht"


def test_a_form_without_end_is_not_read(browser):
    assert browser.post("/subscribe/morning", {"email": "a@example.com", "name": "x" * 50_000}).status == 422


def test_every_page_forbids_scripts_frames_and_referrers(desk, browser, ann):
    for path in (link(desk, ann), link(desk, ann, "preferences"), "/u/nothing"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers
    assert "frame-ancestors *" in browser.get("/subscribe/morning").headers["content-security-policy"]


def test_the_templates_hold_no_script_and_no_inline_style():
    for file in (Path(__file__).parents[2] / "templates/public").glob("*.html"):
        if file.name != "archive.html":
            text = file.read_text()
            assert "<script" not in text
            assert "style=" not in text
            assert "<style" not in text


def test_the_stylesheet_is_served(browser):
    answer = browser.get("/readers.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_places(language):
    import re

    english, other = words_of("en").table, words_of(language).table
    assert other.keys() == english.keys()
    for name, words in english.items():
        assert sorted(re.findall(r"{(\w+)}", words)) == sorted(re.findall(r"{(\w+)}", other[name])), name


def test_a_language_without_words_is_shown_in_english():
    assert words_of("pt-BR").language == "en"
    assert words_of("de-AT").language == "de"
    assert words_of("ar").direction == "rtl"


def test_several_newsletters_are_offered_by_name(desk, browser):
    assert '<a href="/subscribe/abend">Der Abend</a>' in browser.get("/subscribe").text
    desk.papers = desk.papers[:1]
    assert browser.get("/subscribe").heading == "Subscribe to The Morning"
