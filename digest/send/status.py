"""What an enhanced status code says of an address (RFC 3463); knows no mail and no conversation."""

from __future__ import annotations

import re

#: Permanent failures that do not speak of the address: full boxes, size, security and policy (RFC 3463 §3).
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.[23]|3\.|4\.|5\.|6\.|7\.)")
#: No such mailbox, moved without a new address (RFC 3463 §3.2), a domain that takes no mail (RFC 7505 §4.2).
_NO_MAILBOX = re.compile(r"5\.1\.(?:1|6|10)(?![\d.])")


def speaks_of_the_address(status: str) -> bool:
    """Tell whether a permanent failure's code, where it has one, can be about the address."""
    return not _NOT_THE_ADDRESS.match(status)


def has_no_mailbox(reply: str) -> bool:
    """Tell whether the text of a refusal begins with a code that says for certain that nobody is at the address."""
    return bool(_NO_MAILBOX.match(reply))
