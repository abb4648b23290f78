"""DKIM: what a receiver checks, and what happens to a mail changed on its way."""

from __future__ import annotations

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from digest.errors import ProviderRefused
from digest.send.mime import build
from digest.send.provider import Mailing
from digest.send.providers.smtp import Options, Smtp
from digest.send.signing import Key, Signer
from tests.send.provider_contract import parcel
from tests.send.smtp_sink import SmtpSink
from tests.send.worlds import recipient
from tests.store.samples import ENVELOPE, MESSAGE, NOW

PRIVATE = rsa.generate_private_key(65537, 2048)
PEM = PRIVATE.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
PUBLIC = PRIVATE.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def dns(name: bytes, timeout: int = 5) -> bytes:
    assert name == b"spring._domainkey.morning.example."
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(PUBLIC)


@pytest.fixture
def signer() -> Signer:
    return Signer(Key("morning.example", "spring", PEM))


def test_a_signed_mail_is_genuine_and_covers_both_ways_out(signer):
    mail = signer.sign(build(MESSAGE, ENVELOPE, recipient(1), date=NOW))
    assert dkim.verify(mail, dnsfunc=dns)
    signed = mail.partition(b"h=")[2].partition(b";")[0].replace(b"\r\n", b"").replace(b" ", b"").lower().split(b":")
    assert {b"from", b"list-unsubscribe", b"list-unsubscribe-post"} <= set(signed)


@pytest.mark.parametrize("header", [b"https://news.example/u/1", b"One-Click", b"Ferry"])
def test_a_mail_changed_on_its_way_is_not(signer, header):
    mail = signer.sign(build(MESSAGE, ENVELOPE, recipient(1), date=NOW))
    assert not dkim.verify(mail.replace(header, header[:-1] + b"x"), dnsfunc=dns)


def test_mails_over_smtp_are_signed(signer):
    sink = SmtpSink()
    provider = Smtp(Options("127.0.0.1", sink.port, "none", local_hostname="test.example"), sign=signer.sign)
    provider.deliver(Mailing(MESSAGE, ENVELOPE, NOW), parcel(1, 2))
    provider.close()
    sink.close()
    assert all(dkim.verify(content, dnsfunc=dns) for _, content in sink.mails)


def test_a_key_that_cannot_sign_is_told():
    with pytest.raises(ProviderRefused, match="PEM"):
        Signer(Key("morning.example", "spring", "no key"))
