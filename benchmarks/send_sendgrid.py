"""SendGrid's path beside merely building the same bodies and posting them, and beside the package's own transport."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterable
from html import escape

from sendgrid import SendGridAPIClient

from benchmarks.counting import endpoint
from benchmarks.send_world import (
    READERS,
    Ran,
    addressee,
    apart,
    ledger_bytes,
    mailing,
    median,
    ratios,
    timed,
    whole_send,
)
from digest.model import Recipient
from digest.send.provider import Parcel, Provider
from digest.send.providers.sendgrid import Options, Sendgrid
from digest.send.providers.sendgrid_request import Frame, Tracking

SIZE = 20_000
HEADERS = {"Authorization": "Bearer k", "Content-Type": "application/json"}

#: Returns the body for a batch, by its number, of people who are at hand.
Build = Callable[[int], bytes]


def provider(address: str, connections: int) -> Provider:
    """Return the provider, letting the check pass."""

    class Unchecked(Sendgrid):
        def check(self) -> str:
            return "counting"

    return Unchecked(Options("k", api=address, connections=connections))


def ours() -> Build:
    """Build bodies with our own code, the links signed."""
    frame = Frame(mailing(1, SIZE), Tracking())

    def build(batch: int) -> bytes:
        people = [addressee(number) for number in range(batch * 1000 + 1, batch * 1000 + 1001)]
        return frame.body(Parcel(tuple(READERS.addressed(people)), batch, 1))

    return build


def plainly() -> Build:
    """Build the same bodies as anyone would: the personalizations as dicts, the whole with ``json.dumps``."""
    shared = json.loads(ours()(0))
    shared.pop("personalizations")

    def build(batch: int) -> bytes:
        people = [addressee(number) for number in range(batch * 1000 + 1, batch * 1000 + 1001)]
        own = {"batch": str(batch), "attempt": "1"}
        whole = {"personalizations": [_personalization(each) for each in READERS.addressed(people)], **shared}
        whole["custom_args"] = shared["custom_args"] | own
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()

    return build


def _personalization(person: Recipient) -> dict[str, object]:
    values = dict(person.slots)
    leave, prefer = values["UNSUBSCRIBE_URL"], values["PREFERENCES_URL"]
    return {
        "to": [{"email": person.address, "name": person.name}],
        "custom_args": {"recipient": person.public_id},
        "headers": {
            "List-Unsubscribe": f"<{person.one_click_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "substitutions": {
            "%%UNSUBSCRIBE_URL%%": leave,
            "%%PREFERENCES_URL%%": prefer,
            "%%UNSUBSCRIBE_URL:html%%": escape(leave),
            "%%PREFERENCES_URL:html%%": escape(prefer),
        },
    }


def bare(address: str, builder: Callable[[], Build], people: int) -> Ran:
    """Build the bodies and post them with http.client on one connection, one after another."""
    build = builder()
    assert json.loads(build(3))["personalizations"] == json.loads(ours()(3))["personalizations"]
    host, _, port = address.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    with timed(people) as ran:
        for batch in range(people // 1000):
            connection.request("POST", "/v3/mail/send", build(batch), HEADERS)
            assert connection.getresponse().read() == b""
    return ran[0]


def send(store: str, address: str, connections: int, number: int) -> Ran:
    """Send an edition over SendGrid's path."""
    return whole_send(store, provider(address, connections), number, SIZE)


def bench(store: str, people: int, turns: int) -> None:
    """Print the path against bare posts, its memory, its ledger, and what waiting for answers costs."""
    peaks, planning, found = [], [], []
    with endpoint() as address:
        for turn in range(turns):
            before, _ = apart(bare, address, ours, people // 4)
            plain, _ = apart(bare, address, plainly, people // 4)
            sent, peak = apart(send, store, address, 4, 1 + turn)
            after, _ = apart(bare, address, ours, people // 4)
            found.append((sent, _both(before, after), plain))
            peaks.append(peak)
            planning.append(sent.planning)
    strict, plain = [(sent, floor) for sent, floor, _ in found], [(sent, floor) for sent, _, floor in found]
    middle, floor = median(strict)
    print(f"sendgrid path, {people:,} people of the roster, ledger on: {middle.rate:,.0f} mails/s")
    print(f"  peak memory {max(peaks)} MB (wanted 120); planning {min(planning):.1f} s (wanted 5 a million)")
    print(f"  building the same bodies and posting them, our builder: {floor.rate:,.0f} mails/s")
    print(f"    ratio {middle.rate / floor.rate:.2f}, median of {ratios(strict)} (wanted 0.75)")
    print(f"    of the processor: {floor.effort:.1f} against {middle.effort:.1f} µs a mail, {_effort(strict)}")
    middle, floor = median(plain)
    print(f"  the same with dicts and json.dumps: {floor.rate:,.0f} mails/s")
    print(f"    ratio {middle.rate / floor.rate:.2f}, median of {ratios(plain)}")
    print(f"  ledger {ledger_bytes(store) / people / turns:.2f} bytes a delivery (wanted 5)")
    bench_latency(store)


def bench_latency(store: str) -> None:
    """Print what it costs to wait 200 ms for each answer, beside runs right before and after without the wait."""
    with endpoint() as quick, endpoint(0.2) as slow:
        before, _ = apart(send, store, quick, 4, 90)
        late, _ = apart(send, store, slow, 32, 91)
        after, _ = apart(send, store, quick, 4, 92)
    floor = _both(before, after)
    print(f"  with 200 ms an answer: {late.rate:,.0f} mails/s, without {floor.rate:,.0f}")
    print(f"    ratio {late.rate / floor.rate:.2f} (wanted 0.80); of the processor {floor.effort / late.effort:.2f}")


def _both(before: Ran, after: Ran) -> Ran:
    return Ran(before.mails + after.mails, before.seconds + after.seconds, before.processor + after.processor)


def _effort(turns: Iterable[tuple[Ran, Ran]]) -> str:
    return "ratio " + ", ".join(f"{floor.effort / sent.effort:.2f}" for sent, floor in turns)


def bench_transport(requests: int = 300) -> None:
    """Print our transport beside the package's: how many small requests a second."""
    with endpoint() as address:
        (mine, _), (theirs, _) = apart(our_posts, address, requests), apart(package_posts, address, requests)
    print(f"requests of one recipient: ours {mine.rate:,.0f}/s, the sendgrid package's own {theirs.rate:,.0f}/s")


def our_posts(address: str, requests: int) -> Ran:
    """Deliver to one person, again and again."""
    mine, carried = provider(address, 1), mailing(1, SIZE)
    person = tuple(READERS.addressed([addressee(1)]))
    with timed(requests) as ran:
        for number in range(requests):
            mine.deliver(carried, Parcel(person, number, 1))
    mine.close()
    return ran[0]


def package_posts(address: str, requests: int) -> Ran:
    """Post the same body as the package does, a connection each time."""
    client = SendGridAPIClient("k", host=address)
    body = json.loads(Frame(mailing(1, SIZE), Tracking()).body(Parcel(tuple(READERS.addressed([addressee(1)])), 1, 1)))
    with timed(requests) as ran:
        for _ in range(requests):
            assert client.send(body).status_code == 202
    return ran[0]
