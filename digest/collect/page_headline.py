"""Chooses a page's headline among those it gives; knows how sites decorate them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lxml import html

from digest.collect.page_data import Claims, words
from digest.collect.page_text import text_of

#: What stands between a headline and the name of its site.
_SEPARATOR = re.compile(r"\s+[|\-–—*•·:›»~/]+\s+|\s*[|｜]\s*|\s*(?:--|——|::)\s*|\s+\|\s*")
#: What stands between a kicker and its headline.
_KICKER = re.compile(r":\s+|\s+[-–—/|]\s+")
#: Characters: a longer text is no headline.
LONGEST = 500
#: Characters: what search engines ask headlines in data to keep to, so sites cut them there.
LONGEST_FOR_SEARCH = 100
#: First-level headings looked at.
MOST = 20
#: Words.
LONGEST_KICKER = 6
_NAMES = (
    "og:title",
    "twitter:title",
    "headline",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "title",
)
_PROMPT = re.compile(r"^(log ?in|sign ?in|sign ?up|subscribe|search|menu|anmelden|newsletter)$", re.IGNORECASE)


def fold(text: str) -> str:
    """Return the words of a text without case, punctuation and width, to compare two writings of one headline."""
    return " ".join(re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFKC", text).casefold()).split())


def headline(
    tree: html.HtmlElement, claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]], sites: Sequence[str]
) -> str:
    """Return the page's headline, '' where it has none.

    What an article's own data says is written for other programs and holds the headline alone; the rest
    (og:title, h1, title) may carry the site's name, which is cut off, and is put to the vote.
    """
    headings = list(islice((text for text in _headings(tree) if len(text) <= LONGEST), MOST))
    titles = [text for name in _NAMES for value in meta.get(name, ())[:1] if len(text := words(value)) <= LONGEST]
    title = tree.find(".//title")
    plain = {fold(text) for text in headings}
    cut = [without_site(text, sites, plain) for text in (*titles, *headings[:1], text_of(title)[:LONGEST]) if text]
    stated = next((c.headline for c in claims if 0 < len(c.headline) <= LONGEST and c.kind != "microdata"), "")
    best = _whole(without_site(stated, sites, set()), cut) or _most_said(cut)
    shared = without_site(titles[0], sites, plain) if titles else ""
    return _without_kicker(best, shared, cut)


def _whole(text: str, others: Sequence[str]) -> str:
    """Return a headline that was cut for search engines as another writing has it whole."""
    start = text.rstrip(".… ")
    is_cut = text.endswith(("...", "…")) or len(text) >= LONGEST_FOR_SEARCH
    return next((other for other in others if is_cut and len(other) > len(text) and other.startswith(start)), text)


def _headings(tree: html.HtmlElement) -> Iterator[str]:
    for node in tree.iter("h1"):
        text = text_of(node)
        if text and not _PROMPT.match(text):
            yield text


def without_site(text: str, sites: Sequence[str], plain: set[str]) -> str:
    """Return a headline without the site's name before or behind it.

    A part is cut off where it is one of the ``sites``' names, or where what is left is one of the
    page's ``plain`` headings.
    """
    names = {fold(site) for site in sites if site}
    for found in reversed(list(_SEPARATOR.finditer(text))):
        left, right = text[: found.start()].strip(), text[found.end() :].strip()
        if left and (fold(right) in names or fold(left) in plain):
            return without_site(left, sites, plain)
        if right and (fold(left) in names):
            return right
    return text


def _without_kicker(text: str, shared: str, others: Sequence[str]) -> str:
    """Return a headline without the words set before it.

    They are a kicker where the title for sharing leaves them out, or where another writing has other ones.
    """
    for found in _KICKER.finditer(text):
        tail, kicker = fold(text[found.end() :]), fold(text[: found.start()])
        is_left_out = fold(shared) == tail or any(_has_other(other, tail, kicker) for other in others)
        if is_left_out and len(tail.split()) >= 3 and len(kicker.split()) <= LONGEST_KICKER:
            return text[found.end() :]
    return text


def _has_other(text: str, tail: str, kicker: str) -> bool:
    """Tell whether another writing of a headline sets other words before its tail."""
    found = (fold(text[: k.start()]) for k in _KICKER.finditer(text) if fold(text[k.end() :]) == tail)
    return any(other and not other.endswith(kicker) and not kicker.endswith(other) for other in found)


def _most_said(texts: Sequence[str]) -> str:
    votes = Counter(fold(text) for text in texts)
    return max(texts, key=lambda text: votes[fold(text)], default="")
