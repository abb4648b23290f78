"""The page for template writers names everything a template may use, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from digest.render import slots, template_folders, view

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "reference" / "template-variables.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("edition", view.EditionView),
        ("A story", view.StoryView),
        ("A line", view.Line),
        ("A source", view.SourceView),
        ("A place", view.Place),
    ],
)
def test_every_field_has_its_row(title: str, kind: type) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", SECTIONS[title], re.MULTILINE)
    assert rows == [field.name for field in fields(kind)]


def test_every_slot_has_its_row() -> None:
    assert set(re.findall(r"`%%(\w+)%%`", SECTIONS["Slots"])) == set(slots.KNOWN)


def test_every_macro_for_designs_has_its_row() -> None:
    parts = (template_folders()[-1] / "email" / "parts.html").read_text(encoding="utf-8")
    written = set(re.findall(r"part\.(\w+)\(", SECTIONS["Macros"]))
    assert written == set(re.findall(r"{% macro (\w+)\(", parts)) - {"place_image"}


def test_every_block_is_named_where_a_design_is_made() -> None:
    layout = (template_folders()[-1] / "email" / "layout.html").read_text(encoding="utf-8")
    page = (DOCS / "howto" / "templates.md").read_text(encoding="utf-8")
    for block in re.findall(r"{% block (\w+) %}", layout):
        assert f"`{block}`" in page, block


def test_every_design_has_its_row_and_pictures() -> None:
    from digest.render import designs

    page = (DOCS / "howto" / "templates.md").read_text(encoding="utf-8")
    for design in designs():
        assert f"| `{design}` |" in page
    for picture in re.findall(r"\.\./pictures/([\w.-]+\.png)", page):
        assert (DOCS / "pictures" / picture).is_file()
