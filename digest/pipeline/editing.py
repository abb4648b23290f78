"""Edit: an editor's corrections to an edition, kept as data, and its approval; changes nothing that is frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from digest.errors import EditionConflict, UsageError
from digest.model import Article, Corrections, Edition, EditionState
from digest.pipeline.app import App, Newsletter
from digest.pipeline.collecting import Collected
from digest.pipeline.composing import from_articles, stories
from digest.pipeline.introducing import introduced
from digest.pipeline.numbering import Unshown, article_named, every, lead_above
from digest.pipeline.picturing import pictured
from digest.render.text import HEADLINE_LIMIT, printable
from digest.store import Stored
from digest.store.corrections import Decision, EditorCorrections, What, combined
from digest.store.editions import Editions
from digest.store.transactions import Joined

#: States in which an edition's words may still change.
OPEN = (EditionState.COMPOSED, EditionState.HELD, EditionState.APPROVED)

#: What is merged or split are two at the least.
PAIR = 2

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
    its first related article, the last ones for reports that the edition does not show; with these a story is dropped.
    A decision that leaves nothing to send is not kept.
    """
    stored = app.store.editions.get(edition_id)
    _demand_open(stored)
    text = " ".join(printable(text).split())
    if what == "retitle" and not text:
        raise UsageError("a headline needs words; digest edition undo takes one back")
    if len(text) > HEADLINE_LIMIT:
        raise UsageError(f"a headline has at most {HEADLINE_LIMIT} characters, this one {len(text)}")
    try:
        others: Unshown = {}
        found = [article_named(stored.edition, name).key for name in names]
    except UsageError:  # grouping the day anew takes its time
        others = unshown(app, stored)
        found = [article_named(stored.edition, name, others).key for name in names]
    keys = tuple(dict.fromkeys(found))
    if what == "split" and len(names) == 1:  # out of the story in which it stands
        keys = tuple(dict.fromkeys((*keys, lead_above(stored.edition, keys[0], others).key)))
    if what in ("merge", "split") and len(keys) < PAIR:
        told = f"{' and '.join(names)} are one" if len(names) > 1 else f"{names[0]} leads its own story"
        raise UsageError(f"to {what} takes two articles, and {told}")
    if what == "drop":
        keys = _whole(app, stored, keys)
    new = Decision(0, what, keys, text, who, now)
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
        which = "" if number is None else f" {number}"
        raise UsageError(f"{edition_id}: there is no correction{which} to undo")
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
    issue = _issue(app, stored)
    if now is not None and not is_of_day(app, stored, now):
        raise UsageError(f"{edition_id} cannot take articles of another day, up to {now:%Y-%m-%d %H:%M}")
    edition = from_articles(app, issue, now or before.cut_off, Collected(()), corrections=corrections)
    # What is remembered of a source goes when its address is changed: the edition has it still.
    edition = replace(edition, sources=tuple(introduced(each, None, before.sources) for each in edition.sources))
    is_held = edition.hold or stored.is_held_by_somebody
    return pictured(app, edition), EditionState.HELD if is_held else EditionState.COMPOSED


def is_of_day(app: App, stored: Stored, now: datetime) -> bool:
    """Return whether a moment is on the edition's own local day."""
    return now.astimezone(app.newsletter(stored.edition.newsletter).zone).date() == stored.edition.date


def _issue(app: App, stored: Stored) -> Newsletter:
    """Return the newsletter at the edition's own date and slot, whatever the config says of its times by now."""
    return replace(app.newsletter(stored.edition.newsletter), issue=(stored.edition.date, stored.edition.slot))


def _whole(app: App, stored: Stored, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys, and for those of stories the keys of all their articles, in other languages too.

    The edition holds but the articles it has room for; left to themselves the others would tell the story again.
    """
    told = [story for story in every(stored.edition) if story.key in keys]
    shown = {article.key for story in told for article in (*story.articles, *story.tongues)}
    found = stories(app, _issue(app, stored), stored.edition.cut_off) if shown else ()
    hidden = [a.key for story in found if any(a.key in shown for a in story.articles) for a in story.articles]
    return tuple(dict.fromkeys((*keys, *sorted(shown), *hidden)))


def unshown(app: App, stored: Stored) -> dict[str, tuple[Article, ...]]:
    """Return, by the key of its story, the reports that an edition has no room for, or that say the same as one it has.

    Groups the day's articles anew, which takes as long as composing does.
    """
    told = every(stored.edition)
    shown = {article.key for story in told for article in (*story.articles, *story.tongues)}
    whole = stories(app, _issue(app, stored), stored.edition.cut_off)
    left: dict[str, tuple[Article, ...]] = {}
    for story in told:
        own = {article.key for article in (*story.articles, *story.tongues)}
        more = [a for each in whole if any(a.key in own for a in each.articles) for a in each.articles]
        left[story.key] = tuple(article for article in more if article.key not in shown)
        shown.update(article.key for article in left[story.key])
    return left


def _demand_open(stored: Stored) -> None:
    if stored.state is EditionState.SKIPPED:
        raise EditionConflict(f"{stored.id} is skipped; digest edition reopen {stored.id} takes that back")
    if stored.state not in OPEN:
        raise EditionConflict(f"{stored.id} is {stored.state}; only an edition not yet frozen can be changed")
