"""Say why a person should look at an edition before it goes; knows no state and no store."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from digest.group.repeat import fingerprint, likeness
from digest.group.rules import Rules
from digest.model import Edition, Source, Story


def why(
    edition: Edition,
    grouped: Sequence[Story],
    past: Sequence[Edition],
    rules: Rules,
    sources: Sequence[Source],
    failed: Sequence[str],
) -> str:
    """Return why the edition should wait, '' where nothing speaks against it."""
    faults = [
        _too_few(edition, rules),
        _same_as_before(grouped, past, rules),
        _dead_sources(sources, failed, rules),
        _low_lead(edition, past, rules),
    ]
    return "; ".join(filter(None, faults))


def _too_few(edition: Edition, rules: Rules) -> str:
    count = len(edition.stories) + len(edition.brief)
    return f"only {count} stories, at least {rules.min_stories} wanted" if count < rules.min_stories else ""


def _same_as_before(grouped: Sequence[Story], past: Sequence[Edition], rules: Rules) -> str:
    top = grouped[: rules.stories]
    if not past or not top:
        return ""
    last = max(past, key=lambda edition: (edition.date, edition.cut_off))
    sent = [fingerprint(story) for story in (*last.stories, *last.brief)]
    same = sum(any(likeness(fingerprint(story), other) >= rules.repeat_similarity for other in sent) for story in top)
    share = same / len(top)
    if share < rules.same_as_before:
        return ""
    return f"{same} of the top {len(top)} stories are those of {last.id}"


def _dead_sources(sources: Sequence[Source], failed: Sequence[str], rules: Rules) -> str:
    if not sources or not failed or len(failed) / len(sources) < rules.dead_sources:
        return ""
    return f"{len(failed)} of {len(sources)} sources failed: {', '.join(sorted(failed)[:5])}"


def _low_lead(edition: Edition, past: Sequence[Edition], rules: Rules) -> str:
    scores = [each.lead.score for each in past if each.stories]
    if len(scores) < 3 or edition.lead.score >= rules.low_lead * median(scores):
        return ""
    return f"the lead story's score of {edition.lead.score:.2f} is low: {median(scores):.2f} is usual"
