"""A picture of an edition for those who share its address; knows no request."""

from __future__ import annotations

import io
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from digest.model import Edition

#: The size that pages which show shared links ask for (OpenGraph's usual 1.91 : 1).
WIDTH, HEIGHT = 1200, 630
MARGIN = 80
PAPER, INK, QUIET, RULE = (251, 249, 245), (27, 26, 24), (102, 97, 90), (122, 31, 31)


def card(edition: Edition) -> bytes:
    """Return a PNG of the masthead, the date and the lead story's headline.

    The bundled font draws Latin letters; a headline in another script is left out rather than drawn as boxes.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 14), fill=RULE)
    if is_latin(edition.masthead.title):
        draw.text((MARGIN, 70), edition.masthead.title, INK, _font(44))
    draw.text((MARGIN, 130), edition.date.isoformat(), QUIET, _font(28))
    if is_latin(edition.lead.title):
        lines, size = fitted(draw, edition.lead.title)
        draw.multiline_text((MARGIN, 220), "\n".join(lines), INK, _font(size), spacing=size // 4)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def fitted(draw: ImageDraw.ImageDraw, text: str) -> tuple[list[str], int]:
    """Return the text in lines, and the largest size at which they fit under the masthead."""
    for size in (76, 64, 54, 46, 38):
        lines = wrapped(draw, text, size)
        if len(lines) * size * 1.3 <= HEIGHT - 220 - MARGIN / 2:
            return lines, size
    most = int((HEIGHT - 220 - MARGIN / 2) / (38 * 1.3))
    return [*lines[: most - 1], f"{lines[most - 1]}…"], 38


def wrapped(draw: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    """Break a text into lines that are no wider than the picture allows."""
    font, lines = _font(size), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font) <= WIDTH - 2 * MARGIN or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def is_latin(text: str) -> bool:
    """Tell whether every letter is a Latin one."""
    return all(not c.isalpha() or unicodedata.name(c, "").startswith("LATIN") for c in text)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
