"""Turn a day's articles into ranked stories and an edition; pure: knows no file, clock or network."""

from __future__ import annotations

from digest.group.compose import compose
from digest.group.identity import article_key, canonical_url
from digest.group.repeat import fingerprint
from digest.group.rules import Rules
from digest.group.stories import group
from digest.group.summary import dek

__all__ = ["Rules", "article_key", "canonical_url", "compose", "dek", "fingerprint", "group"]
