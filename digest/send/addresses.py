"""Writes addresses and phrases as headers want them; knows no message.

Rules of RFC 5322 §3.4 (addresses), RFC 2047 (encoded words) and RFC 5890 (A-labels).
"""

from __future__ import annotations

import re
from email.header import Header
from email.utils import parseaddr

#: What could end a header line or hide in one.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Characters of a name that are written: in quotes it cannot be folded, and a line has at most 998 bytes
#: (RFC 5322 §2.1.1).
_LONGEST_NAME = 200
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def one_line(text: str) -> str:
    """Return the text without line ends and control characters: no value can start a header of its own."""
    return _CONTROL.sub(" ", text).strip() if not text.isprintable() else text.strip()


def header(name: str, value: str) -> str:
    """Return a whole header line, folded, in encoded words where it is not plain."""
    value = one_line(value)
    # A word longer than a line is folded only as an encoded one.
    is_plain = value.isascii() and "=?" not in value and max(map(len, value.split()), default=0) < _LONGEST_NAME
    charset = "us-ascii" if is_plain else "utf-8"
    folded = Header(value, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")
    return f"{name}: {folded}\r\n"


def ascii_domain(address: str) -> str:
    """Return the address with its domain in A-labels; the part before the @ stays as it is."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    import idna

    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def mailbox(name: str, address: str) -> str:
    """Return ``name <address>`` as a header wants it."""
    address = ascii_domain(one_line(address))
    name = one_line(name)[:_LONGEST_NAME].rstrip() if name else ""
    if not name:
        return address
    if _ATOMS.fullmatch(name) and "=?" not in name:
        phrase = name if len(name) < 60 and not name.startswith("=") else quoted(name)
    elif name.isascii():
        phrase = quoted(name)
    else:
        phrase = Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n")
    return f"{phrase}\r\n <{address}>" if len(phrase) + len(address) > 70 else f"{phrase} <{address}>"


def split(mailbox: str) -> tuple[str, str]:
    """Return name and address of ``Name <address>``."""
    return parseaddr(mailbox)


def quoted(name: str) -> str:
    """Return a name in quotes, so that a comma or a bracket in it means nothing."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
