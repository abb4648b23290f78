"""What is an address and when two are the same; knows no database and asks no network."""

from __future__ import annotations

import re

from subscribers.errors import AddressFault

# A narrow shape that email-validator accepts unchanged: it spares nearly every address of a long import the
# full check. Labels with a hyphen at places 3 and 4 (A-labels) and special top names go the long way.
_SHAPE = (
    r"(?=[^@]{1,64}@(?=.{4,190}\Z))"
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?!(?:test|local|localhost|invalid|onion|arpa|alt|example|internal)\Z)[a-z]{2,24}\Z"
)
_LOWER = re.compile(_SHAPE)  # a third quicker than one that folds case, and nearly every address is in lower case
_PLAIN = re.compile(_SHAPE, re.IGNORECASE | re.ASCII)


def normal(text: str) -> tuple[str, str]:
    """Return an address as it is compared and as it is written to.

    The first has lower case and an A-label domain (RFC 5890 §2.3.2.1); the second keeps the spelling.

    Raises:
        AddressFault: it cannot be written to; the message says why.
    """
    if _LOWER.match(text):
        return text, text
    if _PLAIN.match(text):
        local, _, domain = text.rpartition("@")
        domain = domain.lower()
        return f"{local.lower()}@{domain}", f"{local}@{domain}"
    return _checked(text.strip())


def _checked(text: str) -> tuple[str, str]:
    from email_validator import (
        EmailNotValidError,
        validate_email,
    )  # only for the unusual: it costs 60 ms to load

    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as fault:
        raise AddressFault(f'"{text[:100]}" is not an address: {fault}') from fault
    local = found.local_part
    return f"{local.lower()}@{found.ascii_domain.lower()}", f"{local}@{found.domain}"


def masked(address: str) -> str:
    """Return the address so that its owner knows it and a stranger does not: ``a…@example.com``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
