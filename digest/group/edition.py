"""Make an edition of a day's articles: what leads and what follows; knows no template and no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from digest.errors import NothingToSend
from digest.group import hold
from digest.group.adding import added
from digest.group.repeat import Memory
from digest.group.rules import Rules
from digest.group.stories import Order, group, of_reports
from digest.group.summary import dek, has_dek
from digest.group.tongues import folded, linked
from digest.group.words import terms
from digest.group.writing import Writer, summarised
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
    writer: Writer | None = None,
) -> Edition:
    """Return the edition of these articles: its stories, 'in brief', the tally and why to hold it.

    ``cut_off`` is aware, UTC. A story in ``past`` comes back only with enough new facts, marked as an update.
    An event told in several languages is one story, the other languages under it. What ``writer`` writes is
    taken where the article bears it out. Raises NothingToSend where no article is left.
    """
    rules = rules or Rules()
    memory = Memory(past, date, rules, articles)
    grouped = [memory.marked(s) for s in group(articles, now=cut_off, rules=rules, corrections=corrections)]
    fresh = [s for s in (_fresh(s, memory, cut_off, rules, corrections) for s in grouped) if s]
    said = [story for story in fresh if any(map(str.isalnum, story.title))]
    wanted = sorted(_of_sections(said, rules, corrections), key=Order(corrections))
    if not wanted:
        raise NothingToSend(_nothing(len(articles), len(grouped), len(fresh), len(said)))
    told = folded(linked(wanted, corrections.split), masthead.language, corrections.pinned)
    shown = told[: rules.stories + rules.brief]
    chosen = summarised(_by_section(shown[: rules.stories], rules), rules.dek_words, writer)
    stories = tuple(_trimmed(s, rules.related if n else rules.lead_related, rules) for n, s in enumerate(chosen))
    brief = tuple(_trimmed(s, 0, rules) for s in shown[rules.stories :])
    edition = Edition(
        newsletter=newsletter,
        date=date,
        slot=slot,
        masthead=masthead,
        stories=stories,
        sources=_named(sources, (*stories, *brief)),
        cut_off=cut_off,
        brief=brief,
        tally=_tally(len(articles), (grouped, fresh, said, wanted, _whole(shown, wanted)), len(shown)),
    )
    return replace(edition, hold=hold.why(edition, past, rules, sources, failed_sources))


def _fresh(story: Story, memory: Memory, cut_off: datetime, rules: Rules, corrections: Corrections) -> Story | None:
    """Return the story, or of one sent before its new reports, marked as an update; None where they add too little."""
    known = memory.told(story)
    if known is None:
        return story
    new = [article for article in story.articles if known.is_new(article)]
    if _is_pinned(story, corrections):
        wanted = [a for a in story.articles if a in new or a.key in corrections.pinned] if new else story.articles
        return memory.marked(replace(of_reports(story, wanted, cut_off, rules, corrections), is_update=True))
    facts, share = known.new_facts(memory.said(new))
    if facts < rules.least_new_facts or share < rules.new_facts:
        return None
    return memory.marked(replace(of_reports(story, new, cut_off, rules, corrections), is_update=True))


def _of_sections(stories: Sequence[Story], rules: Rules, corrections: Corrections) -> list[Story]:
    wanted = {section.casefold() for section in rules.sections}
    return [
        story for story in stories if not wanted or story.section.casefold() in wanted or _is_pinned(story, corrections)
    ]


def _is_pinned(story: Story, corrections: Corrections) -> bool:
    return any(article.key in corrections.pinned for article in story.articles)


def _by_section(stories: Sequence[Story], rules: Rules) -> list[Story]:
    """Return the lead story, then the others in the order of the newsletter's sections."""
    place = {section.casefold(): n for n, section in enumerate(rules.sections)}
    return [*stories[:1], *sorted(stories[1:], key=lambda story: place.get(story.section.casefold(), 0))]


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
    adds, adds_by = added(story, rules.dek_words, [story.summary, *(article.dek for article in shown)])
    lead = replace(story.lead, dek=dek(story.lead, rules.dek_words) if has_dek(story.lead) else "")
    return replace(story, lead=lead, related=shown, adds=adds, adds_by=adds_by)


def _named(sources: tuple[Source, ...], stories: Sequence[Story]) -> tuple[Source, ...]:
    shown = {article.source for story in stories for article in (*story.articles, *story.tongues)}
    return tuple(source for source in sources if source.slug in shown)


def _whole(shown: Sequence[Story], wanted: Sequence[Story]) -> list[Story]:
    """Return the stories shown and those that stand under them in another language."""
    under = {article.key for story in shown for article in story.tongues}
    return [*shown, *(story for story in wanted if story.key in under)]


def _tally(read: int, steps: Sequence[Sequence[Story]], shown: int) -> Tally:
    """Count what became of the articles, from one step of composing to the next."""
    left = [read, *(sum(len(story.articles) for story in stories) for stories in steps)]
    whys = ("dropped by an editor", "sent before", "headlines without a word", "of other sections", "no room")
    lost = [(why, before - after) for why, before, after in zip(whys, left, left[1:], strict=False)]
    return Tally(
        read=read,
        merged=left[-1] - shown,
        dropped=read - left[-1],
        dropped_for=tuple((why, number) for why, number in lost if number),
    )


def _nothing(articles: int, grouped: int, fresh: int, said: int) -> str:
    if not articles:
        return "nothing to send: no article in the window"
    if not grouped:
        return f"nothing to send: all {articles} articles were dropped by an editor"
    if not fresh:
        return f"nothing to send: all {grouped} stories were sent before and bring nothing new"
    if not said:
        return f"nothing to send: none of {fresh} stories has a headline with a word in it"
    return f"nothing to send: none of {said} stories is of the newsletter's sections"
