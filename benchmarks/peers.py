"""What a kill in mid-send does to others, and to Broadsheet: each killed with -9 while a mail waits for its answer.

``python -m benchmarks.peers PYTHON [kills]``: PYTHON is that of an environment of its own, into which
``pip install rss2email django-newsletter sorl-thumbnail`` was done; nothing here depends on them. A round is forty
mails to one mail server on this machine; when it has taken some of them, the sender is killed, and started again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

from benchmarks.asking import at_least_one, parser
from digest.pipeline import send as sending
from digest.store import Store
from tests.send.sender_process import Task, file_of
from tests.send.smtp_sink import SmtpSink
from tests.send.test_kills import begin
from tests.send.worlds import recipient
from tests.store.samples import edition

HEADS = ("kills", "mails", "twice", "never", "in silence", "told to be in doubt")

#: Mails of a round.
MAILS = 40

#: Seconds that a sender may take for them.
PATIENCE = 120

#: A sender, ready to be started any number of times: a command and its environment.
Command = tuple[list[str], dict[str, str]]

#: Makes a sender ready in a folder, and says how a mail is known by its recipient and content.
Peer = Callable[[Path, SmtpSink], tuple[Command, Callable[[str, bytes], str]]]

#: A site of django-newsletter: its settings, and what to do by its first argument.
SITE = """
import sys
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="x", SITE_ID=1, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[2]}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites",
                    "sorl.thumbnail", "newsletter"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    NEWSLETTER_THUMBNAIL="sorl-thumbnail", EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(sys.argv[3]),
    ROOT_URLCONF="newsletter.urls",
)
django.setup()
from django.core.management import call_command
from newsletter.models import Message, Newsletter, Submission, Subscription
if sys.argv[1] == "make":
    call_command("migrate", verbosity=0)
    letter = Newsletter.objects.create(title="Morning", slug="morning", email="news@morning.example", sender="Morning")
    for n in range(int(sys.argv[4])):
        Subscription.objects.create(newsletter=letter, email_field=f"reader{n}@readers.example", subscribed=True)
    message = Message.objects.create(title="Ferry runs again", slug="ferry", newsletter=letter)
    submission = Submission.from_message(message)
    submission.prepared = True
    submission.save()
elif sys.argv[1] == "queue":
    Submission.submit_queue()
else:
    Submission.objects.get(sent=False).submit()
"""


@dataclass
class Tally:
    """What became of the mails of all rounds."""

    kills: int = 0
    planned: int = 0
    twice: int = 0
    never: int = 0
    silent: int = 0  #: of those, the ones of whom nothing tells
    doubtful: int = 0  #: told to be in doubt, whether they got it or not

    def __str__(self) -> str:
        """Return a line of the table."""
        cells = (self.kills, self.planned, self.twice, self.never, self.silent, self.doubtful)
        return " | ".join(str(cell).rjust(len(head)) for cell, head in zip(cells, HEADS, strict=True))


def killed_once(start: Command, sink: SmtpSink, after: int) -> None:
    """Kill a sender when the server has taken so many mails; start it again until it ends."""
    command, environment = start
    sink.keeps_waiting_after = after
    sender = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = time.monotonic()
    while len(sink.mails) < after and sender.poll() is None and time.monotonic() - began < PATIENCE:
        time.sleep(0.01)
    if len(sink.mails) < after:
        sender.kill()
        raise SystemExit(f"{' '.join(command[:4])} … sent {len(sink.mails)} mails and ended with {sender.wait()}")
    sender.kill()
    sender.wait()
    sink.keeps_waiting_after = None
    sink.let_go()
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE)


def rounds(kills: int, peer: Peer) -> Tally:
    """Kill a peer so many times, each in a world of its own."""
    tally, random = Tally(), Random(1)
    for _ in range(kills):
        with tempfile.TemporaryDirectory() as folder, a_sink() as sink:
            start, name = peer(Path(folder), sink)
            killed_once(start, sink, random.randint(1, MAILS - 1))
            got = Counter(name(*mail) for mail in sink.mails)
            tally.kills, tally.planned = tally.kills + 1, tally.planned + MAILS
            tally.twice += sum(times > 1 for times in got.values())
            doubtful = in_doubt(Path(folder))
            tally.never += MAILS - len(got)
            tally.silent += MAILS - len(got | doubtful)
            tally.doubtful += len(doubtful)
    return tally


@contextmanager
def a_sink() -> Iterator[SmtpSink]:
    """Give a mail server."""
    sink = SmtpSink()
    yield sink
    sink.close()


def in_doubt(folder: Path) -> Counter[str]:
    """Return the addresses of which Broadsheet says that it does not know; the others say nothing of the kind."""
    if not (folder / "store.db").exists():
        return Counter()
    with closing(Store.open(file_of(folder))) as store:
        missed = sending.missed(store, edition().id)
        return Counter(recipient(number).address for number, place in missed if place == "uncertain")


def broadsheet(folder: Path, sink: SmtpSink) -> tuple[Command, Callable[[str, bytes], str]]:
    """Prepare an edition to forty people."""
    begin(folder).close()
    task = Task(file_of(folder), edition().id, MAILS, "smtp", str(sink.port), 1)
    program = f"from tests.send.sender_process import *; work({task!r})"
    return ([sys.executable, "-c", program], dict(os.environ)), lambda who, _content: who


def django_newsletter(
    python: str, how: str, folder: Path, sink: SmtpSink
) -> tuple[Command, Callable[[str, bytes], str]]:
    """Prepare a submission to forty subscribers, sent by its queue, or by hand: the queue passes over one begun."""
    arguments = [str(folder / "db.sqlite3"), str(sink.port), str(MAILS)]
    subprocess.run([python, "-c", SITE, "make", *arguments], check=True, capture_output=True, timeout=PATIENCE)
    return ([python, "-c", SITE, how, *arguments], dict(os.environ)), lambda who, _content: who


def rss2email(python: str, feed: str, folder: Path, sink: SmtpSink) -> tuple[Command, Callable[[str, bytes], str]]:
    """Prepare a feed of forty entries, a mail each."""
    (folder / "config").write_text(
        "[DEFAULT]\nfrom = news@morning.example\nto = reader@readers.example\nemail-protocol = smtp\n"
        f"smtp-server = 127.0.0.1\nsmtp-port = {sink.port}\nsmtp-auth = False\nsmtp-ssl = False\n"
        f"[feed.morning]\nurl = {feed}\n"
    )
    command = [str(Path(python).parent / "r2e"), "-c", str(folder / "config"), "-d", str(folder / "data"), "run"]
    return (command, dict(os.environ)), lambda _who, content: str(message_from_bytes(content)["Subject"])


@contextmanager
def a_feed() -> Iterator[str]:
    """Serve forty entries."""
    entries = "".join(
        f"<item><title>Story {n}</title><guid>urn:story:{n}</guid><description>What happened.</description></item>"
        for n in range(MAILS)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Morning</title>{entries}</channel></rss>'.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_ignored: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/feed.xml"
    server.shutdown()
    server.server_close()


def main() -> None:
    """Print the table."""
    asked = parser(__doc__)
    asked.add_argument("python", metavar="PYTHON")
    asked.add_argument("kills", type=at_least_one, nargs="?", default=20)
    told = asked.parse_args()
    python, kills = told.python, told.kills
    print(" " * 28, *HEADS, sep=" | ")
    with a_feed() as feed:
        peers: dict[str, Peer] = {
            "django-newsletter, its queue": partial(django_newsletter, python, "queue"),
            "django-newsletter, by hand": partial(django_newsletter, python, "hand"),
            "rss2email": partial(rss2email, python, feed),
            "Broadsheet": broadsheet,
        }
        for name, peer in peers.items():
            print(f"{name:>28} | {rounds(kills, peer)}", flush=True)


if __name__ == "__main__":
    main()
