"""What a source is called among people, from what its feed calls itself; knows no feed."""

from __future__ import annotations

import re

#: Characters of a name: what is longer is a description, and stands before every headline of the source.
LONGEST = 80
#: What joins letters into words or keeps them apart, and cannot be seen itself (Unicode, §23.2).
_JOINERS = "\u200c\u200d"

_SEPARATOR = re.compile(r"\s+[-–—|>»·]+\s+|\s*::\s*|\s*\|\s*|:\s+")
_FEED = re.compile(r"\s*[-–—|:]?\s*\(?\b(?:RSS|Atom)\b(?:\s*\d(?:\.\d)?)?(?:\s+feed)?\)?\s*$", re.IGNORECASE)
_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)(?:\.[\w-]+)*\.[a-z]{2,}$", re.IGNORECASE)

_GENERIC = """
    home|homepage|front page|frontpage|start|startseite|accueil|la une|à la une|portada|inicio|الرئيسية
    news|latest|latest news|latest stories|latest articles|latest headlines|headlines|top news|top stories|top headlines
    breaking news|main|all|all news|all stories|all articles|recent|recent posts|recent articles|updates|feed
    articles|stories|rss|rss headlines|rss feed|rss channel
    nachrichten|aktuell|aktuelles|aktuelle nachrichten|schlagzeilen|alle artikel|neueste artikel|topmeldungen
    actualités|dernières actualités|toute l'actualité|derniers articles|noticias|últimas noticias|titulares
    أخبار|آخر الأخبار
"""
#: Parts of a feed's title that say which of a publisher's feeds it is, not who publishes; in the designs' languages.
_OF_EVERYBODY = frozenset(part.strip() for line in _GENERIC.splitlines() for part in line.split("|"))


def name_of(title: str) -> str:
    """Return the publisher in a feed's title: ``Herald`` for ``Herald - Top Stories``; the title where in doubt.

    '' where it names nobody, as ``RSS`` and ``Latest news`` do.
    """
    title = printable(title)
    plain = _FEED.sub("", title).strip()
    parts = [part.strip() for part in _SEPARATOR.split(plain) if any(map(str.isalnum, part))]
    named = [part for part in parts if part.casefold() not in _OF_EVERYBODY]
    told = {part.casefold() for part in named}
    own = [part for part in named if not ((site := _DOMAIN.match(part)) and site[1].casefold() in told)]
    return own[0] if len(own) == 1 else plain if own else ""


def printable(title: str) -> str:
    """Return a title on one line, without what cannot be printed, cut at a word's end where it is too long."""
    seen = "".join(c for c in " ".join(title.split()) if c.isprintable() or c in _JOINERS)
    if len(seen) <= LONGEST:
        return seen
    return (seen[:LONGEST].rsplit(" ", 1)[0]).rstrip(" ,;:–-|") + "…"
