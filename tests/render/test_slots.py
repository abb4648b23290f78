"""Recipients' values go into slots, whatever they hold and wherever the slots are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import SLOT
from digest.render import render, slots
from tests.render import editions


def test_every_slot_is_filled_as_often_as_it_stands() -> None:
    assert slots.fill("%%A%% and %%B%%, again %%A%%", {"A": "1", "B": "2"}) == "1 and 2, again 1"


def test_values_are_escaped_in_markup_and_not_in_text() -> None:
    values = {"NAME": '<b>O\'Hara & "Sons"</b>'}
    assert slots.fill("%%NAME%%", values) == values["NAME"]
    assert slots.fill_html("%%NAME%%", values) == "&lt;b&gt;O&#x27;Hara &amp; &quot;Sons&quot;&lt;/b&gt;"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="UNSUBSCRIBE_URL"):
        slots.fill("%%UNSUBSCRIBE_URL%%", {})


def test_a_value_that_looks_like_a_slot_is_not_filled_again() -> None:
    assert slots.fill("%%A%%-%%B%%", {"A": "%%B%%", "B": "2"}) == "%%B%%-2"


@given(st.text(), st.text(), st.text(alphabet=st.characters(blacklist_characters="%")))
def test_filling_is_replacing(before: str, value: str, after: str) -> None:
    template = before.replace("%", "") + "%%NAME%%" + after
    assert slots.fill(template, {"NAME": value}) == before.replace("%", "") + value + after


def test_the_longest_address_and_link_are_exact_in_a_whole_message() -> None:
    link = "https://news.example/u/" + "k" * 480
    address = "a" * 64 + "@" + "b" * 185 + ".com"
    message = render(editions.small())
    html = slots.fill_html(
        message.html, {"ADDRESS": address, "UNSUBSCRIBE_URL": link, "PREFERENCES_URL": link + "?a=1&b=2"}
    )
    assert f'href="{link}"' in html
    assert f'href="{link}?a=1&amp;b=2"' in html
    assert address in html
    assert not SLOT.search(html)
