"""Takes a source out of the text of config.toml, all else letter by letter as it was; knows no file."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*\[")
_SOURCES = re.compile(r"^\s*\[\[\s*sources\s*\]\]")
_SLUG = re.compile(r"""^\s*slug\s*=\s*(["'])(.*?)\1""")


def without_source(text: str, slug: str) -> str:
    """Return the text without the ``[[sources]]`` table of this slug; the same text where there is none.

    Comments directly above the next table stay with that table.
    """
    lines = text.splitlines(keepends=True)
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    for start, following in zip(headers, [*headers[1:], len(lines)], strict=True):
        if _SOURCES.match(lines[start]) and any(_is(line, slug) for line in lines[start:following]):
            return "".join([*lines[:start], *lines[_end(lines, start, following) :]])
    return text


def _is(line: str, slug: str) -> bool:
    found = _SLUG.match(line)
    return found is not None and found[2] == slug


def _end(lines: list[str], start: int, following: int) -> int:
    """Return where a table ends: before the comments that belong to the next one, after its own empty lines."""
    end = following
    while following < len(lines) and end > start + 1 and lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return end
