"""A fresh store for each test."""

from __future__ import annotations

import pytest

from digest.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    yield store
    store.close()
