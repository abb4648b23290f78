"""Says what became of a window, from what its hand-over returned or raised; writes nothing down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.errors import ProviderBusy, ProviderRefused, ProviderUncertain
from digest.model import Fate, Receipt, Recipient
from digest.send.surroundings import Surroundings
from digest.send.work import Handed

#: The longest pause between two tries of a batch, in seconds.
LONGEST_PAUSE = 900.0


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How a provider's answers are taken."""

    provider: str
    around: Surroundings
    deadline: datetime | None  #: after it nothing is tried again

    def on(
        self, window: Sequence[Recipient], tries: int, outcome: tuple[Receipt, ...] | BaseException
    ) -> tuple[Handed, BaseException | None]:
        """Return what is known of a window, and the fault that ends the send, if it is one.

        What nobody foresaw tells nothing of the window: whoever was in it stays in flight until the batch is given up.
        """
        match outcome:
            case ProviderUncertain():
                return Handed(_all(window, "uncertain", str(outcome))), None
            case ProviderBusy():
                return self._later(_all(window, "later", str(outcome)), tries, outcome.retry_after)
            case ProviderRefused():
                return Handed(_all(window, "later", str(outcome))), outcome
            case BaseException():
                return Handed(), outcome
        if all(receipt.fate != "later" for receipt in outcome):
            return Handed(outcome), None
        return self._later(outcome, tries, None)

    def _later(
        self, receipts: tuple[Receipt, ...], tries: int, retry_after: float | None
    ) -> tuple[Handed, BaseException | None]:
        """Say when to try again: when the provider said, else after doubling pauses with jitter."""
        pause = min(self.around.backoff * 2.0**tries, LONGEST_PAUSE) * (0.5 + self.around.random.random())
        due_at = self.around.clock() + timedelta(seconds=pause if retry_after is None else retry_after)
        handed = Handed(receipts, due_at, is_for_all=retry_after is not None)
        if self.deadline is None or due_at <= self.deadline:
            return handed, None
        return handed, ProviderBusy(f"{self.provider}: still busy at the deadline; go on with `digest resume`")


def _all(window: Sequence[Recipient], fate: Fate, detail: str) -> tuple[Receipt, ...]:
    return tuple(Receipt(recipient.id, fate, detail=detail) for recipient in window)
