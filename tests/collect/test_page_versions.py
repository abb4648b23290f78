"""Versions of a picture whose width is a number that no picture has."""

from __future__ import annotations

import pytest
from lxml import html

from digest.collect.page_versions import versions


@pytest.mark.parametrize("width", ["9" * 400, "٩" * 400, "1e400", "-1", "²", "0"])
def test_a_width_that_no_picture_has_is_no_fault(width: str) -> None:
    node = html.fragment_fromstring(f'<img src="/a.jpg" srcset="/b.jpg {width}w, /c.jpg 900w">')
    found = dict(versions(node))
    assert found["/c.jpg"] == 900
    assert all(wide is None or 0 <= wide <= 100_000 for wide in found.values())
