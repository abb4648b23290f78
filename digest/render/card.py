"""The picture that stands for an edition where its page is passed on; knows no page.

Drawn with whatever type the machine has. What that type cannot write is left out rather than drawn as boxes.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, features

from digest.model import Edition
from digest.render import text
from digest.render.words import language

#: What the places where pages are passed on ask for.
WIDTH, HEIGHT = 1200, 630

#: Drawn in greys, coloured afterwards: the card has few colours, and its file few bytes.
_PAPER, _INK, _QUIET = 255, 0, 84
_LIGHT, _DARK = (255, 253, 248), (33, 29, 24)
_MARGIN, _LINES = 72, 4
#: Tried in this order; the last is Pillow's own, which is always there and writes Latin alone.
_FACES = ("Georgia Bold.ttf", "DejaVuSerif-Bold.ttf", "LiberationSerif-Bold.ttf", "DejaVuSans-Bold.ttf", "")

Face = ImageFont.FreeTypeFont


def card(edition: Edition) -> bytes:
    """Return a PNG of 1200 × 630 with the newsletter's name, the lead's headline and the date."""
    picture = Image.new("L", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(picture)
    title, headline = (_shown(words) for words in (edition.masthead.title, edition.lead.title))
    _line(pen, title, 64, 44, _INK)
    for height, width in ((138, 4), (148, 2)):
        pen.line((_MARGIN, height, WIDTH - _MARGIN, height), fill=_INK, width=width)
    _headline(pen, headline)
    _line(pen, language(edition.masthead.language).day(edition.date), HEIGHT - 90, 30, _QUIET)
    written = io.BytesIO()
    picture.putpalette(_shades())
    picture.save(written, "PNG")
    return written.getvalue()


def _shades() -> list[int]:
    """Return the colours from ink to paper."""
    return [
        dark + (light - dark) * shade // 255 for shade in range(256) for light, dark in zip(_LIGHT, _DARK, strict=True)
    ]


def _shown(words: str) -> str:
    return text.headline(words).replace(text.GUARD, "")


def _headline(pen: ImageDraw.ImageDraw, words: str) -> None:
    """Write the headline as large as its lines allow."""
    for size in (68, 58, 50):
        lines = _wrapped(words, _face(words, size))
        if len(lines) <= _LINES:
            break
    if len(lines) > _LINES:
        lines[_LINES - 1] += "…"
    for number, line in enumerate(lines[:_LINES]):
        _line(pen, line, 196 + number * round(size * 1.22), size, _INK)


def _wrapped(words: str, face: Face | None) -> list[str]:
    lines: list[str] = []
    for word in words.split() if face else []:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face and face.getlength(longer) <= WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _line(pen: ImageDraw.ImageDraw, words: str, top: int, size: int, colour: int) -> None:
    face = _face(words, size)
    if face is None:
        return
    if text.direction(words, "ltr") == "rtl":
        pen.text((WIDTH - _MARGIN, top), words, fill=colour, font=face, anchor="ra", direction="rtl")
    else:
        pen.text((_MARGIN, top), words, fill=colour, font=face)


def _face(words: str, size: int) -> Face | None:
    """Return the first type that can write the words, or none."""
    if text.direction(words, "ltr") == "rtl" and not features.check("raqm"):
        return None  # without it, letters of these scripts stand unjoined and backwards
    letters = frozenset(words) - {" ", "\u00a0"}
    return next((face for name in _FACES if (face := _opened(name, size)) and _writes(face, letters)), None)


@lru_cache(maxsize=64)
def _opened(name: str, size: int) -> Face | None:
    try:
        face = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
    return face if isinstance(face, ImageFont.FreeTypeFont) else None


def _writes(face: Face, letters: frozenset[str]) -> bool:
    missing = bytes(face.getmask("\uffff"))
    return all(bytes(face.getmask(letter)) != missing for letter in letters)
