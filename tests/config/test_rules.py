"""What an editor may turn in config.toml is what grouping goes by."""

from __future__ import annotations

from dataclasses import fields

import pytest

from digest.bootstrap import rules
from digest.config import NewsletterSettings
from digest.group import Rules

#: Each limit and weight, by its name in config.toml and in the rules, with a value unlike its default.
TURNED = [
    ("stories", "stories", 3),
    ("lead_related", "lead_related", 2),
    ("related", "related", 1),
    ("brief", "brief", 0),
    ("dek_words", "dek_words", 12),
    ("sections", "sections", ("World",)),
    ("min_stories", "min_stories", 4),
    ("hold_updates", "same_as_before", 0.0),
    ("hold_dead_sources", "dead_sources", 0.9),
    ("hold_low_lead", "low_lead", 0.1),
    ("repeat_days", "repeat_days", 2),
    ("new_facts", "new_facts", 0.1),
    ("least_new_facts", "least_new_facts", 1.0),
    ("half_life_hours", "half_life", 3.0),
    ("last_place", "position_floor", 0.2),
    ("place_half", "position_half", 4.0),
]


@pytest.mark.parametrize(("name", "rule", "value"), TURNED)
def test_a_setting_reaches_its_rule(name: str, rule: str, value: object) -> None:
    settings = NewsletterSettings.model_validate({"slug": "daily", name: value})
    assert getattr(rules(settings), rule) == value
    assert getattr(rules(NewsletterSettings(slug="daily")), rule) != value


def test_every_rule_but_those_that_were_measured_is_a_setting() -> None:
    assert {field.name for field in fields(Rules)} - {rule for _, rule, _ in TURNED} == {
        "cohesion",
        "repeat_similarity",
    }
