"""Sending, beside what the machine can do at most: ratios of one run.

``python -m benchmarks.send [recipients] [turns]``: SendGrid's path against bare building and posting, SMTP against
Postfix's ``smtp-source``. A million recipients and three turns unless told. The ledger by itself is in ``ledger``.
"""

from __future__ import annotations

import sys

from benchmarks import send_sendgrid, send_smtp
from benchmarks.send_world import installation


def main() -> None:
    """Print every table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    send_smtp.bench_filling()
    with installation(people) as store:
        send_sendgrid.bench(store, people, turns)
    send_sendgrid.bench_transport()
    send_smtp.bench(turns)


if __name__ == "__main__":
    main()
