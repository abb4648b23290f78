"""Variants on their way: whatever the provider does, each reader gets their own, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import ProviderBusy, ProviderUncertain
from digest.model import Receipt
from digest.pipeline.send import SendReport, resend, send_edition
from digest.send.provider import Mailing, Parcel
from tests.send.worlds import FakeProvider, People, World, fleeting
from tests.store.samples import ENVELOPE, MESSAGE

SPORT = replace(MESSAGE, subject="Sport alone", sections=("Sport",))
ARTS = replace(MESSAGE, subject="Arts alone", sections=("Arts",))
FROZEN = {"sections-1": SPORT, "sections-2": ARTS}

#: What a provider may do with a delivery: nothing odd, or fail in one of the ways there are.
STEPS = st.sampled_from(["fine", "busy", "uncertain", "refuses some"])


class Choosers(People):
    """Every third chose sport, every third but one the arts."""

    def variants(self, connection: object, ids: Sequence[int], frozen: Mapping[tuple[str, ...], str]) -> dict[int, str]:
        chosen = {number: wanted for number in ids if (wanted := meant_for(number).sections)}
        return {number: frozen[wanted] for number, wanted in chosen.items()}


def meant_for(number: int):
    return (MESSAGE, SPORT, ARTS)[number % 3]


class Watched(FakeProvider):
    """Remembers which message each one was handed."""

    def __init__(self) -> None:
        super().__init__()
        self.handed: dict[int, list[str]] = {}

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        receipts = super().deliver(mailing, parcel)
        for receipt in receipts:
            if receipt.fate == "sent":
                self.handed.setdefault(receipt.recipient, []).append(mailing.message.subject)
        return receipts


def send(world: World) -> SendReport:
    return send_edition(
        world.store, world.provider, world.edition.id, MESSAGE, ENVELOPE, world.people, world.ways, variants=FROZEN
    )


def steps(names: Sequence[str]) -> list[object]:
    known = {"busy": ProviderBusy("later"), "uncertain": ProviderUncertain("cut off"), "fine": None}
    return [dict.fromkeys(range(1, 100, 7), "rejected") if name == "refuses some" else known[name] for name in names]


@settings(max_examples=12)
@given(names=st.lists(STEPS, max_size=12))
def test_everyone_gets_the_variant_meant_for_them_and_once(names) -> None:
    with fleeting(64) as world:
        world.people, world.provider = Choosers(64), Watched()
        world.provider.plan = steps(names)
        report = send(world)
        resend(world.store, world.provider, world.edition.id, ENVELOPE, world.people, world.ways)
        assert report.planned == 64
        for number, subjects in world.provider.handed.items():
            assert subjects == [meant_for(number).subject]
        reached = sum(
            world.store.ledger.accounts.by_variant([each.id for each in world.store.ledger.sends.of(1)]).values()
        )
        assert reached == 64
        if "uncertain" not in names:
            assert len(world.provider.handed) == 64


def test_a_batch_carries_one_variant_and_none_is_larger_than_the_provider_takes(tmp_path) -> None:
    world = World(tmp_path, people=64)
    world.people, world.provider = Choosers(64), Watched()
    send(world)
    assert world.provider.deliveries == 9, "21, 22 and 21 people in batches of ten"
    world.store.close()
