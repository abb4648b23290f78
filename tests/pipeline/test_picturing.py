"""An edition's pictures are fetched once, made fit, kept, and served from our own address."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from digest.errors import FetchError
from digest.model import Edition, EditionState, Picture
from digest.pipeline.clearing import clear_pictures
from digest.pipeline.picturing import picture
from digest.render import render
from digest.store import Store
from tests.render import editions

AFAR = "https://gazette.example/photo.jpg"
NOW = datetime.now(UTC)  # files are dated by the real clock


def photograph(width: int = 1600, height: int = 900) -> bytes:
    """Return a picture as a file."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(written, "JPEG")
    return written.getvalue()


class World:
    """A web of pictures that remembers who asked."""

    def __init__(self, **pages: bytes) -> None:
        self.pages = {f"https://{name}.example/photo.jpg": raw for name, raw in pages.items()}
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        """Return the bytes at an address."""
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError(f"{url}: the server answers 404")
        return self.pages[url]


def edition(image: str = AFAR, **source: object) -> Edition:
    """Return an edition whose lead and second story show the same picture."""
    gazette = replace(editions.GAZETTE, **({"logo": ""} | source))  # type: ignore[arg-type]
    shown = [
        replace(story, lead=replace(story.lead, image=Picture(image, "The bridge")))
        for story in editions.small().stories
    ]
    return replace(editions.small(), stories=tuple(shown[:2]), sources=(gazette, editions.OBSERVER))


def test_a_picture_is_fetched_once_and_served_from_here(tmp_path: Path) -> None:
    world = World(gazette=photograph())
    pictured = picture(edition(), tmp_path, world.fetch)
    image = pictured.edition.lead.lead.image
    assert world.asked == [AFAR]
    assert image is not None
    assert image.url == f"https://news.example/pictures/{next(tmp_path.glob('*.jpg')).name}"
    assert (image.width, image.height, image.alt) == (1200, 675, "The bridge")
    assert image.url in render(pictured.edition, design="magazine").html
    assert pictured.missing == ()


def test_a_second_time_nothing_is_fetched(tmp_path: Path) -> None:
    world = World(gazette=photograph())
    once = picture(edition(), tmp_path, world.fetch).edition
    assert picture(once, tmp_path, world.fetch).edition == once
    assert world.asked == [AFAR]


def test_another_edition_with_the_same_picture_asks_nobody(tmp_path: Path) -> None:
    world = World(gazette=photograph())
    first, second = (picture(edition(), tmp_path, world.fetch).edition for _ in range(2))
    assert first == second
    assert world.asked == [AFAR]


def test_a_picture_that_was_tidied_away_is_fetched_again(tmp_path: Path) -> None:
    world = World(gazette=photograph())
    for _ in range(2):
        picture(edition(), tmp_path, world.fetch)
        for file in tmp_path.glob("*.jpg"):
            file.unlink()
    assert world.asked == [AFAR, AFAR]


@pytest.mark.parametrize("suffix", ["jpg", "from"])
def test_a_file_that_a_power_cut_emptied_is_fetched_again(suffix: str, tmp_path: Path) -> None:
    world = World(gazette=photograph())
    first = picture(edition(), tmp_path, world.fetch)
    next(tmp_path.glob(f"*.{suffix}")).write_bytes(b"")
    again = picture(edition(), tmp_path, world.fetch)
    assert (again.edition, again.missing) == (first.edition, ())
    assert world.asked == [AFAR] * 2
    assert picture(edition(), tmp_path, world.fetch).missing == ()
    assert world.asked == [AFAR] * 2


def test_one_that_cannot_be_had_is_named_and_left_out(tmp_path: Path) -> None:
    pictured = picture(edition(), tmp_path, World().fetch)
    assert pictured.missing == ((AFAR, f"{AFAR}: the server answers 404"),)
    assert "<img" not in render(pictured.edition).html


def test_a_dot_that_counts_readers_is_left_out(tmp_path: Path) -> None:
    pictured = picture(edition(), tmp_path, World(gazette=photograph(1, 1)).fetch)
    assert "too few" in pictured.missing[0][1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "ftp://x.example/a.jpg", "etc/passwd"])
def test_no_article_makes_us_read_a_file_of_our_own(address: str, tmp_path: Path) -> None:
    pictured = picture(edition(address), tmp_path, World().fetch)
    assert pictured.missing == ((address, f"{address}: a picture is fetched over HTTP alone"),)


def test_a_source_that_may_be_hotlinked_is_not_asked(tmp_path: Path) -> None:
    world = World(gazette=photograph())
    whole = edition(hotlink=True)
    pictured = picture(replace(whole, stories=whole.stories[:1]), tmp_path, world.fetch)
    assert world.asked == []
    assert AFAR in render(pictured.edition).html


def test_a_header_image_may_be_a_file_that_the_config_names(tmp_path: Path) -> None:
    logo = tmp_path / "logo.jpg"
    logo.write_bytes(photograph(300, 60))
    pictured = picture(edition(logo=str(logo)), tmp_path / "pictures", World(gazette=photograph()).fetch)
    assert pictured.edition.source("gazette").logo.startswith("https://news.example/pictures/")
    assert pictured.edition.source("gazette").logo.endswith(".png")
    assert pictured.edition.source("gazette").logo_size == (300, 60)
    assert 'height="24" width="120"' in render(pictured.edition).html
    assert 'alt="The Harbour Gazette"' in render(pictured.edition).html


def refused(_url: str) -> bytes:
    """Refuse to be asked."""
    raise AssertionError("nothing is to be fetched")


def test_without_an_address_of_our_own_there_are_no_pictures(tmp_path: Path) -> None:
    bare = replace(edition(), masthead=replace(editions.MASTHEAD, base_url=""))
    assert picture(bare, tmp_path, refused).edition == bare


def aged(folder: Path, days: int = 400) -> None:
    """Make every file of a folder old."""
    for file in folder.iterdir():
        os.utime(file, times=(NOW.timestamp() - days * 86400,) * 2)


def test_tidying_keeps_the_pictures_of_every_edition_and_what_is_new(tmp_path: Path) -> None:
    store, folder = Store.open(f"sqlite:///{tmp_path}/store.db"), tmp_path / "pictures"
    world = World(gazette=photograph(), other=photograph(1500), fresh=photograph(1400))
    sent = picture(edition(), folder, world.fetch).edition
    store.editions.save(sent, EditionState.SENT)
    picture(edition("https://other.example/photo.jpg"), folder, world.fetch)
    (folder / "left.123.new").write_bytes(b"half")
    aged(folder)
    picture(edition("https://fresh.example/photo.jpg"), folder, world.fetch)
    assert clear_pictures(store, folder, NOW - timedelta(days=90)) == 1
    assert clear_pictures(store, folder, NOW - timedelta(days=90)) == 0
    store.close()
    image = sent.lead.lead.image
    assert image is not None
    assert (folder / image.url.rpartition("/")[2]).is_file()
    assert len(list(folder.glob("*.jpg"))) == len(list(folder.glob("*.from"))) == 2
    assert not list(folder.glob("*.new"))


def test_a_picture_that_is_needed_again_is_new_again(tmp_path: Path) -> None:
    store, folder = Store.open(f"sqlite:///{tmp_path}/store.db"), tmp_path / "pictures"
    world = World(gazette=photograph())
    picture(edition(), folder, world.fetch)
    aged(folder)
    picture(edition(), folder, world.fetch)
    assert clear_pictures(store, folder, NOW - timedelta(days=90)) == 0
    store.close()
    assert world.asked == [AFAR]
    assert len(list(folder.glob("*.jpg"))) == 1


def test_where_there_are_no_pictures_nothing_is_cleared(tmp_path: Path) -> None:
    store = Store.open("sqlite://")
    assert clear_pictures(store, tmp_path / "none", NOW) == 0
    store.close()
