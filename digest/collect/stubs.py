"""Tells an article from its beginning, and which beginnings are worth a look at their page; fetches nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from digest.collect.feed_xml import is_web_address
from digest.collect.site import site_of
from digest.model import Article

#: A text of fewer words is a beginning, not the article.
ENOUGH_WORDS = 150
#: A text of fewer is no more than an announcement: two sentences of a newspaper's.
FEW_WORDS = 40
#: An edition reaches back a day, and half a day for what came late.
MAY_MATTER = timedelta(hours=36)
#: How texts that are cut off end, by the signs and by the words of the systems that cut them.
_CUT = ("…", "...", "…]", "...]", "[+]", "»", "→", "(more)")
_MORE = (
    "read more", "read on", "the rest", "full story", "full article", "continue reading", "weiterlesen", "mehr lesen",
    "lire la suite", "lire plus", "leer más", "seguir leyendo", "continua a leggere", "leggi tutto", "leggi di più",
    "leia mais", "lees meer", "lees verder", "läs mer", "les mer", "czytaj dalej", "czytaj więcej", "číst dál",
    "читать далее", "читать полностью", "اقرأ المزيد", "続きを読む", "阅读全文",
)  # fmt: skip
#: Words that tell what a headline is about are not the shortest ones.
_TELLING = re.compile(r"[^\W\d_]{4,}|\d{2,}")


def is_whole(article: Article) -> bool:
    """Tell whether an article has its text."""
    return _words(article.body) >= ENOUGH_WORDS


def is_stub(article: Article) -> bool:
    """Tell whether what is given of an article only announces it: hardly a text, or one that is cut off."""
    text = max(article.body, article.dek, key=len)
    return _words(text) < FEW_WORDS or (not is_whole(article) and _is_cut_off(text))


def _is_cut_off(text: str) -> bool:
    end = text[-40:].casefold()
    return end.endswith(_CUT) or end.rstrip(" .!:").endswith(_MORE)


def _words(text: str) -> int:
    """Return how many words a text of single spaces has; counted so because every article of every feed is asked."""
    return text.count(" ") + text.count("\n\n") + 1 if text else 0


def gives_stubs(articles: Collection[Article]) -> bool:
    """Tell whether a source announces its articles only: at least half of those with an address of their own."""
    there = [article for article in articles if article.url.startswith("http")]
    return bool(there) and 2 * sum(map(is_stub, there)) >= len(there)


def worth_reading(articles: Sequence[Article], sites: Collection[str], now: datetime) -> Iterator[Article]:
    """Give the articles of a source of stubs whose pages may matter: announced only, of late, and on its own site.

    A page elsewhere is another publisher's, who was not asked for it. An undated article counts as late news.
    """
    own = {site_of(site) for site in sites} - {""}
    for article in articles if gives_stubs(articles) else ():
        is_late = article.published_at is None or now - article.published_at <= MAY_MATTER
        if is_late and is_stub(article) and is_web_address(article.url) and site_of(article.url) in own:
            yield article


def tells_of(text: str, headline: str) -> bool:
    """Tell whether a page's text has a third of a headline's words; a notice in the article's place has not.

    Headlines in scripts without spaces between words are compared by pairs of characters.
    """
    words = {word.casefold() for word in _TELLING.findall(headline)}
    if any(len(word) > 2 and not word.isascii() for word in words) and " " not in headline.strip():
        words = {headline[at : at + 2].casefold() for at in range(len(headline) - 1)}
    text = text.casefold()
    return 3 * sum(word in text for word in words) >= len(words)


def fingerprint(url: str) -> str:
    """Return a short mark by which an address is known again."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=6).hexdigest()
