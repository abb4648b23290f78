"""The proof shows a mail in every dress, and nothing in it can run."""

from __future__ import annotations

from dataclasses import replace

from lxml import html as markup

from digest.render import render
from digest.render.proof import panes, proof
from tests.render import editions
from tests.render.test_hostile import HEADLINES, mail


def test_every_dress_is_there_with_text_and_headers() -> None:
    message = render(editions.small())
    page = markup.document_fromstring(proof(message, headers="Subject: x\nList-Id: <y>", size=16000))
    assert page.xpath("//iframe/@title") == ["Phone", "Desktop", "Phone, dark", "Desktop, dark", "Pictures off"]
    assert page.xpath("//pre/text()") == [message.text, "Subject: x\nList-Id: <y>"]
    assert "16,000 bytes" in page.text_content()


def test_the_dark_dress_is_dark_on_any_machine() -> None:
    html = render(editions.small()).html
    phone, _, dark, _, bare = panes(html)
    assert "@media all {" in dark.html
    assert "@media not all {" in phone.html
    assert "prefers-color-scheme" not in phone.html + dark.html
    assert "bridge.jpg" in phone.html
    assert "bridge.jpg" not in bare.html
    assert 'alt="The bridge at dusk' in bare.html


def test_faults_are_said_at_the_top() -> None:
    page = proof(render(editions.small()), headers="", size=1, faults=("the subject is <empty>",))
    assert '<p class="fault">the subject is &lt;empty&gt;</p>' in page


def test_a_hostile_mail_stays_in_its_frame() -> None:
    for case in HEADLINES.values():
        message = replace(mail(case.given), html=mail(case.given).html + "<script>alert(1)</script>")
        page = markup.document_fromstring(proof(message, headers=case.given.replace("\ud83d", ""), size=1))
        assert page.xpath("//script") == []
        assert all(frame.get("sandbox") == "" for frame in page.xpath("//iframe"))
