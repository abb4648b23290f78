"""What editors call the stories and articles of an edition: numbers, keys, headlines; changes none of them."""

from __future__ import annotations

from collections.abc import Sequence

from digest.errors import UsageError
from digest.model import Article, Edition, Story
from digest.pipeline.app import App
from digest.store import Stored
from digest.store.corrections import Decision


def article_named(edition: Edition, name: str) -> Article:
    """Return the article of a key, or of a number as ``edition show`` prints it; raise UsageError for neither."""
    stories = every(edition)
    for story in stories:
        for article in (*story.articles, *story.tongues):
            if article.key == name:
                return article
    rank, _, place = name.partition(".")
    if rank.isdecimal() and 1 <= int(rank) <= len(stories):
        story = stories[int(rank) - 1]
        articles = (*story.articles, *story.tongues)
        if (place or "0").isdecimal() and int(place or 0) < len(articles):
            return articles[int(place or 0)]
    raise UsageError(f'{edition.id} has no article "{name}"; digest edition show {edition.id} gives the numbers')


def lead_above(edition: Edition, key: str) -> Article:
    """Return the lead of the story in which an article stands, which may be the article itself."""
    return next(story.lead for _, story, article in numbered(edition) if article.key == key)


def numbered(edition: Edition) -> list[tuple[str, Story, Article]]:
    """Return every article with the number an editor names it by."""
    return [
        (f"{rank}.{place}" if place else f"{rank}", story, article)
        for rank, story in enumerate(every(edition), 1)
        for place, article in enumerate((*story.articles, *story.tongues))
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
