"""Chooses a page's headline among those it gives; knows how sites decorate them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml import html

from digest.collect.page_data import Claims, words
from digest.collect.page_links import absolute
from digest.collect.page_text import WIDE, text_of

#: What stands between a headline and the name of its site.
_SEPARATOR = re.compile(r"\s+[|\-–—*•·:‹«›»~/]+\s+|\s*[|｜]\s*|\s*(?:--|——|::)\s*|\s+\|\s*")
#: What publishing systems set between a headline and where it stands, and no writer into a headline.
_TRAIL = re.compile(r"\s+(?:[«»‹›]|::)\s+")
#: What stands between a kicker and its headline.
_KICKER = re.compile(r":\s+|\s+[-–—/|]\s+")
#: What WordPress once set into the title of every article.
_ARCHIVES = ("Blog Archive", "Blog-Archiv")
_QUOTED = re.compile(r"«[^»]*»")
#: Characters: a longer text is no headline.
LONGEST = 500
#: Characters: what search engines ask headlines in data to keep to, so sites cut them there.
LONGEST_FOR_SEARCH = 100
#: Headings of a level looked at.
MOST = 20
#: Words: a title of fewer may be a section's.
FEWEST = 3
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
_PROMPT = re.compile(
    r"^(log ?in|sign ?in|sign ?up|subscribe|search|men[uüú]|anmelden|newsletter|suche|recherche|buscar|navigation)$",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Return the words of a text without case, punctuation and width, to compare two writings of one headline."""
    return " ".join(re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFKC", text).casefold()).split())


def headline(
    tree: html.HtmlElement,
    claims: Sequence[Claims],
    meta: Mapping[str, tuple[str, ...]],
    sites: Sequence[str],
    url: str = "",
) -> str:
    """Return the page's headline, '' where it has none.

    What an article's own data says is written for other programs and holds the headline alone; the rest
    (og:title, h1, title) may carry the site's name, which is cut off, and is put to the vote. ``url`` is the
    page's address: a heading that links to a page above it is the site's name.
    """
    headings, homes = _headings(tree, "h1", url)
    sites = (*sites, *homes, *_ARCHIVES)
    titles = [text for name in _NAMES for value in meta.get(name, ())[:1] if len(text := words(value)) <= LONGEST]
    title = text_of(tree.find(".//title"))[:LONGEST]
    shown = _named([text for text in (*titles, title) if text], tree, headings, sites, url)
    plain = {fold(text) for text in (*headings, *shown)}
    lower = {fold(text) for level in ("h2", "h3") for text in _headings(tree, level, url)[0]}
    marked = [c.headline for c in claims if c.kind == "microdata" and fold(c.headline) in plain | lower]
    cut = [without_site(text, sites, plain) for text in (*marked, *titles, *shown, title) if text]
    cut = [text for text in cut if not _is_one_of(text, sites)] or cut
    stated = next((c.headline for c in claims if 0 < len(c.headline) <= LONGEST and c.kind != "microdata"), "")
    stated = without_site(stated, sites, set()) if _is_said(stated, cut) else ""
    best = _whole(stated, cut) or _most_said(cut)
    shared = without_site(titles[0], sites, plain) if titles else ""
    return _without_kicker(best, shared, cut)


def _named(
    titles: Sequence[str], tree: html.HtmlElement, headings: Sequence[str], sites: Sequence[str], url: str
) -> list[str]:
    """Return the heading that the page's titles name, a first-level one if any does; else the first one there is."""
    cuts = [(title, found) for title in titles for found in _SEPARATOR.finditer(title)]
    begun = {fold(title[: found.start()]) for title, found in cuts} | set(map(fold, titles))
    ended = {fold(title[found.end() :]) for title, found in cuts}
    own = [text for text in headings if not _is_one_of(text, sites)]
    lower = [t for level in ("h2", "h3") for t in _headings(tree, level, url)[0] if not _is_one_of(t, sites)]
    first = [text for text in own if fold(text) in begun]
    others = (*(text for text in own if fold(text) in ended), *(text for text in lower if fold(text) in begun))
    named = first or sorted(others, key=lambda text: -len(text.split())) or own
    is_bare = all(_is_one_of(title, sites) for title in titles)
    return named[:1] or (lower[:1] if is_bare else list(headings[:1]))


def _is_said(stated: str, others: Sequence[str]) -> bool:
    """Tell whether a headline has a word in common with another writing; a mere description has none."""
    parts = set(WIDE.findall(stated)) | set(fold(stated).split())
    return not others or any(parts & (set(WIDE.findall(other)) | set(fold(other).split())) for other in others)


def _whole(text: str, others: Sequence[str]) -> str:
    """Return a headline that was cut for search engines as another writing has it whole."""
    start = text.rstrip(".… ")
    is_cut = text.endswith(("...", "…")) or len(text) >= LONGEST_FOR_SEARCH
    return next((other for other in others if is_cut and len(other) > len(text) and other.startswith(start)), text)


def _headings(tree: html.HtmlElement, level: str, url: str) -> tuple[list[str], list[str]]:
    """Return the headings of a level, and those that are the site's name: they link to a page above this one."""
    own: list[str] = []
    homes: list[str] = []
    for node in islice(tree.iter(level), MOST):
        text = text_of(node)
        if text and len(text) <= LONGEST and not _PROMPT.match(text):
            (homes if _leads_home(node, url) else own).append(text)
    return own, homes


def _leads_home(node: html.HtmlElement, url: str) -> bool:
    link = next(node.iter("a"), None)
    link = next(node.iterancestors("a"), None) if link is None else link
    address = absolute(url, link.get("href")) if link is not None and url else ""
    if not address:
        return False
    ours, theirs = urlsplit(url), urlsplit(address)
    above = theirs.path.rstrip("/") + "/"
    return ours.netloc == theirs.netloc and ours.path.startswith(above) and ours.path.rstrip("/") != above.rstrip("/")


def without_site(text: str, sites: Sequence[str], plain: set[str]) -> str:
    """Return a headline without the site's name before or behind it.

    A part is cut off where it is one of the ``sites``' names, or where what is left is one of the
    page's ``plain`` headings, or begins one.
    """
    whole = fold(text)
    for found in reversed(list(_SEPARATOR.finditer(text))):
        left, right = text[: found.start()].strip(), text[found.end() :].strip()
        if left and (_is_one_of(right, sites) or _begins(fold(left), whole, plain)):
            return without_site(left, sites, plain)
        if right and _is_one_of(left, sites):
            return without_site(right, sites, plain)
    trail = _TRAIL.search(text) if not _QUOTED.search(text) else None
    return text[: trail.start()] if trail and len(text[: trail.start()].split()) >= FEWEST else text


def _begins(left: str, whole: str, plain: set[str]) -> bool:
    """Tell whether what is left of a whole title is a heading, or begins one that the whole does not begin."""
    is_title = len(left.split()) >= FEWEST
    return left in plain or (is_title and any(h.startswith(f"{left} ") and not h.startswith(whole) for h in plain))


def _is_one_of(text: str, sites: Sequence[str]) -> bool:
    """Tell whether a text is the name of one of the sites, however it is spaced."""
    return fold(text).replace(" ", "") in {fold(site).replace(" ", "") for site in sites if site}


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
