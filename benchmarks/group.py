"""Quality and cost of grouping, beside plain baselines in the same run.

``python -m benchmarks.group [--days N] [--plot FILE] [--no-quality] [--no-cost]``; BROADSHEET_DATA names the folder of
labelled articles. Our settings are fixed; a baseline chooses its threshold on the other folds' stories.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from benchmarks.group_days import days
from benchmarks.group_languages import Grouping, english, languages
from benchmarks.group_measures import Labels, Stories, day, lead, scores
from benchmarks.group_plot import draw
from benchmarks.memory import peak
from digest.group import group
from digest.model import Article

FOLDS = 3
SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
#: Sizes of days of full texts, and their words.
FULL_SIZES, WORDS = (1_000, 10_000), 500
#: What is allowed of headlines: articles, seconds on one core with start-up, megabytes.
BUDGETS = {1_000: (0.5, None), 10_000: (4.0, 400), 100_000: (60.0, 1500)}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--no-quality", action="store_true")
    parser.add_argument("--no-cost", action="store_true")
    parser.add_argument("--once", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--words", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.once:
        once(args.once, args.words)
        return
    folder = Path(os.environ.get("BROADSHEET_DATA", "/nonexistent")) / "grouping"
    if not args.no_quality and folder.is_dir():
        quality(folder, args.days)
    elif not args.no_quality:
        print("quality left out: BROADSHEET_DATA names no folder of labelled articles")
    if not args.no_quality:
        languages(ours, show)
        english(ours, show)
    if not args.no_cost:
        equality()
        cost(args.plot)


def quality(folder: Path, number: int) -> None:
    """Print the quality on whole collections by folds, then on simulated days."""
    for name in ("headlines", "fulltext"):
        articles, labels = read(folder / f"{name}.jsonl")
        print(f"\n{name}: {len(articles)} articles, {len(set(labels))} stories, {FOLDS} folds over stories")
        folds = [[n for n, label in enumerate(labels) if zlib.crc32(label.encode()) % FOLDS == f] for f in range(FOLDS)]
        parts = [([articles[n] for n in fold], [labels[n] for n in fold]) for fold in folds]
        show("Broadsheet", [scores(part[1], ours(part[0])) for part in parts])
        baselines(parts)
        show("Broadsheet, undivided", [scores(labels, ours(articles))])
    articles, labels = read(folder / "headlines.jsonl")
    print(f"\n{number} simulated days of headlines, every story with 1…40 reports")
    drawn = [day(labels, seed) for seed in range(number)]
    show("Broadsheet", [led(articles, labels, chosen, ours) for chosen in drawn])
    from benchmarks.group_baselines import taught

    named = {article.key: name for article, name in zip(articles, taught(articles, labels), strict=True)}
    show("a classifier taught the labels", [led(articles, labels, chosen, by_name(named)) for chosen in drawn])


def led(articles: Sequence[Article], labels: Labels, chosen: Sequence[int], way: Grouping) -> dict[str, float]:
    """Return how good a way of grouping is on a day, and how right its lead."""
    today, truth = [articles[n] for n in chosen], [labels[n] for n in chosen]
    stories = way(today)
    return {**scores(truth, stories), **lead(today, truth, stories)}


def by_name(names: dict[str, str]) -> Grouping:
    """Return the grouping that puts together what has one name, the story of most sources first."""

    def grouped(articles: Sequence[Article]) -> Stories:
        found: dict[str, list[int]] = defaultdict(list)
        for n, article in enumerate(articles):
            found[names[article.key]].append(n)
        return sorted(found.values(), key=lambda story: (-len({articles[n].source for n in story}), -len(story), story))

    return grouped


def baselines(parts: Sequence[tuple[list[Article], Labels]]) -> None:
    """Print what plain ways reach, each threshold chosen on the other folds."""
    from benchmarks.group_baselines import WAYS, distances, stories

    matrices = [distances(articles) for articles, _ in parts]
    for name, (way, thresholds) in WAYS.items():
        table = [
            [scores(part[1], stories(way(matrix.copy(), t))) for t in thresholds]
            for part, matrix in zip(parts, matrices, strict=True)
        ]
        chosen = []
        for n, row in enumerate(table):
            others = [mean(o[k]["B³ F1"] for m, o in enumerate(table) if m != n) for k in range(len(thresholds))]
            chosen.append(row[others.index(max(others))])
        show(name, chosen)


def equality() -> None:
    """Print how near the blocks come to exact linkage at 5,000 articles."""
    from digest.group import blocks, neighbours, reading
    from digest.group.cluster import Links, cluster
    from digest.group.texts import count

    articles, labels = days(5_000)
    counts = count(reading.read(articles))
    print("\n5,000 articles: exact linkage, and in blocks")
    for name, whole in (("exact", 5_000), ("blocks", neighbours.WHOLE)):
        blocks.WHOLE = neighbours.WHOLE = whole
        show(name, [scores(labels, cluster(counts, Links()))])


def cost(plot: Path | None) -> None:
    """Print the cost of growing days, each in a process of its own on one core, start-up included."""
    print("\nheadlines  seconds  MB   allowed")
    points = []
    for size in SIZES:
        made = measured(size)
        points.append((size, made["seconds"]))
        seconds, megabytes = BUDGETS.get(size, (None, None))
        allowed = f"{seconds} s" + (f", {megabytes} MB" if megabytes else "") if seconds else ""
        print(f"{size:9,}  {made['seconds']:7.2f}  {made['megabytes']:4}  {allowed}", flush=True)
    print(f"\nfull texts of {WORDS} words  seconds  MB")
    for size in FULL_SIZES:
        made = measured(size, WORDS)
        print(f"{size:24,}  {made['seconds']:7.2f}  {made['megabytes']:4}", flush=True)
    if plot:
        draw(plot, points)


def measured(size: int, words: int = 0) -> dict[str, float]:
    """Return the cost of one day in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.group", "--once", str(size), "--words", str(words)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    cost: dict[str, float] = json.loads(done.stdout)
    return cost


def once(size: int, words: int) -> None:
    """Group one day and print the whole process's cost, less the making of the day."""
    started = time.process_time()
    articles, _ = days(size, length=words)
    making = time.process_time() - started
    group(articles)
    print(json.dumps({"seconds": round(time.process_time() - making, 3), "megabytes": peak()}))


def read(path: Path) -> tuple[list[Article], list[str]]:
    """Return labelled articles without anything that could give their label away."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    articles = [
        Article(
            key=row["id"],
            source=row.get("source", row["id"]),
            url=row.get("url", ""),
            headline=row["headline"],
            body=row.get("body", ""),
        )
        for row in rows
    ]
    return articles, [row["label"] for row in rows]


def ours(articles: Sequence[Article]) -> Stories:
    """Return our stories, best first, as places in ``articles``."""
    place = {article.key: n for n, article in enumerate(articles)}
    return [[place[article.key] for article in story.articles] for story in group(articles)]


def show(name: str, rows: Sequence[dict[str, float]]) -> None:
    """Print a line of means."""
    print(f"  {name:32}", *(f"{key} {mean(row[key] for row in rows):.3f} " for key in rows[0]), flush=True)


if __name__ == "__main__":
    main()
