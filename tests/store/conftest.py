"""A fresh store for each test, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.store import Store
from tests.stores import new_store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path) -> Iterator[Store]:
    if request.param == "postgresql":
        with request.getfixturevalue("postgres").database() as address:
            store = Store.open(address)
            yield store
            store.close()
        return
    store = new_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def sqlite(tmp_path) -> Iterator[Store]:
    store = new_store(tmp_path)
    yield store
    store.close()
