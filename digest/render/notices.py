"""Short mails beside the editions (confirm, correction, alarm) in their reader's language; knows no recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from digest.model import Edition, Message
from digest.render import slots, text
from digest.render.environment import Templates
from digest.render.inline import inline
from digest.render.press import tight
from digest.render.subject import subject
from digest.render.text import Direction
from digest.render.words import Language, language, spoken
from digest.render.writer import postal_lines, web_url

#: What the desk is told of an edition.
Alarming = Literal["held", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text with the direction it runs in."""

    text: str
    direction: Direction


def confirmation(list_title: str, tags: tuple[str, ...], overrides: Path | None = None) -> Message:
    """Ask a person to confirm; the link is the slot ``CONFIRM_URL``.

    ``tags`` are BCP 47 tags, the person's own first; the first one that the designs speak is used.
    """
    return _printed("confirm", spoken(*tags), overrides, {"list": text.one_line(list_title)})


def correction(edition: Edition, words: str, overrides: Path | None = None) -> Message:
    """Correct an edition; ``words`` are plain text, paragraphs separated by a blank line.

    The slots are ``ADDRESS`` and ``UNSUBSCRIBE_URL``, of exactly those who got the edition.
    """
    chosen = language(edition.masthead.language)
    paragraphs = tuple(_directed(each, chosen) for each in text.paragraphs(words))
    values = {
        "title": text.headline(edition.masthead.title),
        "date": chosen.day(edition.date),
        "of": subject(edition),
        "paragraphs": paragraphs,
        "web_url": web_url(edition),
        "postal_address": postal_lines(edition.masthead),
    }
    return _printed("correction", chosen, overrides, values)


def alarm(what: Alarming, edition: str, why: str, tag: str, overrides: Path | None = None) -> Message:
    """Tell whoever looks after a newsletter what became of an edition, why, and the commands that mend it.

    ``why`` is in English, as all that is said to operators is; the words around it are in the language of ``tag``.
    """
    reason = "\n".join(text.one_line(line) for line in why.splitlines())
    return _printed("alarm", spoken(tag), overrides, {"what": what, "edition": edition, "why": reason})


def _directed(paragraph: str, words: Language) -> Words:
    return Words(paragraph, text.direction(paragraph, words.direction))


def _printed(name: str, words: Language, overrides: Path | None, values: Mapping[str, object]) -> Message:
    """Print a notice's three templates, styles inlined."""
    templates = Templates(words, overrides)
    given: dict[str, object] = {
        "language": words.tag,
        "direction": words.direction,
        "slot": {"confirm_url": "%%CONFIRM_URL%%"} | {each.lower(): f"%%{each}%%" for each in slots.KNOWN},
        **values,
    }
    line = " ".join(templates.run(f"notices/{name}-subject.txt", given).split())
    markup = tight(templates.run(f"notices/{name}.html", given | {"subject": line}))
    html = slots.guarded_html(inline(markup, templates.source("notices/style.css")))
    plain = slots.guarded_text(templates.run(f"notices/{name}.txt", given))
    return Message(slots.guarded_text(line), html, plain, slots=slots.names(html, plain))
