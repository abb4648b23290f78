"""Templates are found, overridden and fenced in; their faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.errors import TemplateError
from digest.render import designs, render, template_folders
from tests.render import editions


def override(folder: Path, name: str, content: str) -> Path:
    """Write one file of a user's own templates folder; return the folder."""
    file = folder / "email" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return folder


def test_the_bundled_templates_are_found() -> None:
    (bundled,) = template_folders()
    assert (bundled / "email" / "morning" / "body.html").is_file()
    assert "morning" in designs()


def test_a_users_own_file_comes_before_the_bundled_one(tmp_path: Path) -> None:
    override(tmp_path, "morning/subject.txt", "{{ edition.title }}: {{ subject }}")
    message = render(editions.small(), overrides=tmp_path)
    assert message.subject.startswith("The Morning Sheet: Port Alder bridge")
    assert "Read the full article" in message.html


def test_a_users_own_style_is_inlined(tmp_path: Path) -> None:
    override(tmp_path, "morning/style.css", ".lead-headline { color: #123456 }")
    assert "color:#123456" in render(editions.small(), overrides=tmp_path).html


def test_a_users_own_design_needs_only_what_differs(tmp_path: Path) -> None:
    for name in ("subject.txt", "body.txt", "style.css"):
        override(tmp_path, f"evening/{name}", "{{ subject }}" if name != "style.css" else "")
    override(
        tmp_path,
        "evening/body.html",
        '{% extends "email/morning/body.html" %}{% block masthead %}<tr><td><h1>Evening</h1></td></tr>{% endblock %}',
    )
    assert "evening" in designs(tmp_path)
    assert "<h1>Evening</h1>" in render(editions.small(), design="evening", overrides=tmp_path).html


def test_a_changed_template_is_read_again(tmp_path: Path) -> None:
    override(tmp_path, "morning/subject.txt", "One")
    assert render(editions.small(), overrides=tmp_path).subject == "One"
    override(tmp_path, "morning/subject.txt", "Another")
    assert render(editions.small(), overrides=tmp_path).subject == "Another"


FAULTS = {
    "an unknown variable": ("{{ edition.title }}\n\n{{ headlin }}", 3, "'headlin' is undefined"),
    "an unknown field": ("\n{{ edition.tittle }}", 2, "edition has no attribute 'tittle'"),
    "a broken tag": ("{% if subject %}\n{% endfor %}", 2, "endfor"),
    "a missing end": ("{% for story in edition.stories %}", 1, "end of"),
    "a missing file": ("{% include 'email/nowhere.html' %}", 1, "email/nowhere.html"),
    "a call that fails": ("\n\n\n{{ edition.title.index('ß') }}", 4, "substring not found"),
    "a way out of the sandbox": ("{{ ''.__class__.__mro__ }}", 1, "__class__"),
    "a way out through a function": ("\n{{ lipsum.__globals__ }}", 2, "__globals__"),
    "a template that includes itself": ("{% include 'email/morning/body.txt' %}", 1, "recursion"),
    "a file outside": ("{% include '../../../etc/passwd' %}", 1, "etc/passwd"),
    "a change of a value": ("{% set _ = [1].append(2) %}", 1, "append"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_line_and_what(name: str, tmp_path: Path) -> None:
    content, line, what = FAULTS[name]
    override(tmp_path, "morning/body.txt", content)
    with pytest.raises(TemplateError) as caught:
        render(editions.small(), overrides=tmp_path)
    assert caught.value.line == line
    assert what in caught.value.what
    assert caught.value.file.endswith("morning/body.txt")
    assert str(caught.value).startswith(f"{caught.value.file}:{line}: ")


def test_a_fault_in_a_part_names_the_part(tmp_path: Path) -> None:
    override(tmp_path, "parts.txt", "{% macro credit(story) %}\n{{ story.bylin }}{% endmacro %}")
    with pytest.raises(TemplateError, match=r"parts\.txt:2: .*bylin"):
        render(editions.small(), overrides=tmp_path)


STYLES = {
    "the star": ("p { margin: 0 }\n* { margin: 0 }", 2),
    "a negation": (".a:not(.b) { margin: 0 }", 1),
    "the nth": ("\n\ntd:nth-child(2) { margin: 0 }", 3),
    "a rule in a rule": (".a { margin: 0; & p { margin: 1px } }", 1),
    "an important word": ("@media print {\n .b { color: red }\n}\n.a { color: red !important }", 4),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_style_that_cannot_be_inlined_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    css, line = STYLES[name]
    override(tmp_path, "morning/style.css", css)
    with pytest.raises(TemplateError, match=rf"email/morning/style\.css:{line}: "):
        render(editions.small(), overrides=tmp_path)


@pytest.mark.parametrize("name", ["config", "self.__init__", "range.__globals__", "cycler.__init__.__globals__", "env"])
def test_no_template_sees_settings_or_environment(name: str, tmp_path: Path) -> None:
    override(tmp_path, "morning/body.txt", "{{ " + name + " }}")
    with pytest.raises(TemplateError):
        render(editions.small(), overrides=tmp_path)
