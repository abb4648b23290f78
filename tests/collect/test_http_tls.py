"""A certificate that nobody vouches for is refused in words."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from digest.collect.http import fetch_one
from digest.collect.limits import Limits
from digest.errors import FetchError


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's side with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example")])
    began = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(began).not_valid_after(began + datetime.timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "both.pem").write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


def test_a_certificate_nobody_vouches_for_is_refused_in_words(tmp_path: Path) -> None:
    context = self_signed(tmp_path)

    def answer(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, pytest.raises(OSError, match=r"(?i)alert|reset|eof"):
            context.wrap_socket(connection, server_side=True).recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,))
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/feed"
        with pytest.raises(FetchError, match="its certificate is not valid"):
            fetch_one(url, Limits(allow_hosts=("127.0.0.1",)))
        thread.join()
