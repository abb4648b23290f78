"""Styles arrive on the elements as they were written, and what cannot be inlined arrives in the head."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from digest.render.inline import inline, with_css_inline, with_premailer


@dataclass(frozen=True)
class Case:
    """A tricky style: what has to be there afterwards, and what must not."""

    css: str
    body: str
    there: tuple[str, ...]
    gone: tuple[str, ...] = ()


P = "<p class='a'>x</p>"

CASES = {
    # on the elements
    "a class": Case(".a { color: red }", P, ('style="color:red"',)),
    "two rules, the later wins": Case(".a { color: red } .a { color: blue }", P, ('style="color:blue"',)),
    "a class beats an element": Case(".a { color: red } p { color: blue }", P, ('style="color:red"',)),
    "an id beats a class": Case(
        "#i { color: red } .a.b { color: blue }", "<p id='i' class='a b'>x</p>", ('style="color:red"',)
    ),
    "important beats an id": Case(
        "#i { color: red } .a { color: blue !important }", "<p id='i' class='a'>x</p>", ("color:blue !important",)
    ),
    "the element's own style wins": Case(".a { color: red }", "<p class='a' style='color: green'>x</p>", ("color:green",)),
    "a list of selectors": Case("h1, p { color: red }", "<h1>y</h1><p>x</p>", ('<h1 style="color:red"', '<p style="color:red"')),
    "a descendant": Case("div p { color: red }", "<div><p>x</p></div><p>y</p>", ('<p style="color:red">x', "<p>y")),
    "a child": Case("div > p { color: red }", "<div><p>x</p><b><p>y</p></b></div>", ('<p style="color:red">x',)),
    "a neighbour": Case("h2 + p { color: red }", "<h2>h</h2><p>x</p><p>y</p>", ('<p style="color:red">x', "<p>y")),
    "an attribute": Case("td[align=center] { color: red }", "<table><tr><td align='center'>x</td></tr></table>", ("color:red",)),
    "the first child": Case("p:first-child { color: red }", "<div><p>x</p><p>y</p></div>", ('<p style="color:red">x', "<p>y")),
    "the last child": Case("p:last-child { color: red }", "<div><p>x</p><p>y</p></div>", ('<p style="color:red">y', "<p>x")),
    "shorthand, then one side": Case(
        ".a { margin: 0; margin-top: 4px }", P, ('style="margin:0;margin-top:4px"',)
    ),
    "one side of a class over the shorthand of an element": Case(
        "p { margin: 0 } .a { margin-bottom: 8px }", P, ('style="margin:0;margin-bottom:8px"',)
    ),
    "fonts with quotes": Case(
        ".a { font-family: 'Segoe UI', \"Times New Roman\", serif }", P, ("Segoe UI", "Times New Roman", ",serif")
    ),
    "a size with its line height": Case(".a { font: bold 16px/1.5 serif }", P, ("font:bold 16px/1.5 serif",)),
    "a comment inside a rule": Case(".a { /* no */ color: red; /* } */ margin: 0 }", P, ('style="color:red;margin:0"',)),
    "a comment with a rule in it": Case("/* .a { color: blue } */ .a { color: red }", P, ('style="color:red"',), ("blue",)),
    "a semicolon in an address": Case(
        ".a { background: url(https://x.example/a.png;v=1) }", P, ("https://x.example/a.png;v=1",)
    ),
    "a brace in a string": Case(
        "@media print { .a::before { content: '}' } } .a { color: red }", P, ("content: '}'", 'style="color:red"')
    ),
    "words only Outlook knows": Case(
        ".a { mso-line-height-rule: exactly; mso-hide: all }", P, ("mso-line-height-rule:exactly", "mso-hide:all")
    ),
    "words with a maker's prefix": Case(".a { -webkit-text-size-adjust: 100% }", P, ("-webkit-text-size-adjust:100%",)),
    "a transparent colour": Case(".a { color: rgba(0, 0, 0, 0.5) }", P, ("color:rgba(0,0,0,0.5)",)),
    "short colours stay short": Case(".a { color: #abc }", P, ("color:#abc",)),
    "a width adds no attribute": Case("td { width: 50% }", "<table><tr><td>x</td></tr></table>", ('<td style="width:50%">',)),
    "a float adds no attribute": Case("img { float: left }", "<img src='x' alt=''>", ("float:left",), ("align",)),
    "no space is no loss": Case(".a{color:red;margin:0}", P, ('style="color:red;margin:0"',)),
    "no last semicolon": Case(".a { color: red }", P, ("color:red",)),
    "an unknown element": Case("o\\:p { color: red } .a { margin: 0 }", P, ("margin:0",)),
    "nothing to style": Case("", P, ("<p>x</p>",), ("style",)),
    # in the head
    "a width of screen": Case(
        "@media (max-width: 480px) { .a { color: red !important } }",
        P,
        ("@media (max-width: 480px) { .a { color: red !important } }", '<p class="a">x'),
    ),
    "the dark": Case(
        "@media (prefers-color-scheme: dark) { .a { color: white !important } } .a { color: black }",
        P,
        ("@media (prefers-color-scheme: dark) { .a { color: white !important } }", 'style="color:black"'),
    ),
    "important is kept in the head": Case("a:hover { color: red !important }", "<a href='#'>x</a>", ("red !important",)),
    "nothing is made important in the head": Case("a:hover { color: red }", "<a href='#'>x</a>", (), ("important",)),
    "two conditions": Case(
        "@media screen and (max-width: 480px) and (orientation: portrait) { .a { margin: 0 } }", P, ("and (orientation: portrait)",)
    ),
    "a rule inside a rule inside": Case(
        "@supports (display: grid) { @media print { .a { color: red } } } .a { margin: 0 }",
        P,
        ("@supports (display: grid) { @media print { .a { color: red } } }", 'style="margin:0"'),
    ),
    "a typeface": Case(
        "@font-face { font-family: 'Own'; src: url(https://x.example/own.woff2) }", P, ("@font-face { font-family: 'Own'",)
    ),
    "an animation": Case("@keyframes k { from { top: 0 } to { top: 1px } }", P, ("@keyframes k { from",)),
    "an import": Case("@import url(https://x.example/a.css); .a { margin: 0 }", P, ("@import url(https://x.example/a.css);", "margin:0")),
    "hover": Case("a:hover { color: red }", "<a href='#'>x</a>", ("a:hover { color: red }", '<a href="#">x')),
    "hover in a list": Case(
        "a, a:hover { color: red }", "<a href='#'>x</a>", ("a:hover { color: red }", 'style="color:red"')
    ),
    "visited": Case("a:visited { color: red }", "<a href='#'>x</a>", ("a:visited { color: red }",)),
    "generated content": Case(".a::after { content: '→' }", P, (".a::after { content: '→' }",)),
    "what Outlook.com marks": Case("[data-ogsc] .a { color: red }", P, ("[data-ogsc] .a { color: red }", '<p class="a">')),
    "what Apple marks": Case(
        "a[x-apple-data-detectors] { color: inherit !important }", "<a href='#'>x</a>", ("a[x-apple-data-detectors] {", '<a href="#">')
    ),
    # the markup itself
    "Outlook's comments": Case(".a { color: red }", "<!--[if mso]><table><tr><td><![endif]-->" + P, ("<!--[if mso]><table><tr><td><![endif]-->",)),
    "not Outlook's comments": Case("", "<!--[if !mso]><!-->" + P + "<!--<![endif]-->", ("<!--[if !mso]><!-->", "<!--<![endif]-->")),
    "slots in an address": Case(".a { color: red }", "<a class='a' href='%%LINK%%?a=1&amp;b=2'>x</a>", ('href="%%LINK%%?a=1&amp;b=2"',)),
    "escaped markup stays escaped": Case("", "<p>&lt;script&gt; &amp;amp; &quot;</p>", ('&lt;script&gt; &amp;amp; "',), ("<script",)),
    "letters of every script": Case("", "<p>Ä é 橋 إغلاق 👍🏽</p>", ("Ä é 橋 إغلاق 👍🏽",)),
    "an attribute with an arrow": Case("", "<img alt='a > b' src='x'>", ('alt="a &gt; b"',)),
    "classes nothing kept names are dropped": Case(
        ".a { color: red } @media print { .b { color: blue } }", "<p class='a b c'>x</p>", ('class="b"',), ('class="a', "c\"")
    ),
}  # fmt: skip


def page(body: str) -> str:
    """Return a document around a body."""
    return f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>{body}</body></html>'


INLINERS = {"premailer": with_premailer, "css-inline": with_css_inline}


@pytest.mark.parametrize("inliner", INLINERS)
@pytest.mark.parametrize("name", CASES)
def test_a_tricky_style_is_inlined(name: str, inliner: str) -> None:
    case = CASES[name]
    inlined = inline(page(case.body), case.css, INLINERS[inliner])
    for piece in case.there:
        assert piece in inlined
    for piece in case.gone:
        assert piece not in inlined
    assert inlined.startswith("<!DOCTYPE html>\n<html")
    assert inlined.count("<meta") == 1


def test_the_matrix_has_forty_cases() -> None:
    assert len(CASES) >= 40


def test_inlining_asks_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    document = page(P).replace("<title>", '<link rel="stylesheet" href="https://x.example/a.css"><title>')
    assert "x.example" in inline(document, "@import url(https://x.example/b.css); .a { color: red }")
