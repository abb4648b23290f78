"""A cursor that somebody made up is no page, and no fault of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.web.api.endpoint import cursor
from tests.web.api_world import open_world

PATHS = ("/editions", "/sends", "/lists", "/subscribers")


@pytest.mark.parametrize("path", PATHS)
def test_a_made_up_cursor_is_told_or_leads_nowhere(tmp_path: Path, path: str) -> None:
    world = open_world(tmp_path)
    robot = world.program()
    for place in (
        f"2026-03-04 {'9' * 23} ",
        f"2026-03-04 {'9' * 5000} ",
        "2026-03-04 -1 ",
        "2026-03-04  ",
        "x",
        "n:1",
        "9" * 40,
    ):
        after = cursor(place)
        answer = robot.ask("GET", f"{path}?after={after}")
        assert answer.status in ((200, 422) if len(after) <= 600 else (400, 422)), (place[:40], answer.text)
    world.app.store.close()
