"""What editors call the stories and articles of an edition: numbers, keys, headlines; changes none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from digest.errors import UsageError
from digest.model import Article, Edition, Story
from digest.pipeline.app import App
from digest.store import Stored
from digest.store.corrections import Decision

#: Of a name that is none so much is shown, where it is longer.
_LONGEST = 100
#: By the key of a story, the reports of it that an edition does not show: it has no room, or they say the same.
Unshown = Mapping[str, Sequence[Article]]


def article_named(edition: Edition, name: str, unshown: Unshown = MappingProxyType({})) -> Article:
    """Return the article of a key, or of a number as ``edition show`` prints it; raise UsageError for neither."""
    there = numbered(edition, unshown)
    plain = name.removesuffix(".0")
    for found in ((a for _, _, a in there if a.key == name), (a for number, _, a in there if number == plain)):
        for article in found:
            return article
    shown = f"{name[:40]}…" if len(name) > _LONGEST else name
    raise UsageError(f'{edition.id} has no article "{shown}"; digest edition show {edition.id} gives the numbers')


def lead_above(edition: Edition, key: str, unshown: Unshown = MappingProxyType({})) -> Article:
    """Return the lead of the story in which an article stands, which may be the article itself."""
    return next(story.lead for _, story, article in numbered(edition, unshown) if article.key == key)


def numbered(edition: Edition, unshown: Unshown = MappingProxyType({})) -> list[tuple[str, Story, Article]]:
    """Return every article with the number an editor names it by, those that are not shown last."""
    return [
        (f"{rank}.{place}" if place else f"{rank}", story, article)
        for rank, story in enumerate(every(edition), 1)
        for place, article in enumerate((*story.articles, *story.tongues, *unshown.get(story.key, ())))
    ]


def every(edition: Edition) -> tuple[Story, ...]:
    """Return the stories of an edition, those in brief last."""
    return (*edition.stories, *edition.brief)


def headlines(app: App, stored: Stored, decisions: Sequence[Decision] = ()) -> dict[str, str]:
    """Return the headline of each article of an edition, and of those that decisions name, by its key.

    What was dropped is not in the edition; what was thrown away with old articles is not found.
    """
    found = {article.key: article.headline for _, _, article in numbered(stored.edition)}
    missing = {key for each in decisions for key in each.keys if key not in found}
    return found | app.store.articles.headlines(sorted(missing))
