"""Markup becomes the text that a reader would see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.feed_picture import first_image
from digest.collect.prose import literal, one_line, paragraphs

TEXTS = {
    "<p>One</p><p>Two <b>th</b>ree</p>": "One\n\nTwo three",
    "One<br>and<br/>\n<br />two": "One and\n\ntwo",
    "<P>One</P><DIV>Two</DIV>": "One\n\nTwo",
    "One\n\n  \n\nTwo\nstill two": "One\n\nTwo still two",
    "<ul><li>a</li><li>b</li></ul>": "a\n\nb",
    "a &amp; b &lt;c&gt; &#8217;&#x2019;&nbsp;d &hellip;": "a & b <c> ’’ d …",
    "AT&T &copy=1 & more": "AT&T &copy=1 & more",
    "Vector<int> and 3 < 4 and I <3 you": "Vector<int> and 3 < 4 and I <3 you",
    "<made-up>a</made-up> <x:y>b</x:y> <odd k='v'>c": "a b c",
    "a<script>if (1 < 2) alert('<p>')</script>b<style>p{}</style>c<!-- <b> -->d": "abcd",
    "a<SCRIPT>x</SCRIPT>b": "ab",
    "a<script>never closed": "a<script>never closed",
    "a<!-- -- b<script>x</script>c <!--": "a -- bc",
    '<math xmlns="m"><mi>a</mi><mo>+</mo><mi>b</mi></math>': "a+b",
    '<applet code="x">a</applet> <T> b</X>': "a <T> b</X>",
    '<a href="x" title="1 > 0">a</a>': "a",
    "<a title='it's'>b</a>": "b",
    "&lt;p&gt;Item&lt;/p&gt;": "<p>Item</p>",
    "&lt;p&gt;A &lt;a href='/x'&gt;link&lt;/a&gt;&lt;/p&gt;&lt;p&gt;B&lt;/p&gt;": "A link\n\nB",
    "<td>1</td><td>2</td>": "1 2",
    "  plain \t text  ": "plain text",
    "": "",
}


@pytest.mark.parametrize("markup", TEXTS)
def test_markup_becomes_paragraphs_of_plain_text(markup: str) -> None:
    assert paragraphs(markup) == TEXTS[markup]


@pytest.mark.parametrize("markup", TEXTS)
def test_a_headline_is_the_same_text_on_one_line(markup: str) -> None:
    assert one_line(markup) == " ".join(TEXTS[markup].split())


def test_literal_text_keeps_what_looks_like_markup() -> None:
    assert literal("if a <b> then\n\n&amp; so on ") == "if a <b> then\n\n&amp; so on"


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        ('<img src="a.png">', ("a.png", "", None, None)),
        (
            '<img alt="A &amp; B" src=\'a.png?x=1&amp;y=2\' width="600" height=400px>',
            ("a.png?x=1&y=2", "A & B", 600, 400),
        ),
        ('<img src="t.gif" width="1" height="1"><img src="b.png">', ("b.png", "", None, None)),
        ('<img src="data:image/gif;base64,R0"><img alt="none">', None),
        ("<img src=a.png", None),
        ("no picture", None),
    ],
)
def test_the_first_picture_that_can_be_seen_is_found(markup: str, image: tuple | None) -> None:
    assert first_image(markup) == image


PIECES = st.lists(
    st.sampled_from(["<p>", "</p>", "<", ">", "&", "&amp;", "&lt;", "<br>", " ", "\n", "a", "<!--", "-->", '"', "é"])
)


@given(PIECES.map("".join))
def test_any_text_becomes_tidy_text(markup: str) -> None:
    text = paragraphs(markup)
    assert text == text.strip()
    assert "\x00" not in text
    assert "\x01" not in text
    assert all(part == " ".join(part.split()) for part in text.split("\n\n"))


CONTROLS = "".join(map(chr, range(0x80, 0xA0)))  # read as what they stand for


@given(st.text(st.characters(exclude_characters="<>&\x00\x01" + CONTROLS)))
def test_text_without_markup_loses_no_word(text: str) -> None:
    assert paragraphs(text).split() == text.split()
    assert one_line(text).split() == text.split()
