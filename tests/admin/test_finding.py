"""People found a window at a time: nobody left out, nobody twice, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.store import Store
from subscribers import load_file, roster
from subscribers.web.admin.finding import PAGE, WINDOW, Wanted, find, numbers

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Somewhat more people than one question looks at; every tenth on a second list."""
    folder = tmp_path_factory.mktemp("crowd")
    if request.param == "sqlite":
        store = Store.open(f"sqlite:///{folder}/people.db")
        _fill(store, folder)
        yield store
        store.close()
        return
    with request.getfixturevalue("postgres").database() as address:
        store = Store.open(address)
        _fill(store, folder)
        yield store
        store.close()


def _fill(store: Store, folder: Path) -> None:
    with store.begin() as conn:
        for slug in ("all", "some"):
            roster.ensure_list(conn, slug, opt_in="single", at=NOW)
    everybody = range(WINDOW + 500)
    for slug, people in (("all", everybody), ("some", everybody[::10])):
        file = folder / f"{slug}.csv"
        file.write_text("email,name\n" + "".join(f"p{n:06}@crowd.example.org,Tern {n}\n" for n in people))
        load_file(store.begin, file, slug, now=lambda: NOW)


def everyone(store: Store, wanted: Wanted) -> list[str]:
    """Return the addresses of all who are found, going on as long as there is more."""
    found: list[str] = []
    after = ""
    with store.read() as conn:
        while True:
            page = find(conn, wanted, after)
            assert len(page.people) <= PAGE
            found += [each.address for each in page.people]
            after = page.after
            if not after:
                return found


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(text="tern 2049"),
        Wanted(text="p0204"),
        Wanted(text="nobody"),
        Wanted(text="20499", list_slug="some"),
        Wanted(text="p02049", list_slug="some"),
        Wanted(text="tern 2", list_slug="some", state="confirmed"),
        Wanted(list_slug="some", state="unsubscribed"),
    ],
    ids=lambda wanted: wanted.query,
)
def test_everybody_wanted_is_found_once(crowd: Store, wanted: Wanted) -> None:
    found = everyone(crowd, wanted)
    assert len(found) == len(set(found))
    expected = [n for n in range(WINDOW + 500) if _matches(n, wanted)]
    assert sorted(found) == [f"p{n:06}@crowd.example.org" for n in expected]


def _matches(n: int, wanted: Wanted) -> bool:
    text = wanted.text in f"p{n:06}@crowd.example.org" or wanted.text in f"tern {n}"
    return text and (not wanted.list_slug or n % 10 == 0) and wanted.state != "unsubscribed"


def test_all_that_match_are_counted_out_in_numbers(crowd: Store) -> None:
    got: list[int] = []
    after = 0
    with crowd.read() as conn:
        while True:
            some, after = numbers(conn, Wanted(list_slug="some"), after, 500)
            got += some
            if not after:
                break
    assert len(got) == len(set(got)) == (WINDOW + 500) // 10
