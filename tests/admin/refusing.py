"""A provider that refuses some mail and does not say what became of other, and an edition that went through it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from digest.model import Fate, Receipt
from digest.send.provider import Mailing, Parcel
from digest.send.providers.outbox import Options, Outbox


class Refusing(Outbox):
    """An outbox with a fate for some readers, by the first part of their addresses; the others' mail is sent."""

    traits = replace(Outbox.traits, is_repeatable=False)

    def __init__(self, folder: Path, **fates: Fate) -> None:
        super().__init__(Options(folder=folder))
        self.fates = fates
        self.handed: Counter[str] = Counter()  #: how many times each reader's mail was handed over

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        receipts = super().deliver(mailing, parcel)
        names = [each.address.partition("@")[0] for each in parcel.recipients]
        self.handed.update(names)
        fates = [self.fates.get(name, "sent") for name in names]
        return tuple(
            replace(receipt, fate=fate, detail="552 mailbox full" if fate == "rejected" else "")
            for receipt, fate in zip(receipts, fates, strict=True)
        )

    def relents(self) -> None:
        """Take all mail from now on."""
        self.fates = {}
