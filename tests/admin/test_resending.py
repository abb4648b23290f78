"""An edition that goes again to those who did not get it: first how many they are, then the act, and no other mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import update

from digest.errors import EditionConflict, NothingToSend
from digest.model import EditionState
from digest.pipeline import send
from digest.pipeline.accounting import demand_missed
from digest.pipeline.composing import compose
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.publishing import publish
from digest.store.ledger_tables import sends
from digest.web.app import make_app
from subscribers import audit, roster
from tests.admin.conftest import House, open_house
from tests.admin.refusing import Refusing
from tests.admin.visitor import Answer, Visitor
from tests.background import until_done
from tests.newsroom import NOW

NAME = "daily/2026-03-04"
PAGE = f"/admin/editions/{NAME}"
STEP = f"/admin/resend/{NAME}"


@dataclass(kw_only=True)
class Shop(House):
    """The installation and its provider."""

    provider: Refusing

    def report(self) -> send.SendReport:
        return send.report(self.app.store, NAME)


@pytest.fixture
def shop(tmp_path) -> Iterator[Shop]:
    """An edition that went to five: Bea and Dot were refused, of Cal nobody knows. Another one did not go yet."""
    house = open_house(tmp_path)
    provider = Refusing(house.app.folder, bea="rejected", dot="rejected", cal="uncertain")
    app = replace(house.app, open_provider=lambda: provider)
    with app.store.begin() as conn:
        for name in ("bea", "cal", "dot", "eli"):
            roster.add(conn, "daily", f"{name}@reader.example.org", at=NOW, how="command")
    compose(app, replace(app.newsletters[0], issue=(NOW.date(), "later")), NOW)
    publish(app, app.newsletters[0], NOW)
    yield Shop(room=house.room, app=app, web=make_app(app), provider=provider)
    app.store.close()


@pytest.fixture
def editor(shop: Shop) -> Visitor:
    return shop.enter("editor")


def form_of(page: Answer) -> dict[str, str]:
    """Return the hidden values of the step's form."""
    form = page.text[page.text.index('action="/admin/editions/resend"') :]
    return dict(re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', form))


def press(editor: Visitor, page: Answer | None = None, **ticked: str) -> Answer:
    """Press the step's button, and look at what comes of it."""
    values = form_of(page or editor.get(STEP)) | ticked
    answer = editor.post("/admin/editions/resend", values)
    until_done(f"send {NAME}")
    return editor.follow(answer)


def log_of(shop: Shop) -> list[tuple[str, str, str]]:
    with shop.app.store.read() as conn:
        return [(each.who, each.what, each.detail) for each in audit.entries(conn, limit=5) if each.how == "admin"]


def test_the_page_offers_it_to_editors_and_says_to_how_many(shop: Shop, editor: Visitor) -> None:
    page = editor.get(PAGE)
    assert f'href="{STEP}"' in page.text
    assert "Send to those who did not get it (2)" in page.plain
    viewer = shop.enter("viewer")
    assert "did not get it" not in viewer.get(PAGE).plain
    assert viewer.get(STEP).status == 403


def test_the_step_says_how_many_are_known_and_how_many_uncertain(editor: Visitor) -> None:
    page = editor.get(STEP)
    assert "known not to have it 2 uncertain 1" in page.plain
    assert "Also to the uncertain: 1 recipient may get it twice" in page.plain
    assert "552 mailbox full" in page.plain
    box = re.search(r'<input type="checkbox"[^>]*>', page.text)
    assert box
    assert "checked" not in box[0]


def test_it_goes_to_those_who_are_known_to_have_missed_it_alone(shop: Shop, editor: Visitor) -> None:
    shop.provider.relents()
    page = press(editor)
    assert "On its way again to 2 recipients." in page.plain
    assert shop.provider.handed == {"ada": 1, "bea": 2, "cal": 1, "dot": 2, "eli": 1}
    told = shop.report()
    assert (told.state, told.planned, told.sent, told.uncertain) == (EditionState.SENT, 5, 4, 1)
    assert log_of(shop)[0] == ("edgar", "send: resend", f"{NAME} to 2")


def test_it_goes_to_the_uncertain_too_where_their_box_is_ticked(shop: Shop, editor: Visitor) -> None:
    shop.provider.relents()
    assert "On its way again to 3 recipients." in press(editor, accept_duplicates="yes").plain
    assert shop.provider.handed == {"ada": 1, "bea": 2, "cal": 2, "dot": 2, "eli": 1}
    assert shop.report().sent == 5
    assert log_of(shop)[0][2] == f"{NAME} to 3, 1 of them uncertain"
    assert "did not get it" not in editor.get(PAGE).plain


def test_who_is_refused_again_is_counted_again_and_can_be_tried_once_more(shop: Shop, editor: Visitor) -> None:
    shop.provider.fates = {"bea": "rejected"}
    press(editor)
    told = shop.report()
    assert (told.planned, told.sent, told.rejected, told.uncertain) == (5, 3, 1, 1)
    assert "known not to have it 1 uncertain 1" in editor.get(STEP).plain


def test_the_uncertain_alone_get_it_only_where_somebody_says_so(shop: Shop, editor: Visitor) -> None:
    shop.provider.relents()
    press(editor)
    assert "Send to the uncertain (1)" in editor.get(PAGE).plain
    step = editor.get(STEP)
    assert "known not to have it 0 uncertain 1" in step.plain
    box = re.search(r'<input type="checkbox"[^>]*>', step.text)
    assert box
    assert "required" in box[0]
    refused = press(editor, step)
    assert "nobody is known to have missed it" in refused.plain.replace(NAME, "it")
    assert shop.provider.handed["cal"] == 1
    press(editor, editor.get(STEP), accept_duplicates="yes")
    assert shop.provider.handed["cal"] == 2
    assert "Send to" not in editor.get(PAGE).plain.replace("Send to those who joined since", "")
    assert "nobody is known to have missed" in editor.get(STEP).plain


def test_other_numbers_than_those_that_were_shown_are_not_sent_to(shop: Shop, editor: Visitor) -> None:
    step = editor.get(STEP)
    for shown in ({"known_missed": "1"}, {"uncertain": "0", "accept_duplicates": "yes"}, {"known_missed": ""}):
        assert "The numbers changed" in press(editor, step, **shown).plain
    assert shop.report().rejected == 2
    shop.provider.relents()
    assert "On its way" in press(editor, step, uncertain="0").plain, (
        "the uncertain get nothing: their number is no matter"
    )


def test_of_two_who_press_the_button_one_is_told_that_the_other_was_faster(shop: Shop, editor: Visitor) -> None:
    step = editor.get(STEP)
    shop.provider.fates = {"bea": "rejected", "dot": "rejected"}
    press(editor, step)
    assert "Somebody changed this edition" in press(editor, step).plain
    assert shop.provider.handed["bea"] == 2


def test_a_post_without_the_forms_mark_sends_nothing(shop: Shop, editor: Visitor) -> None:
    values = form_of(editor.get(STEP)) | {"csrf": "0" * 64}
    assert editor.post("/admin/editions/resend", values).status == 403
    until_done(f"send {NAME}")
    assert shop.provider.handed.total() == 5


def test_a_process_that_sends_is_left_the_mails(shop: Shop, editor: Visitor) -> None:
    sender = Dispatcher(shop.app, lambda: False, lambda _seconds: None)
    sender.look()
    shop.provider.relents()
    press(editor)
    told = shop.report()
    assert (told.state, told.unsent, told.rejected) == (EditionState.SENDING, 2, 0)
    assert shop.provider.handed.total() == 5
    assert editor.get(STEP).status == 409
    sender.look()
    assert shop.report().sent == 4
    assert shop.provider.handed.total() == 7


def test_a_plan_that_was_cut_short_is_gone_on_with_from_the_page(shop: Shop, editor: Visitor) -> None:
    row = shop.app.store.editions.get(NAME).row
    shop.app.store.ledger.sends.plan_missed(row, provider="outbox", size=1, now=NOW)
    with shop.app.store.begin() as conn:  # whoever planned died before the plan's last transaction
        conn.execute(update(sends).where(sends.c.audience == "those who missed it").values(state="planning"))
    shop.provider.relents()
    page = editor.get(PAGE)
    assert "A plan for 2 more is not finished" in page.plain
    assert "did not get it" not in page.plain
    editor.post("/admin/editions/send", {"edition": NAME, "act": "resume"})
    until_done(f"send {NAME}")
    assert shop.report().sent == 4
    assert shop.provider.handed.total() == 7


def test_what_did_not_go_or_was_stopped_for_good_does_not_go_again(shop: Shop, editor: Visitor) -> None:
    refused = editor.get(f"{STEP}/later")
    assert refused.status == 409
    assert "only one that is sent can go again: " in refused.plain
    assert editor.get(f"{STEP}/never").status == 404
    send.cancel(shop.app.store, f"{NAME}/later", NOW)
    assert "cancelled for good" in editor.get(f"{STEP}/later").plain


@pytest.mark.parametrize(
    ("told", "accepted", "comes"),
    [
        ({"sent": 1, "rejected": 2, "uncertain": 3}, False, 2),
        ({"sent": 1, "rejected": 2, "uncertain": 3}, True, 5),
        ({"uncertain": 3}, True, 3),
        ({"uncertain": 3}, False, NothingToSend),
        ({"sent": 9}, True, NothingToSend),
        ({"rejected": 2, "state": EditionState.SENDING}, True, EditionConflict),
        ({"rejected": 2, "state": EditionState.PAUSED}, True, EditionConflict),
        ({"cancelled": 2, "state": EditionState.CANCELLED}, True, EditionConflict),
    ],
)
def test_who_may_get_it_again(told: dict[str, object], accepted: bool, comes: int | type[Exception]) -> None:
    report = send.SendReport(**{"edition": NAME, "state": EditionState.SENT, **told})  # type: ignore[arg-type]
    if isinstance(comes, int):
        assert demand_missed(report, accept_duplicates=accepted) == comes
        return
    mend = f"go on with it \\(digest resume {NAME}\\)" if report.state in ("sending", "paused") else None
    with pytest.raises(comes, match=mend):
        demand_missed(report, accept_duplicates=accepted)
