"""Measures subscriber lists: ``make bench-subscribers``, or ``python -m benchmarks.subscribers 100000``.

A list of a million invented people is imported into SQLite as a send uses it, asked page by page and exported.
Times are of the CPU. The peers, in the same run: checking addresses with email-validator alone, adding people one
by one through the same rules, and SQLite's own bulk insert of the same columns into bare tables.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from email_validator import validate_email

from benchmarks.asking import at_least_one, parser
from digest.store import Store
from subscribers import KeyRing, csvfile, load_file, roster, segment_of
from subscribers.address import normal
from subscribers.importing.run import Options, run
from subscribers.importing.staging import stage

PEOPLE = 1_000_000
SAMPLE = 5_000
BATCH = 1_000
NAMES = ["Ada", "Brigitte", "Cem", "Dana", "Edda", "Farid", "Greta", "Hugo", "Ines", "Jude"]


def taken(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU seconds that some work took, and what it gave."""
    started = time.process_time()
    gave = work()
    return time.process_time() - started, gave


def line(what: str, seconds: float, each: int, note: str = "") -> None:
    """Print one figure: in all, and for each person or answer."""
    print(f"{what:<44} {seconds:8.2f} s  {seconds / each * 1e6:9.2f} µs each   {note}")


def write_people(path: Path, count: int) -> list[str]:
    """Write a file of invented people, in no order, and return the first addresses."""
    chance = random.Random(7)
    first = []
    with path.open("w", encoding="utf-8") as out:
        out.write("email,name\n")
        for number in range(count):
            name = chance.choice(NAMES)
            address = f"{name.lower()}.{chance.getrandbits(44):x}@mail{chance.randrange(400)}.example.com"
            out.write(f"{address},{name} No. {number}\n")
            if number < SAMPLE:
                first.append(address)
    return first


def importing(store: Store, folder: Path, count: int) -> float:
    """Import the file and print what each step cost."""
    reading, staged = taken(lambda: stage(folder / "people.csv", folder))
    options = Options()
    merging, steps = taken(lambda: list(run(store.begin, staged, "daily", options, now=lambda: datetime.now(UTC))))
    assert steps[-1].fates["new"] == count
    line("import: read, check, sort", reading, count)
    line("import: merge, 2,000 a transaction", merging, count)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line("import in all", reading + merging, count, f"{most:.0f} MB at most, the interpreter included")
    return (reading + merging) / count


def peers(folder: Path, addresses: list[str], ours: float) -> None:
    """Print what others need for the same, and the ratio."""
    slow, _ = taken(lambda: [validate_email(each, check_deliverability=False) for each in addresses])
    quick, _ = taken(lambda: [normal(each) for each in addresses])
    line(
        "  check one address: email-validator", slow, SAMPLE, f"ours {quick / SAMPLE * 1e6:.2f} µs: {slow / quick:.0f}×"
    )
    store = Store.open(f"sqlite:///{folder}/peer.db")
    now = datetime.now(UTC)
    with store.begin() as conn:
        roster.ensure_list(conn, "daily", opt_in="single", at=now)
        one_by_one, _ = taken(lambda: [roster.add(conn, "daily", each, how="import", at=now) for each in addresses])
    store.close()
    rate = one_by_one / SAMPLE
    line("  the same rules, one by one", one_by_one, SAMPLE, f"{rate / ours:.0f}× the import's cost")
    bare, _ = taken(lambda: bare_insert(folder / "bare.db", addresses * 20))
    each = bare / SAMPLE / 20
    line("  SQLite's bulk insert, bare, one transaction", bare, SAMPLE * 20, f"the import costs {ours / each:.1f}×")


def bare_insert(path: Path, addresses: list[str]) -> None:
    """Insert people into two bare tables with the same keys, in the order they come."""
    rows = [(number, f"{number:024x}", f"{number}{each}", "Ada No. 1", 0) for number, each in enumerate(addresses)]
    bare = sqlite3.connect(path)
    bare.executescript(
        "PRAGMA journal_mode=WAL;"
        "CREATE TABLE people (id INTEGER PRIMARY KEY, public_id UNIQUE, address UNIQUE, name, at);"
        "CREATE TABLE places (list_id, person_id, state, a, b, c, PRIMARY KEY (list_id, person_id)) WITHOUT ROWID;"
    )
    with bare:
        bare.executemany("INSERT INTO people VALUES (?,?,?,?,?)", rows)
        bare.executemany("INSERT INTO places VALUES (1,?,2,0,0,1)", [row[:1] for row in rows])
    bare.close()


def asking(store: Store, addresses: list[str], count: int) -> None:
    """Print what a send and an admin ask, with all people there."""
    with store.read() as conn:
        pages = []
        after = 0

        def walk() -> None:
            nonlocal after
            while page := roster.audience_page(conn, ("daily",), after, BATCH):
                pages.append(page)
                after = page[-1]

        line("audience: all pages of 1,000", taken(walk)[0], count)
        line("audience: count", taken(lambda: roster.audience_count(conn, ("daily",)))[0], 1)
        some = pages[:20]
        sendable = taken(lambda: [roster.sendable(conn, page, ("daily",)) for page in some])
        people = [each for page in sendable[1] for each in page]
        line("who may still be sent to, 1,000 at a time", sendable[0], max(len(people), 1))
        line("find one by address", taken(lambda: [roster.find(conn, each) for each in addresses[:500]])[0], 500)
        segment = segment_of("name~77 joined>30d", now=datetime.now(UTC))
        asked = taken(lambda: roster.audience_page(conn, ("daily",), 0, 50, segment=segment))
        line("first 50 of a segment", asked[0], 1)
    ring = KeyRing.generate()
    tokens = taken(lambda: [ring.sign("unsubscribe", each.public_id, "morning") for each in people])
    line("sign one link", tokens[0], max(len(people), 1))
    read = taken(lambda: [ring.verify(token, "unsubscribe") for token in tokens[1]])
    line("verify one link", read[0], max(len(people), 1))


def main() -> None:
    """Run every measure on so many people."""
    asked = parser(__doc__)
    asked.add_argument("people", type=at_least_one, nargs="?", default=PEOPLE)
    count = asked.parse_args().people
    print(f"{count:,} people on SQLite\n")
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        addresses = write_people(folder / "people.csv", count)
        store = Store.open(f"sqlite:///{folder}/store.db")
        with store.begin() as conn:
            roster.ensure_list(conn, "daily", opt_in="single", at=datetime.now(UTC))
        ours = importing(store, folder, count)
        peers(folder, addresses, ours)
        asking(store, addresses, count)
        with store.read() as conn, (folder / "out.csv").open("w", encoding="utf-8") as out:
            line("export as CSV", taken(lambda: csvfile.write(conn, "daily", out))[0], count)
        store.close()
        bringing_back(folder, count)


def bringing_back(folder: Path, count: int) -> None:
    """Import the export into a fresh store, with its states, times and public ids."""
    store = Store.open(f"sqlite:///{folder}/again.db")
    now = datetime.now(UTC)
    with store.begin() as conn:
        roster.ensure_list(conn, "daily", opt_in="single", at=now)
    seconds, came = taken(lambda: load_file(store.begin, folder / "out.csv", "daily", now=lambda: datetime.now(UTC)))
    assert came[0]["new"] == count
    line("import of that export into a fresh store", seconds, count)
    store.close()


if __name__ == "__main__":
    main()
