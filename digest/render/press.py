"""One design in one language, ready to print an edition; knows no limit of size and no recipient."""

from __future__ import annotations

import re
from pathlib import Path

from digest.errors import TemplateError
from digest.model import Edition, Message
from digest.render import slots
from digest.render.environment import Templates, designs
from digest.render.inline import Inliner, inline, with_style
from digest.render.stylesheet import unfit
from digest.render.subject import preheader, subject
from digest.render.view import EditionView
from digest.render.words import language


class Press:
    """The templates of a design, the styles, and what an edition says of itself."""

    def __init__(
        self, edition: Edition, whole: EditionView, design: str, overrides: Path | None, inliner: Inliner
    ) -> None:
        if design not in designs(overrides):
            there = ", ".join(designs(overrides))
            raise TemplateError(f"email/{design}", 1, f"there is no design {design!r}; there are: {there}")
        self._folder, self._inliner = f"email/{design}", inliner
        self._templates = Templates(language(edition.masthead.language), overrides)
        self._style = self._styles("email/layout.css") + self._styles(f"{self._folder}/style.css")
        self._preheader = preheader(edition)
        self._subject = subject(edition)
        self._subject = " ".join(self._run("subject.txt", whole, web=False).split())

    def _styles(self, name: str) -> str:
        css = self._templates.source(name)
        for line, what in unfit(css):
            raise TemplateError(name, line, what)
        return css

    def mail(self, seen: EditionView) -> str:
        """Return the HTML of a mail, its styles inlined."""
        markup = tight(self._run("body.html", seen, web=False))
        return slots.guarded_html(inline(markup, self._style, self._inliner))

    def page(self, seen: EditionView, *, indexed: bool) -> Message:
        """Return the edition as a page: one style sheet in its head, nothing personal."""
        markup = tight(self._run("body.html", seen, web=True, indexed=indexed))
        html = slots.guarded_html(with_style(markup, self._style))
        return self._message(html, self._run("body.txt", seen, web=True))

    def message(self, seen: EditionView, html: str) -> Message:
        """Return the mail, text and subject beside the HTML."""
        return self._message(html, self._run("body.txt", seen, web=False))

    def _message(self, html: str, text: str) -> Message:
        plain = slots.guarded_text(text)
        return Message(
            subject=slots.guarded_text(self._subject),
            preheader=slots.guarded_text(self._preheader),
            html=html,
            text=plain,
            slots=slots.names(html, plain),
        )

    def _run(self, name: str, seen: EditionView, *, web: bool, indexed: bool = False) -> str:
        values = {
            "edition": seen,
            "subject": self._subject,
            "preheader": self._preheader,
            "web": web,
            "indexed": indexed,
            "slot": {name.lower(): f"%%{name}%%" for name in slots.KNOWN},
        }
        return self._templates.run(f"{self._folder}/{name}", values)


def tight(markup: str) -> str:
    """Drop indentation, empty lines and repeated spaces: a tenth of the bytes."""
    lines = (re.sub(" {2,}", " ", line.strip()) for line in markup.splitlines())
    return "\n".join(filter(None, lines)) + "\n"
