"""Compose: from the articles of a window to an edition, once a newsletter, date and slot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from digest.errors import EditionConflict, NothingToSend
from digest.group import compose as compose_edition
from digest.group import group
from digest.model import Article, Corrections, Edition, EditionState, Outcome, Story
from digest.pipeline.app import App, Newsletter
from digest.pipeline.collecting import Collected, collect
from digest.pipeline.introducing import introduced
from digest.pipeline.picturing import pictured
from digest.pipeline.writing import DekWriter
from digest.store import Stored

#: The first edition of a newsletter looks back this far.
FIRST_WINDOW = timedelta(hours=24)
#: Later ones look back this far behind the last cut-off, for articles that came late.
OVERLAP = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Composed:
    """An edition and how it came about."""

    edition: Edition
    collected: Collected | None = None  #: None where the edition was there already
    stored: Stored | None = None  #: None where it is not kept


def find(app: App, newsletter: Newsletter, now: datetime) -> Stored | None:
    """Return the edition that exists for the newsletter's date and slot at ``now``."""
    date, slot = newsletter.date_and_slot(now)
    return app.store.editions.find(newsletter.slug, date, slot)


def edition_id(newsletter: Newsletter, now: datetime) -> str:
    """Return the name of the edition that ``now`` belongs to."""
    date, slot = newsletter.date_and_slot(now)
    return "/".join(filter(None, (newsletter.slug, date.isoformat(), slot)))


def window(app: App, newsletter: Newsletter, now: datetime) -> tuple[datetime, datetime]:
    """Return the span of time an edition takes its articles from: after the first instant, up to the second."""
    date, slot = newsletter.date_and_slot(now)
    past = app.store.editions.past(newsletter.slug, now - timedelta(days=31))
    cut_offs = [each.cut_off for each in past if (each.date, each.slot) != (date, slot) and each.cut_off < now]
    return (max(cut_offs) - OVERLAP if cut_offs else now - FIRST_WINDOW), now


def dated(span: tuple[datetime, datetime]) -> str:
    """Say when the articles of a window are from, in UTC."""
    since, until = (f"{each.astimezone(UTC):%Y-%m-%d %H:%M}" for each in span)
    return f"dated from {since} to {until} UTC"


def articles_in(app: App, newsletter: Newsletter, span: tuple[datetime, datetime], fresh: Collected) -> list[Article]:
    """Return the articles of ``span``, those stored and those just collected, each once."""
    slugs = [source.slug for source in newsletter.sources]
    since, until = span
    found = {each.key: each for each in app.store.articles.window(since, until, slugs)}
    for article in fresh.articles:
        when = article.when
        if article.key not in found and when is not None and since < when <= until and article.source in slugs:
            found[article.key] = article
    return [_with_source(each, newsletter) for each in found.values()]


def _with_source(article: Article, newsletter: Newsletter) -> Article:
    """Take weight and owner from the config as it is now, not as it was when the article was stored."""
    for source in newsletter.sources:
        if source.slug == article.source:
            return replace(article, weight=source.weight, owner=source.owner or source.slug)
    return article


def compose(
    app: App,
    newsletter: Newsletter,
    now: datetime,
    *,
    keep: bool = True,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> Composed:
    """Return the edition that exists, else collect and compose one, kept as composed or held.

    With ``keep=False`` nothing is stored. Raises NothingToSend when no article is left.
    """
    existing = find(app, newsletter, now)
    if existing is not None:
        return Composed(existing.edition, stored=existing)
    collected = collect(app, newsletter.sources, now, keep=keep, on_outcome=on_outcome)
    edition = from_articles(app, newsletter, now, collected, keep=keep)
    if not keep:
        return Composed(edition, collected)
    edition = pictured(app, edition)
    state = EditionState.HELD if edition.hold else EditionState.COMPOSED
    try:
        return Composed(edition, collected, app.store.editions.save(edition, state, version=0))
    except EditionConflict:
        existing = find(app, newsletter, now)
        if existing is None:
            raise
        return Composed(existing.edition, stored=existing)  # another process was first; what people did to it stands


def from_articles(
    app: App,
    newsletter: Newsletter,
    now: datetime,
    collected: Collected,
    *,
    keep: bool = True,
    corrections: Corrections | None = None,
) -> Edition:
    """Compose from what is stored and what was just collected; store nothing but, with ``keep``, written deks.

    ``corrections`` are an editor's, where they are not those that are kept.
    """
    date, slot = newsletter.date_and_slot(now)
    span = window(app, newsletter, now)
    articles = articles_in(app, newsletter, span, collected)
    failed = dead(app, newsletter, collected)
    if not newsletter.sources:
        raise NothingToSend("nothing to send: there are no sources yet; add one with: digest sources add https://…")
    if not articles:
        why = f"; {len(failed)} of {len(newsletter.sources)} sources failed" if failed else ""
        raise NothingToSend(f"nothing to send: no article {dated(span)}{why}")
    past = app.store.editions.past(newsletter.slug, now - timedelta(days=newsletter.rules.repeat_days))
    fresh = {outcome.source.slug: outcome.state for outcome in collected.outcomes if outcome.state}
    remembered = app.store.sources.states([source.slug for source in newsletter.sources]) | fresh
    before = [source for edition in past for source in edition.sources]
    return compose_edition(
        articles,
        newsletter=newsletter.slug,
        date=date,
        slot=slot,
        masthead=newsletter.masthead,
        sources=tuple(introduced(source, remembered.get(source.slug), before) for source in newsletter.sources),
        cut_off=now,
        rules=newsletter.rules,
        past=tuple(each for each in past if (each.date, each.slot) != (date, slot)),
        corrections=corrections or app.store.corrections.load(edition_id(newsletter, now)),
        failed_sources=failed,
        writer=DekWriter(app.writer, app.store.written, now, keep) if app.writer else None,
    )


def dead(app: App, newsletter: Newsletter, collected: Collected) -> tuple[str, ...]:
    """Return the slugs of the newsletter's sources that failed when they were last asked, just now or before."""
    asked = {outcome.source.slug: outcome.status for outcome in collected.outcomes if outcome.status != "not due"}
    states = app.store.sources.states([source.slug for source in newsletter.sources])
    failed = {slug for slug, state in states.items() if slug not in asked and (state.error or state.is_gone)}
    failed |= {slug for slug, status in asked.items() if status == "failed"}
    return tuple(source.slug for source in newsletter.sources if source.slug in failed)


def stories(app: App, newsletter: Newsletter, now: datetime) -> tuple[Story, ...]:
    """Group what is stored, best story first; fetch nothing, store nothing."""
    articles = articles_in(app, newsletter, window(app, newsletter, now), Collected(()))
    return group(
        articles, now=now, rules=newsletter.rules, corrections=app.store.corrections.load(edition_id(newsletter, now))
    )
