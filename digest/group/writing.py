"""Give stories a dek where their source gave none, or a written one where a writer is at hand; knows no endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from digest.group.proof import objection
from digest.group.summary import extract, has_dek
from digest.model import Article, Story


class Writer(Protocol):
    """Writes deks; what it writes is checked here."""

    @property
    def name(self) -> str:
        """Who writes, as readers are told."""
        ...

    def write(self, articles: Sequence[Article], words: int) -> Sequence[str]:
        """Return a dek of at most ``words`` words for each article, '' where none is to be had; raise nothing."""
        ...

    def refused(self, article: Article, text: str, why: str) -> None:
        """Be told that a dek is not used."""
        ...


def summarised(stories: Sequence[Story], words: int, writer: Writer | None = None) -> tuple[Story, ...]:
    """Return the stories with their summaries: what the writer wrote and the article bears out, else an extract.

    The first story, whose opening is shown, and one with a dek of its own need no extract.
    """
    texts = writer.write([story.lead for story in stories], words) if writer else [""] * len(stories)
    return tuple(
        _summarised(story, text, words, writer, is_first=not place)
        for place, (story, text) in enumerate(zip(stories, texts, strict=True))
    )


def _summarised(story: Story, text: str, words: int, writer: Writer | None, *, is_first: bool) -> Story:
    text = " ".join(text.split())
    if text and writer:
        why = objection(text, story.lead, words)
        if not why:
            return replace(story, summary=text, summary_by=writer.name)
        writer.refused(story.lead, text, why)
    if is_first or has_dek(story.lead):
        return story
    return replace(story, summary=extract(story.lead.body, words))
