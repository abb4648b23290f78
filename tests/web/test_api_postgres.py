"""The JSON API once more on PostgreSQL."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.store import Store
from tests.postgres import Postgres
from tests.web import test_api
from tests.web.api_world import World, open_world
from tests.web.test_api import harbour_robot, robot  # noqa: F401 - fixtures that the tests below ask for

#: Those that share an installation, and of the others those that ask the store what SQLite may understand otherwise.
_OWN = {
    "test_somebody_is_added_found_changed_and_forgotten",
    "test_everybody_comes_once_over_many_pages",
    "test_an_edition_is_sent_and_told_about",
    "test_what_a_program_does_stands_in_the_log_under_its_tokens_name",
    "test_a_token_ends_by_itself_or_when_it_is_revoked",
}
globals().update(
    {
        name: test
        for name, test in vars(test_api).items()
        if name in _OWN
        or (name.startswith("test_") and {"world", "robot", "harbour_robot"} & set(inspect.signature(test).parameters))
    }
)


@pytest.fixture(scope="module")
def world(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with postgres.database() as address:
        opened = open_world(tmp_path_factory.mktemp("api"), store=Store.open(address))
        yield opened
        opened.app.store.close()


@pytest.fixture
def own_world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres.database() as address:
        opened = open_world(tmp_path, store=Store.open(address))
        yield opened
        opened.app.store.close()
