"""How words weigh: the rare ones more, none alone as much as a story."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from digest.group import group
from digest.group.reading import read
from digest.group.texts import count, weigh
from digest.model import Article

ENGLISH = Path(__file__).parents[2] / "benchmarks" / "english.jsonl"


def reports(*stories: str) -> tuple[list[Article], dict[str, str]]:
    """Return the invented English reports of these stories, and of those that one report tells, with their labels."""
    rows = [json.loads(line) for line in ENGLISH.read_text("utf-8").splitlines()]
    labels = {row["id"]: row["label"].removeprefix("en-") for row in rows}
    chosen = [row for row in rows if labels[row["id"]] in stories or labels[row["id"]].startswith("x")]
    fields = ("headline", "dek", "source", "language")
    return [Article(key=row["id"], url="", **{name: row[name] for name in fields}) for row in chosen], labels


def test_no_word_weighs_as_much_as_all_others_of_a_text() -> None:
    headline = "Qwyxholm council votes for new cycle lanes"
    others, _ = reports("ferry", "cup")
    counts = count(read([Article(key="new", source="a", url="", headline=headline), *others]))
    texts = weigh(counts)
    own = texts.weights[: texts.starts[1]] ** 2
    assert len(own) > 4
    assert own.max() < own.sum() / 2


def test_a_name_that_two_stories_share_does_not_make_them_one() -> None:
    articles, labels = reports("budget")
    told = [{labels[article.key] for article in story.articles} for story in group(articles)]
    assert all(story == {"budget"} for story in told if "budget" in story)


def test_weights_of_a_text_sum_to_one_or_to_nothing() -> None:
    articles, _ = reports("ferry")
    texts = weigh(count(read([*articles, Article(key="empty", source="a", url="", headline="")])))
    squares = np.bincount(texts.rows, texts.weights**2, minlength=len(texts)) + (texts.meanings**2).sum(axis=1)
    assert np.allclose(squares[:-1], 1, atol=1e-4)
    assert squares[-1] == 0
