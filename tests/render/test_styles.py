"""Styles and templates know each other: no class is styled that nobody wears, none is worn that nobody styles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digest.render import designs, template_folders

EMAIL = template_folders()[-1] / "email"
#: Worn by the first element, as the edition's direction says.
DIRECTIONS = {"ltr", "rtl"}
#: Macros are handed their classes, so any word in quotes in a template may be one.
WORDS = re.compile(r"[\"' ]([a-z][a-z-]*)(?=[\"' ])")
STYLED = re.compile(r"\.([a-z][a-z-]*)")


def printed_with(design: str) -> list[Path]:
    """Return the templates that a design prints with."""
    return [*EMAIL.glob("*.html"), *(EMAIL / design).glob("*.html")]


def worn(design: str) -> set[str]:
    """Return the words in quotes of every template that a design prints with."""
    files = printed_with(design)
    return {word for file in files for word in WORDS.findall(file.read_text(encoding="utf-8"))}


def styled(name: str) -> set[str]:
    """Return the classes that a style sheet names."""
    css = re.sub(r"/\*.*?\*/", "", (EMAIL / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    return {found for rule in re.findall(r"[^{}]+(?=\{)", css) for found in STYLED.findall(rule)}


@pytest.mark.parametrize("design", designs())
def test_every_class_that_is_styled_is_worn(design: str) -> None:
    assert styled(f"{design}/style.css") - worn(design) - DIRECTIONS == set()


@pytest.mark.parametrize("design", designs())
def test_every_class_that_is_worn_is_styled(design: str) -> None:
    files = printed_with(design)
    classes = {
        name
        for file in files
        for value in re.findall(r'class="([^"{]*)', file.read_text(encoding="utf-8"))
        for name in value.split()
    }
    assert classes - styled(f"{design}/style.css") - styled("layout.css") - {"sans", "page"} == set()


@pytest.mark.parametrize("design", designs())
def test_every_colour_by_name_has_a_dark_one(design: str) -> None:
    css = (EMAIL / design / "style.css").read_text(encoding="utf-8")
    dark = css.split("@media (prefers-color-scheme: dark)")[1]
    for name in ("ink", "soft", "quiet", "accent"):
        assert re.search(rf"\.{name}\b", dark), name
