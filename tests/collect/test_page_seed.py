"""A page with a card of its source and a list of headlines, in every shape that such lists come in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.page import read_page
from digest.collect.page_source import read_source
from digest.collect.registry import Body
from digest.model import Introduction, Source, SourceState
from digest.pipeline.introducing import introduced
from tests.collect.page_writer import SHAPES, Draft, write_page

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
DRAFT = Draft(
    headline="Harbour Council Withdraws Ferry Plan After ‘Sharp Losses,’ Auditor Says",
    paragraphs=(
        (
            "The harbour council of Ostervik is withdrawing its plan for a second ferry after “sharp losses” in the last "
            "quarter, the town's auditor said on Tuesday in a letter to the mayor."
        ),
        (
            "In the letter, the auditor wrote that “fares covered less than a third of what the crossing cost,” and asked "
            "the council to publish the figures of each month since the service began."
        ),
        (
            "Shop owners on the eastern quay said they had counted on the boat. “We took on two people for the summer,” "
            "said Ida Renn, who sells bread beside the landing stage."
        ),
        (
            "The mayor has not commented. A public meeting is called for next Thursday in the old customs house, where "
            "the council will present three cheaper proposals."
        ),
    ),
    byline="Malin Osk",
    full_link="Read Full Article on OstervikPost.example",
    full_url="https://ostervikpost.example/2026/03/ferry-plan",
    source="The Ostervik Post",
    source_url="https://ostervikpost.example/",
    tagline="News from both banks since 1911. The Ostervik Post is owned by its readers and answers to nobody else.",
    header_alt="The Ostervik Post Header",
    sponsor="Kettle & Co. The Tea Platform",
    call_to_action="Write to Your Councillor Today",
    related=(
        ("Bridge Tolls to Rise Twice This Year", "Drivers will pay more from April, and again in September."),
        ("When the Lighthouse Went Dark", "For three nights in January nobody noticed that the lamp was out."),
        ("Two Choirs, One Organ", "Both choirs of the town want the organ on the same evening."),
        ("‘A Winter Like None Before’: Farmers Count the Cost", "Frost took half of the early crop, growers say."),
        ("School Kitchens Return to Local Fish", "The town's five schools will buy from its own boats from May on."),
    ),
)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_element_of_the_page_is_read_in_every_shape(shape: str) -> None:
    page = read_page(write_page(DRAFT, shape), url="https://clearing.example/ferry-plan")

    assert page.headline == DRAFT.headline
    assert page.byline == ("Malin Osk",)
    assert page.full_url == DRAFT.full_url
    assert (page.site, page.site_url, page.tagline) == (DRAFT.source, DRAFT.source_url, DRAFT.tagline)
    assert page.logo == "https://img.example/header.jpg"
    assert page.body == "\n\n".join(DRAFT.paragraphs)
    assert [(item.headline, item.dek) for item in page.related] == list(DRAFT.related)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if "without" not in shape])
def test_each_headline_keeps_its_own_link(shape: str) -> None:
    page = read_page(write_page(DRAFT, shape), url="https://clearing.example/ferry-plan")

    assert [item.url for item in page.related] == [f"https://clearing.example/s/{n}" for n in range(5)]


def test_a_page_source_gives_one_article_with_the_list_in_its_order() -> None:
    source = Source(slug="ostervik", title="ostervik", kind="page", section="Towns", weight=2.0)

    reading = read_source(source, Body(raw=write_page(DRAFT, "article cards"), url="https://clearing.example/x"), NOW)

    (article,) = reading.articles
    assert article.url == DRAFT.full_url
    assert (article.headline, article.byline) == (DRAFT.headline, "Malin Osk")
    assert (article.source, article.owner, article.section, article.weight) == ("ostervik", "ostervik", "Towns", 2.0)
    assert article.first_seen == NOW
    assert [item.headline for item in article.related] == [headline for headline, _ in DRAFT.related]
    assert reading.introduction == Introduction(
        "The Ostervik Post", DRAFT.source_url, DRAFT.tagline, "https://img.example/header.jpg", "en"
    )


def test_what_the_configuration_says_of_a_source_is_kept() -> None:
    source = Source(
        slug="o", title="Our Post", kind="page", tagline="Ours.", homepage="https://o.example", logo="l.png"
    )

    reading = read_source(source, Body(raw=write_page(DRAFT, "paragraphs only"), url="https://c.example/x"), NOW)

    assert introduced(source, SourceState("o", introduction=reading.introduction or Introduction())) == Source(
        slug="o",
        title="Our Post",
        kind="page",
        tagline="Ours.",
        homepage="https://o.example",
        logo="l.png",
        language="en",
    )


@pytest.mark.data
@pytest.mark.parametrize("shape", SHAPES)
def test_the_page_this_product_was_conceived_from_is_read_whole(shape: str, data: Path) -> None:
    draft = _seed(data / "seed" / "page.txt")

    page = read_page(write_page(draft, shape), url="https://clearing.example/seed")

    assert len(draft.related) == 13
    assert page.headline == draft.headline
    assert page.byline == (draft.byline,)
    assert page.full_url == draft.full_url
    assert (page.site, page.site_url, page.tagline) == (draft.source, draft.source_url, draft.tagline)
    assert page.logo == "https://img.example/header.jpg"
    assert page.body == "\n\n".join(draft.paragraphs)
    assert [(item.headline, item.dek) for item in page.related] == list(draft.related)


def _seed(file: Path) -> Draft:
    lines = [line.strip() for line in file.read_text("utf-8").replace("\xa0", " ").splitlines() if line.strip()]
    headline, sponsor, header, *rest = lines
    by = next(n for n, line in enumerate(rest) if line.startswith("By "))
    full_link, call, source, address, tagline, *beside = rest[by + 1 :]
    listed = beside[: beside.index("spot_img")]
    return Draft(
        headline=headline,
        paragraphs=tuple(rest[:by]),
        byline=rest[by].removeprefix("By "),
        full_link=full_link,
        full_url="https://full.example/article",
        source=source,
        source_url=address.removeprefix(source),
        tagline=tagline,
        header_alt=header,
        sponsor=sponsor,
        call_to_action=call,
        related=tuple(zip(listed[::2], listed[1::2], strict=True)),
    )
