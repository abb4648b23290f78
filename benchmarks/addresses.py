"""Which addresses are one article, which must not be asked, and what a day of polls leaves: counted on real data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from digest.collect.gather import gather
from digest.collect.guard import is_public
from digest.collect.limits import Limits
from digest.group.identity import article_key, canonical_url
from digest.model import Article, Source
from digest.store import Store


def identity(folder: Path) -> str:
    """Return how many pairs of addresses are told right, and how many different articles would be merged."""
    pairs = json.loads((folder / "identity.json").read_text("utf-8"))
    same = [canonical_url(one) == canonical_url(other) for one, other in pairs["same_article"]]
    merged = [canonical_url(one) == canonical_url(other) for one, other in pairs["different_articles"]]
    return f"pairs known as one article: {sum(same)} of {len(same)}; merged wrongly: {sum(merged)} of {len(merged)}"


def guarded(folder: Path) -> str:
    """Return how many private addresses are refused and how many public ones are let through."""
    addresses = json.loads((folder / "addresses.json").read_text("utf-8"))
    refused = [not is_public(address) for address in addresses["must_refuse"]]
    allowed = [is_public(address) for address in addresses["must_allow"]]
    private = f"private addresses refused: {sum(refused)} of {len(refused)}"
    return f"{private}; public ones allowed: {sum(allowed)} of {len(allowed)}"


def polls(folder: Path) -> Iterator[str]:
    """Give what eight polls of one day leave in the store, each poll at the time its folder is named for."""
    totals: Counter[str] = Counter()
    with TemporaryDirectory() as place:
        store = Store.open(f"sqlite:///{Path(place) / 'digest.db'}")
        states = {}
        for poll in sorted(folder.iterdir()):
            hour = poll.name.partition("_")[2]
            now = datetime(2021, 9, 20, int(hour[:2]), int(hour[2:]), tzinfo=UTC)
            sources = [Source(slug=file.stem, title=file.stem, path=str(file)) for file in sorted(poll.glob("*.xml"))]
            outcomes = gather(sources, states, now, Limits())
            states |= {outcome.source.slug: outcome.state for outcome in outcomes if outcome.state}
            saved = store.articles.save([_keyed(each) for outcome in outcomes for each in outcome.articles], now)
            totals += Counter(new=saved.new, updated=saved.updated, seen=saved.seen)
            totals["failed"] += sum(outcome.status == "failed" for outcome in outcomes)
            totals["bodies"] += len(outcomes)
        kept = store.articles.window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), list(states))
        store.close()
    told = Counter((article.source, article.headline, article.published_at) for article in kept)
    twice = [which for which, times in told.items() if times > 1]
    yield f"{totals['bodies']} bodies, {totals['failed']} of them pages instead of feeds, each reported"
    yield f"{totals['new']} articles, {totals['updated']} updates of them, {totals['seen']} sightings unchanged"
    yield f"articles of one source, headline and time that were kept more than once: {len(twice)}"


def _keyed(article: Article) -> Article:
    return replace(article, key=article_key(article))
