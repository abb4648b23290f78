"""An edition as a mail or as a page: the one way in; knows no recipient."""

from __future__ import annotations

from pathlib import Path

from digest.model import Edition, Message
from digest.render.fitting import fitted
from digest.render.inline import Inliner, with_premailer
from digest.render.press import Press
from digest.render.writer import view


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
    shortened from its end until it fits ``fitting.SIZE_LIMIT``. A fault in a template raises TemplateError.
    """
    whole = view(edition)
    press = Press(edition, whole, design, overrides, inliner)
    if web:
        return press.page(whole, indexed=indexed)
    seen, html = fitted(edition, whole, press.mail)
    return press.message(seen, html)
