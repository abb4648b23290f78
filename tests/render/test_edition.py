"""An edition becomes a message that has all of it, in every design."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from digest.errors import TemplateError
from digest.model import Edition, Masthead, Reason, Story
from digest.render import designs, render
from digest.render.check import faults
from digest.render.fitting import SIZE_LIMIT, size
from tests.render import editions
from tests.render.golden import FOLDER, GOLDEN, printed

DESIGNS = designs()


def shown(markup: str) -> str:
    """Return what a reader sees of markup."""
    body = markup.split("<body", 1)[1]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("name", GOLDEN)
def test_an_edition_is_printed_as_its_golden_file_says(name: str, design: str) -> None:
    for file, content in printed(name, design).items():
        golden = FOLDER / file
        assert golden.exists(), "written by: python -m tests.render.golden"
        assert content == golden.read_text(encoding="utf-8"), f"{file}; if meant: python -m tests.render.golden"


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("edition", [editions.small(), editions.plain(), editions.long(), editions.right_to_left()])
def test_no_design_has_a_fault(design: str, edition: Edition) -> None:
    assert faults(render(edition, design=design), edition) == ()


@pytest.mark.parametrize("design", DESIGNS)
def test_every_element_of_an_edition_is_in_the_html(design: str) -> None:
    page = shown(render(editions.small(), design=design).html)
    for words in (
        "The Morning Sheet",
        "Wednesday, March 4, 2026",
        "Port Alder bridge closes for a year after cracks are found in both towers",
        "By Ida Marsh",
        "The Harbour Gazette",
        "Engineers had found cracks longer than a hand in both towers",
        "Read the full article on The Harbour Gazette",
        "gazette.example",
        "News of the coast since 1891.",
        "9 independent sources",
        "Ferries to sail twice as often",
        "The first leaves at 4.30 a.m. on Thursday.",
        "Also at Island Observer",
        "How the bridge was built in 1962",
        "Who gains? The ferries do.",
        "Sponsor Alder Ferries: the island in forty minutes",
        "Know someone who would like this? Send it on.",
        "Update",
        "Teachers end their strike after eleven days",
        "What the teachers were offered",
        "In brief",
        "A record eel is weighed at Tarn Quay",
        "Unsubscribe",
        "Your preferences",
        "Read it on the web",
        "Broad Street 1 1000 Port Alder",
    ):
        assert words.casefold() in page.casefold(), words


@pytest.mark.parametrize("design", DESIGNS)
def test_the_text_has_the_link_of_every_article(design: str) -> None:
    edition = editions.small()
    text = render(edition, design=design).text
    for story in (*edition.stories, *edition.brief):
        for article in story.articles:
            assert article.url in text
    for line in edition.lead.lead.related:
        assert line.headline in text
        assert line.url in text


@pytest.mark.parametrize("design", DESIGNS)
def test_what_is_not_set_leaves_no_trace(design: str) -> None:
    message = render(editions.plain(), design=design)
    page = shown(message.html)
    for words in (
        "Sponsor",
        "Also at",
        "In brief",
        "More on this story",
        "Why this leads",
        "Read it on the web",
        "By ",
    ):
        assert words not in page, words
        assert words not in message.text, words
    assert "<img" not in message.html


@pytest.mark.parametrize("design", DESIGNS)
def test_the_page_says_of_each_story_why_it_stands_there_and_the_mail_of_the_lead_alone(design: str) -> None:
    edition = editions.small()
    why = (Reason("sources", 3), Reason("reports", 7), Reason("copies", 2), Reason("weight", 1.5))
    lead, second, *others = edition.stories
    edition = replace(edition, stories=(lead, replace(second, reasons=why), *others))
    told = "3 independent sources · 7 reports in all · 2 copies not counted · the weightiest source counts 1.5 times"
    assert told in shown(render(edition, design=design, web=True).html)
    assert "7 reports" not in shown(render(edition, design=design).html)


@pytest.mark.parametrize("design", DESIGNS)
def test_what_others_add_and_say_in_other_languages_is_shown_with_who_says_it(design: str) -> None:
    message = render(editions.small(language="de"), design=design)
    for text in (shown(message.html), " ".join(message.text.split())):
        assert "Island Observer ergänzt: The last inspection was in 2019, and nobody read its report." in text
        assert "Auch auf Deutsch: " in text
        assert "Brücke von Port Alder für ein Jahr gesperrt" in text
        assert "Zusammenfassung von Tern 2, einem Sprachmodell" in text


def test_of_several_reports_in_another_language_one_is_shown() -> None:
    edition = editions.small()
    lead, *others = edition.stories
    second = replace(lead.tongues[0], key="again", language="de-AT", headline="Noch einmal die Brücke")
    lead = replace(lead, tongues=(*lead.tongues, second, replace(second, language="fr", headline="Le pont")))
    page = shown(render(replace(edition, stories=(lead, *others))).html)
    assert "Also in French: Le pont" in page
    assert page.count("Also in German") == 1
    assert "Noch einmal" not in page


@pytest.mark.parametrize("design", DESIGNS)
def test_the_lists_of_a_page_keep_their_order(design: str) -> None:
    page = shown(render(editions.small(), design=design).html)
    first, second = (page.index(line.headline) for line in editions.LEAD.related)
    assert first < second


def test_only_so_many_words_of_an_article_are_quoted() -> None:
    edition = editions.small()
    short = replace(editions.GAZETTE, quote_words=30)
    page = shown(render(replace(edition, sources=(short, editions.OBSERVER))).html)
    assert "shut at midnight on Tuesday." in page
    assert "We would rather be late than sorry" not in page


def test_nothing_is_quoted_of_a_source_that_allows_no_words() -> None:
    silent = replace(editions.GAZETTE, quote_words=0)
    page = shown(render(replace(editions.small(), sources=(silent,))).html)
    assert "shut at midnight" not in page
    assert "Three hundred men" not in page
    assert "Port Alder bridge closes for a year" in page


def test_pictures_come_from_the_newsletters_own_server_alone() -> None:
    foreign = replace(editions.LEAD, image=replace(editions.LEAD.image, url="https://gazette.example/bridge.jpg"))
    stories = (replace(editions.BRIDGE, lead=foreign),)
    assert "bridge.jpg" not in render(replace(editions.small(), stories=stories)).html
    hotlinked = (replace(editions.GAZETTE, hotlink=True),)
    assert "bridge.jpg" in render(replace(editions.small(), stories=stories, sources=hotlinked)).html


def test_a_masthead_on_one_line_of_config_prints_its_address_in_lines() -> None:
    assert "Broad Street 1<br>1000 Port Alder" in render(editions.small()).html.replace("\n", "")


@pytest.mark.parametrize("design", DESIGNS)
def test_sixty_stories_stay_under_the_limit_of_gmail(design: str) -> None:
    message = render(editions.long(60), design=design)
    assert SIZE_LIMIT * 0.8 < size(message.html) <= SIZE_LIMIT


@pytest.mark.parametrize("design", DESIGNS)
def test_a_longer_edition_is_shortened_from_its_end_with_a_link_to_the_rest(design: str) -> None:
    message = render(editions.long(200), design=design)
    assert size(message.html) <= SIZE_LIMIT
    kept = len(set(re.findall(r"story-(\d+)a\"", message.html)))
    assert f"story-{kept + 1}a" in message.html
    assert f"story-{kept + 2}a" not in message.html
    left_out = 200 + len(editions.BRIEF) - (kept + 1)
    assert f"{left_out} more stories today" in message.html
    assert f"{left_out} more stories today: https://news.example/editions/morning/2026-03-04" in message.text


def test_one_enormous_story_is_sent_as_it_is_shown() -> None:
    only = Story(
        key="bridge", lead=editions.LEAD, related=tuple(editions.article(f"r{n}", "x" * 150) for n in range(300))
    )
    message = render(replace(editions.small(), stories=(only,), brief=()))
    assert any("bytes" in fault for fault in faults(message, editions.small()))


@pytest.mark.parametrize("design", DESIGNS)
def test_the_page_on_the_web_is_whole_and_holds_nothing_personal(design: str) -> None:
    page = render(editions.long(200), design=design, web=True)
    assert page.slots == ()
    assert "%%" not in page.html
    assert "more stories today" not in page.html
    assert "Unsubscribe" not in page.html
    assert '<meta name="robots" content="noindex">' in page.html
    assert '<link rel="canonical" href="https://news.example/editions/morning/2026-03-04">' in page.html
    assert " style=" not in page.html.replace("<style", "")


def test_a_message_names_its_slots() -> None:
    assert set(render(editions.small()).slots) == {"ADDRESS", "UNSUBSCRIBE_URL", "PREFERENCES_URL"}


def test_an_unknown_design_is_answered_with_those_there_are() -> None:
    with pytest.raises(TemplateError, match=r"no design 'evening'; there are: .*morning"):
        render(editions.small(), design="evening")


def test_rendering_is_the_same_every_time() -> None:
    assert render(editions.small()) == render(editions.small())


def test_right_to_left_is_said_where_clients_keep_it() -> None:
    html = render(editions.right_to_left()).html
    wrapper = html.split("<body", 1)[1].split("<div", 1)[1].split(">", 1)[0]
    assert 'dir="rtl"' in wrapper
    assert 'lang="ar"' in wrapper
    assert re.search(r'<p [^>]*lang="en"[^>]* dir="ltr"[^>]*><a [^>]*>Ferries to sail', html) or re.search(
        r'<p [^>]*dir="ltr"[^>]*><a [^>]*>Ferries to sail', html
    )


def test_an_edition_without_an_address_of_its_own_links_to_no_page() -> None:
    message = render(replace(editions.small(), masthead=Masthead(title="Sheet", postal_address="Here 1")))
    assert "/editions/" not in message.html + message.text


def test_a_source_with_two_copies_is_named_once_and_its_own_copy_not_at_all() -> None:
    copies = tuple(
        editions.article(key, "Bridge shut", source)
        for key, source in (("c1", "wire"), ("c2", "observer"), ("c3", "wire"), ("c4", "gazette"))
    )
    story = replace(editions.BRIDGE, also_at=copies)
    page = shown(render(replace(editions.small(), stories=(story,))).html)
    assert "Also at Northern Wire , Island Observer" in page


def test_joined_letters_are_neither_spaced_nor_slanted() -> None:
    html = render(editions.right_to_left()).html
    title = re.search(r'<h1[^>]*style="([^"]*)"', html)
    assert title is not None
    assert title.group(1).endswith("letter-spacing:0")
    assert "font-style:normal" in html
