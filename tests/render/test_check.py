"""The checker of our own finds each fault that no other tool knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.model import Message
from digest.render import render
from digest.render.check import faults
from tests.render import editions


def mended(**changes: str) -> Message:
    """Return a right message with some of it replaced: ``html_old``/``html_new`` and so on."""
    message = render(editions.small())
    part = changes["part"]
    assert changes["old"] in getattr(message, part), "the test is out of date"
    return replace(message, **{part: getattr(message, part).replace(changes["old"], changes["new"])})


FAULTS = {
    "no way out": ("html", "%%UNSUBSCRIBE_URL%%", "#", "the HTML has no way to unsubscribe"),
    "no way out in the text": ("text", "%%UNSUBSCRIBE_URL%%", "", "the text has no way to unsubscribe"),
    "a slot nobody fills": ("html", "%%ADDRESS%%", "%%ADRESS%%", "nothing fills the slot %%ADRESS%%"),
    "no postal address": ("html", "Broad Street 1", "", "the postal address is not in the HTML"),
    "no postal address in the text": ("text", "Broad Street 1", "", "the postal address is not in the text"),
    "no language": ("html", '<div lang="en"', "<div", "no lang and dir"),
    "a table of data": ("html", 'role="presentation" class="paper"', 'class="paper"', "1 layout tables lack role=presentation"),
    "a picture without words": ("html", 'alt="The Harbour Gazette"', "", "a picture has no alt"),
    "a picture from nowhere": ("html", "https://news.example/pictures/bridge.jpg", "bridge.jpg", "no address that a mail client can fetch"),
    "a link to a script": ("html", 'href="https://gazette.example/bridge"', 'href="javascript:x"', "a link goes nowhere"),
    "a link without words": ("html", ">Unsubscribe<", "><", "a link has no words"),
    "no first heading": ("html", "h1", "h2", "there is to be one h1"),
    "a heading too deep": ("html", "h2", "h3", "h3 follows h1"),
    "an empty subject": ("subject", "Port Alder bridge closes for a year after cracks are found…", " ", "the subject is empty"),
    "a subject of two lines": ("subject", "Port", "Port\n", "more than one line"),
    "a slot nobody fills in the subject": ("subject", "Port", "%%TOWN%%", "nothing fills the slot %%TOWN%%"),
    "a link the text lacks": ("text", "https://wire.example/weather", "", "the text lacks a link"),
    "a text without the page": ("text", "https://news.example/editions/morning/2026-03-04", "", "does not name the edition's page"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    part, old, new, said = FAULTS[name]
    found = faults(mended(part=part, old=old, new=new), editions.small())
    assert any(said in fault for fault in found), found


def test_a_right_message_has_no_fault() -> None:
    assert faults(render(editions.small()), editions.small()) == ()


def test_a_newsletter_without_postal_address_is_told_so() -> None:
    edition = editions.small(postal_address="")
    assert any("postal_address under [site]" in fault for fault in faults(render(edition), edition))
