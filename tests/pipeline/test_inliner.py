"""Which inliner writes a mail is a setting; both write the same mail."""

from __future__ import annotations

import re
import sys

import pytest

from tests.newsroom import Newsroom


def preview(newsroom: Newsroom) -> str:
    """Return the HTML of a preview."""
    ran = newsroom.digest("preview", "--json")
    assert ran.code == 0, ran.err
    assert ran.values[0]["faults"] == []
    return (newsroom.folder / "out/preview/edition.html").read_text(encoding="utf-8")


def declarations(html: str) -> list[set[str]]:
    """Return what is declared on each element that has a style of its own, the writing of colours apart."""
    found = re.findall(r' style="([^"]*)"', html)
    return [{each.strip().replace("#ffffff", "#fff") for each in style.split(";")} for style in found]


def test_the_setting_chooses_what_puts_styles_onto_elements(newsroom: Newsroom) -> None:
    newsroom.site += '\nbase_url = "https://news.example"'
    slow = preview(newsroom)
    newsroom.site += '\ninliner = "css-inline"'
    quick = preview(newsroom)
    assert slow != quick
    assert len(declarations(slow)) > 20
    assert declarations(quick) == declarations(slow)


def test_an_inliner_that_is_not_installed_is_a_fault_with_its_mend(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.site += '\ninliner = "css-inline"'
    monkeypatch.setitem(sys.modules, "css_inline", None)  # as where the extra is not installed
    ran = newsroom.digest("preview")
    assert ran.code == 78
    assert (
        'config.toml:4:11: inliner "css-inline": css-inline is not installed; pip install "broadsheet[css-inline]"'
        in ran.err
    )
