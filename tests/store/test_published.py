"""What readers may look up: editions that left, newest first, by the words of their headlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from digest.model import EditionState, Story
from digest.store import Store
from digest.store.engine import connect
from digest.store.upgrade import FOLDER
from digest.store.values import dump
from tests.store.samples import NOW, article, edition

FIRST = date(2026, 1, 1)


def headed(day: date, *headlines: str, slot: str = ""):
    stories = tuple(Story(key=words, lead=article(words, headline=words)) for words in headlines)
    return replace(edition(day=day, slot=slot), stories=stories[:2], brief=stories[2:])


@pytest.fixture
def archive(store):
    for number in range(7):
        day = FIRST + timedelta(days=number)
        store.editions.save(
            headed(day, f"Ferry {number} aground", "ÉCOLE fermée", "100% of a_b"), EditionState.SENT, NOW
        )
    store.editions.save(headed(FIRST + timedelta(days=9), "Not yet sent"), EditionState.APPROVED, NOW)
    return store.published


def days(listed) -> list[int]:
    return [(each.date - FIRST).days for each in listed]


def test_pages_follow_one_another_newest_first_without_what_was_not_sent(archive):
    assert days(archive.page(limit=3)) == [6, 5, 4]
    assert days(archive.page(limit=3, offset=3)) == [3, 2, 1]
    assert days(archive.page(limit=3, offset=6)) == [0]
    assert archive.page(limit=3, offset=99) == ()


def test_a_line_tells_what_the_archive_shows(archive):
    (line,) = archive.page("ferry 2026-01-04", limit=9)
    assert (line.id, line.title, line.language) == ("morning/2026-01-04", "Tarrow Morning", "en")
    assert line.headline == "Ferry 3 aground"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("FERRY", 7),
        ("École", 7),
        ("ferry fermée", 7),
        ("ferry 2 aground", 7),  # the 2 of every date
        ("2026-01-03", 1),
        ("100%", 7),
        ("10%%", 0),
        ("a_b", 7),
        ("acb", 0),
        ("%", 7),
        ("' OR 1=1 --", 0),
        ("zebra", 0),
        ("ferry\0", 7),
        ("\\", 0),
    ],
)
def test_every_word_that_is_wanted_is_in_a_headline_or_the_date(archive, wanted, found):
    assert len(archive.page(wanted, limit=50)) == found


def test_words_that_an_editor_changed_are_found_and_the_old_ones_are_not(store):
    store.editions.save(headed(FIRST, "Bridge shut"), EditionState.COMPOSED, NOW)
    store.editions.save(headed(FIRST, "Bridge open"), EditionState.SENT, NOW)
    assert [each.headline for each in store.published.page("open", limit=9)] == ["Bridge open"]
    assert store.published.page("shut", limit=9) == ()


def test_editions_kept_by_an_older_version_are_found_too(tmp_path):
    address = f"sqlite:///{tmp_path}/store.db"
    engine, config = connect(address), Config()
    config.set_main_option("script_location", str(FOLDER))
    kept = replace(headed(FIRST, "Ferry AGROUND", "Two", "Three"), newsletter="evening")
    kept = replace(kept, stories=(replace(kept.stories[0], headline="École rouverte"), *kept.stories[1:]))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(
            text("INSERT INTO editions VALUES (1, 'evening', :day, '', 'sent', 1, '', :now, :now, :data)"),
            {"day": FIRST.isoformat(), "now": "2026-01-01 06:30:00.000000", "data": dump(kept)},
        )
    engine.dispose()
    store = Store.open(address)
    (old,) = store.published.page("école three 2026-01-01", limit=9)
    with store.read() as connection:
        before = connection.execute(text("SELECT * FROM listings")).one()
    store.editions.save(replace(kept, newsletter="other"), EditionState.SENT, NOW)
    with store.read() as connection:
        now = connection.execute(text("SELECT * FROM listings WHERE edition > 1")).one()
    store.close()
    assert old.headline == "École rouverte"
    assert before[1:] == now[1:]
