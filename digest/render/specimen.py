"""An edition that has one of everything, and one of each short mail, to try templates with; all of it invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from digest.model import (
    Article,
    CallToAction,
    Edition,
    Headline,
    Masthead,
    Message,
    Picture,
    Reason,
    Source,
    Sponsor,
    Story,
)
from digest.render import notices

ALARMS: tuple[notices.Alarming, ...] = ("held", "failed", "stopped")

_DAY = datetime(2026, 1, 1, 6, tzinfo=UTC)

_ARTICLE = Article(
    key="specimen",
    source="specimen",
    url="https://example.org/specimen",
    headline="A specimen headline",
    dek="A specimen sentence. And another.",
    body="A specimen paragraph, longer than its dek.\n\nAnd a second one.",
    byline="A. Reporter",
    published_at=_DAY,
    image=Picture("https://example.org/specimen.jpg", "A specimen picture", 1200, 800),
    section="Section",
    related=(Headline("A headline that its page lists", "https://example.org/listed", "With a sentence."),),
)

_SOURCE = Source(
    "specimen",
    "The Specimen",
    tagline="A sentence about itself.",
    logo="https://example.org/logo.png",
    homepage="https://example.org/",
    hotlink=True,
)


def specimens(newsletter: str, masthead: Masthead, own: Path) -> tuple[Message, ...]:
    """Return one of each short mail, in the templates of an installation's own. Raises TemplateError."""
    edition = specimen(newsletter, masthead)
    return (
        notices.confirmation(masthead.title, (masthead.language,), own),
        notices.correction(edition, "A specimen correction.", own),
        *(notices.alarm(what, edition.id, "a specimen reason", masthead.language, own) for what in ALARMS),
    )


def specimen(newsletter: str, masthead: Masthead) -> Edition:
    """Return the edition under a newsletter's own masthead; every part that a design may print is there."""
    reports = tuple(replace(_ARTICLE, key=key, url=f"https://example.org/{key}") for key in ("one", "two"))
    copy = replace(_ARTICLE, key="copy", source="another", url="https://another.example/copy")
    elsewhere = replace(_ARTICLE, key="foreign", source="another", url="https://another.example/fr", language="fr")
    story = Story(
        "specimen",
        _ARTICLE,
        reports,
        (copy,),
        reasons=(Reason("sources", 3),),
        section="Section",
        is_update=True,
        linked=("foreign",),
        tongues=(elsewhere,),
        adds="A sentence of another report.",
        adds_by="another",
        summary="A sentence that a model wrote.",
        summary_by="Specimen",
    )
    bare = Story(
        "bare", Article(key="bare", source="another", url="https://example.org/bare", headline="A bare headline")
    )
    return Edition(
        newsletter=newsletter,
        date=_DAY.date(),
        slot="",
        masthead=replace(
            masthead,
            sponsor=masthead.sponsor or Sponsor("A specimen sponsor", "https://example.org/sponsor"),
            call_to_action=masthead.call_to_action or CallToAction("A specimen call", "https://example.org/call"),
        ),
        stories=(story, story, bare),
        sources=(_SOURCE, Source("another", "Another Specimen")),
        cut_off=_DAY,
        brief=(story, bare),
    )
