"""Short mails beside the editions: in their reader's language, right to left where it is, safe with any words."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import html as markup

from digest.errors import TemplateError
from digest.model import Message
from digest.render import words
from digest.render.notices import alarm, confirmation, correction
from digest.render.slots import fill, fill_html
from tests.render import editions

HOSTILE = 'Tom & "Co" <b>%%ADDRESS%%</b> {{ 7*7 }}\r\nBcc: x@evil.example \u202eabc'


def every_notice(tag: str) -> dict[str, Message]:
    """Return one notice of each kind in a language."""
    return {
        "confirm": confirmation("The Morning Sheet", (tag,)),
        "correction": correction(editions.small(language=tag), "The bridge is 41 m long.\n\nNot 14 m."),
        "held": alarm("held", "morning/2026-03-04", "fewer stories than usual", tag),
        "failed": alarm("failed", "morning/2026-03-04", "smtp: login refused", tag),
        "stopped": alarm("stopped", "morning/2026-03-04", "smtp: connection lost", tag),
    }


@pytest.mark.parametrize("code", words.languages())
@pytest.mark.parametrize("kind", every_notice("en"))
def test_a_notice_is_all_in_its_language(code: str, kind: str) -> None:
    notice, english = every_notice(code)[kind], every_notice("en")[kind]
    body = markup.document_fromstring(notice.html).find("body")
    assert body is not None
    wrapper = body[0]
    assert (wrapper.get("lang"), wrapper.get("dir")) == (code, "rtl" if code == "ar" else "ltr")
    assert (notice.subject == english.subject) == (code == "en")
    assert (notice.text == english.text) == (code == "en")
    if code != "en":
        for sentence in re.findall(r"[A-Z][a-z]+(?: [a-z]+){3,}", english.text):
            assert sentence not in notice.text


def test_who_asked_is_answered_in_the_first_language_that_we_speak() -> None:
    assert confirmation("Blatt", ("", "tlh", "de-AT", "fr")).subject == "Bitte bestätigen: Blatt"
    assert confirmation("Sheet", ("tlh", "xx")).subject == "Please confirm: Sheet"


def test_a_confirmation_has_one_link_and_says_what_happens_without_it() -> None:
    notice = confirmation("The Morning Sheet", ("en",))
    assert notice.slots == ("CONFIRM_URL",)
    filled = fill_html(notice.html, {"CONFIRM_URL": "https://news.example/confirm/1?a&b"})
    assert re.findall(r'href="([^"]+)"', filled) == ["https://news.example/confirm/1?a&amp;b"]
    assert "https://news.example/c" in fill(notice.text, {"CONFIRM_URL": "https://news.example/c"})
    assert "without a confirmation nothing more is sent" in " ".join(notice.text.split())


def test_a_lists_hostile_title_stays_words() -> None:
    notice = confirmation(HOSTILE, ("en",))
    assert notice.slots == ("CONFIRM_URL",)
    assert "\n" not in notice.subject
    assert "\u202e" not in notice.html + notice.text + notice.subject
    assert 'Tom & "Co" <b>' in notice.text
    assert "<b>" not in notice.html
    assert "{{ 7*7 }}" in notice.subject


def test_a_correction_names_its_edition_and_keeps_the_editors_paragraphs() -> None:
    edition = replace(editions.small(language="de"), subject="Brücke gesperrt")
    notice = correction(edition, f"Erster Absatz,\nzweite Zeile.\n\n{HOSTILE}")
    assert notice.subject == "Berichtigung: Brücke gesperrt"
    assert set(notice.slots) == {"ADDRESS", "UNSUBSCRIBE_URL"}
    assert "Mittwoch, 4. März 2026" in notice.text
    assert "Erster Absatz, zweite Zeile.\n\nTom" in notice.text
    assert "https://news.example/editions/morning/2026-03-04" in notice.text
    assert "Broad Street 1\n1000 Port Alder" in notice.text
    assert "Abbestellen: %%UNSUBSCRIBE_URL%%" in notice.text


def test_a_paragraph_runs_its_own_way() -> None:
    notice = correction(editions.small(language="en"), "صحّحنا اسم الجسر.\n\nIt is called Alder Bridge.")
    page = markup.document_fromstring(notice.html)
    assert [paragraph.get("dir") for paragraph in page.findall(".//p")[1:3]] == ["rtl", None]


def test_an_alarm_names_the_commands_that_mend_it() -> None:
    notice = alarm("held", "morning/2026-03-04", "two hours late\nask someone", "fr")
    assert notice.subject == "morning/2026-03-04 attend quelqu’un"
    assert "digest edition approve morning/2026-03-04 && digest send --edition morning/2026-03-04" in notice.text
    assert "two hours late\nask someone" in notice.text
    assert notice.slots == ()


@pytest.mark.parametrize("code", ["en", "ar"])
@pytest.mark.parametrize("kind", every_notice("en"))
def test_a_notice_needs_no_style_sheet_no_network_and_no_script(code: str, kind: str) -> None:
    html = every_notice(code)[kind].html
    links = Links()
    links.feed(html)
    assert {tag for tag, _ in links.found} <= {"a"}
    assert "<script" not in html
    assert html.count('role="presentation"') == html.count("<table")
    assert "font-family:Georgia" in html


class Links(HTMLParser):
    """Collects every address a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of an element."""
        self.found += [(tag, value or "") for name, value in attrs if name in ("href", "src", "background")]


def test_an_installation_may_say_it_in_its_own_words(tmp_path: Path) -> None:
    own = tmp_path / "notices" / "confirm-subject.txt"
    own.parent.mkdir()
    own.write_text("Nearly there: {{ list }}", encoding="utf-8")
    assert confirmation("The Sheet", ("en",), tmp_path).subject == "Nearly there: The Sheet"
    own.write_text("{{ lisst }}", encoding="utf-8")
    with pytest.raises(TemplateError, match="'lisst' is undefined"):
        confirmation("The Sheet", ("en",), tmp_path)


def test_an_address_in_latin_letters_runs_its_own_way_in_a_language_that_does_not() -> None:
    page = markup.document_fromstring(every_notice("ar")["correction"].html)
    (foot,) = page.find_class("foot")
    assert [(each.get("dir"), each.text) for each in foot.iter("span")] == [
        ("ltr", "Broad Street 1"),
        ("ltr", "1000 Port Alder"),
    ]
    (foot,) = markup.document_fromstring(every_notice("de")["correction"].html).find_class("foot")
    assert not list(foot.iter("span"))


def test_french_text_stands_off_its_colons() -> None:
    notice = every_notice("fr")["correction"]
    assert "Se désabonner\u00a0: %%UNSUBSCRIBE_URL%%" in notice.text
