"""How long SendGrid asks to be left alone, and how long it is believed."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from digest.errors import ProviderBusy
from digest.send.connections import Answer
from digest.send.provider import Mailing, Parcel
from digest.send.providers.sendgrid import LONGEST_WAIT, Options, Sendgrid
from tests.send.fake_sendgrid import FakeSendgrid
from tests.send.worlds import recipient
from tests.store.samples import ENVELOPE, MESSAGE, NOW


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "²"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "Wed, 04 Mar 2026 07:00:00 GMT"}, None),
        ({"retry-after": "9" * 400}, LONGEST_WAIT),
        ({"retry-after": "999999999999"}, LONGEST_WAIT),
        ({"x-ratelimit-reset": "1060"}, 60),
        ({"x-ratelimit-reset": "5"}, 0),
        ({"x-ratelimit-reset": "1772600400000"}, LONGEST_WAIT),
        ({"x-ratelimit-reset": "²"}, None),
    ],
)
def test_no_wait_is_believed_that_is_none_or_has_no_end(headers: dict[str, str], seconds: float | None) -> None:
    provider = Sendgrid(Options("SG.right"), clock=lambda: 1000.0)
    assert provider._retry_after(Answer(429, headers, b"")) == seconds
    provider.close()


def test_a_time_in_milliseconds_holds_nothing_back_for_ages() -> None:
    with closing(FakeSendgrid()) as api:
        provider = Sendgrid(Options("SG.right", api=api.address, timeout=60))
        api.orders.reset_at = time.time() * 1000
        api.order("429")
        with pytest.raises(ProviderBusy) as caught:
            provider.deliver(Mailing(MESSAGE, ENVELOPE, NOW), Parcel((recipient(1),)))
        provider.close()
    assert caught.value.retry_after == LONGEST_WAIT
