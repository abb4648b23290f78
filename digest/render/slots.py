"""Each recipient's values, put into a message that was rendered once; knows no recipient.

A slot is ``%%NAME%%``. The text between the slots is prepared once; a recipient costs one join.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from digest.model import SLOT
from digest.render.text import GUARD

#: What the sender knows of every recipient.
KNOWN = ("UNSUBSCRIBE_URL", "PREFERENCES_URL", "ADDRESS", "NAME")


class Filler:
    """A text cut at its slots; fills them as often as there are recipients."""

    def __init__(self, text: str, *, encode: Callable[[str], str] = str) -> None:
        pieces = SLOT.split(text)
        self.names = tuple(pieces[1::2])
        self._pieces = pieces
        self._encode = encode

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with every slot's value; a value missing raises KeyError."""
        pieces = self._pieces.copy()
        encoded = {name: self._encode(values[name]) for name in set(self.names)}
        pieces[1::2] = [encoded[name] for name in self.names]
        return "".join(pieces)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill the slots of a plain text."""
    return Filler(text).fill(values)


def fill_html(html: str, values: Mapping[str, str]) -> str:
    """Fill the slots of markup; values are escaped."""
    return Filler(html, encode=escape).fill(values)


def names(*texts: str) -> tuple[str, ...]:
    """Return the names of the slots in use, in order of appearance."""
    return tuple(dict.fromkeys(name for text in texts for name in SLOT.findall(text)))


def guarded_html(html: str) -> str:
    """Turn guarded percent signs into entities: an article's own ``%%X%%`` is shown, never filled."""
    return html.replace("%" + GUARD, "&#37;")


def guarded_text(text: str) -> str:
    """Put a word joiner, which has no width, into an article's own ``%%``."""
    return text.replace(GUARD, "\u2060")
