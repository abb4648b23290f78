"""What programs do to editions and with files of people, once more on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.store import Store
from tests.postgres import Postgres
from tests.web import test_api_editions, test_api_imports
from tests.web.api_world import Program, World, open_world

#: Those that ask the store what SQLite may understand otherwise.
_OWN = (
    test_api_editions.test_a_time_is_chosen_and_given_up,
    test_api_editions.test_an_edition_is_corrected_and_a_correction_taken_back,
    test_api_editions.test_an_edition_is_skipped_reopened_and_composed_anew,
    test_api_imports.test_a_file_handed_over_again_does_nothing_twice,
    test_api_imports.test_a_file_is_carried_out_with_its_faults_told_by_line,
    test_api_imports.test_a_list_is_changed_and_a_person_s_choices_are,
    test_api_imports.test_who_has_agreed_already_is_asked_by_no_mail,
)
globals().update({each.__name__: each for each in _OWN})


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres.database() as address:
        opened = open_world(tmp_path, store=Store.open(address))
        yield opened
        opened.app.store.close()


@pytest.fixture
def robot(world: World) -> Program:
    return world.program()
