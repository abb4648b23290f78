"""Sections: which a reader may choose, and an edition cut to those chosen; knows no reader and no mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.model import Edition, Story
from digest.pipeline.app import Newsletter


def offered(newsletter: Newsletter) -> tuple[str, ...]:
    """Return the sections a reader may choose among: the newsletter's, else its sources'; none where it has but one.

    A section whose name has a comma in it cannot be chosen: choices are kept as names with commas between them.
    """
    named = newsletter.rules.sections or tuple(source.section for source in newsletter.sources)
    first = {name.casefold(): name for name in reversed(named) if name and "," not in name}
    found = tuple(name for name in dict.fromkeys(named) if first.get(name.casefold()) == name)
    return found if len(found) > 1 else ()


def relevant(chosen: Sequence[str], sections: Sequence[str]) -> tuple[str, ...]:
    """Return which of a newsletter's sections were chosen, sorted; none where that is all of them, or none is left."""
    wanted = {name.casefold() for name in chosen}
    found = tuple(sorted(name for name in sections if name.casefold() in wanted))
    return () if len(found) == len(sections) else found


def cut_to(edition: Edition, sections: Sequence[str]) -> Edition | None:
    """Return the edition with the stories of some sections and those of no section; None where none is left.

    The first story left is the lead; where it is another one than before, the subject is made from it.
    """
    wanted = {"", *(name.casefold() for name in sections)}

    def of(stories: Sequence[Story]) -> tuple[Story, ...]:
        return tuple(story for story in stories if story.section.casefold() in wanted)

    stories, brief = of(edition.stories), of(edition.brief)
    if not stories:
        stories, brief = brief[:1], brief[1:]
    if not stories:
        return None
    if stories[0].key != edition.lead.key:
        return replace(edition, stories=stories, brief=brief, subject="", preheader="")
    return replace(edition, stories=stories, brief=brief)
