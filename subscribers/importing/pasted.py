"""Addresses in plain text, as people paste them; knows no column and no database."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A quoted or bare name before <address>, or a bare address; what parts them is a comma, semicolon, tab or line.
_PIECE = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^<>",;\t]*?))\s*<(?P<inner>[^<>]*)>|(?P<alone>[^,;\t]+)')


def people(line: str) -> Iterator[tuple[str, str]]:
    """Yield (address, name) for each address of a line; words without one are the only address's name."""
    found: list[tuple[str, str]] = []
    words: list[str] = []
    for piece in _PIECE.finditer(line):
        if piece["inner"] is not None:
            found.append((piece["inner"].strip(), (piece["quoted"] or piece["bare"] or "").strip()))
        elif "@" in piece["alone"]:
            found.append(_alone(piece["alone"].strip()))
        elif piece["alone"].strip(' "'):
            words.append(piece["alone"].strip(' "'))
    if not found and words:
        yield " ".join(words), ""
    elif len(found) == 1 and words:
        yield found[0][0], found[0][1] or " ".join(words)
    else:
        yield from found


def _alone(text: str) -> tuple[str, str]:
    """Part ``Ann Ek ann@example.com`` and ``ann@example.com Ann Ek``; one word is an address alone."""
    words = text.strip('"').split()
    address = next((word for word in words if "@" in word), text)
    return address, " ".join(word for word in words if word != address)
