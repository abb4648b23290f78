"""How right real pages are read; the floor below which no change may take it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.pages import cases, measure, ours, score


@pytest.mark.data
def test_real_pages_are_read_as_well_as_before(data: Path) -> None:
    pages = cases(data / "pages" / "fundus")

    found, seconds = measure(ours(), pages)
    total = score(pages, found, seconds)

    assert total.text >= 0.96
    assert total.poor == 0
    assert total.percent("headline") >= 91
    assert total.percent("byline") >= 89
    assert total.percent("day") >= 98
    assert total.percent("picture") >= 85
