"""Quality in other languages than English, on a day of news invented for it in each.

One half of the languages was looked at while settings were chosen, the other half was held out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.group_measures import Labels, Stories, scores
from digest.model import Article

NEWS = Path(__file__).with_name("languages")
SEEN, HELD_OUT = ("ar", "de", "fr", "ru"), ("es", "ja", "pl", "tr")

Grouping = Callable[[Sequence[Article]], Stories]
Show = Callable[[str, Sequence[dict[str, float]]], None]


def languages(ours: Grouping, show: Show) -> None:
    """Print the quality in each language, with the feeds' tags and without, and of all of them on one day."""
    days = {language: _read(language) for language in (*SEEN, *HELD_OUT)}
    for name, is_tagged in (("tagged", True), ("untagged", False)):
        found = {language: _scored(*day, is_tagged, ours) for language, day in days.items()}
        print(f"\nan invented day in each language, {name}")
        for language, row in found.items():
            show(language, [row])
        for half, chosen in (("settings chosen on", SEEN), ("held out", HELD_OUT)):
            show(f"{half} {' '.join(chosen)}", [found[language] for language in chosen])
        everything = [article for articles, _ in days.values() for article in articles]
        labels = [label for _, own in days.values() for label in own]
        show("all on one day", [_scored(everything, labels, is_tagged, ours)])


def _scored(articles: Sequence[Article], labels: Labels, is_tagged: bool, ours: Grouping) -> dict[str, float]:
    read = articles if is_tagged else [replace(article, language="") for article in articles]
    stories = ours(read)
    mixed = sum(len({articles[n].language for n in story}) > 1 for story in stories)
    return {**scores(labels, stories), "stories of two languages": float(mixed)}


def _read(language: str) -> tuple[list[Article], list[str]]:
    rows = [json.loads(line) for line in (NEWS / f"{language}.jsonl").read_text("utf-8").splitlines()]
    fields = ("headline", "dek", "source", "language")
    articles = [Article(key=row["id"], url="", **{name: row[name] for name in fields}) for row in rows]
    return articles, [row["label"] for row in rows]
