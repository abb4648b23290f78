"""The card of an edition is drawn for any headline, in any script the machine can write."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from digest.render.card import HEIGHT, WIDTH, card
from tests.render import editions
from tests.render.test_hostile import HEADLINES, edition_of


def drawn(data: bytes) -> Image.Image:
    """Return a card as one would see it."""
    return Image.open(io.BytesIO(data)).convert("L")


def ink(picture: Image.Image, top: int, bottom: int) -> int:
    """Count the dark pixels between two heights."""
    return sum(picture.crop((0, top, WIDTH, bottom)).histogram()[:128])


def test_a_card_has_a_name_a_headline_and_a_date() -> None:
    picture = drawn(card(editions.small()))
    assert picture.size == (WIDTH, HEIGHT)
    assert ink(picture, 60, 120) > 500
    assert ink(picture, 190, 460) > 5000
    assert ink(picture, 530, 600) > 300


def test_a_card_is_small_and_the_same_every_time() -> None:
    assert len(card(editions.small())) < 60_000
    assert card(editions.small()) == card(editions.small())


def test_another_headline_makes_another_card() -> None:
    assert card(edition_of("Bridge shut")) != card(edition_of("Bridge open"))


@pytest.mark.parametrize("name", HEADLINES)
def test_a_hostile_headline_is_drawn(name: str) -> None:
    assert drawn(card(edition_of(HEADLINES[name].given))).size == (WIDTH, HEIGHT)


def test_words_of_a_script_nobody_can_write_are_left_out() -> None:
    picture = drawn(card(edition_of("\U0001e900\U0001e901\U0001e902")))
    assert ink(picture, 190, 460) == 0
    assert ink(picture, 530, 600) > 300


def test_a_very_long_headline_stays_above_the_date() -> None:
    picture = drawn(card(edition_of("Council votes again " * 10)))
    assert ink(picture, 470, 530) == 0
