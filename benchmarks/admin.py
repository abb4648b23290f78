"""What a page of the admin costs, with a thousand people and with a million: CPU of the server, bytes of HTML.

    python -m benchmarks.admin [PEOPLE]

The peer is the same page on a store a thousand times smaller: a page must cost about the same on both.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from starlette.types import ASGIApp

from benchmarks.asking import at_least_one, parser
from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.web.admin.gate import COOKIE
from digest.web.app import make_app
from subscribers import load_file

CONFIG = """\
[site]
sender = "The Daily <news@daily.example>"
[[newsletters]]
slug = "daily"
opt_in = "single"
"""

PAGES = {
    "people": "/admin/people",
    "people, page 10,000": "/admin/people?list=daily&after=n:{deep}",
    "search: an address begins": "/admin/people?text=reader4711",
    "search: two letters": "/admin/people?text=re",
    "search: part of a name": "/admin/people?text=quill-77",
    "search: nobody": "/admin/people?text=zzzzzz",
    "list and state": "/admin/people?list=daily&state=unconfirmed",
    "list, state and text": "/admin/people?list=daily&state=confirmed&text=99",
    "lists (counted)": "/admin/lists",
    "lists (again)": "/admin/lists",
    "suppressions": "/admin/suppressions",
    "log": "/admin/log",
    "today": "/admin",
}


@contextmanager
def installation(people: int) -> Iterator[App]:
    """Open an installation with so many people on its list."""
    with TemporaryDirectory(prefix="admin-") as name:
        folder = Path(name)
        (folder / "config.toml").write_text(CONFIG)
        app = build(read_config(folder / "config.toml"), now=datetime.now(UTC))
        with (folder / "people.csv").open("w") as file:
            file.write("email,name\n")
            file.writelines(f"reader{n}@example.org,Ada Quill-{n % 100_000}\n" for n in range(people))
        load_file(app.store.begin, folder / "people.csv", "daily", now=lambda: datetime.now(UTC))
        yield app
        app.store.close()


def signed_in(app: App) -> str:
    """Make an account and a sign-in, and return its token."""
    accounts, now = app.store.accounts, datetime.now(UTC)
    accounts.invite("link", "owner", now + timedelta(hours=1))
    accounts.accept("link", "olive", "no password", now)
    account = accounts.named("olive")
    assert account is not None
    accounts.sign_in(account.id, "token", now, now + timedelta(hours=1))
    return "token"


def ask(web: ASGIApp, address: str, token: str) -> tuple[float, int]:
    """Ask for a page; return the CPU seconds it took, in all threads, and its size in bytes."""
    path, _, query = address.partition("?")
    size = 0

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        nonlocal size
        if message["type"] == "http.response.start":
            assert message["status"] == 200, (address, message["status"])
        size += len(message.get("body", b""))  # type: ignore[arg-type] # bytes, says ASGI

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "scheme": "http", "server": ("localhost", 80),
        "client": ("127.0.0.1", 1), "headers": [(b"cookie", f"{COOKIE}={token}".encode()), (b"host", b"localhost")],
    }  # fmt: skip
    before = time.process_time()
    asyncio.run(web(scope, receive, send))
    return time.process_time() - before, size


def measured(people: int) -> dict[str, tuple[float, float, int]]:
    """Return (median, most, bytes) of each page; the first asking warms the templates up."""
    with installation(people) as app:
        web, token = make_app(app), signed_in(app)
        found = {}
        for name, address in PAGES.items():
            times = [ask(web, address.format(deep=people // 2), token) for _ in range(1 if "counted" in name else 7)]
            rest = times[1:] or times
            found[name] = (median(t for t, _ in rest), max(t for t, _ in rest), rest[0][1])
        return found


def main() -> None:
    """Print a line a page."""
    asked = parser(__doc__)
    asked.add_argument("people", type=at_least_one, nargs="?", default=1_000_000)
    people = asked.parse_args().people
    small, big = measured(max(people // 1000, 100)), measured(people)
    print(f"{people:,} people; server CPU a page, median and most of 6, ratio to {max(people // 1000, 100):,} people")
    for name, (middle, most, size) in big.items():
        ratio = middle / small[name][0]
        print(f"  {name:28} {middle * 1000:6.1f} ms  {most * 1000:6.1f} ms  {ratio:5.1f}×  {size / 1000:5.1f} KB")


if __name__ == "__main__":
    main()
