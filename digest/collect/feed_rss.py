"""Reads RSS 0.9x, 1.0 and 2.0 with the usual extensions from a tree; knows nothing of bytes."""

from __future__ import annotations

from digest.collect.dates import read_date
from digest.collect.feed_names import Names
from digest.collect.feed_parts import Nodes, Texts, first, names_of, parts_of, person, picture, taken_apart, ttl_minutes
from digest.collect.feed_values import Entry, Feed, within_reach
from digest.collect.feed_xml import XML_LANG, Element, base_of, markup, resolve
from digest.collect.prose import one_line, paragraphs


def read_rss(root: Element, names: Names, url: str) -> Feed:
    """Return the feed under an ``rss``, ``rdf:RDF`` or ``channel`` element, fetched from ``url``."""
    channel = root if names[root.tag] == "channel" else next((c for c in root if names[c.tag] == "channel"), root)
    texts, nodes = parts_of(channel, names)
    items = nodes.pop("item", [])
    if channel is not root:
        items = items + [child for child in root if names[child.tag] == "item"]
    items, notes = within_reach(items)
    stated = base_of(channel)
    link = resolve(_link(texts, nodes) or _attribute(channel, "href"), stated or url)
    base = stated or link or url
    return Feed(
        title=one_line(first(texts, "title", "dc:title", "media:title") or _atom(nodes, "atom:title")),
        link=link,
        language=one_line(first(texts, "language", "dc:language")) or channel.get(XML_LANG) or root.get(XML_LANG) or "",
        entries=tuple([_entry(*parts, names, base) for parts in taken_apart(items, names)]),
        logo=_logo(root, nodes, names, link or url),
        tagline=one_line(
            first(texts, "description", "itunes:summary", "itunes:subtitle", "dc:description", "abstract")
        ),
        ttl_minutes=ttl_minutes(texts),
        notes=notes,
    )


def _entry(item: Element, texts: Texts, nodes: Nodes, names: Names, base: str) -> Entry:
    get = texts.get
    language = ""
    if item.keys():  # hardly any item has attributes, and to ask for each costs more
        base, language = base_of(item) or base, item.get(XML_LANG) or ""
        texts = {"dcterms:modified": _attribute(item, "lastmod")} | texts
        get = texts.get
    content = get("content:encoded") or (_atom(nodes, "atom:content") if nodes else "") or get("content", "")
    summary = get("description") or _summary(texts, nodes)
    updated = get("atom:updated") or get("dcterms:modified") or get("dc:date")
    updated_at = read_date(updated) if updated else None
    category = get("category") or get("dc:subject")
    dek = paragraphs(summary) if summary else ""
    markup = content or summary
    # By position, in the order of the fields: this runs for every entry, and names cost a tenth of it.
    return Entry(
        (get("guid") or get("atom:id", "")).strip(),
        one_line(get("title") or _headline(texts, nodes)),
        resolve(get("link") or _link(texts, nodes) or _permalink(item, texts), base),
        read_date(get("pubdate") or _published(texts)) or updated_at,
        updated_at,
        dek,
        (dek if content == summary else paragraphs(content)) if content else "",
        _byline(nodes, names) if nodes else "",
        picture(nodes, markup, base) if nodes or "<" in markup else None,
        one_line(category) if category else "",
        get("dc:language", "").strip() or language,
    )


def _headline(texts: Texts, nodes: Nodes) -> str:
    return first(texts, "dc:title", "media:title", "itunes:title") or _atom(nodes, "atom:title")


def _summary(texts: Texts, nodes: Nodes) -> str:
    return (
        first(texts, "dc:description")
        or _atom(nodes, "atom:summary")
        or first(texts, "itunes:summary", "media:description", "summary", "abstract", "itunes:subtitle")
    )


def _published(texts: Texts) -> str:
    return first(texts, "dc:date", "atom:published", "dcterms:issued", "dcterms:created", "date")


def _link(texts: Texts, nodes: Nodes) -> str:
    """Return the last ``link`` there is, else the alternate among the Atom links."""
    if "link" in texts:
        return texts["link"]
    for element in nodes.get("atom:link", ()):
        if element.get("rel", "alternate") == "alternate" and (href := element.get("href")):
            return href
    return ""


def _permalink(item: Element, texts: Texts) -> str:
    """Return the guid where it is the item's address, as it is unless it says otherwise (RSS 2.0)."""
    guid = texts.get("guid", "").strip() or _attribute(item, "href")
    if not guid.startswith(("http://", "https://")):
        return ""
    element = item.find("guid")
    return "" if element is not None and element.get("isPermaLink", "true").lower() == "false" else guid


def _attribute(element: Element, name: str) -> str:
    """Return what CDF says in an attribute and other formats in an element, '' for nothing."""
    return element.get(name.upper()) or element.get(name) or ""


def _byline(nodes: Nodes, names: Names) -> str:
    for wanted in ("dc:creator", "author"):
        if wanted in nodes and (byline := _names_in(nodes[wanted])):
            return byline
    if "atom:author" in nodes:
        people = [child for element in nodes["atom:author"] for child in element if names[child.tag] == "atom:name"]
        return names_of(name.text or "" for name in people)
    for wanted in ("dc:author", "itunes:author", "media:credit"):
        if wanted in nodes and (byline := person(_first_of(nodes[wanted]))):
            return byline
    return ""


def _names_in(elements: list[Element]) -> str:
    return person(markup(elements[0])) if len(elements) == 1 else names_of(map(markup, elements))


def _first_of(elements: list[Element]) -> str:
    return next((text for text in map(markup, elements) if text.strip()), "")


def _atom(nodes: Nodes, name: str) -> str:
    """Return what stands in an Atom element that was put into RSS."""
    return next((text for element in nodes.get(name, ()) if (text := markup(element)).strip()), "")


def _logo(root: Element, nodes: Nodes, names: Names, base: str) -> str:
    images = nodes.get("image", []) + [child for child in root if names[child.tag] == "image"]
    for image in images:
        if url := first(parts_of(image, names)[0], "url").strip() or (image.get("href") or ""):
            return resolve(url, base)
    found = picture({name: nodes[name] for name in ("itunes:image", "media:thumbnail") if name in nodes}, "", base)
    return found.url if found else ""
