"""Whatever sources and people write, SQLite and PostgreSQL give the same answer, and it is no fault of the database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from digest.bootstrap import build
from digest.config import read_config
from digest.errors import BroadsheetError, NothingToSend, StoreError
from digest.model import Article
from digest.pipeline.app import App
from digest.pipeline.collecting import LONGEST_KEY, collect, keyed
from digest.pipeline.composing import compose
from digest.pipeline.editing import correct_edition, hold
from digest.pipeline.rendering import message_of
from digest.store.meta import LONGEST
from subscribers import RosterError, load_file, roster
from tests.newsroom import NOW, Newsroom
from tests.postgres import Postgres

NAME = "daily/2026-03-04"
BY: Any = {"at": NOW, "how": "command"}
#: Too long for an index, whatever it is packed with.
LONG = "".join(f"{number * 2654435761 % 2**32:08x}" for number in range(1500))
NASTY = st.sampled_from(
    [
        "\x00",
        "\x01\x1b[31m",
        "\ud83d",
        "\udc00x",
        "\ufffe\uffff",
        "\u202eabc\u2066",
        "\N{ZERO WIDTH JOINER}".join("\N{MAN}\N{WOMAN}\N{BOY}"),
        "e\u0301" * 200,
        "\u2028\x85",
        "9" * 40,
        "NaN",
        "'; DROP TABLE articles; --",
        "%s %(x)s {0} %%NAME%%",
        "\\u0000\\",
        "&#0;&#xD800;",
        "\U0010ffff",
        LONG,
    ]
)
WORDS = st.lists(NASTY | st.sampled_from(["ferry", "council", "harbour", "storm"]), min_size=1, max_size=4).map(
    " ".join
)
MOMENTS = st.sampled_from(
    [
        "2026-03-04T05:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "10000-01-01T00:00:00Z",
        "\x00",
        "9" * 30,
    ]
)
ADDRESSES = st.sampled_from(
    ["https://a.example/1", f"https://a.example/{LONG}", "https://a.example/\x00", "\ud800", ""]
)
ITEMS = st.fixed_dictionaries(
    {"id": WORDS | st.integers(-(10**30), 10**30), "title": WORDS},
    optional={
        "url": ADDRESSES,
        "content_text": WORDS,
        "date_published": MOMENTS,
        "language": WORDS,
        "authors": st.lists(st.fixed_dictionaries({"name": WORDS}), max_size=2),
        "image": ADDRESSES,
    },
)


@contextmanager
def opened(room: Newsroom, store: str = "") -> Iterator[App]:
    """Give a newsletter with one source and one reader, on a store of its own."""
    room.source("herald", json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": []}), suffix="json")
    room.provider += store
    app = replace(build(read_config(room.write_config()), now=NOW), clock=lambda: NOW)
    with app.store.begin() as connection:
        roster.add(connection, "daily", "ann@example.com", **BY)
    yield app
    app.store.close()


@pytest.fixture(scope="module")
def twins(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, App]]:
    """The same newsletter on SQLite and on PostgreSQL."""
    rooms = [Newsroom(tmp_path_factory.mktemp(name), None) for name in ("one", "other")]  # type: ignore[arg-type]
    with (
        postgres.database() as address,
        opened(rooms[0]) as one,
        opened(rooms[1], f'\n[store]\nurl = "{address}"') as other,
    ):
        yield one, other


def answer(act: Callable[[], object]) -> object:
    """Return what comes of an act, an error of ours for what it says; what the database refused is no answer."""
    try:
        return act()
    except StoreError as fault:
        raise AssertionError(f"the database refused it: {fault}") from fault
    except (BroadsheetError, RosterError) as fault:
        return type(fault), str(fault)


def same(twins: Sequence[App], act: Callable[[App], object]) -> None:
    """Demand the same answer of both."""
    one, other = (answer(lambda app=app: act(app)) for app in twins)
    assert one == other


def read(app: App, feed: bytes) -> object:
    """Collect a feed, compose an edition of what was stored and write its mail."""
    Path(app.sources[0].path).write_bytes(feed)
    collected = collect(app, app.sources, NOW, force=True)
    stored = app.store.articles.window(NOW.replace(year=2), NOW.replace(year=9998), ["herald"])
    try:
        edition = compose(app, app.newsletters[0], NOW, keep=False).edition
    except NothingToSend as nothing:
        return collected.outcomes[0].articles, stored, str(nothing)
    message = message_of(app, app.newsletters[0], edition)
    return collected.outcomes[0].articles, stored, edition.stories, edition.brief, message


QUIET = settings(
    max_examples=20, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(title=WORDS, items=st.lists(ITEMS, min_size=1, max_size=5))
def test_what_a_source_writes_is_read_alike(twins: tuple[App, App], title: str, items: list[Any]) -> None:
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}).encode()
    same(twins, lambda app: read(app, feed))


@QUIET
@given(cells=st.lists(st.tuples(WORDS, WORDS, MOMENTS, WORDS), min_size=1, max_size=4))
def test_a_file_of_people_is_read_alike(twins: tuple[App, App], tmp_path: Path, cells: list[tuple[str, ...]]) -> None:
    file = tmp_path / "people.csv"
    lines = [",".join(['"' + cell.replace('"', "") + '"' for cell in row]) for row in cells]
    people = "\n".join(f"reader{number}@example.com,{line}" for number, line in enumerate(lines))
    file.write_bytes(f"email,name,tags,joined_at,language\n{people}\n".encode("utf-8", "surrogatepass"))

    def imported(app: App) -> object:
        came = load_file(app.store.begin, file, "daily", now=lambda: NOW)
        with app.store.read() as connection:
            found = [roster.find(connection, f"reader{number}@example.com") for number in range(len(cells))]
            return came, [each and (each.subscriber.name, each.tags, each.subscriptions) for each in found]

    same(twins, imported)


@QUIET
@given(name=WORDS, field=WORDS, tag=WORDS, slug=WORDS)
def test_what_people_type_is_kept_alike(twins: tuple[App, App], name: str, field: str, tag: str, slug: str) -> None:
    def typed(connection: Connection) -> object:
        ann = roster.by_address(connection, "ann@example.com")
        assert ann is not None
        roster.rename(connection, "ann@example.com", plain(name), **BY)
        roster.set_fields(connection, "ann@example.com", {plain(field)[:80]: plain(name)}, **BY)
        told = [answer(lambda: roster.put_tags(connection, {ann.id: [plain(tag)]}))]
        told.append(answer(lambda: roster.ensure_list(connection, plain(slug), at=NOW) > 0))
        return told, roster.find(connection, "ann@example.com"), roster.all_tags(connection), roster.slugs(connection)

    def kept(app: App) -> object:
        with app.store.begin() as connection:
            told, found, tags, slugs = typed(connection)  # type: ignore[misc]
        return told, found and (found.subscriber.name, found.subscriber.fields, found.tags), tags, slugs

    same(twins, kept)


def plain(text: str) -> str:
    """Return what a shell or a form can hand over of a text."""
    return re.sub("[\x00\ud800-\udfff]", "", text)


@QUIET
@given(why=WORDS, headline=WORDS)
def test_what_an_editor_types_is_kept_alike(twins: tuple[App, App], why: str, headline: str) -> None:
    def decided(app: App) -> object:
        if app.store.editions.find("daily", NOW.date()) is None:
            Path(app.sources[0].path).write_text(
                json.dumps(
                    {
                        "version": "https://jsonfeed.org/version/1.1",
                        "items": [
                            {"id": "1", "title": "A ferry ran aground", "date_published": "2026-03-04T05:00:00Z"}
                        ],
                    }
                )
            )
            compose(app, app.newsletters[0], NOW)
        told = [answer(lambda: hold(app, NAME, plain(why)).reason)]
        words = plain(headline)
        stored = answer(
            lambda: correct_edition(app, NAME, "retitle", ["1"], who="kim", now=NOW, text=words).edition.lead
        )
        return told, stored, [each.why for each in app.store.editions.transitions(NAME)][-2:]

    same(twins, decided)


def test_a_fact_of_a_long_name_is_kept_and_found_again(twins: tuple[App, App]) -> None:
    long = f"last run of {'n' * 63} in America/Argentina/ComodRivadavia"
    assert len(long) > LONGEST
    for app in twins:
        meta = app.store.meta
        assert meta.ensure(long, "first") == "first"
        assert (meta.ensure(long, "second"), meta.get(f"{long}?")) == ("first", "")
        meta.set(long, "third")
        assert meta.get(long) == "third"
        for name in meta.beginning("last run of n"):
            meta.drop(name)
        assert meta.get(long) == ""


def test_no_two_articles_of_long_addresses_have_one_key_and_none_is_too_long_for_an_index() -> None:
    keys = [keyed(Article(key="", source="a", url=f"https://a.example/{LONG}{n}", headline="x")).key for n in (1, 2, 1)]
    assert keys[0] == keys[2] != keys[1]
    assert all(len(key.encode()) <= LONGEST_KEY for key in keys)
    assert keyed(Article(key="", source="a", url="https://a.example/1", headline="x")).key == "https://a.example/1"
