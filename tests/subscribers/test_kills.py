"""Imports killed at any moment: nobody twice, nobody lost, the numbers right at the end."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from digest.store import Store
from subscribers import audit, roster
from tests.subscribers.desks import MORNING


def import_until_killed(url: str, file: Path, lines: int) -> bool:
    """Import in another process, kill it after it said so many lines, and return whether it finished before."""
    command = [sys.executable, "-m", "tests.subscribers.import_process", url, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        for _ in range(lines):
            said = process.stdout.readline()
            if said in ("", "finished\n"):
                break
        process.kill()
    return said == "finished\n"


def is_finished(store: Store) -> bool:
    """Return whether an import came to its end, told or not: a kill may fall between the end and its last word."""
    with store.read() as conn:
        return any(each.what == "import finished" for each in audit.entries(conn))


@pytest.mark.parametrize(("people", "kills"), [(9_000, 3), pytest.param(60_000, 40, marks=pytest.mark.torture)])
def test_an_import_killed_again_and_again_ends_as_if_it_never_was(tmp_path, people, kills):
    url = f"sqlite:///{tmp_path}/store.db"
    file = tmp_path / "people.csv"
    numbers = random.sample(range(people), people)
    file.write_text("email,name\n" + "".join(f"p{number}@example.com,No. {number}\n" for number in numbers))
    store = Store.open(url)
    with store.begin() as conn:
        roster.ensure_list(conn, "daily", opt_in="single", at=MORNING)
        left = roster.add(conn, "daily", "p7@example.com", at=MORNING, how="command")
        roster.unsubscribe(conn, left.subscriber_id, ("daily",), at=MORNING, how="link")
    for _ in range(kills):
        if not is_finished(store):
            import_until_killed(url, file, random.randint(1, 3))
    assert is_finished(store) or import_until_killed(url, file, people)
    with store.read() as conn:
        summary = next(each for each in roster.lists(conn) if each.slug == "daily")
        addresses = [each.address for each in roster.members(conn, "daily")]
        whats = [each.what for each in audit.entries(conn)]
        newest = audit.entries(conn)[0]
    store.close()
    assert (summary.confirmed, summary.unsubscribed) == (people - 1, 1)
    assert len(addresses) == len(set(addresses)) == people
    assert (whats.count("import begun"), whats.count("import finished")) == (1, 1)
    assert newest.detail == f"1 left before, {people - 1} new"
