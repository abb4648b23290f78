"""Turn a day's articles into ranked stories and an edition; pure: knows no file, clock or network."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from digest.group.rules import Rules

if TYPE_CHECKING:
    from digest.group.edition import compose
    from digest.group.identity import article_key, canonical_url
    from digest.group.repeat import fingerprint
    from digest.group.stories import group
    from digest.group.summary import dek

__all__ = ["Rules", "article_key", "canonical_url", "compose", "dek", "fingerprint", "group"]

#: Loaded when first asked for: commands that group nothing start without numpy.
_HOMES = {
    "article_key": "identity",
    "canonical_url": "identity",
    "compose": "edition",
    "dek": "summary",
    "fingerprint": "repeat",
    "group": "stories",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
