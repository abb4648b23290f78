"""Bylines as they are printed."""

from __future__ import annotations

import pytest

from digest.render.byline import byline
from digest.render.text import one_line


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("Ann Ek", "Ann Ek"),
        ("By Ann Ek", "Ann Ek"),
        ("Von Ann Ek", "Ann Ek"),
        ("BY ANN EK AND TOM MCADAMS", "Ann Ek and Tom McAdams"),
        ("SEÁN O'ROURKE", "Seán O'Rourke"),
        ("MARY-JANE VAN DER BERG, AFP", "Mary-Jane van der Berg, AFP"),
        ("BBC NEWS", "BBC News"),
        ("DR. JÖRG WEISS", "Dr. Jörg Weiss"),
        ("THE HERALD'S STAFF", "The Herald's Staff"),
        ("ЛЕВ БЕРГ", "Лев Берг"),
        ("AFP", "AFP"),
        ("李明", "李明"),
        ("the herald", ""),
        ("By The Herald", ""),
        ("", ""),
    ],
)
def test_a_byline_names_people_in_their_usual_letters(said: str, printed: str) -> None:
    assert byline(said, "The Herald") == printed


def test_a_byline_of_many_is_cut_at_a_word() -> None:
    many = byline(", ".join(["Ann Ek"] * 40), "The Herald")
    assert len(many) <= 120
    assert many.endswith("…")


@pytest.mark.parametrize(
    ("loose", "tight"),
    [
        ("the rules , he said", "the rules, he said"),
        ("It ended .", "It ended."),
        ("costs .5 more, on .net", "costs .5 more, on .net"),
        ("Qui a dit : « non » ?", "Qui a dit : « non » ?"),
    ],
)
def test_no_gap_stays_before_a_comma(loose: str, tight: str) -> None:
    assert one_line(loose) == tight
