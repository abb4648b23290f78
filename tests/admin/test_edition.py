"""An edition on its way: looked at, corrected, approved, sent, stopped, and told of afterwards."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.model import EditionState, Receipt
from digest.pipeline import editing, send
from digest.pipeline.accounting import carried
from digest.pipeline.collecting import collect
from digest.pipeline.composing import compose
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.publishing import publish
from digest.pipeline.rendering import message_of
from digest.pipeline.vitals import SENDER_LOOK
from digest.send.provider import Mailing, Parcel
from digest.send.providers.outbox import Options, Outbox
from digest.store import Stored
from digest.web.admin.sendings import Sendings
from digest.web.app import make_app
from subscribers import audit, roster
from tests.admin.conftest import House, open_house
from tests.admin.visitor import Answer, Visitor
from tests.background import until_done
from tests.newsroom import NOW, feed

PATH = "/admin/editions/daily/2026-03-04"
NAME = "daily/2026-03-04"


@pytest.fixture
def desk(tmp_path) -> Iterator[House]:
    """An installation with an edition composed, four readers, and nobody asked yet."""
    house = open_house(tmp_path)
    house.room.source("hostile", "")
    compose(house.app, house.app.newsletters[0], NOW)
    with house.app.store.begin() as conn:
        for name in ("bea", "cal", "dot"):
            roster.add(conn, "daily", f"{name}@reader.example.org", at=NOW, how="command")
    yield house
    house.app.store.close()


@pytest.fixture
def editor(desk: House) -> Visitor:
    visitor = desk.enter("editor")
    visitor.get(PATH)
    return visitor


def titles(answer: Answer) -> list[str]:
    return [each.strip() for each in re.findall(r"<h2>([^<]+)</h2>\s*<p", answer.text)]


def keys(answer: Answer) -> list[str]:
    return re.findall(r'data-key="([^"]+)"', answer.text)


def do(editor: Visitor, what: str, **form: str) -> Answer:
    """Post an act of the page, as its form now stands, and look at what comes of it."""
    page = editor.get(PATH)
    version = re.search(r'name="version"\s+value="(\d+)"', page.text)
    values = {"edition": NAME, **({"version": version[1]} if version else {}), **form}
    return editor.follow(editor.post(f"/admin/editions/{what}", values))


def state(desk: House) -> EditionState:
    return desk.app.store.editions.get(NAME).state


def wait_for(desk: House, wanted: EditionState) -> None:
    """Wait until the send that was begun is over, and look at the state it brought the edition to."""
    until_done(f"send {NAME}")
    assert state(desk) is wanted


def test_stories_are_shown_with_their_reasons(editor: Visitor) -> None:
    page = editor.get(PATH)
    assert len(titles(page)) >= 4
    assert "score" in page.plain
    assert page.plain.count("Pin as lead") == len(titles(page))


def test_a_pinned_story_leads_and_can_be_unpinned(desk: House, editor: Visitor) -> None:
    before = editor.get(PATH)
    last = keys(before)[-1]
    page = do(editor, "correct", act="pin", key=last)
    assert keys(page)[0] == last
    assert "pinned" in page.plain
    decision = re.search(r'name="decision"\s+value="(\d+)"', page.text)
    assert decision
    assert keys(do(editor, "undo", decision=decision[1])) == keys(before)


def test_a_dropped_story_is_gone_until_it_is_taken_back(editor: Visitor) -> None:
    before = editor.get(PATH)
    page = do(editor, "correct", act="drop", key=keys(before)[0])
    assert titles(before)[0] not in titles(page)
    assert "Dropped." in page.plain
    assert titles(do(editor, "undo")) == titles(before)


def test_a_correction_names_its_articles_also_those_that_are_gone(editor: Visitor) -> None:
    before = editor.get(PATH)
    one, other = titles(before)[1:3]
    do(editor, "correct", act="drop", key=keys(before)[1])
    page = do(editor, "correct", act="merge", key=keys(before)[0], other=keys(before)[2])
    said = page.plain.partition("Your corrections")[2]
    assert f"drop {one}" in said
    assert f"merge {titles(before)[0]} | {other}" in said


def test_copies_are_shown_and_can_be_taken_off(desk: House, editor: Visitor) -> None:
    wire = "Eleven wagons of a goods train fell into the river Tamsin on Monday night when it left its rails in Marlow"
    for paper, headline in (("herald", "Goods train in Tamsin"), ("courier", "Wagons fall")):
        desk.room.source(paper, feed(paper, [(headline, NOW)], words=wire))
    collect(app := desk.app, app.newsletters[0].sources, NOW + timedelta(hours=1))
    editing.recompose(app, NAME, NOW + timedelta(hours=1))
    page = editor.get(PATH)
    story = next(s for s in app.store.editions.get(NAME).edition.stories if s.also_at)
    assert page.plain.count("no copy") == 1
    (gone,) = story.also_at
    page = do(editor, "correct", act="apart", key=gone.key)
    assert "Split off." in page.plain
    assert page.plain.count("no copy") == 0
    assert gone.key in keys(page)
    assert "no longer in the edition" in do(editor, "correct", act="apart", key="nothing").plain


def test_a_held_edition_says_what_was_said_and_what_was_found(desk: House, editor: Visitor) -> None:
    do(editor, "decide", act="hold", why="a lawyer looks at it")
    assert "Held: a lawyer looks at it" in editor.get(PATH).plain
    do(editor, "decide", act="hold", why="two lawyers look at it")
    assert "Held: two lawyers look at it" in do(editor, "correct", act="pin", key=keys(editor.get(PATH))[2]).plain
    do(editor, "decide", act="approve")
    page = do(editor, "correct", act="pin", key=keys(editor.get(PATH))[2])
    assert "Held" not in page.plain
    assert "composed anew" in page.plain


def test_a_headline_is_changed_and_shown_as_it_was_typed(editor: Visitor) -> None:
    page = do(editor, "correct", act="retitle", key=keys(editor.get(PATH))[1], text='Fish & "chips" <b>')
    assert "Fish &amp; &#34;chips&#34; &lt;b&gt;" in page.text
    assert "headline changed" in page.plain
    assert "Fish &amp;" in editor.get("/admin/preview/daily/2026-03-04").text


def test_stories_are_moved_one_step_or_to_any_place(editor: Visitor) -> None:
    before = keys(editor.get(PATH))
    assert keys(do(editor, "correct", act="down", key=before[0]))[:2] == [before[1], before[0]]
    order = [before[3], before[0], before[1], before[2], *before[4:]]
    assert keys(do(editor, "correct", act="order", order=" ".join(order))) == order


def test_two_stories_are_merged_and_parted_again(editor: Visitor) -> None:
    before = editor.get(PATH)
    one, other = keys(before)[:2]
    merged = do(editor, "correct", act="merge", key=one, other=other)
    assert len(keys(merged)) == len(keys(before)) - 1
    parted = do(editor, "correct", act="split", key=one, other=other)
    assert sorted(titles(parted)) == sorted(titles(before))


def test_two_editors_do_not_overwrite_each_other(desk: House, editor: Visitor) -> None:
    page = editor.get(PATH)
    old = re.search(r'name="version"\s+value="(\d+)"', page.text)
    assert old
    do(editor, "correct", act="pin", key=keys(page)[2])
    form = {"edition": NAME, "version": old[1], "act": "drop", "key": keys(page)[1]}
    answer = editor.follow(editor.post("/admin/editions/correct", form))
    assert "Somebody changed this edition" in answer.plain
    assert keys(page)[1] in keys(answer)


@pytest.mark.parametrize("view", ["desktop", "phone", "dark", "text"])
def test_a_preview_stands_alone_in_a_frame_where_nothing_runs(editor: Visitor, view: str) -> None:
    page = editor.get(f"{PATH}?view={view}")
    frame = re.search(r"<iframe[^>]*>", page.text)
    assert frame
    assert " sandbox " in frame[0].replace("\n", " ")
    assert "allow-" not in frame[0]
    answer = editor.get(f"/admin/preview/daily/2026-03-04?view={view}")
    policy = answer.header("content-security-policy")
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "%%" not in answer.text
    dark = "@media all" in answer.text
    assert dark is (view == "dark")


def test_a_test_goes_to_one_address_and_counts_for_nobody(desk: House, editor: Visitor) -> None:
    page = do(editor, "test", to="me@desk.example.org")
    assert "A test went to me@desk.example.org." in page.plain
    assert state(desk) is EditionState.COMPOSED
    assert "needs an address" in do(editor, "test", to="nobody").plain


def test_a_held_edition_is_not_sent_before_it_is_approved(desk: House, editor: Visitor) -> None:
    assert "Held" in do(editor, "decide", act="hold", why="the lead looks odd").plain
    assert "approve it first" in do(editor, "send", act="send").plain
    assert state(desk) is EditionState.HELD
    do(editor, "decide", act="approve")
    assert state(desk) is EditionState.APPROVED
    assert "the lead looks odd" in editor.get(PATH).plain


def test_an_approved_edition_is_sent_once_and_accounted_for(desk: House, editor: Visitor) -> None:
    do(editor, "decide", act="approve")
    assert "On its way" in do(editor, "send", act="send").plain
    wait_for(desk, EditionState.SENT)
    assert len(desk.room.journal) == 4
    page = editor.get(PATH)
    assert "4 planned" in page.plain.replace("planned 4", "4 planned")
    assert 'data-key="' not in page.text
    do(editor, "send", act="send")
    assert len(desk.room.journal) == 4
    listed = editor.get("/admin/editions").plain
    assert NAME in listed
    person = re.search(r"/admin/people/\w+", editor.get("/admin/people?text=bea").text)
    assert person
    assert f"{NAME} sent" in editor.get(person[0]).plain


def test_what_has_left_can_no_longer_be_changed(desk: House, editor: Visitor) -> None:
    key = keys(editor.get(PATH))[0]
    do(editor, "send", act="send")
    wait_for(desk, EditionState.SENT)
    assert "only an edition not yet frozen can be changed" in do(editor, "correct", act="drop", key=key).plain
    assert "cannot become" in do(editor, "decide", act="skip").plain


def test_a_sends_progress_is_told_as_it_happens(desk: House, editor: Visitor) -> None:
    do(editor, "send", act="send")
    wait_for(desk, EditionState.SENT)
    answer = editor.get("/admin/progress/daily/2026-03-04")
    assert answer.header("content-type").startswith("text/event-stream")
    told = json.loads(answer.text.split("data: ")[1].split("\n")[0])
    assert told["state"] == "sent"
    assert told["planned"] == told["sent"] == 4


def test_a_fault_of_the_provider_is_shown(desk: House, editor: Visitor) -> None:
    (desk.room.folder / "out").mkdir(exist_ok=True)
    (desk.room.folder / "out" / "daily").write_text("a file where a folder should be")
    do(editor, "send", act="send")
    until_done(f"send {NAME}")
    assert "The send stopped" in editor.get(PATH).plain


def test_the_first_page_tells_how_each_newsletter_stands(desk: House, editor: Visitor) -> None:
    page = editor.get("/admin").plain
    assert "The Daily" in page
    assert "next run" in page
    assert NAME not in page or "composed" in page


def test_an_edition_is_composed_from_the_first_page(desk: House, editor: Visitor) -> None:
    editor.get("/admin")
    answer = editor.post("/admin/editions/compose", {"newsletter": "daily"})
    until_done("job ")
    # The sample articles are of another day than today.
    assert "nothing to send" in editor.follow(answer).plain


def test_a_source_is_shown_with_its_checks(desk: House, editor: Visitor) -> None:
    assert "herald" in editor.get("/admin/sources").plain
    page = editor.get("/admin/sources/herald").plain
    assert "new" in page
    assert "4" in page
    assert editor.get("/admin/sources/nowhere").status == 400


def test_a_source_is_shown_by_the_name_it_gives_itself(own_house: House) -> None:
    feed = (own_house.room.folder / "herald.xml").read_text()
    own_house.room.source("herald", feed.replace("<title>herald</title>", "<title>The Herald - Top Stories</title>"))
    collect(own_house.app, own_house.app.sources, NOW)
    editor = own_house.enter("editor")
    assert "The Herald" in editor.get("/admin/sources").plain
    assert "The Herald" in editor.get("/admin/sources/herald").plain
    assert "Top Stories" not in editor.get("/admin/sources").plain


def test_the_schedule_and_the_settings_are_shown_without_secrets(desk: House, editor: Visitor) -> None:
    page = editor.get("/admin/newsletters").plain
    assert "Next runs" in page
    assert "07:00" in page
    settings = editor.get("/admin/settings").plain
    assert "The Daily <news@daily.example>" in settings
    assert "outbox" in settings


def test_an_edition_with_a_slot_has_its_own_page(desk: House, editor: Visitor) -> None:
    several = replace(desk.app.newsletters[0], issue=(NOW.date(), "0700"))
    compose(desk.app, several, NOW)
    assert editor.get(f"{PATH}/0700").status == 200
    assert editor.get(f"{PATH}/0800").status == 404
    assert editor.get("/admin/preview/daily/2026-03-04/0700").status == 200


def test_an_edition_can_be_given_a_time_of_its_own(desk: House, editor: Visitor) -> None:
    soon = datetime.now(UTC) + timedelta(hours=3)
    said = do(editor, "decide", act="schedule", at=f"{soon:%Y-%m-%dT%H:%M}")
    assert f"It goes at {soon:%Y-%m-%d %H:%M} UTC." in said.plain
    assert f"Goes at {soon:%Y-%m-%d %H:%M} UTC, as edgar chose" in editor.get(PATH).plain
    assert "is past" in do(editor, "decide", act="schedule", at="2020-01-01T10:00").plain
    do(editor, "decide", act="release")
    assert "as edgar chose" not in editor.get(PATH).plain


def test_sending_now_beats_a_time_chosen_before(desk: House, editor: Visitor) -> None:
    soon = datetime.now(UTC) + timedelta(hours=3)
    do(editor, "decide", act="schedule", at=f"{soon:%Y-%m-%dT%H:%M}")
    do(editor, "send", act="send")
    wait_for(desk, EditionState.SENT)
    assert len(desk.room.journal) == 4


def test_a_skipped_edition_can_be_reopened(desk: House, editor: Visitor) -> None:
    do(editor, "decide", act="skip")
    assert state(desk) is EditionState.SKIPPED
    assert "Reopen" in editor.get(PATH).plain
    do(editor, "decide", act="reopen")
    assert state(desk) is EditionState.COMPOSED


def test_an_edition_can_be_seen_as_readers_of_some_sections_get_it(tmp_path) -> None:
    house = open_house(tmp_path)
    house.room.sources.clear()
    house.room.newsletter += '\nsections = ["World", "Sport", "Arts"]'
    house.room.report("herald", "Ferry runs aground off Port Ellery in thick fog", more='section = "World"')
    house.room.report("courier", "Skerry rowers take the regatta by a length", more='section = "Sport"')
    house.app.store.close()
    app = build(read_config(house.room.write_config()), now=NOW)
    house = replace(house, app=app, web=make_app(app))
    compose(app, app.newsletters[0], NOW)
    with app.store.begin() as conn:
        ada = roster.by_address(conn, "ada@reader.example.org")
        roster.prefer(conn, ada.id, sections=("Sport",), at=NOW, how="link")
    editor = house.enter("editor")
    page = editor.get(f"{PATH}?view=desktop&section=Sport")
    assert re.findall(r'value="(\w+)"\s+data-submits\s+(checked)?', page.text) == [
        ("World", ""), ("Sport", "checked"), ("Arts", "")
    ]  # fmt: skip
    assert f"/admin/preview/{NAME}?view=desktop&amp;section=Sport" in page.text

    def frame(*sections: str) -> str:
        chosen = "".join(f"&section={each}" for each in sections)
        return editor.get(f"/admin/preview/{NAME}?view=text{chosen}").text

    assert "Skerry rowers" in frame("Sport")
    assert "Ferry" not in frame("Sport")
    assert "Ferry" in frame()
    assert "there is no story of them" in frame("Arts")
    editor.get(PATH)
    editor.post("/admin/editions/send", {"edition": NAME, "act": "send"})
    wait_for(house, EditionState.SENT)
    assert "Ferry" not in frame("Sport"), "as it was frozen for those who chose it"
    assert "Ferry" in frame("World"), "nobody chose it: they would have got the whole"
    assert carried(app.store, NAME) == ((("Sport",), 1),)
    assert "Who was planned for what Sport 1" in editor.get(PATH).plain
    app.store.close()


class Gate(Outbox):
    """An outbox that keeps its first delivery waiting until it is told to go on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Options(folder=folder))
        self.reached, self.opened = threading.Event(), threading.Event()

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        self.reached.set()
        assert self.opened.wait(60)
        return super().deliver(mailing, parcel)


def test_going_on_before_the_pause_has_come_to_its_stop_is_not_lost(desk: House) -> None:
    gate = Gate(desk.app.folder)
    app = replace(desk.app, open_provider=lambda: gate)
    sendings = Sendings(app)
    stored = editing.approve(app, NAME, "edgar")
    assert sendings.send(stored)
    assert gate.reached.wait(60)
    send.pause(app.store, NAME, NOW)
    send.go_on(app.store, NAME, NOW)
    sendings.resume(stored)
    gate.opened.set()
    wait_for(desk, EditionState.SENT)
    assert len(desk.room.journal) == 4


def test_how_many_people_it_goes_to_is_told_before_it_goes(desk: House, editor: Visitor) -> None:
    assert f'hx-get="/admin/readership?edition={NAME}"' in editor.get(PATH).text
    told = f"/admin/readership?edition={NAME}"
    assert editor.get(told).plain == "Goes to 4 people of daily, weekly."
    weekly = replace(desk.app, newsletters=(replace(desk.app.newsletters[0], lists=("nobodys",)),))
    with desk.app.store.begin() as conn:
        roster.ensure_list(conn, "nobodys", at=NOW)
    other = replace(desk, app=weekly, web=make_app(weekly)).enter("editor")
    assert "Nobody on nobodys is confirmed yet" in other.get(told).plain
    assert other.get("/admin/readership?edition=daily/1999-01-01").status == 404


def test_what_is_done_with_an_edition_stands_in_the_log(desk: House, editor: Visitor) -> None:
    first = keys(editor.get(PATH))[-1]
    do(editor, "correct", act="pin", key=first)
    do(editor, "undo")
    do(editor, "decide", act="hold", why="rain")
    do(editor, "decide", act="approve")
    do(editor, "test", to="me@daily.example")
    do(editor, "decide", act="dance")
    do(editor, "send", act="send")
    until_done(f"send {NAME}")
    with desk.app.store.read() as conn:
        entries = [each for each in audit.entries(conn, limit=50) if each.detail == NAME]
    assert [each.what for each in entries][::-1] == [
        "edition: pin",
        "edition: correction taken back",
        "edition: hold",
        "edition: approve",
        "test sent",
        "send begun",
    ]
    assert {(each.who, each.how, each.source) for each in entries} == {("edgar", "admin", "192.0.2.7")}


def begun(sendings: Sendings, stored: Stored) -> None:
    """Begin a send, and wait until this process has done its part."""
    assert sendings.send(stored)
    until_done(f"send {stored.id}")


def test_a_process_that_sends_is_left_the_mails_of_what_is_begun_on_a_page(desk: House) -> None:
    app = desk.app
    sender = Dispatcher(app, lambda: False, lambda _seconds: None)
    sender.look()
    sendings = Sendings(app)
    begun(sendings, editing.approve(app, NAME, "edgar"))
    assert desk.room.journal == []
    assert state(desk) is EditionState.SENDING
    assert not sendings.is_left(NAME, EditionState.SENDING)
    send.pause(app.store, NAME, NOW)
    sender.look()
    send.go_on(app.store, NAME, NOW)
    sendings.resume(app.store.editions.get(NAME))
    until_done(f"send {NAME}")
    assert desk.room.journal == []
    sender.look()
    assert state(desk) is EditionState.SENT
    assert len(desk.room.journal) == 4


def test_what_nobody_sends_is_told_of_and_sent_from_the_page(desk: House, editor: Visitor) -> None:
    app = desk.app
    editing.approve(app, NAME, "edgar")
    publish(app, replace(app.newsletters[0], issue=(NOW.date(), "")), NOW, deliver=False)
    page = editor.get(PATH)
    assert "Nobody is sending it" in page.plain
    assert "Go on" in page.plain
    Dispatcher(app, lambda: True, lambda _seconds: None).look()
    page = editor.get(PATH)
    assert "Nobody is sending it" not in page.plain
    assert "Go on" not in page.plain
    app.store.meta.set(SENDER_LOOK, (app.clock() - timedelta(minutes=4)).isoformat())
    editor.post("/admin/editions/send", {"edition": NAME, "act": "resume"})
    wait_for(desk, EditionState.SENT)
    assert len(desk.room.journal) == 4


def test_what_stopped_the_process_that_sends_is_told_on_the_page(desk: House, editor: Visitor) -> None:
    app = desk.app
    editing.approve(app, NAME, "edgar")
    publish(app, replace(app.newsletters[0], issue=(NOW.date(), "")), NOW, deliver=False)
    shut = replace(app, newsletters=())
    Dispatcher(shut, lambda: False, lambda _seconds: None).look()
    assert "The send stopped: config.toml names no newsletter" in editor.get(PATH).plain
    Dispatcher(app, lambda: False, lambda _seconds: None).look()
    assert "The send stopped" not in editor.get(PATH).plain
    assert state(desk) is EditionState.SENT


def test_a_plan_that_was_cut_short_goes_on_from_the_page(desk: House, editor: Visitor) -> None:
    app = desk.app
    stored = editing.approve(app, NAME, "edgar")
    app.store.editions.freeze(NAME, message_of(app, app.newsletters[0], stored.edition), now=NOW)
    assert "Go on" in editor.get(PATH).plain
    editor.post("/admin/editions/send", {"edition": NAME, "act": "send"})
    wait_for(desk, EditionState.SENT)
    assert len(desk.room.journal) == 4
