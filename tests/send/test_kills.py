"""Senders killed with -9 at random moments: nobody twice, nobody unaccounted for, sums that balance."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from digest.errors import StoreError
from digest.model import EditionState
from digest.pipeline import send as sending
from digest.pipeline.events import take_events
from digest.send.providers.sendgrid_events import read
from digest.store import Store
from tests.send.fake_sendgrid import FakeSendgrid, Taken
from tests.send.hands import PATIENCE, hands
from tests.send.roster import NumberedRoster
from tests.send.sender_process import Task, file_of, provider_of, work
from tests.send.smtp_sink import SmtpSink
from tests.send.worlds import People, folder_in_memory
from tests.store.samples import ENVELOPE, edition

#: Of a hundred requests: troubles of every kind, before and after the request was accepted.
TROUBLES = [
    "429",
    "429",
    "500",
    "accept and 500",
    "cut",
    "accept and cut",
    "accept and cut",
    "cut early",
    "accept and hang",
]

#: Seconds that a sender waits for an answer: some servers here never give one.
SHORT = 0.5

#: Senders after the last one that is killed, until one must have finished.
MORE_TRIES = 10


@dataclass
class Webhook:
    """Tells the store what was accepted: at once, later, twice, in any order, or never."""

    store: Store
    random: Random
    is_on: bool
    held_back: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, taken: Taken) -> None:
        if not self.is_on:
            return
        body = self.body(taken)
        early = self.random.random()
        if early < 0.5:
            self.post(body)
        if early > 0.3:
            with self.lock:
                self.held_back.append(body)

    def body(self, taken: Taken) -> bytes:
        custom = taken.body["custom_args"]
        chosen = self.random.sample(taken.recipients, k=min(3, len(taken.recipients)))
        kinds = ["processed", "delivered", "open"]
        events = [{"event": kind, "recipient": who, "timestamp": 1} | custom for who in chosen for kind in kinds]
        self.random.shuffle(events)
        return json.dumps(events).encode()

    def post(self, body: bytes) -> None:
        """Post as a provider does: what does not get through is posted again later."""
        try:
            take_events(self.store, read(body), NumberedRoster(), datetime.now(UTC))
        except StoreError:
            with self.lock:
                self.held_back.append(body)

    def post_the_rest(self) -> None:
        self.random.shuffle(self.held_back)
        held_back, self.held_back = self.held_back, []
        for body in held_back:
            self.post(body)


@dataclass
class Outcome:
    kills: int
    accepted: Counter[str]
    report: sending.SendReport


def killed_until_done(task: Task, random: Random, kills: int) -> int:
    """Start the sender, kill it at a random moment, start another; let the last one finish."""
    done = 0
    for n in range(kills + MORE_TRIES):
        with hands(work, replace(task, seed=random.getrandbits(32))) as (process,):
            process.join(random.uniform(0.03, 0.35) if n < kills else PATIENCE)
            if process.exitcode == 0:
                return done
            done += process.exitcode is None
    raise AssertionError("the last sender did not finish")


#: Sends as told, kills who sends so many times, lets the last ones finish; returns how many were killed.
Killing = Callable[[Task, Random, int], int]


def begin(address: str) -> Store:
    store = Store.open(address)
    store.editions.save(edition(), EditionState.APPROVED, datetime.now(UTC))
    return store


def over_sendgrid(
    address: str, people: int, random: Random, kills: int, webhook_is_on: bool, killing: Killing = killed_until_done
) -> Outcome:
    """One round: every mail accepted at most once, and the ledger knows no more and no less than it may."""
    store, api = begin(address), FakeSendgrid()
    webhook = Webhook(store, Random(random.getrandbits(32)), webhook_is_on)
    api.on_taken = webhook.hear
    api.orders.reset_at = 1.0
    trouble = Random(random.getrandbits(32))
    api.orders.always = lambda _n: trouble.choice(TROUBLES) if trouble.random() < 0.2 else ""
    task = Task(address, edition().id, people, "sendgrid", api.address, 0, timeout=SHORT)
    try:
        done = killing(task, random, kills)
        api.settle()
        webhook.post_the_rest()
        report = sending.report(store, edition().id)
        accepted = Counter(recipient for (_, recipient), n in api.mails.items() for _ in range(n))
        check(store, report, people, accepted, is_told=webhook_is_on)
        if webhook_is_on:
            api.orders.always = None
            everybody_in_the_end(store, task, api, people)
    finally:
        api.close()
        store.close()
    return Outcome(done, accepted, report)


def over_smtp(address: str, people: int, random: Random, kills: int, killing: Killing = killed_until_done) -> Outcome:
    store, sink = begin(address), SmtpSink()
    some = Random(random.getrandbits(32))
    for command, replies in (
        ("RCPT", ["450 later", "cut"]),
        (".", ["451 later", "421 busy", "cut"]),
        ("ACCEPT", ["cut"]),
    ):
        sink.order(command, *(some.choice(replies) if some.random() < 0.002 else "" for _ in range(people)))
    task = Task(address, edition().id, people, "smtp", str(sink.port), 0, timeout=SHORT)
    try:
        done = killing(task, random, kills)
        report = sending.report(store, edition().id)
        accepted = Counter("p" + address.removeprefix("reader").partition("@")[0] for address, _ in sink.mails)
        check(store, report, people, accepted, is_told=False)
    finally:
        sink.close()
        store.close()
    return Outcome(done, accepted, report)


def check(store: Store, report: sending.SendReport, people: int, accepted: Counter[str], *, is_told: bool) -> None:
    everyone = {f"p{n}" for n in range(1, people + 1)}
    missed = {f"p{number}": place for number, place in sending.missed(store, edition().id)}
    sent = everyone - set(missed)
    uncertain = {who for who, place in missed.items() if place == "uncertain"}
    assert max(accepted.values()) == 1, "somebody got it twice"
    assert report.planned == people == report.sent + report.uncertain, "the sums do not balance"
    assert sent | uncertain == everyone, "somebody is unaccounted for"
    assert sent <= set(accepted), "somebody was left out and nobody knows"
    assert set(accepted) <= sent | uncertain
    if is_told:
        assert set(accepted) == sent, "an event did not settle its batch"


def everybody_in_the_end(store: Store, task: Task, api: FakeSendgrid, people: int) -> None:
    """With every event told, who is still uncertain was not accepted: sending again reaches everybody once."""
    provider = provider_of(replace(task, timeout=PATIENCE))
    arguments = (store, provider, task.edition, ENVELOPE, People(people))
    ways = sending.Ways(clock=lambda: datetime.now(UTC))
    report = sending.resend(*arguments, ways, accept_duplicates=True)
    provider.close()
    assert report.sent == people
    assert len(api.mails) == people
    assert set(api.mails.values()) == {1}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder in memory where there is one: a killed process, unlike a power cut, loses no page."""
    with folder_in_memory() as made:
        yield made


@pytest.mark.parametrize("seed", range(16))
def test_over_sendgrid_nobody_is_left_out_and_nobody_gets_two(folder, seed):
    outcome = over_sendgrid(file_of(folder), 5000, Random(seed), kills=3, webhook_is_on=seed % 2 == 0)
    assert outcome.report.state is EditionState.SENT


@pytest.mark.parametrize("seed", range(4))
def test_over_smtp_nobody_is_left_out_and_nobody_gets_two(folder, seed):
    outcome = over_smtp(file_of(folder), 5000, Random(seed), kills=3)
    assert outcome.report.state is EditionState.SENT


@dataclass
class Line:
    """What came of the rounds of one kind."""

    rounds: int = 0
    kills: int = 0
    planned: int = 0
    twice: int = 0
    uncertain: int = 0

    def add(self, outcome: Outcome) -> None:
        self.rounds += 1
        self.kills += outcome.kills
        self.planned += outcome.report.planned
        self.twice += sum(times > 1 for times in outcome.accepted.values())
        self.uncertain += outcome.report.uncertain


KINDS = ("SendGrid, every event told", "SendGrid, no event told", "SMTP")


def over(
    kind: str, address: str, people: int, random: Random, kills: int, killing: Killing = killed_until_done
) -> Outcome:
    if kind == "SMTP":
        return over_smtp(address, people, random, kills, killing)
    return over_sendgrid(address, people, random, kills, kind == KINDS[0], killing)


@pytest.mark.torture
def test_three_hundred_kills_leave_nobody_out_and_give_nobody_two(folder, capsys):
    """``over_sendgrid`` and ``over_smtp`` have checked each round: nobody unaccounted for, sums that balance."""
    lines = {kind: Line() for kind in KINDS}
    rounds = 0
    while sum(line.kills for line in lines.values()) < 300:
        place = folder / str(rounds)
        place.mkdir()
        random, kind = Random(1000 + rounds), KINDS[rounds % 3]
        lines[kind].add(over(kind, file_of(place), 20_000, random, kills=12))
        rounds += 1
    with capsys.disabled():
        show("senders killed with -9", lines)


def show(what: str, lines: dict[str, Line]) -> None:
    heads = ("rounds", "kills", "planned", "twice", "unaccounted for", "left uncertain")
    width = max(map(len, (what, *lines)))
    print("\n" + " | ".join([what.ljust(width), *heads]))  # noqa: T201 - what the long proof is run for
    for kind, line in lines.items():
        values = (line.rounds, line.kills, line.planned, line.twice, 0, line.uncertain)
        cells = [f"{value:,}".rjust(len(head)) for head, value in zip(heads, values, strict=True)]
        print(" | ".join([kind.ljust(width), *cells]))  # noqa: T201 - as above
