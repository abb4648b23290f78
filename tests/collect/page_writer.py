"""Writes article pages as sites do, in several shapes, from a headline, paragraphs, a card and a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape as e

Pair = tuple[str, str]


@dataclass(frozen=True)
class Draft:
    """What goes onto a page."""

    headline: str
    paragraphs: tuple[str, ...]
    byline: str
    full_link: str  #: the text of the link to the full article
    full_url: str
    source: str
    source_url: str
    tagline: str
    header_alt: str
    sponsor: str
    call_to_action: str
    related: tuple[Pair, ...]


def _each(related: Sequence[Pair], write: Callable[[int, str, str], str]) -> str:
    return "\n".join(write(n, e(headline), e(dek)) for n, (headline, dek) in enumerate(related))


#: How a page may mark up a list of headlines with deks.
SHAPES: dict[str, Callable[[Sequence[Pair]], str]] = {
    "linked heading and paragraph": lambda r: _each(r, lambda n, h, d: f'<h3><a href="/s/{n}">{h}</a></h3><p>{d}</p>'),
    "heading without link": lambda r: _each(r, lambda _, h, d: f"<h3>{h}</h3><p>{d}</p>"),
    "article cards": lambda r: _each(
        r,
        lambda n, h, d: (
            f'<article class="card card-{n}"><a href="/s/{n}"><img src="/s/{n}.jpg" alt=""></a><div class="text">'
            f'<h2 class="card-title"><a href="/s/{n}">{h}</a></h2><div class="excerpt">{d}</div></div></article>'
        ),
    ),
    "card that is one link": lambda r: _each(
        r, lambda n, h, d: f'<a class="tile" href="/s/{n}"><h4>{h}</h4><p>{d}</p></a>'
    ),
    "list item with link and span": lambda r: (
        "<ul>" + _each(r, lambda n, h, d: f'<li><a href="/s/{n}">{h}</a><span>{d}</span></li>') + "</ul>"
    ),
    "list item with link and text": lambda r: (
        "<ul>" + _each(r, lambda n, h, d: f'<li><a href="/s/{n}">{h}</a> {d}</li>') + "</ul>"
    ),
    "paragraphs only": lambda r: _each(r, lambda n, h, d: f'<p><a href="/s/{n}">{h}</a></p>\n<p>{d}</p>'),
    "definition list": lambda r: (
        "<dl>" + _each(r, lambda n, h, d: f'<dt><a href="/s/{n}">{h}</a></dt><dd>{d}</dd>') + "</dl>"
    ),
    "author and date before the dek": lambda r: _each(
        r,
        lambda n, h, d: (
            f'<div class="module module_{n}"><h3 class="entry-title"><a href="/s/{n}" rel="bookmark">{h}</a></h3>'
            f'<div class="meta"><a href="/by/mo">Mo Lind</a> - <time datetime="2026-02-07">February 7, 2026</time></div>'
            f'<div class="dek">{d}</div><div><a href="/s/{n}">Read more</a></div></div>'
        ),
    ),
    "headline written twice for two screens": lambda r: _each(
        r,
        lambda n, h, d: (
            f'<h3><a class="wide" href="/s/{n}">{h}</a> <span class="narrow">{h}</span></h3><p class="dek">{d}</p>'
        ),
    ),
    "a prompt at the end of the dek": lambda r: _each(
        r,
        lambda n, h, d: (
            f'<div class="post"><h3><a href="/s/{n}">{h}</a></h3><p>{d} <a href="/s/{n}">Read more »</a></p></div>'
        ),
    ),
    "bare headlines of the same make before and behind": lambda r: (
        "".join(f'<h3><a href="/top/{n}">A popular story, number {n}</a></h3>' for n in range(4))
        + _each(r, lambda n, h, d: f'<h3><a href="/s/{n}">{h}</a></h3><p>{d}</p>')
        + "".join(f'<h3><a href="/old/{n}">An older story, number {n}</a></h3>' for n in range(4))
    ),
    "category before the headline": lambda r: _each(
        r,
        lambda n, h, d: (
            f'<div class="item"><a href="/c">World</a><h5><a href="/s/{n}">{h}</a></h5>'
            f"<time>7 Feb 2026</time><p>{d}</p></div>"
        ),
    ),
}


def write_page(draft: Draft, shape: str) -> bytes:
    """Return a page with everything of the draft on it, in the order a reader meets it."""
    paragraphs = "\n".join(f"<p>{e(text)}</p>" for text in draft.paragraphs)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{e(draft.headline)} | Clearing House</title></head>
<body><header><a href="/">Clearing House</a><nav><ul><li><a href="/world">World news today</a></li>
<li><a href="/money">Money and work</a></li></ul></nav></header>
<main><article><h1>{e(draft.headline)}</h1>
<a href="https://sponsor.example/offer"><img src="/ads/sponsor.png" alt="{e(draft.sponsor)}"></a>
<img src="https://img.example/header.jpg" alt="{e(draft.header_alt)}">
{paragraphs}
<p>By&nbsp;{e(draft.byline)}</p>
<p><a href="{e(draft.full_url)}">{e(draft.full_link)}</a></p>
<p><a href="/act">{e(draft.call_to_action)}</a></p></article>
<div class="box"><a href="/from/source"><img src="/logos/source.png" alt="{e(draft.source)}"></a>
<div><a href="/from/source">{e(draft.source)}</a></div>
<div><a href="{e(draft.source_url)}">{e(draft.source_url)}</a></div><div>{e(draft.tagline)}</div></div>
<section>{SHAPES[shape](draft.related)}</section>
<img src="/spot.png" alt="spot"><h2>Related Articles</h2></main>
<footer><p>Clearing House collects what others report.</p></footer></body></html>""".encode()


def plain_page(body: str, head: str = "", language: str = "en") -> bytes:
    """Return a page of this head and body."""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    ).encode()


#: The text of an invented article, four paragraphs.
TEXT = (
    "The harbour council of Ostervik is withdrawing its plan for a second ferry after sharp losses in the last quarter.",
    "The town's auditor asked the council to publish the figures of each month since the service began in spring.",
    "Shop owners on the eastern quay said that they had counted on the boat and taken on people for the summer.",
    "A public meeting is called for next Thursday in the old customs house, where three proposals will be shown.",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)
