"""Takes the article's text out of a page with trafilatura, and mends what that takes too much or too little of."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree, html

from digest.collect import prose
from digest.collect.page_blocks import Block, headline_at
from digest.collect.page_names import BY, line_of
from digest.collect.page_text import key_of, squeeze, word_count

#: Words: a shorter line above the first paragraph is a section, a place or a date.
CRUMB = 9
#: Characters.
LONGEST_BYLINE = 60
#: Characters.
LONGEST_CRUMB = 90
#: Lines: more short ones are a poem, or what a dish is made of.
MOST_CRUMBS = 6
#: A text that stands so often on a page is a notice put in the place of something, not writing.
TOO_OFTEN = 3
#: Characters: a shorter text in the page's data is a summary.
SHORTEST_STATED = 300
#: Of the lines taken, how much must be in the text of the page's data for both to be one article.
AGREEMENT = 0.6
#: How much longer the text in the page's data must be for too little to have been taken.
MUCH_LONGER = 1.4
#: Letters compared at a time.
PIECE = 30
_SENTENCE_END = re.compile(r"[.!?…。！？:»”\"’)]$")


def body_text(
    tree: html.HtmlElement,
    blocks: Sequence[Block],
    headline: str,
    dek: str,
    unwanted: Sequence[str],
    stated: str,
) -> str:
    """Return the article's paragraphs, separated by blank lines, '' where there are none.

    ``tree`` is what page_prune has left; ``unwanted`` are lines that are told elsewhere; ``stated`` is the text
    in the page's data, '' where there is none.
    """
    found = _extracted(tree)
    places = {key_of(block.text): n for n, block in enumerate(blocks)}
    start = _start(found, places, headline_at(blocks, headline))
    known = {key_of(line) for line in (*unwanted, headline) if line}
    often = Counter(key_of(line) for line in found)
    lines = [
        line
        for line in found
        if (key := key_of(line)) not in known
        and not (len(line) <= LONGEST_BYLINE and BY.match(line) and key_of(line_of(line)) in known)
        and often[key] < TOO_OFTEN
        and _is_article(key, places, blocks, start)
    ]
    lines = _without_tail(_reconciled(list(_without_crumbs(lines)), stated, blocks[start:]))
    return "\n\n".join((*_missing(lines, dek, places, start), *lines))


def _extracted(tree: html.HtmlElement) -> list[str]:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports pages without text as errors
    try:
        found = bare_extraction(tree, include_comments=False)
    except (ValueError, TypeError, AttributeError, etree.LxmlError, RecursionError):
        return []
    text = getattr(found, "text", "") or ""
    return [line for raw in text.splitlines() if (line := squeeze(raw))]


def _start(lines: Sequence[str], places: Mapping[str, int], headline: int) -> int:
    """Return where the article begins: at its headline, or at the top where most of the text stands above that."""
    below = sum(len(line) for line in lines if places.get(key_of(line), headline) >= headline)
    return headline if 2 * below >= sum(map(len, lines)) else 0


def _is_article(key: str, places: Mapping[str, int], blocks: Sequence[Block], start: int) -> bool:
    """Tell whether a line is the article's own: not above its headline, and not a link to something else."""
    place = places.get(key)
    if place is None:
        return True
    return place >= start and not (blocks[place].is_link and word_count(blocks[place].text) >= 3)


def _without_crumbs(lines: Sequence[str]) -> Iterator[str]:
    """Leave out the few short lines above the first paragraph: a section, a name, a date."""
    first = next((n for n, line in enumerate(lines) if _is_paragraph(line)), len(lines))
    for n, line in enumerate(lines):
        if n >= first or first > MOST_CRUMBS or (_SENTENCE_END.search(line) and word_count(line) > 3):
            yield line


def _without_tail(lines: list[str]) -> list[str]:
    """Leave out the few short lines below the last paragraph: keywords, 'Comments', headings of what was cut off."""
    last = next((n for n in range(len(lines), 0, -1) if _ends(lines[n - 1])), 0)
    return lines[:last] if last and len(lines) - last <= MOST_CRUMBS else lines


def _ends(line: str) -> bool:
    """Tell whether an article may end with a line: a paragraph, a sentence, a row of a table, an item of a list."""
    is_item = line.startswith("- ") and word_count(line) > 4
    return _is_paragraph(line) or line.startswith("|") or is_item or bool(_SENTENCE_END.search(line.rstrip(")")))


def _is_paragraph(line: str) -> bool:
    """Tell whether a line is more than a label, by its words, or by its letters where words have no spaces between."""
    return word_count(line) >= CRUMB or len(line) >= LONGEST_CRUMB


def _reconciled(lines: list[str], stated: str, blocks: Sequence[Block]) -> list[str]:
    """Return the lines mended with the text in the page's data, where that tells the same article.

    Lines behind its end are not the article's. Where it is much longer, the page is laid out in pieces of which
    one was taken: then every block of the page that is in it is.
    """
    whole = key_of(prose.one_line(stated))
    keys = [key_of(line) for line in lines]
    inside = [n for n, key in enumerate(keys) if key in whole]
    if len(whole) < SHORTEST_STATED or sum(len(keys[n]) for n in inside) < AGREEMENT * sum(map(len, keys)):
        return lines
    if len(whole) < MUCH_LONGER * sum(map(len, keys)):
        return lines[: inside[-1] + 1] if inside else lines
    placed = [block.text for block in blocks if word_count(block.text) >= 3 and _is_in(key_of(block.text), whole)]
    return placed if sum(map(len, placed)) > sum(map(len, lines)) else lines


def _is_in(key: str, whole: str) -> bool:
    """Tell whether most of a block is in a text; links and notes may stand between its pieces there."""
    pieces = [key[n : n + PIECE] for n in range(0, len(key), PIECE)]
    return sum(piece in whole for piece in pieces) >= AGREEMENT * len(pieces)


def _missing(lines: Sequence[str], dek: str, places: Mapping[str, int], start: int) -> Iterator[str]:
    """Yield the dek where the page shows it between headline and text and it was not taken."""
    key = key_of(dek)
    if (
        word_count(dek) >= CRUMB
        and key in places
        and places[key] >= start
        and not any(key in key_of(line) for line in lines)
    ):
        yield dek
