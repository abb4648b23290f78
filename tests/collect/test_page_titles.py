"""The headline of pages whose headings and titles name the site, a section or a system as well."""

from __future__ import annotations

import pytest

from digest.collect.page import read_page
from tests.collect.page_writer import PARAGRAPHS, plain_page

URL = "https://www.quay.example/blog/2026/ferry"
WANTED = "Council withdraws ferry plan"

DESCRIBED = '<script type="application/ld+json">{"@type": "Article", "headline": "decision in a port"}</script>'
SHARED = '<meta property="og:title" content="Ferry off"><meta name="twitter:title" content="Quay test of ferries">'


def headline(head: str, above: str) -> str:
    return read_page(plain_page(above + PARAGRAPHS, head), url=URL).headline


@pytest.mark.parametrize(
    ("head", "above"),
    [
        (f"<title>The Lantern » {WANTED}</title>", '<h1><a href="/">The Lantern</a></h1>'),
        (f"<title>{WANTED} – The Lantern</title>", f'<h1><a href="/blog/">The Lantern</a></h1><h2>{WANTED}</h2>'),
        (f"<title>{WANTED} - The Lantern</title>", f"<h2>{WANTED}</h2>"),
        (
            f'<meta property="og:title" content="{WANTED} | Ostervik | News">',
            f"<h1>{WANTED} Members only</h1>",
        ),
        (f"<title>{WANTED} » Local » News</title>", ""),
        (f"<title>{WANTED} ‹ The Lantern of Ostervik</title>", ""),
        (f"<title>The Lantern » Blog Archive » {WANTED}</title>", '<h1><a href="/">The Lantern</a></h1>'),
        (f"<title>{WANTED} | QUAY</title>", ""),
        (f"<title>{WANTED} | quay.example</title>", ""),
        (f'<title>Lamp | {WANTED}</title><meta name="application-name" content="Lamp">', ""),
        (f"<title>{WANTED} - Boats . nets</title>", f"<h1>Boats . nets</h1><h2>{WANTED}</h2>"),
        (
            f"<title>{WANTED} - How to sail - Boats</title>",
            f'<h1><a href="/">How to sail</a></h1><h1>{WANTED}</h1>',
        ),
        (
            f"{DESCRIBED}<title>{WANTED} - Boatpedia</title>",
            f"<h1>{WANTED}</h1>",
        ),
        (
            f"{SHARED}<title>Quay test of ferries</title>",
            f'<article itemscope itemtype="https://schema.org/Article"><h1 itemprop="headline">{WANTED}</h1>',
        ),
        (f'<meta name="dc.title" content="quay.example"><title>{WANTED}</title>', ""),
        ("<title>quay.example</title>", f'<h1><img src="/logo.png" alt="Quay"></h1><h2>{WANTED}</h2>'),
    ],
    ids=[
        "a heading that links home is the site's name",
        "a second-level heading that the title begins with",
        "no first-level heading at all",
        "the title begins a heading",
        "a trail of sections",
        "what WordPress sets behind a headline",
        "what WordPress once set before one",
        "the site's name as its address has it",
        "the site's address",
        "the site's name as telephones show it",
        "a first-level heading for all pages",
        "two first-level headings",
        "data that only describes",
        "a heading that is marked as the headline",
        "a title that is the site's address",
        "a title for all pages",
    ],
)
def test_the_headline_is_told_from_what_stands_beside_it(head: str, above: str) -> None:
    assert headline(head, above) == WANTED


@pytest.mark.parametrize(
    "whole",
    [
        "Mayor speaks of the « gravity of the situation in the port »",
        "Ferry plan – the council's long way to a decision",
        "Ferry: why the council withdraws its plan",
        "Council | Town hall: a ferry is withdrawn",
    ],
)
def test_a_headline_with_marks_of_its_own_stays_whole(whole: str) -> None:
    assert headline(f"<title>{whole} | Quay</title>", f"<h1>{whole}</h1>") == whole


def test_a_section_set_before_the_headline_is_not_taken_for_it() -> None:
    head = f"<title>Lantern.example | Four Hills Cup | {WANTED}</title>"

    assert headline(head, f"<h3>Four Hills Cup</h3><h1>{WANTED}</h1>") == WANTED
