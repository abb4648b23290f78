"""What every test may use: real servers where they are to be had, named clearly where they are not."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.background import until_done
from tests.newsroom import EVENTS, Newsroom
from tests.postgres import Postgres, server
from tests.statements import share

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
DATA = Path(os.environ.get("BROADSHEET_DATA", "/nonexistent"))

# A busy machine is no reason to fail: no property is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


#: A folder in memory, and the room it must have: what all tests hold at once is a tenth of that.
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 - pytest makes a folder of its own inside


def pytest_configure() -> None:
    """Let tests write where no disk is waited for: none of them cuts the power. Let stores share their statements."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    share()


def pytest_collection_finish() -> None:
    """Keep the collector of cycles from looking through thousands of tests again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs the data folder where there is none, and the long proofs where nobody asked."""
    for item in items:
        if item.get_closest_marker("torture"):
            item.add_marker(pytest.mark.timeout(0))  # these take as long as they take
    left_out = []
    if not DATA.is_dir():
        left_out += [item for item in items if item.get_closest_marker("data")]
    if os.environ.get("TORTURE") != "1":
        left_out += [item for item in items if item.get_closest_marker("torture")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Let what was begun come to its end before the stores it works on are closed."""
    with suppress(AssertionError):  # the test that waits for it says so itself
        until_done()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Turn a skip into a failure under ``REQUIRE_ALL=1``."""
    outcome = yield
    report = outcome.get_result()
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under REQUIRE_ALL=1: {report.longrepr}"


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say what was left out for want of data."""
    if not DATA.is_dir():
        terminalreporter.write_line("tests on real data left out: BROADSHEET_DATA names no folder")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, or a skip that says how to get one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("needs Chromium: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data."""
    return DATA


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL, started when the first one asks."""
    with server() as started:
        yield started


@pytest.fixture
def newsroom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Newsroom:
    """A newsletter in an empty folder, with two sources and no reader yet."""
    room = Newsroom(tmp_path, capsys)
    room.report("herald", *EVENTS)
    room.report("courier", "Ferry aground in fog off Port Ellery, all safe", "Comet to be seen over northern islands")
    return room
