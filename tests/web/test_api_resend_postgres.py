"""A program has a sent edition sent again, once more on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.store import Store
from tests.admin.refusing import Refusing
from tests.postgres import Postgres
from tests.web import test_api_resend
from tests.web.api_world import Program, World, open_world

_OWN = (
    test_api_resend.test_it_goes_to_the_uncertain_where_duplicates_are_accepted,
    test_api_resend.test_a_process_that_sends_is_left_the_mails,
)
globals().update({each.__name__: each for each in _OWN})


@pytest.fixture
def provider(tmp_path: Path) -> Refusing:
    return Refusing(tmp_path / "out", hugo="rejected", dora="uncertain")


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path, provider: Refusing) -> Iterator[World]:
    with postgres.database() as address:
        opened = open_world(tmp_path, store=Store.open(address))
        yield test_api_resend.sent_through(provider, opened)
        opened.app.store.close()


@pytest.fixture
def robot(world: World) -> Program:
    return world.program()
