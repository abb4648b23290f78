"""How much of an edition a mail can hold; knows no template.

Gmail hides what comes after about 102,000 bytes of markup, and with it the way to unsubscribe.
"""

from __future__ import annotations

from collections.abc import Callable

from digest.model import Edition
from digest.render import slots
from digest.render.view import EditionView
from digest.render.writer import view

#: Bytes of markup with the longest values in its slots; the rest is for what providers add.
SIZE_LIMIT = 95_000

#: A shortened edition of so many bytes is long enough.
CLOSE_ENOUGH = 0.96 * SIZE_LIMIT

#: Bytes a value may take: an address has at most 254 (RFC 5321 §4.5.3.1.3), our links stay under 512.
LONGEST_VALUE = {"ADDRESS": 254, "NAME": 200}
LONGEST_LINK = 512


def size(html: str) -> int:
    """Return the bytes of markup with the longest value in every slot."""
    longest = {name: "x" * LONGEST_VALUE.get(name, LONGEST_LINK) for name in slots.names(html)}
    return len(slots.fill(html, longest).encode())


def fitted(edition: Edition, whole: EditionView, printed: Callable[[EditionView], str]) -> tuple[EditionView, str]:
    """Print the whole, or as many stories as fit: first fewer lines in brief, then fewer stories.

    Size grows evenly with stories, so a proportion finds the number in two or three tries.
    """
    html = printed(whole)
    too_many, bytes_then = len(edition.stories) + len(edition.brief), size(html)
    if bytes_then <= SIZE_LIMIT:
        return whole, html
    fitting, best = 1, None
    while fitting < too_many - 1:
        proportion = int(too_many * SIZE_LIMIT / bytes_then)
        kept = proportion if fitting < proportion < too_many else (fitting + too_many) // 2
        seen, html = _kept(edition, kept, printed)
        if (bytes_now := size(html)) > SIZE_LIMIT:
            too_many, bytes_then = kept, bytes_now
            continue
        fitting, best = kept, (seen, html)
        if bytes_now > CLOSE_ENOUGH:
            break
    return best or _kept(edition, 1, printed)


def _kept(edition: Edition, kept: int, printed: Callable[[EditionView], str]) -> tuple[EditionView, str]:
    stories = min(kept, len(edition.stories))
    seen = view(edition, stories, kept - stories)
    return seen, printed(seen)
