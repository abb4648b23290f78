"""SMTP beside Postfix's ``smtp-source``, both to its ``smtp-sink``, and the cost of a mail before it leaves."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.send_world import (
    NOW,
    Ran,
    apart,
    envelope,
    installation,
    median,
    message,
    ratios,
    recipient,
    timed,
    whole_send,
)
from digest.errors import ProviderRefused
from digest.send.mime import Mould
from digest.send.providers.smtp import Options, Smtp
from digest.send.signing import Key, Signer


@contextmanager
def sink() -> Iterator[int]:
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


def source(port: int, mails: int, size: int, connections: int, *flags: str) -> Ran:
    """Run Postfix's own source; with ``-d`` it keeps its connections."""
    command = ["smtp-source", *flags, "-s", str(connections), "-l", str(size), "-m", str(mails)]
    with timed(mails) as ran:
        subprocess.run([*command, "-f", "a@b.example", "-t", "c@d.example", f"127.0.0.1:{port}"], check=True)
    return ran[0]


def send(store: str, port: int, connections: int, number: int, size: int) -> Ran:
    """Send an edition over SMTP."""
    return whole_send(store, Smtp(Options("127.0.0.1", port, "none", connections=connections)), number, size)


def bench(turns: int) -> None:
    """Print SMTP against smtp-source, where Postfix's tools are there."""
    if not shutil.which("smtp-sink"):
        print("smtp: left out, smtp-sink is not there (Debian package postfix)")
        return
    for size, mails in ((10_000, 10_000), (100_000, 4000)):
        with installation(mails) as store:
            for connections in (1, 2, 4):
                _compare(store, connections, mails, size, turns)


def _compare(store: str, connections: int, mails: int, size: int, turns: int) -> None:
    fresh, kept = [], []
    for turn in range(turns):
        with sink() as port:
            peer = source(port, mails, size, connections)
            ours, _ = apart(send, store, port, connections, connections * 20 + turn, size)
            keeping = source(port, mails, size, connections, "-d")
        fresh.append((ours, peer))
        kept.append((ours, keeping))
    ours, peer = median(fresh)
    print(f"smtp, {mails:,} mails of {size // 1000} KB, connections: {connections}: {ours.rate:,.0f} mails/s")
    print(f"  {ours.effort:.0f} µs of the processor a mail")
    print(f"  smtp-source, as it comes:         {peer.rate:,.0f} mails/s")
    print(f"    ratio {ours.rate / peer.rate:.2f}, median of {ratios(fresh)} (wanted 0.80)")
    ours, peer = median(kept)
    print(f"  smtp-source -d, connections kept: {peer.rate:,.0f} mails/s    ratio {ours.rate / peer.rate:.2f}")


def bench_filling() -> None:
    """Print the cost of a recipient's mail, and of signing it."""
    for size in (20_000, 100_000):
        mould = Mould(message(size), envelope(1), date=NOW)
        people = [recipient(number) for number in range(1, 2001)]
        with timed(len(people)) as ran:
            for each in people:  # none is kept: memory never used before costs more than the mail
                mould.fill(each)
        print(f"filling a mail of {size // 1000} KB: {ran[0].effort:.1f} µs a recipient (wanted 20)")
        signer = _signer()
        if signer is not None:
            with timed(50) as ran:
                for each in people[:50]:
                    signer.sign(mould.fill(each))
            print(f"  signing it with DKIM, RSA of 2,048 bits: {ran[0].effort / 1000:.1f} ms")


def _signer() -> Signer | None:
    """Return a signer with a key of its own, nothing where the tools for one are missing."""
    try:
        made = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], capture_output=True, text=True, check=True)
        return Signer(Key("morning.example", "spring", made.stdout))
    except (OSError, subprocess.CalledProcessError, ProviderRefused):
        return None
