"""Reports that an edition does not show are asked for on its page and by the API, and split off from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.pipeline.composing import compose
from digest.web.api.scopes import Wish, new_token
from tests.admin.conftest import House, open_house
from tests.newsroom import NOW
from tests.web.api_world import Program

NAME = "daily/2026-03-04"
PATH = f"/admin/editions/{NAME}"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An installation whose edition has room for no report but the first of each story."""
    opened = open_house(tmp_path, newsletters="\nlead_related = 0\nrelated = 0\nmin_stories = 1")
    compose(opened.app, opened.app.newsletters[0], NOW)
    return opened


def test_they_are_shown_when_asked_for_and_split_off(house: House) -> None:
    editor = house.enter("editor")
    page = editor.get(PATH)
    assert "not shown" not in page.plain
    assert "Show every report" in page.plain
    page = editor.get(f"{PATH}?reports=all")
    assert page.plain.count("not shown") == 2
    assert page.text.count("Split off: ") >= 2
    story = house.app.store.editions.get(NAME).edition
    told = {each.lead.headline: each for each in story.stories}
    lead = next(each for headline, each in told.items() if "Ferry" in headline)
    robot = Program(house.web, new_token(house.app.store.tokens, Wish("r", ("editions:read",)), by="olive", now=NOW))
    assert all(not each["unshown"] for each in robot.told("GET", f"/editions/{NAME}")["told"])
    whole = robot.told("GET", f"/editions/{NAME}?every_report=true")["told"]
    (other,) = next(each["unshown"] for each in whole if each["key"] == lead.key)
    form = {"edition": NAME, "act": "split", "key": lead.key, "other": other["key"]}
    assert "Split off." in editor.follow(editor.post("/admin/editions/correct", form)).plain
    assert other["headline"] in [each.lead.headline for each in house.app.store.editions.get(NAME).edition.stories]
    house.app.store.close()
