"""Other people's pictures made fit for mail: small, plain, without what they say of their maker; knows no address.

Only the four formats of the web are read, and none that would take more memory than a picture should.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b

from PIL import Image, ImageOps, UnidentifiedImageError

from digest.errors import SourceError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")

#: Twice the width of a mail's column, for screens with two pixels to each.
WIDTH = 1200

#: Bytes of a finished picture.
SIZE_LIMIT = 150_000

#: Width, height and bytes of a source's header image.
HEADER_WIDTH, HEADER_HEIGHT, HEADER_LIMIT = 480, 96, 40_000

#: More pixels than a press photograph has are an attempt to fill the memory.
MOST_PIXELS = 60_000_000

#: Narrower ones count readers, or are logos and buttons.
LEAST_WIDTH, LEAST_HEIGHT = 240, 120

#: What Pillow raises for damaged pictures, each format in its own way.
_UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    LookupError,
    ArithmeticError,
    struct.error,
)

_QUALITIES = (82, 74, 66, 56, 44)


@dataclass(frozen=True, slots=True)
class Printable:
    """A picture ready to be served."""

    data: bytes
    width: int  #: pixels
    height: int  #: pixels
    ending: str = "jpg"  #: or png

    @property
    def name(self) -> str:
        """A file name made from what it shows: the same picture has the same one."""
        return f"{blake2b(self.data, digest_size=12).hexdigest()}.{self.ending}"


def printable(raw: bytes) -> Printable:
    """Return a picture as JPEG of at most ``SIZE_LIMIT`` bytes and ``WIDTH`` pixels, without metadata.

    Raises SourceError where it cannot be read, or is too small or too large to be a picture of the news.
    """
    with _reading():
        picture = _opened(raw)
        if picture.width < LEAST_WIDTH or picture.height < LEAST_HEIGHT:
            raise SourceError(f"the picture is not used: {_size(picture)} pixels are too few to show")
        picture.draft("RGB", (WIDTH, WIDTH))  # a JPEG is decoded at about the size it is needed
        upright = _no_taller_than_wide(ImageOps.exif_transpose(picture))
        upright.thumbnail((WIDTH, WIDTH))
        return _saved(_on_white(upright))


def header(raw: bytes) -> Printable:
    """Return a source's header image as PNG that keeps what is clear in it. Raises SourceError as above."""
    with _reading():
        picture = _opened(raw).convert("RGBA")
        picture.thumbnail((HEADER_WIDTH, HEADER_HEIGHT))
        written = io.BytesIO()
        picture.save(written, "PNG", optimize=True)
        if written.tell() > HEADER_LIMIT:
            raise SourceError(f"the header image is not used: {written.tell():,} bytes as PNG are too many")
        return Printable(written.getvalue(), *picture.size, "png")


def kept(data: bytes) -> Printable:
    """Return a picture that was made fit before, from its file."""
    with _reading():
        picture = _opened(data)
        return Printable(data, *picture.size, "png" if picture.format == "PNG" else "jpg")


@contextmanager
def _reading() -> Iterator[None]:
    """Read without a word about damaged metadata, which is dropped; raise SourceError for what is no picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _UNREADABLE as fault:
        raise SourceError(f"the picture cannot be read: {fault}") from fault


def _opened(raw: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise SourceError(f"the picture is not used: {_size(picture)} pixels are more than {MOST_PIXELS:,}")
    return picture


def _size(picture: Image.Image) -> str:
    return f"{picture.width} × {picture.height}"


def _no_taller_than_wide(picture: Image.Image) -> Image.Image:
    """Keep the upper middle of a tall picture, where faces are: whole, it would fill the screen of a phone."""
    if picture.height <= picture.width:
        return picture
    top = (picture.height - picture.width) // 3
    return picture.crop((0, top, picture.width, top + picture.width))


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground


def _saved(picture: Image.Image) -> Printable:
    """Save at the best quality that fits; where none does, at half the width."""
    for quality in _QUALITIES:
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
        if written.tell() <= SIZE_LIMIT:
            return Printable(written.getvalue(), *picture.size)
    return _saved(picture.resize((picture.width // 2, picture.height // 2)))
