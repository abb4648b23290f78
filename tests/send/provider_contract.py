"""What every provider must do, written once; each provider's tests inherit it."""

from __future__ import annotations

import email
import email.policy
import re

import pytest

from digest.errors import ProviderBusy, ProviderRefused, ProviderUncertain
from digest.send.provider import Mailing, Parcel, Provider
from tests.send.worlds import recipient
from tests.store.samples import ENVELOPE, MESSAGE, NOW


@pytest.fixture
def mailing() -> Mailing:
    return Mailing(MESSAGE, ENVELOPE, NOW)


def parcel(*numbers: int) -> Parcel:
    return Parcel(tuple(recipient(number) for number in numbers), batch=7, attempt=1)


class ProviderContract:
    """Subclasses give a ``provider`` fixture and ``arrived`` (addresses that got the mail)."""

    def arrived(self, provider: Provider) -> list[str]:
        raise NotImplementedError

    def test_a_parcel_gets_a_receipt_for_everyone(self, provider, mailing):
        receipts = provider.deliver(mailing, parcel(1, 2, 3))
        assert sorted(receipt.recipient for receipt in receipts) == [1, 2, 3]
        assert {receipt.fate for receipt in receipts} == {"sent"}
        assert sorted(self.arrived(provider)) == [f"reader{n}@readers.example" for n in (1, 2, 3)]

    def test_it_serves_several_parcels(self, provider, mailing):
        for numbers in ((1, 2), (3,), (4, 5)):
            provider.deliver(mailing, parcel(*numbers))
        assert len(self.arrived(provider)) == 5

    def test_check_says_what_it_found(self, provider):
        assert provider.check()
        assert self.arrived(provider) == []

    def test_closing_twice_does_no_harm(self, provider, mailing):
        provider.deliver(mailing, parcel(1))
        provider.close()
        provider.close()
        provider.deliver(mailing, parcel(2))
        assert len(self.arrived(provider)) == 2


def parsed(raw: bytes):
    return email.message_from_bytes(raw, policy=email.policy.default)


def addresses(raw: bytes) -> list[str]:
    return re.findall(r"[\w.+-]+@[\w.-]+", str(parsed(raw)["To"]))


__all__ = [
    "ProviderBusy",
    "ProviderContract",
    "ProviderRefused",
    "ProviderUncertain",
    "addresses",
    "mailing",
    "parcel",
    "parsed",
]
