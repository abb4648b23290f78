"""Headlines written to break a mail come out as words, in HTML, in text and in the subject."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from lxml import html as markup

from digest.model import Edition, Headline, Message, Picture, Story
from digest.render import designs, render
from digest.render.check import faults
from digest.render.slots import fill, fill_html
from tests.render import editions

VALUES = {
    "ADDRESS": "reader@example.org",
    "UNSUBSCRIBE_URL": "https://news.example/u/1",
    "PREFERENCES_URL": "https://x.example",
}


@dataclass(frozen=True)
class Hostile:
    """A headline as it came, and how it is to be shown."""

    given: str
    seen: str  #: by a reader of the HTML
    text: str = ""  #: by a reader of the text, where that differs
    subject: str = ""  #: in the inbox, where that differs


HEADLINES = {
    "quotes": Hostile("He said \"no\" & 'never'", "He said \"no\" & 'never'"),
    "markup": Hostile("<script>alert(1)</script><b>Bold", "<script>alert(1)</script><b>Bold"),
    "a closed attribute": Hostile('" onmouseover="alert(1)', '" onmouseover="alert(1)'),
    "an entity": Hostile("A &lt;b&gt; &amp; &#37;&#37;NAME&#37;&#37;", "A &lt;b&gt; &amp; &#37;&#37;NAME&#37;&#37;"),
    "a slot": Hostile(
        "100%%UNSUBSCRIBE_URL%% sure",
        "100%%UNSUBSCRIBE_URL%% sure",
        "100%\u2060%UNSUBSCRIBE_URL%\u2060% sure",
        "100%\u2060%UNSUBSCRIBE_URL%\u2060% sure",
    ),
    "many percent signs": Hostile("%%%%%ADDRESS%%%%%", "%%%%%ADDRESS%%%%%", *["%\u2060%\u2060%\u2060%\u2060%ADDRESS%\u2060%\u2060%\u2060%\u2060%"] * 2),
    "template words": Hostile("{{ config }} {% include 'x' %} {# c #}", "{{ config }} {% include 'x' %} {# c #}"),
    "a format": Hostile("%(name)s %s %d 50% {0} {name}", "%(name)s %s %d 50% {0} {name}"),
    "line breaks": Hostile("One\r\nBcc: all@example.org\n\nTwo", "One Bcc: all@example.org Two"),
    "other line breaks": Hostile("One\u2028Two\u2029Three\x0bFour\x85Five", "One Two Three Four Five"),
    "turned text": Hostile("Safe \u202egnp.exe\u202c \u2067x\u2069", "Safe gnp.exe x"),
    "control characters": Hostile("A\x00B\x07C\x1b[31mD\x7f", "ABC[31mD"),
    "half a letter": Hostile("A\ud83dB", "A\ufffdB"),
    "not a letter": Hostile("A\ufffe\uffff\ue000B\ufeff", "AB"),
    "emoji": Hostile("👩‍👩‍👧‍👦 🇩🇪 👍🏽 wins", "👩‍👩‍👧‍👦 🇩🇪 👍🏽 wins"),
    "another script": Hostile("إغلاق الجسر لمدة عام", "إغلاق الجسر لمدة عام"),
    "accents without end": Hostile("Z" + "\u0301" * 400, "Z" + "\u0301" * 4),
    "a comment": Hostile("--><!--[if mso]><b>x</b><![endif]-->", "--><!--[if mso]><b>x</b><![endif]-->"),
    "a style": Hostile("</style></title><style>*{display:none}", "</style></title><style>*{display:none}"),
    "only spaces around": Hostile(" \t A \u3000 B \n", "A B"),
}  # fmt: skip


def edition_of(headline: str) -> Edition:
    """Return an edition whose every text is hostile."""
    lead = replace(
        editions.LEAD,
        headline=headline,
        dek=headline,
        body=" ".join(headline.split("\n")),
        byline=headline,
        section=headline,
        image=Picture(f"{editions.BASE}/pictures/a.jpg", headline),
        related=(Headline(headline, "https://gazette.example/x", headline),),
    )
    source = replace(editions.GAZETTE, title=headline, tagline=headline)
    story = Story("bridge", lead, (replace(lead, key="b"),), (replace(lead, key="c"),), section=headline)
    return replace(editions.small(), stories=(story,), brief=(replace(story, key="d"),), sources=(source,))


def mail(headline: str, design: str = "morning") -> Message:
    """Return the message with a recipient's values filled in."""
    message = render(edition_of(headline), design=design)
    return replace(message, html=fill_html(message.html, VALUES), text=fill(message.text, VALUES))


@pytest.mark.parametrize("name", HEADLINES)
def test_a_hostile_headline_is_shown_as_words(name: str) -> None:
    case = HEADLINES[name]
    message = mail(case.given)
    page = markup.document_fromstring(message.html)
    heading = page.xpath("//h2")[0].text_content()
    assert heading.rstrip("…") == case.seen
    assert (case.text or case.seen) in message.text.replace("\n", " ")
    assert message.subject.rstrip("…") == (case.subject or case.seen)[: len(message.subject.rstrip("…"))]
    assert len(message.subject.splitlines()) == 1
    message.html.encode()
    message.text.encode()


@pytest.mark.parametrize("design", designs())
@pytest.mark.parametrize("name", HEADLINES)
def test_a_hostile_headline_adds_no_element_and_no_fault(name: str, design: str) -> None:
    hostile, tame = (render(edition_of(words), design=design) for words in (HEADLINES[name].given, "Bridge shut"))
    shape = [[element.tag for element in markup.document_fromstring(one.html).iter()] for one in (hostile, tame)]
    assert shape[0] == shape[1]
    assert hostile.slots == tame.slots
    assert hostile.html.count("%%") == tame.html.count("%%")
    assert faults(hostile, edition_of(HEADLINES[name].given)) == ()


def test_five_thousand_characters_are_cut_at_a_word() -> None:
    message = mail("Long " * 1000)
    heading = markup.document_fromstring(message.html).xpath("//h2")[0].text_content()
    assert heading.endswith("Long…")
    assert len(heading) <= 200
    assert len(message.subject) <= 60


def test_one_word_of_five_thousand_characters_is_cut() -> None:
    assert len(mail("x" * 5000).subject) == 60


ADDRESSES = {
    "a script": ("javascript:alert(1)", ""),
    "data": ("data:text/html,x", ""),
    "a file": ("file:///etc/passwd", ""),
    "nothing": ("", ""),
    "no host": ("https:///x", ""),
    "a broken host": ("https://[::1", ""),
    "quotes and spaces": ('https://x.example/a b"c<d>', "https://x.example/a%20b%22c%3Cd%3E"),
    "a slot": ("https://x.example/?q=%%UNSUBSCRIBE_URL%%", "https://x.example/?q=%25%25UNSUBSCRIBE_URL%25%25"),
    "a line break": ("https://x.example/a\r\nb", "https://x.example/ab"),
    "already encoded": ("https://x.example/%C3%A9?a=1&b=%20", "https://x.example/%C3%A9?a=1&b=%20"),
    "letters": ("https://x.example/é", "https://x.example/%C3%A9"),
    "a host in letters": ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    "capitals": ("HTTPS://X.example/", "HTTPS://X.example/"),
    "a mail address": ("mailto:desk@example.org", "mailto:desk@example.org"),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_made_fit_or_left_out(name: str) -> None:
    from digest.render.links import link

    given, expected = ADDRESSES[name]
    assert link(given).casefold() == expected.casefold()


def test_a_story_without_a_fit_address_is_words_without_a_link() -> None:
    edition = edition_of("Bridge shut")
    story = replace(edition.lead, lead=replace(edition.lead.lead, url="javascript:alert(1)"))
    message = render(replace(edition, stories=(story,)))
    assert "javascript" not in message.html + message.text
    assert "Read the full article" not in message.html
