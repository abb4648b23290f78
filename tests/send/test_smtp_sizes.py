"""What a mail server says of the size it takes, where that is no size."""

from __future__ import annotations

import smtplib

import pytest

from digest.send.providers.smtp_session import Mail, Session


@pytest.mark.parametrize(
    ("told", "takes"), [("", 10**9), ("0", 10**9), ("²", 10**9), ("9" * 5000, 10**9), ("100", 100)]
)
def test_a_size_that_is_none_is_no_limit(told: str, takes: int) -> None:
    client = smtplib.SMTP()
    client.esmtp_features["size"] = told
    fault = Session(client)._fault(Mail(1, "ada@reader.example.org", b"x" * 101))
    assert bool(fault) == (takes < 101)
    client.close()
