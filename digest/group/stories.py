"""Group articles into stories, best first; knows no edition and no reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from digest.group import boilerplate, headings, languages, rank, representative, tongues
from digest.group.cluster import Links, cluster
from digest.group.copies import collapse
from digest.group.reading import Readings, read
from digest.group.rules import Rules
from digest.group.texts import count
from digest.model import Article, Corrections, Reason, Story

_NONE = Corrections()


def group(
    articles: Sequence[Article],
    *,
    now: datetime | None = None,
    rules: Rules | None = None,
    corrections: Corrections = _NONE,
) -> tuple[Story, ...]:
    """Return the stories of these articles, best first; every article is in one, whatever their order.

    ``now`` is editorial time for recency (aware), None to leave times out. What ``corrections`` drops is
    left out. Stories of one event in different languages are linked, never merged.
    Article keys are taken as opaque: unique, compared only with those in ``corrections``.
    """
    rules = rules or Rules()
    ordered = sorted(articles, key=_content)
    readings = read(boilerplate.without(ordered), languages.told_in(ordered))
    copies = collapse(ordered, corrections.split, readings)
    places = {article.key: n for n, article in enumerate(ordered)}
    clusters = _clusters(copies, readings.of([places[members[0].key] for members in copies]), rules, corrections)
    made = [_story([copies[n] for n in cluster], now, rules, corrections) for cluster in clusters]
    return tongues.linked(sorted(filter(None, made), key=Order(corrections)), corrections.split)


def _content(article: Article) -> tuple[str, str, str, str, str]:
    return (article.headline, article.dek, article.url, article.source, article.key)


def _clusters(
    copies: Sequence[tuple[Article, ...]], readings: Readings, rules: Rules, corrections: Corrections
) -> list[list[int]]:
    numbers = {article.key: n for n, members in enumerate(copies) for article in members}
    links = Links(
        together=tuple(_named(corrections.merged, numbers)),
        apart=tuple(_named(corrections.split, numbers)),
        kinds=languages.kinds(readings.languages),
    )
    return cluster(count(headings.emptied(readings)), links, rules.cohesion)


def _named(keys: Sequence[tuple[str, str]], numbers: dict[str, int]) -> list[tuple[int, int]]:
    known = [(numbers[a], numbers[b]) for a, b in keys if a in numbers and b in numbers]
    return [(min(pair), max(pair)) for pair in known if pair[0] != pair[1]]


def of_reports(
    story: Story, articles: Sequence[Article], now: datetime | None, rules: Rules, corrections: Corrections
) -> Story:
    """Return the story as these of its articles alone tell it; its copies stay copies."""
    copies = {article.key for article in story.also_at}
    reports = [article for article in articles if article.key not in copies] or list(articles[:1])
    shown = {article.key for article in reports}
    return _told(reports, [a for a in articles if a.key not in shown], now, rules, corrections)


def _story(
    members: Sequence[tuple[Article, ...]], now: datetime | None, rules: Rules, corrections: Corrections
) -> Story | None:
    """Make the story of these reports, or none where an editor dropped most of it."""
    everything = [article for copies in members for article in copies]
    kept = [article for article in everything if article.key not in corrections.dropped]
    if 2 * len(kept) < len(everything) or not kept:
        return None
    left = ([article for article in copies if article.key not in corrections.dropped] for copies in members)
    reports = [rest[0] for rest in left if rest]
    shown = {article.key for article in reports}
    return _told(reports, [article for article in kept if article.key not in shown], now, rules, corrections)


def _told(
    reports: list[Article], copies: list[Article], now: datetime | None, rules: Rules, corrections: Corrections
) -> Story:
    keys = {article.key for article in (*reports, *copies)}
    reports = representative.in_order(reports, corrections.pinned)
    heard = rank.voices(reports, now, rules)
    why = rank.reasons(heard, len(reports), len(copies), now)
    if pinned := [key for key in corrections.pinned if key in keys]:
        why = (Reason("pinned", corrections.pinned.index(pinned[0]) + 1, "pinned by an editor"), *why)
    return Story(
        key=reports[0].key,
        lead=reports[0],
        related=tuple(reports[1:]),
        also_at=tuple(copies),
        score=round(rank.score(heard), 6),
        reasons=why,
        section=_section(reports),
        headline=next((title for key, title in corrections.titles if key in keys), ""),
    )


def _section(reports: Sequence[Article]) -> str:
    votes: dict[str, float] = defaultdict(float)
    for article in reports:
        if article.section:
            votes[article.section] += article.weight
    return min(votes, key=lambda section: (-votes[section], section), default="")


class Order:
    """The order of stories: pins, an editor's order, score, size, the newest, the headline."""

    def __init__(self, corrections: Corrections) -> None:
        self.pins = {key: n for n, key in enumerate(corrections.pinned)}
        self.wanted = {key: n for n, key in enumerate(corrections.order)}

    def __call__(self, story: Story) -> tuple[float, float, float, int, float, str, str]:
        keys = [article.key for article in story.articles]
        newest = max((a.when.timestamp() for a in story.articles if a.when), default=0.0)
        return (
            min((self.pins[key] for key in keys if key in self.pins), default=float("inf")),
            min((self.wanted[key] for key in keys if key in self.wanted), default=float("inf")),
            -story.score,
            -len(keys),
            -newest,
            story.lead.headline,
            story.key,
        )
