"""Edit: an editor's corrections to an edition, kept as data, and its approval; changes nothing that is frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from digest.errors import EditionConflict, UsageError
from digest.model import Article, Corrections, Edition, EditionState, Story
from digest.pipeline.app import App
from digest.pipeline.collecting import Collected
from digest.pipeline.composing import from_articles, introduced
from digest.pipeline.picturing import pictured
from digest.store import Stored
from digest.store.corrections import Decision, EditorCorrections, What, combined
from digest.store.editions import Editions
from digest.store.transactions import Joined

#: States in which an edition's words may still change.
OPEN = (EditionState.COMPOSED, EditionState.HELD, EditionState.APPROVED)

#: How often an edition that somebody else changed meanwhile is composed anew.
TRIES = 5


def approve(app: App, edition_id: str, who: str) -> Stored:
    """Let an edition go that was held or waited for approval; approving twice changes nothing."""
    stored = app.store.editions.get(edition_id)
    if stored.state is EditionState.APPROVED:
        return stored
    _demand_open(stored)
    return app.store.editions.move(edition_id, EditionState.APPROVED, stored.version, why=f"approved by {who}")


def hold(app: App, edition_id: str, why: str) -> Stored:
    """Hold an edition back until somebody approves it."""
    stored = app.store.editions.get(edition_id)
    _demand_open(stored)
    return app.store.editions.move(edition_id, EditionState.HELD, stored.version, why=why)


def skip(app: App, edition_id: str, why: str) -> Stored:
    """Leave this edition out, unless it is reopened."""
    stored = app.store.editions.get(edition_id)
    return app.store.editions.move(edition_id, EditionState.SKIPPED, stored.version, why=why)


def reopen(app: App, edition_id: str) -> Stored:
    """Take back that an edition was skipped; it is held again where it was composed with a reason to."""
    stored = app.store.editions.get(edition_id)
    if stored.state is not EditionState.SKIPPED:
        raise EditionConflict(f"{edition_id} is {stored.state}; only an edition that was skipped can be reopened")
    # At once: one that was composed with a reason to hold it is at no moment ready to go.
    to = EditionState.HELD if stored.edition.hold else EditionState.COMPOSED
    return app.store.editions.move(edition_id, to, stored.version, why=stored.edition.hold or "reopened")


def correct_edition(
    app: App, edition_id: str, what: What, names: Sequence[str], *, who: str, now: datetime, text: str = ""
) -> Stored:
    """Keep an editor's decision and compose the edition anew with it.

    ``names`` are article keys, or the numbers that ``digest edition show`` gives: ``2`` for a story, ``2.1`` for
    its first related article. A decision that leaves nothing to send is not kept.
    """
    stored = app.store.editions.get(edition_id)
    _demand_open(stored)
    if what == "retitle" and not text.strip():
        raise UsageError("a headline needs words; digest edition undo takes one back")
    keys = tuple(key for name in names for key in _keys(stored.edition, name, whole=what == "drop"))
    new = Decision(0, what, keys, " ".join(text.split()), who, now)
    return _changed(
        app,
        edition_id,
        lambda held: (*held, new),
        lambda kept: kept.add(edition_id, what, keys, text=new.text, who=who, now=now),
    )


def undo(app: App, edition_id: str, number: int | None = None) -> tuple[Decision, Stored]:
    """Take a decision back, the last unless its number is given, and compose the edition anew without it."""
    _demand_open(app.store.editions.get(edition_id))
    found = [each for each in app.store.corrections.history(edition_id) if number in (None, each.id)]
    if not found:
        raise UsageError(f"{edition_id}: there is no correction to undo")
    gone = found[-1]
    changed = _changed(
        app,
        edition_id,
        lambda held: (each for each in held if each.id != gone.id),
        lambda kept: kept.undo(edition_id, gone.id),
    )
    return gone, changed


def _changed(
    app: App,
    edition_id: str,
    become: Callable[[tuple[Decision, ...]], Iterable[Decision]],
    write: Callable[[EditorCorrections], object],
) -> Stored:
    """Compose an edition anew with other decisions, and keep both in one transaction: they never disagree."""
    for tries_left in reversed(range(TRIES)):
        stored = app.store.editions.get(edition_id)
        corrections = combined(become(app.store.corrections.history(edition_id)))
        edition, state = _recomposed(app, stored, corrections=corrections)
        try:
            with app.store.begin() as connection:
                within = Joined(connection)
                write(EditorCorrections(within))
                return Editions(within).save(edition, state, version=stored.version)
        except EditionConflict:
            if not tries_left:
                raise
    raise AssertionError("there is a last try")


def recompose(app: App, edition_id: str, now: datetime | None = None) -> Stored:
    """Compose an edition anew from what is stored, up to ``now`` or its own cut-off.

    An approval is taken back; one that a person held stays held.
    """
    return app.store.editions.save(*_recomposed(app, app.store.editions.get(edition_id), now))


def _recomposed(
    app: App, stored: Stored, now: datetime | None = None, corrections: Corrections | None = None
) -> tuple[Edition, EditionState]:
    _demand_open(stored)
    before, edition_id = stored.edition, stored.id
    newsletter = app.newsletter(before.newsletter)
    if now is not None and now.astimezone(newsletter.zone).date() != before.date:
        raise UsageError(f"{edition_id} cannot take articles of another day, up to {now:%Y-%m-%d %H:%M}")
    # The edition's own date and slot, whatever the config says of its times by now.
    issue = replace(newsletter, issue=(before.date, before.slot))
    edition = from_articles(app, issue, now or before.cut_off, Collected(()), corrections=corrections)
    # No source was asked this time: what they said of themselves is in the edition.
    edition = replace(edition, sources=tuple(introduced(each, before.sources) for each in edition.sources))
    is_held = edition.hold or (stored.state is EditionState.HELD and not before.hold)
    return pictured(app, edition), EditionState.HELD if is_held else EditionState.COMPOSED


def _keys(edition: Edition, name: str, *, whole: bool) -> list[str]:
    """Return the key of the article named, or with ``whole`` those of a story named by its number alone."""
    lead = article_named(edition, name)
    if not whole or not name.isdigit() or lead.key == name:
        return [lead.key]
    return [article.key for number, _, article in numbered(edition) if number.partition(".")[0] == str(int(name))]


def article_named(edition: Edition, name: str) -> Article:
    """Return the article of a key, or of a number as ``edition show`` prints it; raise UsageError for neither."""
    stories = (*edition.stories, *edition.brief)
    for story in stories:
        for article in (*story.articles, *story.tongues):
            if article.key == name:
                return article
    rank, _, place = name.partition(".")
    if rank.isdigit() and 1 <= int(rank) <= len(stories):
        story = stories[int(rank) - 1]
        articles = (*story.articles, *story.tongues)
        if (place or "0").isdigit() and int(place or 0) < len(articles):
            return articles[int(place or 0)]
    raise UsageError(f'{edition.id} has no article "{name}"; digest edition show {edition.id} gives the numbers')


def numbered(edition: Edition) -> list[tuple[str, Story, Article]]:
    """Return every article with the number an editor names it by."""
    return [
        (f"{rank}.{place}" if place else f"{rank}", story, article)
        for rank, story in enumerate((*edition.stories, *edition.brief), 1)
        for place, article in enumerate((*story.articles, *story.tongues))
    ]


def _demand_open(stored: Stored) -> None:
    if stored.state not in OPEN:
        raise EditionConflict(f"{stored.id} is {stored.state}; only an edition not yet frozen can be changed")
