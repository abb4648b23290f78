"""An edition as mail or as a page: templates run, styles inlined, size kept; knows no recipient.

The size limit is that of Gmail, which hides what comes after about 102,000 bytes of markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from digest.errors import TemplateError
from digest.model import Edition, Message
from digest.render import slots
from digest.render.environment import Templates, designs
from digest.render.inline import Inliner, inline, with_premailer, with_style
from digest.render.stylesheet import unfit
from digest.render.subject import preheader, subject
from digest.render.view import EditionView, view
from digest.render.words import language

#: Bytes of markup with the longest values in its slots; the rest is for what providers add.
SIZE_LIMIT = 95_000

#: A shortened edition of so many bytes is long enough.
CLOSE_ENOUGH = 0.96 * SIZE_LIMIT

#: Bytes a value may take: an address has at most 254 (RFC 5321 §4.5.3.1.3), our links stay under 512.
LONGEST_VALUE = {"ADDRESS": 254, "NAME": 200}
LONGEST_LINK = 512


def render(
    edition: Edition,
    *,
    design: str = "morning",
    overrides: Path | None = None,
    web: bool = False,
    indexed: bool = False,
    inliner: Inliner = with_premailer,
) -> Message:
    """Return the edition as a message with slots, or with ``web`` as a page without any.

    ``overrides`` is a user's own templates folder; ``indexed`` lets search engines keep the page. A mail is
    shortened from its end until it fits ``SIZE_LIMIT``. A fault in a template raises TemplateError.
    """
    press = _Press(edition, design, overrides, web=web, indexed=indexed, inliner=inliner)
    if web:
        return press.printed(view(edition))
    return _fitted(edition, press.printed)


def _fitted(edition: Edition, printed: Callable[[EditionView], Message]) -> Message:
    """Print with as many stories as fit: first fewer lines in brief, then fewer stories.

    Size grows evenly with stories, so a proportion finds the number in two or three tries.
    """
    message = printed(view(edition))
    too_many, bytes_then = len(edition.stories) + len(edition.brief), size(message)
    fitting, best = 1, None
    while bytes_then > SIZE_LIMIT and fitting < too_many - 1:
        proportion = int(too_many * SIZE_LIMIT / bytes_then)
        kept = proportion if fitting < proportion < too_many else (fitting + too_many) // 2
        stories = min(kept, len(edition.stories))
        candidate = printed(view(edition, stories, kept - stories))
        if (bytes_now := size(candidate)) <= SIZE_LIMIT:
            fitting, best = kept, candidate
            if bytes_now > CLOSE_ENOUGH:
                break
        else:
            too_many, bytes_then = kept, bytes_now
    return best or (message if bytes_then <= SIZE_LIMIT else printed(view(edition, 1, 0)))


def size(message: Message) -> int:
    """Return the bytes of the markup with the longest value in every slot."""
    longest = {name: "x" * LONGEST_VALUE.get(name, LONGEST_LINK) for name in slots.names(message.html)}
    return len(slots.fill(message.html, longest).encode())


class _Press:
    """One design in one language, ready to print."""

    def __init__(
        self, edition: Edition, design: str, overrides: Path | None, *, web: bool, indexed: bool, inliner: Inliner
    ) -> None:
        if design not in designs(overrides):
            there = ", ".join(designs(overrides))
            raise TemplateError(f"email/{design}", 1, f"there is no design {design!r}; there are: {there}")
        self._edition, self._folder = edition, f"email/{design}"
        self._web, self._indexed, self._inliner = web, indexed, inliner
        self._templates = Templates(language(edition.masthead.language), overrides)
        self._style = self._styles("email/layout.css") + self._styles(f"{self._folder}/style.css")

    def _styles(self, name: str) -> str:
        css = self._templates.source(name)
        for line, what in unfit(css):
            raise TemplateError(name, line, what)
        return css

    def printed(self, seen: EditionView) -> Message:
        """Run the four templates of the design."""
        values = {
            "edition": seen,
            "subject": subject(self._edition),
            "preheader": preheader(self._edition),
            "web": self._web,
            "indexed": self._indexed,
            "slot": {name.lower(): f"%%{name}%%" for name in slots.KNOWN},
        }
        markup = _tight(self._templates.run(f"{self._folder}/body.html", values))
        styled = with_style(markup, self._style) if self._web else inline(markup, self._style, self._inliner)
        html = slots.guarded_html(styled)
        text = slots.guarded_text(self._templates.run(f"{self._folder}/body.txt", values))
        title = self._templates.run(f"{self._folder}/subject.txt", values)
        return Message(
            subject=slots.guarded_text(" ".join(title.split())),
            preheader=slots.guarded_text(preheader(self._edition)),
            html=html,
            text=text,
            slots=slots.names(html, text),
        )


def _tight(markup: str) -> str:
    """Drop indentation, empty lines and repeated spaces: a tenth of the bytes."""
    lines = (re.sub(" {2,}", " ", line.strip()) for line in markup.splitlines())
    return "\n".join(filter(None, lines)) + "\n"
