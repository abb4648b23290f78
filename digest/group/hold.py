"""Say why a person should look at an edition before it goes; knows no state and no store."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from digest.group.rules import Rules
from digest.model import Edition, Source

#: So many sources that failed are named.
_NAMED = 5


def why(
    edition: Edition,
    past: Sequence[Edition],
    rules: Rules,
    sources: Sequence[Source],
    failed: Sequence[str],
) -> str:
    """Return why the edition should wait, '' where nothing speaks against it."""
    faults = [
        _too_few(edition, rules),
        _same_as_before(edition, rules),
        _dead_sources(sources, failed, rules),
        _low_lead(edition, past, rules),
    ]
    return "; ".join(filter(None, faults))


def _too_few(edition: Edition, rules: Rules) -> str:
    count = len(edition.stories) + len(edition.brief)
    said = "1 story" if count == 1 else f"{count} stories"
    return f"only {said}, at least {rules.min_stories} wanted" if count < rules.min_stories else ""


def _same_as_before(edition: Edition, rules: Rules) -> str:
    """Return why, where most stories were sent before: their updates may be no news."""
    again = sum(story.is_update for story in edition.stories)
    if not again or not rules.same_as_before or again < rules.same_as_before * len(edition.stories):
        return ""
    return f"{again} of {len(edition.stories)} stories are updates of stories sent before"


def _dead_sources(sources: Sequence[Source], failed: Sequence[str], rules: Rules) -> str:
    if not sources or not failed or not rules.dead_sources or len(failed) / len(sources) < rules.dead_sources:
        return ""
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    return f"{len(failed)} of {len(sources)} sources failed: {', '.join(sorted(failed)[:_NAMED])}{more}"


def _low_lead(edition: Edition, past: Sequence[Edition], rules: Rules) -> str:
    scores = [each.lead.score for each in past if each.stories]
    if len(scores) < 3 or edition.lead.score >= rules.low_lead * median(scores):
        return ""
    return f"the lead story's score of {edition.lead.score:.2f} is low: {median(scores):.2f} is usual"
