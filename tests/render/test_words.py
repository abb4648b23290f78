"""Every word of the designs is said in every language, with its dates and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract, extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import digest.render
from digest.model import Reason
from digest.render import render, template_folders, words
from digest.render.check import faults
from digest.render.reasons import every, why
from tests.render import editions

LANGUAGES = words.languages()
PLACE = re.compile(r"%\((\w+)\)s")


#: Readers' other pages have their words in ``subscribers/web/languages``; the admin's are English.
SPEAKING = ("email/**/*.*", "notices/*.*", "public/archive.html")


def said_in_templates() -> Iterator[object]:
    """Return every message that a template or a module of rendering says."""
    folder = template_folders()[-1]
    for template in sorted(file for pattern in SPEAKING for file in folder.glob(pattern)):
        for _, _, message, _ in babel_extract(BytesIO(template.read_bytes()), ("_", "gettext", "ngettext"), [], {}):
            yield message
    for module in sorted(Path(digest.render.__file__).parent.glob("*.py")):
        with module.open("rb") as file:
            for _, message, _, _ in extract(extract_python, file, keywords={"gettext": None, "ngettext": (1, 2)}):
                yield message


def identity(message: object) -> str | tuple[str, ...]:
    """Return a message as catalogues name it: its text, or its two forms."""
    forms = (message,) if isinstance(message, str) else tuple(form for form in message if form)
    return forms[0] if len(forms) == 1 else forms[:2]


MESSAGES = sorted(set(map(identity, said_in_templates())), key=str)


def test_five_languages_are_spoken() -> None:
    assert set(LANGUAGES) >= {"en", "de", "fr", "es", "ar"}
    assert len(MESSAGES) > 15


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_a_language_says_everything_and_nothing_else(code: str) -> None:
    with (words.CATALOGS / f"{code}.po").open("rb") as file:
        catalog = read_po(file, locale=code)
    translated = {message.id for message in catalog if message.id}
    assert translated == set(MESSAGES)
    for message in catalog:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(forms) == (catalog.num_plurals if isinstance(message.id, tuple) else 1)
        for form in forms:
            assert form.strip()
            many = isinstance(message.id, tuple)
            wanted = set(PLACE.findall(message.id[-1] if many else message.id))
            assert set(PLACE.findall(form)) <= wanted
            assert many or set(PLACE.findall(form)) == wanted


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("design", ["morning", "brief", "magazine"])
def test_an_edition_has_no_fault_in_any_language(code: str, design: str) -> None:
    edition = editions.small(language=code)
    message = render(edition, design=design)
    assert faults(message, edition) == ()
    assert ("Unsubscribe" in message.html) == (code == "en")


def test_words_and_date_are_in_the_newsletters_language() -> None:
    text = render(editions.small(language="de")).text
    assert "Mittwoch, 4. März 2026" in text
    assert "Den ganzen Artikel bei The Harbour Gazette lesen" in text
    assert "9 unabhängige Quellen" in text


def test_a_region_keeps_its_own_way_of_writing_dates() -> None:
    assert "4 March 2026" in render(editions.small(language="en-GB")).text


@pytest.mark.parametrize("tag", ["tlh", "xx-YY", "", "not a tag", "de_AT"])
def test_an_unknown_language_is_shown_in_english(tag: str) -> None:
    text = render(editions.small(language=tag)).text
    assert ("Unsubscribe" in text) == (tag != "de_AT")


def test_times_are_in_the_newsletters_zone_and_name_another_day() -> None:
    german = words.language("de")
    moment = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    assert german.clock(moment, "Asia/Tokyo", date(2026, 3, 5)) == "08:30"
    assert german.clock(moment, "UTC", date(2026, 3, 5)) == "Mi.\u00a023:30"


def test_arabic_counts_in_its_six_ways() -> None:
    arabic = words.language("ar")
    story = replace(editions.BRIDGE, reasons=(Reason("sources", 2), Reason("sources", 5), Reason("sources", 11)))
    assert why(story, arabic) == "أورده مصدران مستقلان · أوردته 5 مصادر مستقلة · أورده 11 مصدرًا مستقلًا"


def test_readers_are_told_three_reasons_and_none_of_the_machinery() -> None:
    parts = (
        Reason("copies", 3),
        Reason("sources", 1),
        Reason("weight", 2.0),
        Reason("position", 3),
        Reason("recency", 125),
    )
    story = replace(editions.BRIDGE, reasons=parts)
    said = why(story, words.language("en"))
    assert said == "reported by 1 source · at the top of 3 feeds · newest report 2 hours before this edition closed"


def test_the_page_has_room_for_every_reason() -> None:
    parts = (Reason("sources", 3), Reason("copies", 1), Reason("position", 1), Reason("weight", 1.2), Reason("new", 1))
    story = replace(editions.BRIDGE, reasons=parts)
    assert every(story, words.language("en")) == (
        "reported by 3 independent sources",
        "1 copy not counted",
        "at the top of 1 feed",
        "the weightiest source counts 1.2 times",
    )
    assert every(story, words.language("de"))[3] == "die gewichtigste Quelle zählt 1,2-fach"
    assert every(story, words.language("ar"))[1] == "نسخة واحدة لم تُحتسب"


def test_an_editors_choice_is_said() -> None:
    story = replace(editions.BRIDGE, reasons=(Reason("pinned", 1), Reason("sources", 4)))
    assert why(story, words.language("en")) == "chosen by an editor · reported by 4 independent sources"


def test_french_signs_that_stand_off_their_word_never_begin_a_line() -> None:
    with (words.CATALOGS / "fr.po").open("rb") as file:
        said = [each.string if isinstance(each.string, str) else " ".join(each.string) for each in read_po(file)][1:]
    assert not [each for each in said if re.search(r" [:;?!»]|« ", each)]
    assert words.language("fr").gettext("%(what)s:") == "%(what)s\u00a0:"
