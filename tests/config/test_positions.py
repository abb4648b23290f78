"""Where keys and values stand in a TOML text."""

from __future__ import annotations

import string
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from digest.config.positions import locate

TEXT = r'''# a comment with [brackets] and "quotes"
title = "a ] } # string"   # after

[site]
  name = "x"
  "odd key" = 1
  deep.er = { inner = [1, { leaf = true }] }

[[sources]]
slug = "a"
[sources.extra]
note = """two
lines \""" with quotes"""

[[sources]]
slug = 'b'
tags = [
  "one", # first
  "two",
]
'''


def test_every_kind_of_key_and_value_is_found_where_it_stands() -> None:
    tomllib.loads(TEXT)
    places = locate(TEXT)
    assert places.of_key(("title",)) == (2, 1)
    assert places.of_value(("title",)) == (2, 9)
    assert places.of_key(("site", "name")) == (5, 3)
    assert places.of_key(("site", "odd key")) == (6, 3)
    assert places.of_key(("site", "deep", "er", "inner")) == (7, 15)
    assert places.of_value(("site", "deep", "er", "inner", 1, "leaf")) == (7, 36)
    assert places.of_value(("sources", 0, "slug")) == (10, 8)
    assert places.of_key(("sources", 0, "extra", "note")) == (12, 1)
    assert places.of_key(("sources", 1)) == (15, 1)
    assert places.of_value(("sources", 1, "tags", 1)) == (19, 3)


def test_what_is_missing_is_placed_at_the_nearest_thing_around_it() -> None:
    places = locate(TEXT)
    assert places.of_key(("sources", 1, "url")) == (15, 1)
    assert places.of_value(("nothing", "of", "it")) == (1, 1)


NAMES = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=8)
SCALARS = st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.text(string.printable, max_size=20))


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value)


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, SCALARS | st.lists(SCALARS, max_size=3), max_size=4), max_size=4))
def test_each_key_of_any_document_is_found_on_its_own_line(document: dict[str, dict[str, object]]) -> None:
    lines, expected = [], {}
    for table, pairs in document.items():
        lines.append(f"[{table}]")
        for key, value in pairs.items():
            lines.append(f"{key} = {_toml(value)}")
            expected[table, key] = len(lines)
    text = "\n".join(lines) + "\n"
    assert tomllib.loads(text) == document
    places = locate(text)
    for path, line in expected.items():
        assert places.of_key(path) == (line, 1)
        assert places.of_value(path) == (line, len(path[1]) + 4)
