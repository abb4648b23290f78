"""What a page is made to say, where it says several things: headline, byline, date, picture, text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect.page import Page, as_json, read_page
from digest.errors import FeedError
from digest.model import Picture

URL = "https://quay.example/2026/ferry"
TEXT = (
    "The harbour council of Ostervik is withdrawing its plan for a second ferry after sharp losses in the last quarter.",
    "The town's auditor asked the council to publish the figures of each month since the service began in spring.",
    "Shop owners on the eastern quay said that they had counted on the boat and taken on people for the summer.",
    "A public meeting is called for next Thursday in the old customs house, where three proposals will be shown.",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)


def page(head: str = "", above: str = "", h1: str = "Council withdraws ferry plan", article: str = PARAGRAPHS) -> Page:
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}</head><body><main><article>'
        f"<h1>{h1}</h1>{above}{article}</article></main></body></html>"
    )
    return read_page(html.encode(), url=URL)


def linked_data(**facts: Any) -> str:
    item = {"@context": "https://schema.org", "@type": "NewsArticle", **facts}
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


def shared(title: str) -> str:
    return f'<meta property="og:title" content="{title}">'


@pytest.mark.parametrize(
    ("head", "h1", "headline"),
    [
        ("<title>Ferry plan | The Quay</title>", "Council withdraws ferry plan", "Council withdraws ferry plan"),
        ("<title>Ferry plan withdrawn | The Quay</title>" + shared("Ferry plan withdrawn"), "", "Ferry plan withdrawn"),
        (
            shared("Ferry plan off - The Quay") + '<meta property="og:site_name" content="The Quay">',
            "",
            "Ferry plan off",
        ),
        (linked_data(headline="Council &amp; mayor part ways"), "Council", "Council & mayor part ways"),
        (linked_data(headline="Town: Ferry plan is off") + shared("Ferry plan is off"), "x", "Ferry plan is off"),
        (shared("Harbour: Ferry plan is off"), "Losses: Ferry plan is off", "Ferry plan is off"),
        (linked_data(headline="Who, what: ferry plan is off"), "Ferry plan is off", "Who, what: ferry plan is off"),
        ("<title>Log in</title>", "Log in</h1><h1>Ferry plan is off", "Ferry plan is off"),
        (linked_data(headline="Ferry plan " * 60), "Ferry plan is off", "Ferry plan is off"),
        (
            linked_data(headline="Ferry plan is off, says…"),
            "Ferry plan is off, says mayor",
            "Ferry plan is off, says mayor",
        ),
    ],
    ids=[
        "the heading readers see",
        "no heading",
        "the site's name is cut off",
        "entities of the data are resolved",
        "a kicker that the title for sharing leaves out",
        "two kickers before one headline",
        "no kicker where only the heading leaves it out",
        "a prompt is no headline",
        "a text is no headline",
        "a headline cut for search engines is made whole",
    ],
)
def test_the_headline_is_chosen(head: str, h1: str, headline: str) -> None:
    assert page(head, h1=h1).headline == headline


PERSON = {"@type": "Person", "name": "Ann Lee"}


@pytest.mark.parametrize(
    ("head", "above", "byline"),
    [
        (linked_data(author=[PERSON, {"@type": "Person", "name": "Bo Ek"}]), "", ("Ann Lee", "Bo Ek")),
        (linked_data(author="By Ann Lee and Bo Ek"), "", ("Ann Lee", "Bo Ek")),
        (linked_data(author={"@type": "Person", "name": "Ann Lee (al)"}), "", ("Ann Lee",)),
        (linked_data(author={"@type": "Organization", "name": "Quay News"}), "<p>By Ann Lee</p>", ("Ann Lee",)),
        (linked_data(author={"@type": "Organization", "name": "Quay News"}), "", ("Quay News",)),
        ('<meta name="author" content="Ann Lee; Bo Ek">', "", ("Ann Lee", "Bo Ek")),
        ('<meta name="author" content="https://quay.example/ann">', "", ()),
        ('<meta name="author" content="m.renn@quay.example">', "<div>Malin Renn</div>", ("Malin Renn",)),
        ("", '<div class="byline">By <a rel="author" href="/ann">Ann Lee</a>, <a rel="author">Bo Ek</a></div>', ("Ann Lee", "Bo Ek")),
        ("", '<div class="meta">4 March | Von <span class="authorname">Ann Lee</span> | 3 min</div>', ("Ann Lee",)),
        ("", "<div>Ann Lee | 04.03.2026 - 12:00</div>", ("Ann Lee",)),
        (linked_data(author=PERSON), '<p><a rel="author">Bo Ek</a>, <a rel="author">Ann Lee</a></p>', ("Bo Ek", "Ann Lee")),
        ("", "<p>By the end of the year the ferry was empty.</p>", ()),
        ("", '<ul class="comment-author"><li>Troll Person</li></ul>', ()),
    ],
)  # fmt: skip
def test_the_byline_is_chosen(head: str, above: str, byline: tuple[str, ...]) -> None:
    assert page(head, above).byline == byline


def test_an_author_given_by_reference_is_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "headline": "Council withdraws ferry plan", "author": {"@id": "#ann"}},
            {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
        ]
    }

    found = page(f'<script type="application/ld+json">{json.dumps(graph)}</script>')

    assert found.byline == ("Ann Lee",)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "author": "Ann Lee",}',
        '<!-- {"@type": "NewsArticle", "author": "Ann Lee"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "author": "Ann Lee"}\n//]]>',
        '{"@type": "NewsArticle", "description": "line\nbreak", "author": "Ann Lee"};',
        '[{"@type": ["Thing", "https://schema.org/NewsArticle"], "author": {"name": ["Ann Lee"]}}]',
        '{"@type": "NewsArticle", "author": "Ann Lee"} trailing words',
    ],
)
def test_data_written_carelessly_is_read(script: str) -> None:
    assert page(f'<script type="application/ld+json">{script}</script>').byline == ("Ann Lee",)


def test_of_several_articles_in_the_data_the_one_shown_is_taken() -> None:
    other = linked_data(headline="Another story beside it", author="Someone Else", datePublished="2020-01-01")
    own = linked_data(headline="Council withdraws ferry plan", author="Ann Lee", datePublished="2026-03-04")

    found = page(other + own)

    assert (found.headline, found.byline) == ("Council withdraws ferry plan", ("Ann Lee",))
    assert found.published_at is not None
    assert found.published_at.year == 2026


CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("head", "above", "when"),
    [
        (linked_data(datePublished="2026-03-04T23:30:00+01:00"), "", datetime(2026, 3, 4, 23, 30, tzinfo=CET)),
        (linked_data(datePublished="2026-03-04T23:30:00+0100"), "", datetime(2026, 3, 4, 23, 30, tzinfo=CET)),
        ('<meta property="article:published_time" content="2026-03-04T22:30:00Z">', "", datetime(2026, 3, 4, 22, 30, tzinfo=UTC)),
        ("", '<time datetime="2026-03-04">today</time>', datetime(2026, 3, 4, tzinfo=UTC)),
        ("", "<div>Published: 4 March 2026</div>", datetime(2026, 3, 4, tzinfo=UTC)),
        ("", "<div>Datum 04.03.2026</div>", datetime(2026, 3, 4, tzinfo=UTC)),
        (linked_data(datePublished="soon"), '<time datetime="2026-03-04">x</time>', datetime(2026, 3, 4, tzinfo=UTC)),
        (linked_data(datePublished="2026-02-31"), "", None),
    ],
)  # fmt: skip
def test_the_date_is_read_at_the_pages_own_offset(head: str, above: str, when: datetime | None) -> None:
    found = page(head, above)

    assert found.published_at == when
    if found.published_at and when:
        assert found.published_at.isoformat() == when.isoformat()


FIGURE = '<figure><img src="/img/ferry-77120.jpg" alt="The ferry" width="900" height="600"></figure>'


def test_the_picture_readers_see_comes_before_the_card_made_for_sharing() -> None:
    head = '<meta property="og:image" content="https://quay.example/social/card-with-title.png">'

    assert page(head, FIGURE).image == Picture("https://quay.example/img/ferry-77120.jpg", "The ferry", 900, 600)


def test_the_largest_version_of_the_picture_is_taken() -> None:
    above = (
        '<picture><source srcset="/i/ferry-77120-400.jpg 400w, /i/ferry-77120-1600.jpg 1600w">'
        '<img src="/i/ferry-77120-200.jpg" alt="The ferry"></picture>'
    )

    assert page("", above).image == Picture("https://quay.example/i/ferry-77120-1600.jpg", "The ferry", 1600)


def test_without_a_picture_in_the_article_the_stated_one_is_taken_with_its_size() -> None:
    head = (
        '<meta property="og:image" content="/share.jpg"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"><meta property="og:image:alt" content="Boats">'
    )

    assert page(head).image == Picture("https://quay.example/share.jpg", "Boats", 1200, 630)


@pytest.mark.parametrize(
    "above",
    [
        '<img src="https://count.example/pixel.gif?id=1">',
        '<figure><img src="/x.jpg" width="1" height="1"></figure>',
        '<figure><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></figure>',
        '<figure><img src="/spacer-77120.gif"></figure>',
        '<figure class="author-avatar"><img src="/ann.jpg" width="400"></figure>',
        '<p>By <a rel="author">Ann Lee</a></p><figure><img src="/p/771200.jpg" alt="Ann Lee" width="400"></figure>',
        '<a href="https://sponsor.example/"><figure><img src="/ad-77120.jpg" width="900"></figure></a>',
        '<figure><img src="http://[broken" width="900"></figure>',
    ],
)
def test_pixels_portraits_and_advertisements_are_no_lead_picture(above: str) -> None:
    assert page("", above).image is None


@pytest.mark.parametrize(
    ("head", "above", "picture"),
    [
        ('<meta property="og:image" content="/img/quay_logo_white.gif">', "", None),
        ('<meta property="og:image" content="/i/logo.png">', '<p><img src="/ferry.jpg"></p>', "/ferry.jpg"),
        ("", '<p><img src="/img/buttons/search_button.jpg"></p><p><img src="/ferry.jpg"></p>', "/ferry.jpg"),
        ("", '<p><img src="/qr-code-app.png"></p><p><img src="/count.php?id=1"></p><p><img src="/x.gif"></p>', None),
        ("", '<p><img src="/p/ferry-771200-75x75.jpg"></p>', None),
        (
            '<meta property="og:image" content="/i?id=LYN771200&w=1200">',
            '<figure><img src="/i?id=LYN771200&w=20"></figure>',
            "/i?id=LYN771200&w=1200",
        ),
        (
            '<meta property="og:image" content="/2026/20260304/a.jpg">',
            f'{PARAGRAPHS}<p><img src="/2026/20260304/z.jpg"></p>',
            "/2026/20260304/a.jpg",
        ),
        (
            "",
            '<figure><img srcset="/i/f-771200.jpg 400w,/i/f-771200-b.jpg 900w"></figure>',
            "/i/f-771200-b.jpg",
        ),
    ],
    ids=[
        "a logo",
        "a logo and a photograph",
        "a button",
        "a code, a counter and a sign",
        "a thumbnail by its name",
        "what stands there until the picture is loaded",
        "two pictures of a day",
        "versions without spaces between",
    ],
)
def test_the_furniture_of_a_page_is_no_lead_picture(head: str, above: str, picture: str | None) -> None:
    found = page(head, above).image

    assert (found.url if found else None) == (f"https://quay.example{picture}" if picture else None)


@pytest.mark.parametrize(
    "extra",
    [
        "<figure><img src='/a.jpg'><figcaption>The ferry on its last trip, seen from the quay. Photo: Mo</figcaption></figure>",
        '<div class="image-caption">The ferry on its last trip, seen from the eastern quay.</div>',
        '<blockquote class="twitter-tweet"><p>I will miss the ferry and the people on it very much.</p></blockquote>',
        '<ul><li><a href="/a">Bridge tolls to rise twice this year</a></li><li><a href="/b">The lamp was out</a></li></ul>',
        '<p><a href="/more">READ MORE: Why the bridge tolls rise twice this year</a></p>',
        '<div role="dialog"><p>This article was a gift from a friend who subscribes to the paper.</p></div>',
        "<p>You must allow cookies to see this.</p>" * 3,
    ],
)
def test_what_is_not_the_articles_text_stays_out(extra: str) -> None:
    article = f"<p>{TEXT[0]}</p>{extra}" + "".join(f"<p>{text}</p>" for text in TEXT[1:])

    assert page(article=article).body == "\n\n".join(TEXT)


def test_a_second_article_on_a_page_without_end_stays_out() -> None:
    html = (
        f"<html><body><article><h1>Council withdraws ferry plan</h1>{PARAGRAPHS}</article>"
        f"<article><h1>Something else entirely</h1>{'<p>Another story, told at some length and with no ferry.</p>' * 2}"
        f"{''.join(f'<p>Paragraph {n} of the other story, which has its own headline and text.</p>' for n in range(9))}"
        "</article></body></html>"
    )

    assert read_page(html.encode(), url=URL).body == "\n\n".join(TEXT)


def test_the_dek_below_the_headline_belongs_to_the_text() -> None:
    dek = "After a quarter of losses the council gives up its plan for a second boat across the harbour."
    head = f'<meta name="description" content="{dek}">'

    found = page(head, above=f'<h2 class="standfirst">{dek}</h2>')

    assert found.dek == dek
    assert found.body == "\n\n".join((dek, *TEXT))


def test_the_text_ends_where_the_text_in_the_data_ends() -> None:
    data = linked_data(headline="Council withdraws ferry plan", articleBody="\n".join(TEXT))
    extra = "<p>Our paper is made by eleven people who live in the town and answer to its readers.</p>"

    assert page(data, article=PARAGRAPHS + extra).body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    ("raw", "content_type", "note"),
    [
        ("Café".encode("latin-1"), "text/html; charset=iso-8859-1", "read as windows-1252"),
        ("Café".encode(), "text/html; charset=iso-8859-1", ""),
        ("Café".encode("utf-16"), "", "read as utf-16-le"),
        ("Café – “so”".encode("windows-1252"), "", "read as windows-1252"),
        ("Café".encode(), "text/html; charset=no-such-thing", ""),
        ("Café".encode("latin-1"), "text/html; charset=utf-8", "read as windows-1252"),
    ],
)
def test_the_encoding_is_found_and_told(raw: bytes, content_type: str, note: str) -> None:
    encoding = note.removeprefix("read as ") or "utf-8"
    rest = f"</h1>{PARAGRAPHS}</article>".encode("utf-16-le" if encoding == "utf-16-le" else encoding)
    start = "<article><h1>".encode("utf-16") if encoding == "utf-16-le" else b"<article><h1>"

    found = read_page(start + raw.removeprefix(b"\xff\xfe") + rest, url=URL, content_type=content_type)

    assert found.headline.startswith("Café")
    assert found.notes == ((note,) if note else ())


def test_one_broken_byte_does_not_cost_the_others() -> None:
    raw = f"<article><h1>Ærø får fergen</h1>{PARAGRAPHS}".encode() + b"<p>" + b"\xff" + "ÆØÅ æøå ÆØÅ </p>".encode()

    assert read_page(raw, url=URL).headline == "Ærø får fergen"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("首相は新しい橋の計画を発表した。町の人々は賛成している。", "shift_jis"),
        ("首相は新しい橋の計画を発表した。町の人々は賛成している。", "euc_jp"),
        ("Мэр города объявил о новом плане строительства моста через гавань.", "windows-1251"),
        ("Ο δήμαρχος ανακοίνωσε το νέο σχέδιο για τη γέφυρα του λιμανιού.", "iso8859_7"),
    ],
)
def test_other_scripts_are_read_where_nothing_is_declared(text: str, encoding: str) -> None:
    paragraphs = "".join(f"<p>{n}. {text * 3}</p>" for n in range(4))
    raw = f"<article><h1>{text}</h1>{paragraphs}</article>".encode(encoding)

    assert read_page(raw, url=URL).headline == text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "is empty"),
        (b"   \n ", "is empty"),
        (b"<rss version='2.0'><channel/></rss>", "is a feed or data, not a page"),
        (b'{"a": 1}', "is a feed or data, not a page"),
        (b"<html><head><title>x</title></head><body></body></html>", "has no text"),
        (b"<html><body><p>" + TEXT[0].encode() + b"</p></body></html>", "has no headline"),
    ],
)
def test_what_is_no_article_is_an_error_that_says_why(raw: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        read_page(raw, url=URL)


def test_the_line_for_programs_has_every_field() -> None:
    head = linked_data(
        headline="Council withdraws ferry plan",
        author=PERSON,
        datePublished="2026-03-04T05:00:00Z",
        publisher={"name": "The Quay"},
    )

    assert as_json(page(head, FIGURE), "ferry.html") == {
        "file": "ferry.html",
        "url": URL,
        "headline": "Council withdraws ferry plan",
        "byline": ["Ann Lee"],
        "published_at": "2026-03-04T05:00:00+00:00",
        "image_url": "https://quay.example/img/ferry-77120.jpg",
        "site": "The Quay",
        "body": "\n\n".join(TEXT),
        "related": [],
        "error": None,
    }


def test_no_address_leaves_a_page_but_of_the_web() -> None:
    bad = "javascript:alert(1)"
    head = linked_data(publisher={"name": "Q", "url": bad, "logo": bad}, image=bad)
    listed = "".join(f'<h3><a href="data:text/html,{n}">One two three {n}</a></h3><p>{TEXT[n]}</p>' for n in range(4))

    found = page(head + f'<link rel="canonical" href="{bad}"><base href="{bad}">', article=PARAGRAPHS + listed)

    assert "javascript:" not in repr(found)
    assert "data:" not in repr(found)


def test_links_inside_the_article_are_no_list_of_headlines() -> None:
    inside = '<p><a href="/x">A story from last year about the ferry</a></p>'
    article = "".join(
        f"<p>{text}</p><p>{text} Again.</p>{inside.replace('/x', f'/{n}')}" for n, text in enumerate(TEXT)
    )

    assert page(article=article).related == ()


WHOLE = (
    f"<html><head>{linked_data(headline='H', author=PERSON, image='/a.jpg')}{shared('H')}</head><body><h1>A headline here</h1>"
    f"{FIGURE}{PARAGRAPHS}<h3><a href='/a'>One two three four</a></h3><p>{TEXT[0]}</p></body></html>"
).encode()


@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=6)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_page_broken_anywhere_gives_a_page_or_the_trees_own_error(cuts: list[tuple[int, int, bytes]]) -> None:
    raw = WHOLE
    for at, length, put in cuts:
        raw = raw[:at] + put + raw[at + length :]
    try:
        found = read_page(raw, url=URL)
    except FeedError:
        return
    assert found.headline
    assert json.loads(json.dumps(as_json(found, "x")))["headline"] == found.headline


def test_a_label_set_apart_by_its_looks_alone_is_a_word_of_its_own() -> None:
    listed = "".join(
        f'<h3><a href="/{n}"><span class="flag">Premium</span>Ferry story {n}</a></h3><p>{TEXT[n]}</p>'
        for n in range(4)
    )

    assert [item.headline for item in page(article=PARAGRAPHS + f"<aside>{listed}</aside>").related] == [
        f"Premium Ferry story {n}" for n in range(4)
    ]
