"""Finds where a page says its article comes from: the link to the full article and the card of its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.collect.page_blocks import Block
from digest.collect.page_links import absolute
from digest.collect.page_text import word_count

_FULL = re.compile(
    r"^\W*(?:(?:click here to )?(?:continue )?read(?:ing)?\b.{0,20}\b(?:full|whole|entire|original|complete|rest)\b"
    r".{0,12}\b(?:article|story|report|post|piece|text)\b"
    r"|read (?:more|it|this|the (?:article|story|post|report)) (?:on|at|from)\b"
    r"|(?:den |zum )?(?:ganzen|vollständigen) (?:artikel|text|beitrag)\b"
    r"|lire (?:l.article|la suite) (?:complet |original )?sur\b"
    r"|lee[r]? (?:el|la) (?:artículo|noticia|nota) (?:complet[ao]|original)\b"
    r"|leggi l.articolo (?:completo|originale)\b)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
#: Words: a longer line is a sentence about something, not a source's name.
_LONGEST_NAME = 8
_LONGEST_LINK = 16


@dataclass(frozen=True, slots=True)
class Card:
    """A source as a page introduces it."""

    name: str = ""
    url: str = ""
    tagline: str = ""
    logo: str = ""  #: the address of its header image


def full_article(blocks: Sequence[Block]) -> int | None:
    """Return which block links to the full article elsewhere ('Read the full article on …'), if one does."""
    found = [
        n
        for n, block in enumerate(blocks)
        if block.href and word_count(block.text) <= _LONGEST_LINK and _FULL.match(block.text)
    ]
    return found[0] if len({blocks[n].href for n in found}) == 1 else None


def source_card(blocks: Sequence[Block], start: int) -> tuple[Card, int] | None:
    """Return the card behind block ``start``, and its last block: a name, an address written out, a tagline."""
    for n in range(start, min(start + 12, len(blocks))):
        block = blocks[n]
        address = _ADDRESS.search(block.text)
        if address is None or word_count(block.text) > _LONGEST_NAME + 1:
            continue
        before = block.text[: address.start()].strip(" :–-|")
        name = before or (blocks[n - 1].text if n > start and word_count(blocks[n - 1].text) <= _LONGEST_NAME else "")
        after = blocks[n + 1] if n + 1 < len(blocks) else None
        is_tagline = after is not None and not after.is_heading and not after.is_link and word_count(after.text) >= 4
        url = absolute("", _with_scheme(address[0])) or absolute("", block.href)
        return Card(name, url, after.text if after is not None and is_tagline else ""), n + bool(is_tagline)
    return None


def _with_scheme(address: str) -> str:
    return address if address.lower().startswith("http") else f"https://{address}"


def link_of(block: Block, page_url: str) -> str:
    """Return the block's link as an absolute address, '' unless it is http or https."""
    return absolute(page_url, block.href)
