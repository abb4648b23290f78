"""Pictures come out small, plain and without a word about who took them."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from digest.errors import SourceError
from digest.render.pictures import HEADER_HEIGHT, HEADER_WIDTH, SIZE_LIMIT, WIDTH, header, printable


def picture(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    """Return a picture of one colour as a file."""
    written = io.BytesIO()
    Image.new(mode, (width, height), more.pop("colour", 0)).save(written, kind, **more)  # type: ignore[arg-type]
    return written.getvalue()


def noise(width: int, height: int) -> bytes:
    """Return a picture that no compression makes small."""
    written = io.BytesIO()
    Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3)).save(written, "PNG")
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return a finished picture as one would see it."""
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_every_format_of_the_web_becomes_jpeg(kind: str) -> None:
    fit = printable(picture(800, 600, kind))
    assert opened(fit.data).format == "JPEG"
    assert (fit.width, fit.height) == opened(fit.data).size == (800, 600)


def test_a_wide_picture_is_made_as_wide_as_a_mail_needs() -> None:
    fit = printable(picture(4000, 2000))
    assert (fit.width, fit.height) == (WIDTH, WIDTH // 2)


def test_the_worst_picture_stays_under_the_limit() -> None:
    fit = printable(noise(1400, 900))
    assert len(fit.data) <= SIZE_LIMIT
    assert fit.width >= 300


def test_what_a_camera_says_is_gone_and_its_turn_is_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif[0x010E] = "Ida Marsh, 12 Broad Street"
    raw = picture(400, 800, exif=exif)
    assert b"Broad Street" in raw
    fit = printable(raw)
    assert (fit.width, fit.height) == (800, 400)
    assert b"Broad Street" not in fit.data
    assert not opened(fit.data).getexif()


def test_of_a_tall_picture_the_upper_middle_is_kept() -> None:
    tall = Image.new("RGB", (300, 900), "black")
    tall.paste("white", (0, 200, 300, 500))
    written = io.BytesIO()
    tall.save(written, "PNG")
    fit = printable(written.getvalue())
    assert (fit.width, fit.height) == (300, 300)
    assert opened(fit.data).convert("L").resize((1, 1)).getpixel((0, 0)) > 250


def test_what_is_clear_becomes_white() -> None:
    fit = printable(picture(300, 300, "PNG", "RGBA", colour=(0, 0, 0, 0)))
    assert opened(fit.data).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "I;16"])
def test_every_way_of_storing_colours_is_read(mode: str) -> None:
    assert opened(printable(picture(300, 300, "PNG", mode)).data).mode == "RGB"


def test_the_same_picture_has_the_same_name() -> None:
    one, other = printable(picture(300, 300)), printable(picture(300, 300, "PNG"))
    assert one.name == printable(picture(300, 300)).name
    assert one.name.endswith(".jpg")
    assert printable(picture(301, 300)).name != other.name


REFUSED = {
    "a dot that counts readers": (picture(1, 1, "GIF"), "too few to show"),
    "a button": (picture(88, 31, "GIF"), "too few to show"),
    "nothing": (b"", "cannot be read"),
    "a page": (b"<!doctype html><title>403</title>", "cannot be read"),
    "a drawing that can run": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "cannot be read"),
    "half a picture": (noise(400, 400)[:20_000], "cannot be read"),
    "a format of no web": (picture(300, 300, "BMP"), "cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_of_the_news_is_refused(name: str) -> None:
    raw, said = REFUSED[name]
    with pytest.raises(SourceError, match=said):
        printable(raw)


def test_a_small_file_that_would_fill_the_memory_is_refused_unread() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(SourceError, match=r"60000 × 60000|cannot be read"):
        printable(bomb)


@settings(max_examples=60)
@given(st.binary(max_size=40), st.integers(0, 900))
def test_a_damaged_picture_is_read_or_refused(damage: bytes, place: int) -> None:
    raw = bytearray(picture(300, 200))
    raw[place : place + len(damage)] = damage
    with contextlib.suppress(SourceError):
        assert len(printable(bytes(raw)).data) <= SIZE_LIMIT


def test_a_header_image_is_small_and_stays_clear() -> None:
    fit = header(picture(2000, 300, "PNG", "RGBA", colour=(0, 0, 0, 0)))
    assert (fit.width, fit.height) == (HEADER_WIDTH, 72)
    assert fit.name.endswith(".png")
    assert opened(fit.data).getpixel((1, 1))[3] == 0


def test_a_small_header_image_is_not_blown_up() -> None:
    fit = header(picture(60, 20, "GIF"))
    assert (fit.width, fit.height) == (60, 20)
    assert fit.height < HEADER_HEIGHT


def test_a_photograph_is_no_header_image() -> None:
    with pytest.raises(SourceError, match="too many"):
        header(noise(480, 96))
