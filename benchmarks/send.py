"""Sending, beside what the machine can do at most: ratios of one run.

``python -m benchmarks.send [recipients]``: SendGrid's path against bare building and posting, SMTP against Postfix's
``smtp-source``, the ledger's size and speed. 200,000 recipients unless told.
"""

from __future__ import annotations

import http.client
import multiprocessing
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from benchmarks.counting import endpoint
from digest.model import Article, Edition, EditionState, Envelope, Masthead, Message, Recipient, Source, Story
from digest.pipeline.send import Ways, got, report, send_edition
from digest.send.mime import Mould
from digest.send.provider import Mailing, Parcel, Provider
from digest.send.providers.sendgrid import Options as SendgridOptions
from digest.send.providers.sendgrid import Sendgrid
from digest.send.providers.sendgrid_request import Frame, Tracking
from digest.send.providers.smtp import Options as SmtpOptions
from digest.send.providers.smtp import Smtp
from digest.store import Store
from digest.store.batches import write_new

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
ENVELOPE = Envelope("morning/2026-03-04", "Tarrow <news@morning.example>", "morning.morning.example")


def message(size: int) -> Message:
    """Return a message whose mail has about so many bytes."""
    line = "The ferry to Tarrow runs again from Thursday, the harbour says.\n"
    body = line * (size // len(line) // 2)
    return Message(
        "The ferry runs again",
        f'<p>{body}</p><a href="%%UNSUBSCRIBE_URL%%">Leave</a> <a href="%%PREFERENCES_URL%%">Choose</a>',
        f"{body}\nLeave: %%UNSUBSCRIBE_URL%%\nChoose: %%PREFERENCES_URL%%\n",
    )


class People:
    """As many people as wanted, made when asked for."""

    def __init__(self, count: int) -> None:
        self.count = count

    def ids_page(self, _connection: object, after_id: int, limit: int) -> list[int]:
        """Return the next ids."""
        return list(range(after_id + 1, min(self.count, after_id + limit) + 1))

    def recipients(self, _connection: object, ids: Sequence[int]) -> list[Recipient]:
        """Return recipients with links of a realistic length."""
        return [someone(number) for number in ids]


def someone(number: int) -> Recipient:
    """Return a recipient with links of a realistic length."""
    token = f"{number:012d}" + "k7Qm2xV9" * 12
    url = f"https://news.morning.example/u/{token}"
    slots = (("UNSUBSCRIBE_URL", url), ("PREFERENCES_URL", f"https://news.morning.example/preferences/{token}"))
    return Recipient(number, f"p{number:012d}", f"reader{number}@readers.example", slots=slots, one_click_url=url)


def edition(day: date) -> Edition:
    """Return an edition of one story."""
    lead = Article("k", "gazette", "https://gazette.example/1", "The ferry runs again")
    return Edition(
        "morning", day, "", Masthead("Tarrow"), (Story("k", lead),), (Source("gazette", "Gazette"),), cut_off=NOW
    )


@contextmanager
def store() -> Iterator[Store]:
    """Give a new store."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Store.open(f"sqlite:///{folder}/digest.db")
        opened.editions.save(edition(NOW.date()), EditionState.APPROVED, NOW)
        yield opened
        opened.close()


def whole_send(provider: Provider, people: int, size: int) -> tuple[float, int]:
    """Send with everything on; return mails a second, planning left out, and the database's bytes."""
    with store() as opened:
        began: list[float] = []
        ways = Ways(clock=lambda: datetime.now(UTC), on_progress=lambda _d, _p: began.append(time.perf_counter()))
        done = send_edition(opened, provider, ENVELOPE.edition, message(size), ENVELOPE, People(people), ways)
        took = time.perf_counter() - began[0]
        assert done.sent == people, done
        with opened.begin() as connection:
            pages, page = (connection.execute(text(f"PRAGMA {n}")).scalar_one() for n in ("page_count", "page_size"))
        provider.close()
        return people / took, pages * page


def bare_posts(address: str, people: int, size: int) -> float:
    """Build the same bodies and post them with http.client; return mails a second."""
    frame = Frame(Mailing(message(size), ENVELOPE, NOW), Tracking())
    host, _, port = address.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    crowd, headers = People(people), {"Authorization": "Bearer k", "Content-Type": "application/json"}
    began = time.perf_counter()
    for start in range(0, people, 1000):
        ids = crowd.ids_page(None, start, 1000)
        body = frame.body(Parcel(tuple(crowd.recipients(None, ids)), start, 1))
        connection.request("POST", "/v3/mail/send", body, headers)
        assert connection.getresponse().read() == b""
    return people / (time.perf_counter() - began)


def sendgrid(address: str, connections: int) -> Provider:
    """Return the provider, letting the check pass."""

    class Unchecked(Sendgrid):
        def check(self) -> str:
            return "counting"

    return Unchecked(SendgridOptions("k", api=address, connections=connections))


def apart(work: Callable[..., object], *arguments: object) -> tuple[object, int]:
    """Run in a process of its own; return the result and its peak memory in MB."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_apart, args=(theirs, work, arguments))
    process.start()
    theirs.close()  # a child that dies ends the wait
    result, peak = ours.recv()
    process.join()
    return result, peak


def _apart(pipe: multiprocessing.connection.Connection, work: Callable[..., object], arguments: tuple[object]) -> None:
    result = work(*arguments)
    pipe.send((result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def sendgrid_send(address: str, connections: int, people: int) -> tuple[float, int]:
    """Send over SendGrid's path."""
    return whole_send(sendgrid(address, connections), people, 20_000)


def bench_sendgrid(people: int) -> None:
    """Print SendGrid's path against bare posts: three turns each, so that a busy moment spoils one at most."""
    with endpoint() as address:
        turns = [_one_turn(address, people) for _ in range(3)]
    rate, bare, size, peak = sorted(turns, key=lambda turn: turn[0] / turn[1])[1]
    ratios = ", ".join(f"{turn[0] / turn[1]:.2f}" for turn in turns)
    print(f"sendgrid path, {people:,} recipients, ledger on: {rate:,.0f} mails/s, peak {peak} MB (wanted 120)")
    print(f"  building and posting alone:     {bare:,.0f} mails/s    ratio {rate / bare:.2f} of {ratios} (wanted 0.75)")
    print(f"  database {size / people:.2f} bytes a delivery (wanted 5)")
    with endpoint(0.2) as address:
        (slow, _), _ = apart(sendgrid_send, address, 24, people)
    print(f"  with 200 ms an answer:          {slow:,.0f} mails/s    ratio {slow / rate:.2f} (wanted 0.80)")


def _one_turn(address: str, people: int) -> tuple[float, float, int, int]:
    before, _ = apart(bare_posts, address, people // 2, 20_000)
    (rate, size), peak = apart(sendgrid_send, address, 2, people)
    after, _ = apart(bare_posts, address, people // 2, 20_000)
    return rate, (before + after) / 2, size, peak


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Give the port of Postfix's sink."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(["smtp-sink", f"127.0.0.1:{port}", "256"], stdout=subprocess.DEVNULL, user="nobody")
    try:
        _await(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _await(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no server on port {port}")


def smtp_source(port: int, mails: int, size: int, connections: int, *flags: str) -> float:
    """Return the mails a second of Postfix's own source; with ``-d`` it keeps its connections."""
    began = time.perf_counter()
    command = ["smtp-source", *flags, "-s", str(connections), "-l", str(size), "-m", str(mails)]
    subprocess.run([*command, "-f", "a@b.example", "-t", "c@d.example", f"127.0.0.1:{port}"], check=True)
    return mails / (time.perf_counter() - began)


def smtp_send(port: int, connections: int, mails: int, size: int) -> tuple[float, int]:
    """Send over SMTP."""
    return whole_send(Smtp(SmtpOptions("127.0.0.1", port, "none", connections=connections)), mails, size)


def bench_smtp() -> None:
    """Print SMTP against smtp-source, where Postfix's tools are there."""
    if not shutil.which("smtp-sink"):
        print("smtp: left out, smtp-sink is not there (Debian package postfix)")
        return
    for size, mails in ((10_000, 4000), (100_000, 2000)):
        for connections in (1, 2):
            turns = [_one_smtp_turn(connections, mails, size) for _ in range(3)]
            rate, peer, kept = sorted(turns, key=lambda turn: turn[0] / turn[1])[1]
            print(f"smtp, {mails:,} mails of {size // 1000} KB, connections: {connections}: {rate:,.0f} mails/s")
            print(f"  smtp-source, as it comes:       {peer:,.0f} mails/s    ratio {rate / peer:.2f} (wanted 0.80)")
            print(f"  smtp-source -d, connections kept: {kept:,.0f} mails/s  ratio {rate / kept:.2f}")


def _one_smtp_turn(connections: int, mails: int, size: int) -> tuple[float, float, float]:
    with smtp_sink() as port:
        peer = smtp_source(port, mails, size, connections)
        (rate, _), _ = apart(smtp_send, port, connections, mails, size)
        kept = smtp_source(port, mails, size, connections, "-d")
    return rate, peer, kept


def bench_ledger(people: int) -> None:
    """Print planning, and finding one subscriber among many editions."""
    with store() as opened:
        row = opened.editions.get(ENVELOPE.edition).row
        began = time.perf_counter()
        opened.ledger.sends.plan(row, People(people).ids_page, audience="x", provider="x", size=1000, now=NOW)
        took = time.perf_counter() - began
        print(f"planning {people:,}: {took:.2f} s, a million in {took * 1e6 / people:.1f} s (wanted 5)")
        for n in range(1, 100):
            day = NOW.date() - timedelta(days=n)
            row = opened.editions.save(edition(day), EditionState.APPROVED, NOW).row
            send = opened.ledger.sends.plan(row, People(1).ids_page, audience="x", provider="x", size=1000, now=NOW)
            assert send is not None
            with opened.begin() as connection:
                groups = [range(start + 2, start + 1002) for start in range(0, people, 1000)]
                write_new(connection, send.id, groups)
        began = time.perf_counter()
        for n in range(100):
            assert got(opened, f"morning/{NOW.date() - timedelta(days=n)}", people - n * 7) == "unsent"
        took = (time.perf_counter() - began) / 100
        print(f"was X sent edition E, among 100 × {people:,}: {took * 1000:.2f} ms (wanted 5)")
        assert report(opened, ENVELOPE.edition).planned == people


def bench_filling() -> None:
    """Print the cost of a recipient's mail."""
    for size in (20_000, 100_000):
        mould = Mould(message(size), ENVELOPE, date=NOW)
        people = [someone(n) for n in range(1, 2001)]
        began = time.perf_counter()
        for each in people:
            mould.fill(each)
        took = (time.perf_counter() - began) / len(people)
        print(f"filling a mail of {size // 1000} KB: {took * 1e6:.1f} µs a recipient (wanted 20)")


def main() -> None:
    """Print every table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    bench_filling()
    bench_ledger(people)
    bench_sendgrid(people)
    bench_smtp()


if __name__ == "__main__":
    main()
