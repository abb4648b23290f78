"""Make an edition of a day's articles: what leads and what follows; knows no template and no store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from digest.errors import NothingToSend
from digest.group import hold
from digest.group.repeat import told
from digest.group.rules import Rules
from digest.group.stories import Order, group, of_reports
from digest.group.summary import added, dek
from digest.group.words import terms
from digest.model import Article, Corrections, Edition, Masthead, Source, Story, Tally

_NONE = Corrections()


def compose(
    articles: Sequence[Article],
    *,
    newsletter: str,
    date: date,
    slot: str,
    masthead: Masthead,
    sources: tuple[Source, ...],
    cut_off: datetime,
    rules: Rules | None = None,
    past: tuple[Edition, ...] = (),
    corrections: Corrections = _NONE,
    failed_sources: tuple[str, ...] = (),
) -> Edition:
    """Return the edition of these articles: its stories, 'in brief', the tally and why to hold it.

    ``cut_off`` is aware, UTC. A story in ``past`` comes back only with enough new facts, marked as an update.
    Raises NothingToSend where no article is left.
    """
    rules = rules or Rules()
    grouped = group(articles, now=cut_off, rules=rules, corrections=corrections)
    fresh = [s for s in (_fresh(s, past, date, cut_off, rules, corrections) for s in grouped) if s]
    fresh.sort(key=Order(corrections))
    if not fresh:
        raise NothingToSend(_nothing(len(articles), len(grouped)))
    stories = tuple(
        _trimmed(s, rules.related if n else rules.lead_related, rules) for n, s in enumerate(fresh[: rules.stories])
    )
    brief = tuple(_trimmed(s, 0, rules) for s in fresh[rules.stories : rules.stories + rules.brief])
    edition = Edition(
        newsletter=newsletter,
        date=date,
        slot=slot,
        masthead=masthead,
        stories=stories,
        sources=_named(sources, (*stories, *brief)),
        cut_off=cut_off,
        brief=brief,
        tally=_tally(articles, grouped, fresh, rules),
    )
    return replace(edition, hold=hold.why(edition, past, rules, sources, failed_sources))


def _fresh(
    story: Story, past: Sequence[Edition], on: date, cut_off: datetime, rules: Rules, corrections: Corrections
) -> Story | None:
    """Return the story, or of one sent before its new reports, marked as an update; None where they add too little."""
    known = told(story, past, on, rules)
    if known is None:
        return story
    if any(article.key in corrections.pinned for article in story.articles):
        return replace(story, is_update=True)
    new = [article for article in story.articles if known.is_new(article)]
    facts, share = known.new_facts(new)
    if facts < rules.least_new_facts or share < rules.new_facts:
        return None
    return replace(of_reports(story, new, cut_off, rules, corrections), is_update=True)


def _trimmed(story: Story, related: int, rules: Rules) -> Story:
    """Keep as many related headlines as asked for, near-identical ones once, each with its dek."""
    kept: list[Article] = []
    words = [frozenset(terms(story.lead.headline))]
    for article in story.related:
        own = frozenset(terms(article.headline))
        if len(kept) < related and not any(len(own & w) >= 0.8 * len(own | w) for w in words):
            kept.append(article)
            words.append(own)
    shown = tuple(replace(a, dek=dek(a, rules.dek_words)) for a in kept)
    return replace(story, related=shown, adds=added(story, rules.dek_words))


def _named(sources: tuple[Source, ...], stories: Sequence[Story]) -> tuple[Source, ...]:
    shown = {article.source for story in stories for article in story.articles}
    return tuple(source for source in sources if source.slug in shown)


def _tally(articles: Sequence[Article], grouped: Sequence[Story], fresh: Sequence[Story], rules: Rules) -> Tally:
    held = sum(len(story.articles) for story in grouped)
    shown = {story.key for story in fresh[: rules.stories + rules.brief]}
    back = {story.key for story in fresh}
    dropped = Counter(
        {
            "sent before": sum(len(s.articles) for s in grouped if s.key not in back),
            "no room": sum(len(s.articles) for s in grouped if s.key in back and s.key not in shown),
            "dropped by an editor": len(articles) - held,
        }
    )
    merged = sum(len(s.articles) - 1 for s in grouped if s.key in shown)
    return Tally(
        read=len(articles),
        merged=merged,
        dropped=dropped.total(),
        dropped_for=tuple((why, n) for why, n in dropped.items() if n),
    )


def _nothing(articles: int, stories: int) -> str:
    if not articles:
        return "nothing to send: no article in the window"
    if not stories:
        return f"nothing to send: all {articles} articles were dropped by an editor"
    return f"nothing to send: all {stories} stories were sent before and bring nothing new"
