"""Draws the photographs that the samples' articles would have, of coasts that do not exist; knows no feed."""

from __future__ import annotations

import io
from collections.abc import Callable
from math import pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 720
#: Drawn so many times as large, then made smaller: smooth edges.
FINE = 2

Colour = tuple[int, int, int]

#: Sky above, sky at the horizon, the farthest hill, the nearest.
PALETTES: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (
    ((86, 112, 140), (238, 214, 186), (146, 152, 158), (34, 44, 54)),
    ((52, 84, 120), (244, 196, 150), (130, 124, 140), (28, 34, 52)),
    ((126, 160, 176), (240, 236, 222), (142, 168, 164), (36, 66, 60)),
    ((60, 66, 96), (226, 160, 138), (124, 104, 124), (30, 26, 44)),
    ((150, 176, 196), (246, 240, 226), (164, 176, 178), (58, 70, 78)),
)


def photograph(words: str) -> bytes:
    """Return a JPEG that goes with an article's address: the same words give the same picture."""
    chance = Random(words)  # noqa: S311 (a picture guards no secret)
    sky, glow, far, near = chance.choice(PALETTES)
    picture = _shaded(sky, glow)
    pen = ImageDraw.Draw(picture)
    horizon = round(HEIGHT * FINE * chance.uniform(0.56, 0.64))
    _sun(pen, chance, glow, horizon)
    for nearness in (0.15, 0.4):
        _hills(pen, chance, horizon, _between(far, near, nearness * 0.7), height=0.24 - 0.22 * nearness)
    _sea(picture, chance, horizon, _between(far, glow, 0.35), _between(far, near, 0.7))
    _subject(words)(pen, chance, horizon, _between(far, near, 0.85))
    _hills(pen, chance, HEIGHT * FINE, near, height=0.16)
    written = io.BytesIO()
    small = picture.filter(ImageFilter.GaussianBlur(0.6)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.save(written, "JPEG", quality=88)
    return written.getvalue()


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _shaded(top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, 64))
    for row in range(64):
        column.putpixel((0, row), _between(top, bottom, min(1, row / 40)))
    return column.resize((WIDTH * FINE, HEIGHT * FINE), Image.Resampling.BICUBIC)


def _sun(pen: ImageDraw.ImageDraw, chance: Random, glow: Colour, horizon: int) -> None:
    across, radius = round(WIDTH * FINE * chance.uniform(0.2, 0.8)), round(HEIGHT * FINE * 0.055)
    height = horizon - round(HEIGHT * FINE * chance.uniform(0.16, 0.3))
    pen.ellipse(
        (across - radius, height - radius, across + radius, height + radius), _between(glow, (255, 250, 240), 0.7)
    )


def _hills(pen: ImageDraw.ImageDraw, chance: Random, foot: int, colour: Colour, height: float) -> None:
    """Draw a line of hills, a sum of a few waves, down to ``foot``."""
    waves = [(chance.uniform(0.6, 1.4) * n, chance.uniform(0, 2 * pi), 1 / n) for n in (1, 2, 4, 9)]
    steps = range(0, WIDTH * FINE + 8, 8)
    ridge = []
    for x in steps:
        rise = sum(part * sin(2 * pi * often * x / (WIDTH * FINE) + begun) for often, begun, part in waves)
        ridge.append((x, foot - round(HEIGHT * FINE * height * (0.5 + 0.22 * rise))))
    pen.polygon([(0, foot), *ridge, (WIDTH * FINE, foot)], colour)


def _sea(picture: Image.Image, chance: Random, horizon: int, light: Colour, dark: Colour) -> None:
    deep = Image.linear_gradient("L").resize((WIDTH * FINE, HEIGHT * FINE - horizon))
    water = Image.composite(Image.new("RGB", deep.size, dark), Image.new("RGB", deep.size, light), deep)
    pen = ImageDraw.Draw(water)
    for _ in range(90):
        across, down = chance.randrange(WIDTH * FINE), int(deep.height * chance.random() ** 2)
        long = round((30 + down * 0.6) * chance.uniform(0.4, 1.6))
        pen.line((across, down, across + long, down), _between(light, (255, 255, 255), 0.25), 1 + down // 120)
    picture.paste(water, (0, horizon))


def _subject(words: str) -> Callable[[ImageDraw.ImageDraw, Random, int, Colour], None]:
    """Return what the picture shows, by the words of the address."""
    if any(word in words for word in ("bridge", "pier", "corran")):
        return _bridge
    if any(word in words for word in ("ferry", "ferries", "ship", "boat", "port", "freight", "sail", "tug")):
        return _ship
    return _lighthouse if len(words) % 2 else _town


def _bridge(pen: ImageDraw.ImageDraw, _chance: Random, horizon: int, colour: Colour) -> None:
    deck, width = horizon - round(HEIGHT * FINE * 0.06), WIDTH * FINE
    pen.rectangle((0, deck, width, deck + 14), colour)
    for tower in (0.27, 0.73):
        x = round(width * tower)
        pen.rectangle((x - 14, deck - 400, x + 14, horizon + 60), colour)
    for part in range(0, width, 26):
        middle = abs(part / width - 0.5)
        sag = (0.5 - abs(middle - 0.23) / 0.27 * 0.5) if middle > 0.23 else (1 - middle / 0.23)
        hang = 390 * (1 - sag) if middle <= 0.23 else 780 * sag
        pen.line((part, deck - round(max(hang, 8)), part, deck), colour, 3)


def _ship(pen: ImageDraw.ImageDraw, chance: Random, horizon: int, colour: Colour) -> None:
    left, water = round(WIDTH * FINE * chance.uniform(0.3, 0.5)), horizon + 44
    hull = [(left, water - 56), (left + 560, water - 56), (left + 510, water), (left + 40, water)]
    pen.polygon(hull, colour)
    pen.rectangle((left + 120, water - 126, left + 410, water - 56), colour)
    pen.rectangle((left + 190, water - 172, left + 350, water - 126), colour)
    pen.rectangle((left + 250, water - 232, left + 290, water - 172), colour)
    pen.line((left + 90, water - 250, left + 90, water - 56), colour, 6)


def _lighthouse(pen: ImageDraw.ImageDraw, chance: Random, horizon: int, colour: Colour) -> None:
    x, foot = round(WIDTH * FINE * chance.uniform(0.25, 0.75)), horizon + 30
    pen.pieslice((x - 330, foot - 90, x + 330, foot + 90), 180, 360, colour)
    pen.polygon([(x - 44, foot - 60), (x - 28, foot - 350), (x + 28, foot - 350), (x + 44, foot - 60)], colour)
    pen.rectangle((x - 42, foot - 366, x + 42, foot - 350), colour)
    pen.rectangle((x - 22, foot - 416, x + 22, foot - 366), colour)
    pen.polygon([(x - 32, foot - 416), (x, foot - 460), (x + 32, foot - 416)], colour)


def _town(pen: ImageDraw.ImageDraw, chance: Random, horizon: int, colour: Colour) -> None:
    x, foot = round(WIDTH * FINE * 0.08), horizon + 20
    while x < WIDTH * FINE * 0.9:
        wide, high = chance.randrange(70, 150), chance.randrange(90, 210)
        pen.rectangle((x, foot - high, x + wide, foot), colour)
        pen.polygon([(x - 6, foot - high), (x + wide // 2, foot - high - 60), (x + wide + 6, foot - high)], colour)
        if chance.random() < 0.12:
            pen.rectangle((x + 30, foot - high - 210, x + 66, foot), colour)
            pen.polygon([(x + 24, foot - high - 210), (x + 48, foot - high - 320), (x + 72, foot - high - 210)], colour)
        x += wide + chance.randrange(0, 30)
