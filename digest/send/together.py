"""Changes the same value of many recipients at once; knows no recipient.

Escaping costs a call a value and a second a million of them; one call for all of them costs a tenth.
"""

from __future__ import annotations

import json
from collections.abc import Callable

#: Stands between two values: a control character, which neither JSON nor HTML has another way to write.
_BETWEEN = "\x7f"


def each(change: Callable[[str], str], values: list[str]) -> list[str]:
    """Return every value changed, by a change that looks at one character at a time; most change nothing."""
    joined = _BETWEEN.join(values)
    changed = change(joined)
    if changed == joined:
        return values
    parts = changed.split(_BETWEEN)
    if len(parts) != len(values):  # one of them has the sign in it
        return [change(value) for value in values]
    return parts


def in_json(text: str) -> str:
    """Return a text as it stands between the quotes of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
