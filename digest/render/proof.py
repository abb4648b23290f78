"""A page to look at before an edition goes: wide and narrow, light and dark, text, headers; knows no recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.model import Message
from digest.render.environment import Templates
from digest.render.fitting import SIZE_LIMIT
from digest.render.words import language

_DARK = re.compile(r"@media \(prefers-color-scheme: dark\)")
_PICTURE = re.compile(r'(<img\b[^>]*?) src="[^"]*"')


@dataclass(frozen=True, slots=True)
class Pane:
    """The mail as one reader sees it."""

    name: str
    width: int  #: CSS pixels
    html: str


def proof(message: Message, *, headers: str, size: int, faults: tuple[str, ...] = ()) -> str:
    """Return a page, complete in itself, that shows a message whose slots are filled in every dress.

    ``headers`` are those of its mail, ``size`` its bytes as ``fitting.size`` counts them.
    """
    return Templates(language("en")).run(
        "email/proof.html",
        {
            "subject": message.subject,
            "preheader": message.preheader,
            "panes": panes(message.html),
            "text": message.text,
            "headers": headers,
            "size": size,
            "limit": SIZE_LIMIT,
            "faults": faults,
        },
    )


def panes(html: str) -> tuple[Pane, ...]:
    """Return the mail in every dress; the dark one is forced, whatever the machine is set to."""
    light, dark = _DARK.sub("@media not all", html), _DARK.sub("@media all", html)
    return (
        Pane("Phone", 375, light),
        Pane("Desktop", 700, light),
        Pane("Phone, dark", 375, dark),
        Pane("Desktop, dark", 700, dark),
        Pane("Pictures off", 375, _PICTURE.sub(r'\1 src=""', light)),
    )
