"""Reads when a page was published and changed; knows how dates are written, not what the page is about."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

from lxml import etree, html

from digest.collect import dates
from digest.collect.page_blocks import Block
from digest.collect.page_data import Claims
from digest.collect.page_day import read_day
from digest.collect.page_names import signed
from digest.collect.page_text import text_of

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
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_PARTS = re.compile(
    rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:[T ]+(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:[.,]\d+)?)?)?{_ZONE}",
    re.IGNORECASE,
)
#: The basic format of ISO 8601 §5.4.2.
_BASIC = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})T?(\d{{2}})(\d{{2}})(\d{{2}})?{_ZONE}$", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:published(?: on)?|posted(?: on)?|date|datum|veröffentlicht(?: am)?|erschienen(?: am)?|stand|publié le"
    r"|fecha|data|publicado(?: el| em)?|pubblicato il|publicerad|publisert|julkaistu)\b\W*(\d.*|[^\W\d_]{3,9}\.? \d.*)",
    re.IGNORECASE,
)
#: Words before a day that is not the first one.
_CHANGED = re.compile(
    r"updated|modified|changed|edited|aktualisiert|geändert|mis à jour|modifié|actualizad|atualizad|modificad"
    r"|aggiornat|bijgewerkt|gewijzigd|uppdatera|oppdatert|opdateret|päivitet|aktualizov|zaktualizowan|обновлен|güncelle"
    r"|更新|수정|ویرایش|تحديث|עודכן|แก้ไข",
    re.IGNORECASE,
)
#: Characters.
LONGEST_LABEL = 60
#: Characters of a line at the headline: a name, a day and how long it takes to read.
LONGEST_LINE = 120
#: Words before a day in its part of the line: a name or a label. More are a sentence or a caption.
MOST_BEFORE = 5
_SEGMENT, _DIGIT = re.compile(r"[|·•–—]"), re.compile(r"\d")
#: Blocks above and below the headline in which the day may stand.
ABOVE, BELOW = 3, 8
_MEDIA = re.compile(r"\b(?:audio|video|bild|foto|photo|image|imagen|picture|quelle|source|credit)s?\b|©", re.IGNORECASE)
#: What holds times of something else than the article.
_ELSEWHERE = re.compile(r"caption|comment|related|teaser|recommend", re.IGNORECASE)
#: The languages, most common first, in which days are searched for on any page, besides its own.
COMMON_LANGUAGES = 30
#: No news page is older than the web, or from after this century.
_YEARS = range(1991, 2100)


def read_date(text: str) -> datetime | None:
    """Return the date a text states, aware, at the offset it names (UTC where it names none); ``None`` for no date."""
    found = _PARTS.match(text.strip()) or _BASIC.match(text.strip())
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
    start: int,
    url: str,
) -> datetime | None:
    """Return when the page says it was published; htmldate reads what no data and no line says.

    ``start`` is the block of the headline.
    """
    language = str(tree.get("lang") or "")
    stated = first_date((*(c.published for c in claims), *_meta(meta, _PUBLISHED), *_times(tree)))
    return stated or _written(blocks, start, language) or _searched(tree, url, language)


def updated_at(claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]]) -> datetime | None:
    """Return when the page says it was last changed."""
    return first_date((*(c.updated for c in claims), *_meta(meta, _UPDATED)))


def _meta(meta: Mapping[str, tuple[str, ...]], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from meta.get(name, ())


def _times(tree: html.HtmlElement) -> Iterator[str]:
    """Yield what time elements state, those marked as the publication first, and none of another article's.

    Of the others it is the first one below the headline that counts, else the first on the page.
    """
    below = False
    times: list[tuple[bool, html.HtmlElement]] = []
    for node in tree.iter("h1", "time"):
        if node.tag == "h1":
            below = below or bool(text_of(node))
        elif node.get("datetime") and not _is_elsewhere(node):
            times.append((below, node))
    marked = [
        node
        for _, node in times
        if re.search(r"publish|entry-date|created", f"{node.get('class')} {node.get('itemprop')}", re.IGNORECASE)
    ]
    others = sorted(times, key=lambda time: not time[0])
    for node in (*marked, *(node for _, node in others[:1])):
        yield node.get("datetime") or ""


def _is_elsewhere(node: html.HtmlElement) -> bool:
    """Tell whether an element stands in what the article quotes, or in what is beside it."""
    around = list(takewhile(lambda above: above.tag != "article", node.iterancestors()))
    is_in_article = next(node.iterancestors("article"), None) is not None
    tags = ("blockquote", "aside", "nav", "figure") + (() if is_in_article else ("footer",))
    marks = (f"{a.get('class', '')} {a.get('id', '')}" for a in (node, *around[:4]))
    return any(above.tag in tags for above in around) or any(map(_ELSEWHERE.search, marks))


def _written(blocks: Sequence[Block], start: int, language: str) -> datetime | None:
    """Return the day written at the headline or behind a word for it: 'Published: 4 March 2026', 'Datum 04.03.2026'.

    A line that says when the page was changed counts where no other one names a day.
    """
    near = [*blocks[start : start + BELOW], *reversed(blocks[max(0, start - ABOVE) : start])]
    lines = [block.text for block in near if len(block.text) <= LONGEST_LINE and _is_line(block)]
    labelled = (
        found[1] for block in blocks if len(block.text) <= LONGEST_LABEL and (found := _LABEL.match(block.text))
    )
    first = (line for line in lines if not _CHANGED.search(line))
    for text in (*first, *labelled, *lines):
        if when := read_day(text, language):
            return when
    return None


def _is_line(block: Block) -> bool:
    """Tell whether a block may say when the article came, and is no heading, sentence, caption or comment."""
    before = _SEGMENT.split(_DIGIT.split(block.text, maxsplit=1)[0])[-1]
    is_said = len(before.split()) > MOST_BEFORE and not signed(block.text)
    return not (block.is_heading or is_said or _MEDIA.search(block.text) or _is_elsewhere(block.element))


def _searched(tree: html.HtmlElement, url: str, language: str) -> datetime | None:
    from htmldate import find_date

    _learn(language)
    try:
        found = find_date(tree, url=url or None, original_date=True, deferred_url_extractor=False)
    except (ValueError, TypeError, AttributeError, etree.LxmlError, RecursionError):
        return None
    when = read_date(found) if found else None
    return when if when is None or when.day > 1 or _names_the_first(tree, when) else None


def _learn(language: str) -> None:
    """Let the reader of words that htmldate asks know a page's language and the common ones.

    It is kept, and would get all its 205 ready for the first text it is asked about: two seconds of the processor, of
    the three that a page may take. Both libraries keep this to themselves: where they keep it elsewhere one day, the
    search is slow, and no worse.
    """
    with contextlib.suppress(ImportError, AttributeError):
        from dateparser.data.languages_info import language_order
        from htmldate.extractors import get_external_parser

        own = re.split("[-_]", language.lower())[0]
        known = [name for name in language_order if name == own]
        get_external_parser().languages = [*known, *(name for name in language_order[:COMMON_LANGUAGES] if name != own)]


def _names_the_first(tree: html.HtmlElement, when: datetime) -> bool:
    """Tell whether the page writes the first of that month anywhere: htmldate says the first for a mere month too."""
    year, month = when.year, when.month
    text = html.tostring(tree, encoding="unicode")
    numbers = rf"{year}\D{{1,2}}0?{month}\D{{1,2}}0?1\b|\b0?1\D{{1,2}}0?{month}\D{{1,2}}{year}|\b0?{month}/0?1/{year}"
    words = rf"\b0?1(?:st|er|\.|º)?\s+(?:de\s+)?\w+\.?,?\s+(?:de\s+)?{year}|\w+\.?\s+0?1(?:st)?,?\s+{year}"
    return re.search(f"{numbers}|{words}", text) is not None
