"""Quality on invented days of news: one in each of eight other languages, and an English one.

One half of the languages was looked at while settings were chosen, the other half was held out. One setting was learnt
from the English day, whose stories share a war, a president, a company and towns with names no table of words knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.group_measures import Labels, Stories, day, scores
from digest.model import Article

NEWS = Path(__file__).with_name("languages")
ENGLISH = Path(__file__).with_name("english.jsonl")
SEEN, HELD_OUT = ("ar", "de", "fr", "ru"), ("es", "ja", "pl", "tr")
SIMULATED = 40

Grouping = Callable[[Sequence[Article]], Stories]
Show = Callable[[str, Sequence[dict[str, float]]], None]


def languages(ours: Grouping, show: Show) -> None:
    """Print the quality in each language, with the feeds' tags and without, and of all of them on one day."""
    days = {language: _read(NEWS / f"{language}.jsonl") for language in (*SEEN, *HELD_OUT)}
    for name, is_tagged in (("tagged", True), ("untagged", False)):
        found = {language: _scored(*own, is_tagged, ours) for language, own in days.items()}
        print(f"\nan invented day in each language, {name}")
        for language, row in found.items():
            show(language, [row])
        for half, chosen in (("settings chosen on", SEEN), ("held out", HELD_OUT)):
            show(f"{half} {' '.join(chosen)}", [found[language] for language in chosen])
        everything = [article for articles, _ in days.values() for article in articles]
        labels = [label for _, own in days.values() for label in own]
        show("all on one day", [_scored(everything, labels, is_tagged, ours)])


def english(ours: Grouping, show: Show) -> None:
    """Print the quality on the English day, then on simulated days of it, where more reports stand alone."""
    articles, labels = _read(ENGLISH)
    print(f"\nan invented day in English: {len(articles)} articles, {len(set(labels))} stories")
    show("whole", [scores(labels, ours(articles))])
    chosen = (day(labels, seed) for seed in range(SIMULATED))
    show(
        f"{SIMULATED} simulated days of it",
        [scores([labels[n] for n in rows], ours([articles[n] for n in rows])) for rows in chosen],
    )


def _scored(articles: Sequence[Article], labels: Labels, is_tagged: bool, ours: Grouping) -> dict[str, float]:
    read = articles if is_tagged else [replace(article, language="") for article in articles]
    stories = ours(read)
    mixed = sum(len({articles[n].language for n in story}) > 1 for story in stories)
    return {**scores(labels, stories), "stories of two languages": float(mixed)}


def _read(path: Path) -> tuple[list[Article], list[str]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    fields = ("headline", "dek", "source", "language")
    articles = [Article(key=row["id"], url="", **{name: row[name] for name in fields}) for row in rows]
    return articles, [row["label"] for row in rows]
