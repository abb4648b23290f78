"""Reads when a page was published and changed; knows how dates are written, not what the page is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from lxml import etree, html

from digest.collect import dates
from digest.collect.page_blocks import Block
from digest.collect.page_data import Claims

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "date", "pubdate", "publishdate", "publish-date", "published_time", "publication_date", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.issued", "dc.date",
    "dcterms.date", "cxenseparse:recs:publishtime", "article.published", "article:post_date",
    "article_date_original", "datecreated", "created",
    "citation_publication_date", "citation_online_date", "prism.publicationdate",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "article.updated",
)  # fmt: skip
_PARTS = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:published(?: on)?|posted(?: on)?|date|datum|veröffentlicht(?: am)?|erschienen(?: am)?|stand|publié le"
    r"|fecha|data|publicado(?: el| em)?|pubblicato il|publicerad|publisert|julkaistu)\b\W*(\d.*|[^\W\d_]{3,9}\.? \d.*)",
    re.IGNORECASE,
)
#: Where days stand before months and points between them, there is no other order.
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
#: Characters.
LONGEST_LABEL = 60
#: No news page is older than the web, or from after this century.
_YEARS = range(1991, 2100)


def read_date(text: str) -> datetime | None:
    """Return the date a text states, aware, at the offset it names (UTC where it names none); ``None`` for no date."""
    found = _PARTS.match(text.strip())
    if found is None:
        return dates.read_date(text)
    year, month, day, hour, minute, second, zone = found.groups()
    offset = "+00:00" if not zone or zone.upper() in ("Z", "UTC", "GMT") else zone
    stamp = f"{year}-{int(month):02}-{int(day):02}T{int(hour or 0):02}:{minute or '00'}:{second or '00'}{offset}"
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return when if when.year in _YEARS else None


def first_date(texts: Iterable[str]) -> datetime | None:
    """Return the first date that can be read."""
    return next((when for text in texts if text and (when := read_date(text))), None)


def published_at(
    tree: html.HtmlElement,
    claims: Sequence[Claims],
    meta: Mapping[str, tuple[str, ...]],
    blocks: Sequence[Block],
    url: str,
) -> datetime | None:
    """Return when the page says it was published; htmldate reads what no data and no label says."""
    stated = first_date((*(c.published for c in claims), *_meta(meta, _PUBLISHED), *_times(tree)))
    return stated or first_date(_labelled(blocks)) or _searched(tree, url)


def updated_at(claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]]) -> datetime | None:
    """Return when the page says it was last changed."""
    return first_date((*(c.updated for c in claims), *_meta(meta, _UPDATED)))


def _meta(meta: Mapping[str, tuple[str, ...]], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from meta.get(name, ())


def _times(tree: html.HtmlElement) -> Iterator[str]:
    """Yield what time elements state, those marked as the publication first, and none of another article's."""
    times = [node for node in tree.iter("time") if node.get("datetime")]
    marked = [
        node
        for node in times
        if re.search(r"publish|entry-date|created", f"{node.get('class')} {node.get('itemprop')}", re.IGNORECASE)
    ]
    for node in (*marked, *times[:1]):
        yield node.get("datetime") or ""


def _labelled(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the dates that the page writes behind a word for them: 'Published: 4 March 2026', 'Datum 04.03.2026'."""
    for block in blocks:
        if len(block.text) <= LONGEST_LABEL and (found := _LABEL.match(block.text)):
            day = _DAY_FIRST.match(found[1])
            yield f"{day[3]}-{day[2]}-{day[1]}" if day else found[1]


def _searched(tree: html.HtmlElement, url: str) -> datetime | None:
    from htmldate import find_date

    try:
        found = find_date(tree, url=url or None, original_date=True, deferred_url_extractor=False)
    except (ValueError, TypeError, AttributeError, etree.LxmlError, RecursionError):
        return None
    when = read_date(found) if found else None
    return when if when is None or when.day > 1 or _names_the_first(tree, when) else None


def _names_the_first(tree: html.HtmlElement, when: datetime) -> bool:
    """Tell whether the page writes the first of that month anywhere: htmldate says the first for a mere month too."""
    year, month = when.year, when.month
    text = html.tostring(tree, encoding="unicode")
    numbers = rf"{year}\D{{1,2}}0?{month}\D{{1,2}}0?1\b|\b0?1\D{{1,2}}0?{month}\D{{1,2}}{year}|\b0?{month}/0?1/{year}"
    words = rf"\b0?1(?:st|er|\.|º)?\s+(?:de\s+)?\w+\.?,?\s+(?:de\s+)?{year}|\w+\.?\s+0?1(?:st)?,?\s+{year}"
    return re.search(f"{numbers}|{words}", text) is not None
