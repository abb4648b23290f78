"""One name for each element that feeds use, however its namespace is spelt; knows no element's meaning."""

from __future__ import annotations

#: Namespaces by the prefix they are known under, without protocol, ``www.`` and the last slash or hash, in lower case.
_NAMESPACES = {
    "": "",
    "purl.org/rss/1.0": "",
    "purl.org/net/rss1.1": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "backend.userland.com/rss": "",
    "backend.userland.com/rss2": "",
    "backend.userland.com/rss091": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss": "",
    "w3.org/2005/atom": "atom:",
    "purl.org/atom/ns": "atom:",
    "purl.org/atom/app": "app:",
    "purl.org/dc/elements/1.0": "dc:",
    "purl.org/dc/elements/1.1": "dc:",
    "purl.org/dc/terms": "dcterms:",
    "purl.org/rss/1.0/modules/content": "content:",
    "search.yahoo.com/mrss": "media:",
    "video.search.yahoo.com/mrss": "media:",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "itunes.com/dtds/podcast-1.0": "itunes:",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
    "purl.org/rss/1.0/modules/syndication": "sy:",
    "w3.org/1999/xhtml": "xhtml:",
    "feedburner.com/rss/1.0": "feedburner:",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner:",
}
#: Prefixes that stand for their usual namespace where the feed forgot to declare them.
USUAL_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "atom10": "http://www.w3.org/2005/Atom",
    "a10": "http://www.w3.org/2005/Atom",
    "rss": "http://purl.org/rss/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
}


#: Every element that some reader asks for, so that the others cost one look-up each.
_WANTED = frozenset({
    "rss", "rdf:rdf", "rdf", "channel", "item", "feed", "entry", "title", "link", "guid", "description", "pubdate",
    "date", "author", "category", "image", "url", "ttl", "language", "enclosure", "content:encoded", "dc:title",
    "dc:creator", "dc:author", "dc:date", "dc:description", "dc:subject", "dc:language", "dcterms:issued",
    "dcterms:created", "dcterms:modified", "itunes:author", "itunes:image", "itunes:title", "itunes:summary",
    "itunes:subtitle", "media:group", "media:content", "media:thumbnail", "media:title", "media:description",
    "media:credit", "sy:updateperiod", "sy:updatefrequency", "xhtml:body", "xhtml:div", "body", "fullitem", "content",
    "summary", "abstract", "atom:feed", "atom:entry", "atom:title", "atom:link", "atom:id", "atom:updated",
    "atom:modified", "atom:published", "atom:issued", "atom:created", "atom:summary", "atom:content", "atom:author",
    "atom:name", "atom:category", "atom:subtitle", "atom:tagline", "atom:logo", "atom:icon",
})  # fmt: skip


#: Elements that hold the whole text where ``content:encoded`` is missing, under one name.
_SAME = dict.fromkeys(("xhtml:body", "xhtml:div", "body", "fullitem"), "content")
#: What the names in a namespace of the feed's own begin with, by the outermost element.
_ROOTS = {"feed": "atom:", "entry": "atom:", "rss": "", "rdf": "", "channel": ""}


class Names(dict[str, str]):
    """Elements' names as lxml gives them, to the names used here: ``title``, ``atom:link``, ``dc:creator``.

    It fills itself as names are asked for; make one for each feed, from the name of its outermost element, so that
    none can fill it for another. An element that no reader asks for has no name. Where the outermost element stands in
    no namespace, or in one that nobody knows, the others in it are what they are in a feed of that kind.
    """

    def __init__(self, root: str = "") -> None:
        super().__init__(_USUAL)
        self._own: tuple[str, str] | None = None
        space, local = _split(root)
        if (prefix := _ROOTS.get(local)) is not None and (not space or space not in _NAMESPACES) and prefix + space:
            self.clear()
            self._own = space, prefix

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):
            return ""
        space, local = _split(tag)
        prefix = self._own[1] if self._own and space == self._own[0] else _NAMESPACES.get(space, "?:")
        name = prefix + local
        self[tag] = _SAME.get(name, name) if name in _WANTED else ""
        return self[tag]


def _split(tag: str) -> tuple[str, str]:
    """Return an element's namespace without what differs between its spellings, and its name, in lower case."""
    if tag[:1] != "{":
        return "", tag.lower()
    space, _, local = tag[1:].rpartition("}")
    space = space.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return space.rstrip("/#"), local.lower()


def _usual() -> dict[str, str]:
    """Return the names of what nearly every feed has, in the spelling nearly every feed uses."""
    spaces = {prefix + ":": f"{{{space}}}" for prefix, space in USUAL_PREFIXES.items()}
    wanted = [(name.partition(":")[0] + ":", name) for name in _WANTED if ":" in name]
    bare = {name: name for name in _WANTED if ":" not in name} | {"pubDate": "pubdate"}
    known = {spaces[prefix] + name[len(prefix) :]: name for prefix, name in wanted if prefix in spaces}
    return {tag: _SAME.get(name, name) for tag, name in (bare | known).items()}


_USUAL = _usual()
