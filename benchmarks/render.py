"""Measures rendering: ``make bench-render``.

Templates and inlining are paid once an edition, with each of the two inliners; filling slots once a recipient, beside
a whole mail built by our own mould and by the standard library's EmailMessage. Times are of the CPU, the best of three.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from typing import Any

from benchmarks.asking import parser
from digest.model import Envelope, Message, Recipient
from digest.render import render
from digest.render.inline import Inliner, inline, with_css_inline, with_premailer
from digest.render.slots import Filler
from digest.send.mime import Mould
from tests.render import editions

STORIES = (10, 60, 300)
RECIPIENTS = 2_000
ENVELOPE = Envelope("morning/2026-03-04", "Morning Sheet <desk@news.example>", "morning.news.example")


def best(work: Callable[[], object], runs: int = 3) -> float:
    """Return the least CPU seconds that some work took."""
    taken = []
    for _ in range(runs):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def each(work: Callable[[Any], object], items: Sequence[object]) -> None:
    """Do some work for each item and keep nothing of it."""
    for item in items:
        work(item)


def editions_table() -> None:
    """Print the cost of an edition by its length."""
    print(f"{'stories':>7} {'templates':>10} {'premailer':>10} {'css-inline':>10} {'ratio':>6} {'bytes':>9}   (ms)")
    for stories in STORIES:
        edition = editions.long(stories)
        templates = best(partial(render, edition, web=True))
        page = render(edition, web=True).html
        css = "\n".join(re.findall(r"<style>\n(.*?)\n</style>", page, re.DOTALL))
        markup = re.sub(r"<style>.*?</style>\n", "", page, flags=re.DOTALL)
        slow, quick = (best(partial(inline, markup, css, by)) for by in (with_premailer, with_css_inline))
        size = len(inline(markup, css).encode())
        cost = f"{templates * 1e3:10.1f} {slow * 1e3:10.1f} {quick * 1e3:10.1f}"
        print(f"{stories:7} {cost} {slow / quick:6.1f} {size:9,}")


def whole_table() -> None:
    """Print what ``render`` takes with each inliner, shortening included."""
    inliners: dict[str, Inliner] = {"premailer": with_premailer, "css-inline": with_css_inline}
    for stories in STORIES:
        edition = editions.long(stories)
        for name, inliner in inliners.items():
            taken = best(partial(render, edition, inliner=inliner))
            print(f"render, {stories:3} stories, {name:10} {taken * 1e3:8.1f} ms")


def recipient(number: int) -> Recipient:
    """Return one of many recipients, all with long addresses and links."""
    address = f"{'a' * 40}{number}@{'b' * 40}.example"
    link = f"https://news.example/u/{number:0200d}"
    slots = (("ADDRESS", address), ("UNSUBSCRIBE_URL", link), ("PREFERENCES_URL", link), ("NAME", "Ida Marsh"))
    return Recipient(number, f"r{number}", address, slots=slots, one_click_url=link)


def by_the_standard_library(message: Message, person: Recipient) -> bytes:
    """Build one mail as the email package's documentation shows."""
    values = dict(person.slots)
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, ENVELOPE.sender, person.address
    mail.set_content(Filler(message.text).fill(values))
    mail.add_alternative(Filler(message.html).fill(values), subtype="html")
    return mail.as_bytes(policy=SMTP)


def recipients_table() -> None:
    """Print the cost of a recipient of a mail of about 100 KB."""
    edition = editions.long(60)
    message = render(edition)
    filler, mould = Filler(message.html), Mould(message, ENVELOPE, date=edition.cut_off)
    people = [recipient(number) for number in range(RECIPIENTS)]
    values = [dict(person.slots) for person in people]
    slots = best(partial(each, filler.fill, values)) / RECIPIENTS
    whole = best(partial(each, mould.fill, people)) / RECIPIENTS
    standard = best(partial(each, partial(by_the_standard_library, message), people[:20])) / 20
    size = len(message.html.encode()) + len(message.text.encode())
    print(f"a recipient of a mail of {size:,} bytes:")
    print(f"  slots of the HTML filled    {slots * 1e6:10.1f} µs")
    print(f"  whole mail, our mould       {whole * 1e6:10.1f} µs")
    print(f"  whole mail, EmailMessage    {standard * 1e6:10.1f} µs   {standard / whole:,.0f} times our mould's")


def main() -> None:
    """Print the three tables."""
    parser(__doc__).parse_args()
    editions_table()
    print()
    whole_table()
    print()
    recipients_table()


if __name__ == "__main__":
    main()
