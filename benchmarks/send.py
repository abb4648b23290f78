"""Sending, beside what the machine can do at most: ratios of one run.

``python -m benchmarks.send [recipients] [turns]``: SendGrid's path against bare building and posting, SMTP against
Postfix's ``smtp-source``. A million recipients and three turns unless told. The ledger by itself is in ``ledger``.
"""

from __future__ import annotations

from benchmarks import send_sendgrid, send_smtp
from benchmarks.asking import at_least_one, parser
from benchmarks.send_world import installation


def main() -> None:
    """Print every table."""
    asked = parser(__doc__)
    asked.add_argument("recipients", type=at_least_one, nargs="?", default=1_000_000)
    asked.add_argument("turns", type=at_least_one, nargs="?", default=3)
    told = asked.parse_args()
    send_smtp.bench_filling()
    with installation(told.recipients) as store:
        send_sendgrid.bench(store, told.recipients, told.turns)
    send_sendgrid.bench_transport()
    send_smtp.bench(told.turns)


if __name__ == "__main__":
    main()
