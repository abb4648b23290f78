"""Past editions: who got them and what followed, in sums and small charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from digest.pipeline.aftermath import aftermath
from digest.pipeline.events import take_events
from digest.pipeline.people import EventRoster
from digest.pipeline.publishing import publish
from digest.send.events import Event
from digest.store.ledger_tables import batches
from digest.web.admin.chart import bars, percent, share
from subscribers import roster
from tests.admin.conftest import House, open_house
from tests.newsroom import NOW

DAY = timedelta(days=1)
OTHERS = (
    "Lighthouse keepers retire after forty years on the rock",
    "Schools of Skerry open late for the herring fair",
    "Museum buys back the drowned bell of Oxwick",
)
FIRST, SECOND = "daily/2026-03-04", "daily/2026-03-05"


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    """An installation that sent on two days: two readers left after the first, one after the second."""
    opened = open_house(tmp_path)
    clock = [NOW]
    app = replace(opened.app, clock=lambda: clock[0])
    with app.store.begin() as conn:
        for name in ("bea", "cal", "dot", "eli", "fay"):
            roster.add(conn, "daily", f"{name}@reader.example.org", at=NOW, how="command")
    publish(app, app.newsletters[0], NOW)
    leave(opened, "bea", NOW + DAY / 8, how="link")
    leave(opened, "cal", NOW + DAY / 2, how="link")
    leave(opened, "dot", NOW + DAY / 2, how="command")
    clock[0] = NOW + DAY
    opened.room.report("herald", *OTHERS, at=clock[0] - DAY / 24)
    publish(app, app.newsletters[0], clock[0])
    leave(opened, "eli", clock[0] + DAY / 8, how="link")
    yield opened
    opened.app.store.close()


def leave(house: House, name: str, at, how: str) -> None:
    with house.app.store.begin() as conn:
        reader = roster.by_address(conn, f"{name}@reader.example.org")
        roster.unsubscribe(conn, reader.id, ("daily", "weekly"), at=at, how=how)


def column(page: str, name: str) -> list[str]:
    return [each.strip() for each in re.findall(rf'data-label="{name}">\s*([\d,]+)', page)]


def test_those_who_left_by_their_link_count_for_the_edition_before(house: House) -> None:
    page = house.enter("viewer").get("/admin/editions")
    assert column(page.text, "unsubscribed") == ["1", "2"]
    assert column(page.text, "sent") == ["3", "6"]
    assert "up to 33 %" in page.plain
    assert "tracking is off" in page.plain
    assert "Opened" not in page.text.replace("Opened and clicked mails", "")


def test_an_edition_s_own_page_counts_those_who_left_after_it(house: House) -> None:
    first, second = (house.app.store.editions.get(name) for name in (FIRST, SECOND))
    later = NOW + 2 * DAY
    assert [aftermath(house.app, each, later).left for each in (first, second)] == [2, 1]
    assert "unsubscribed after it 2" in house.enter("viewer").get(f"/admin/editions/{FIRST}").plain


def test_opened_and_clicked_are_shown_where_they_were_tracked_and_nobody_by_name(house: House) -> None:
    with house.app.store.read() as conn:
        batch = conn.scalar(select(batches.c.id).order_by(batches.c.id))
        people = [roster.by_address(conn, f"{name}@reader.example.org") for name in ("ada", "bea", "cal")]
    told = [Event("opened", NOW, recipient=each.public_id, batch=batch, attempt=1) for each in people]
    told += [Event("clicked", NOW, recipient=people[0].public_id, batch=batch, attempt=1)]
    take_events(house.app.store, [*told, *told], EventRoster(), NOW)
    page = house.enter("viewer").get("/admin/editions")
    assert (column(page.text, "opened"), column(page.text, "clicked")) == (["3"], ["1"])
    assert page.plain.count("not tracked") == 2
    assert "reader.example.org" not in page.text


def test_a_chart_s_bars_add_up_to_its_height_and_say_what_they_mean() -> None:
    day = NOW.date()
    drawn = bars([(day, 100, 90), (day + DAY, 50, 50)])
    assert [(each.sent, each.missed) for each in drawn] == [(72.0, 8.0), (40.0, 0.0)]
    assert drawn[0].label == "04 Mar: 90 sent of 100"
    assert bars([(day, 100, 90)]) == ()
    small = share("Bounced", [(day, 2, 0.02), (day + DAY, 0, 0.0)])
    assert small is not None
    assert (small.most, [each.sent for each in small.bars]) == ("2.0 %", [48.0, 0.0])
    assert share("Bounced", [(day, 0, 0.0), (day + DAY, 0, 0.0)]) is None
    assert [percent(part) for part in (1, 0.256, 0.0126, 0.0004)] == ["100 %", "26 %", "1.3 %", "0.04 %"]
