"""Where lines break: by the width letters take on a screen, and never inside a name; knows no template."""

from __future__ import annotations

import unicodedata


def wrapped(text: str, width: int = 72, indent: str = "") -> str:
    """Wrap words into lines of at most ``width`` columns after ``indent``; a long word stays whole."""
    lines: list[list[str]] = []
    room, left = width - columns(indent), 0
    for word in text.split():
        taken = columns(word)
        if lines and taken < left:
            lines[-1].append(word)
            left -= taken + 1
        else:
            lines.append([word])
            left = room - taken
    return "\n".join(indent + " ".join(line) for line in lines)


def unbroken(name: str) -> str:
    """Keep a name on one line, unless it is too long for the line of a phone."""
    return name.replace(" ", "\u00a0") if columns(name) <= 30 else name


def columns(text: str) -> int:
    """Count the columns a text takes in fixed width: wide letters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
