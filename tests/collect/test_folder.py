"""An editor's own pieces in a folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.folder import read_source
from digest.collect.registry import Body, Reading
from digest.errors import SourceError
from digest.model import Picture, Source

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


def read(folder: Path) -> Reading:
    return read_source(Source(slug="desk", title="Our desk", kind="folder", language="en"), Body(path=folder), NOW)


def test_a_markdown_file_with_front_matter_becomes_an_article(tmp_path: Path) -> None:
    (tmp_path / "market.md").write_text(
        "---\ntitle: 'The market moves indoors'\nauthor: [Ada Holm, Bo Lie]\ndate: 2026-03-03T18:00:00+02:00\n"
        "dek: Rain, says the council.  # as always\nurl: https://desk.example/market\nimage: https://desk.example/m.jpg\n"
        "image_alt: Stalls under a roof\nsection: Town\n---\n\n"
        "The market **moves** into the [old hall](https://hall.example).\n\n- Fish on the left\n- Bread on the right\n\nIt opens at six.\n",
        "utf-8",
    )

    (article,) = read(tmp_path).articles

    assert article.headline == "The market moves indoors"
    assert article.byline == "Ada Holm, Bo Lie"
    assert article.published_at == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
    assert article.dek == "Rain, says the council."
    assert article.url == "https://desk.example/market"
    assert article.image == Picture("https://desk.example/m.jpg", "Stalls under a roof")
    assert (article.section, article.language, article.guid) == ("Town", "en", "market.md")
    assert article.body == (
        "The market moves into the old hall.\n\nFish on the left\n\nBread on the right\n\nIt opens at six."
    )


def test_toml_front_matter_and_html_files_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "note.html").write_text(
        '+++\ntitle = "A note"\ndate = 2026-03-01\n+++\n<p>One &amp; two.</p><script>alert(1)</script><p>Three.</p>',
        "utf-8",
    )

    (article,) = read(tmp_path).articles

    assert article.headline == "A note"
    assert article.published_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert article.body == "One & two.\n\nThree."


def test_the_first_heading_is_the_headline_where_none_is_stated(tmp_path: Path) -> None:
    (tmp_path / "2026-03-02-plain.md").write_text("# Plain words\n\nNothing else.\n", "utf-8")

    (article,) = read(tmp_path).articles

    assert (article.headline, article.body) == ("Plain words", "Nothing else.")
    assert article.published_at == datetime(2026, 3, 2, tzinfo=UTC)


def test_a_link_that_is_no_web_address_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\nurl: javascript:alert(1)\nimage: /local.png\n---\nx", "utf-8")

    (article,) = read(tmp_path).articles

    assert (article.url, article.image) == ("", None)


def test_newest_come_first_and_drafts_hidden_and_other_files_stay_out(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("---\ntitle: Old\ndate: 2026-01-01\n---\nx", "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "new.md").write_text("---\ntitle: New\ndate: 2026-02-01\n---\nx", "utf-8")
    (tmp_path / "undated.md").write_text("# Undated\n\nx", "utf-8")
    (tmp_path / "draft.md").write_text("---\ntitle: Draft\ndraft: true\n---\nx", "utf-8")
    (tmp_path / "_template.md").write_text("# Template", "utf-8")
    (tmp_path / ".hidden.md").write_text("# Hidden", "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")

    assert [article.headline for article in read(tmp_path).articles] == ["New", "Old", "Undated"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Just text.\n", "has no headline"),
        (b"---\ntitle: x\n  nested without colon\n---\n", ":3: 'nested without colon' is no 'key: value'"),
        (b"+++\ntitle = \n+++\n", "is no TOML"),
        (b"# caf\xe9\n", "is not UTF-8 at byte 5"),
    ],
)
def test_a_file_with_a_fault_is_named_and_the_others_are_read(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "bad.md").write_bytes(content)
    (tmp_path / "good.md").write_text("# Good\n\ntext", "utf-8")

    reading = read(tmp_path)

    assert [article.headline for article in reading.articles] == ["Good"]
    (note,) = reading.notes
    assert "bad.md" in note
    assert reason in note


def test_a_file_whose_name_is_no_text_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# One\n\nWords.", encoding="utf-8")
    (tmp_path / os.fsdecode(b"b\xfcro.md")).write_text("# Two\n\nWords.", encoding="utf-8")
    reading = read(tmp_path)
    assert [each.headline for each in reading.articles] == ["One"]
    (note,) = reading.notes
    assert note.endswith("b\\xfcro.md: the name is not UTF-8; rename it")


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret", "utf-8")
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "link.md").symlink_to(tmp_path / "secret.md")

    assert read(folder).articles == ()


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere is no folder; make it, or mend path in the source 'desk'"):
        read(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31",
        "07:32:00",
        "0x" + "f" * 5000,
        "[{a = 1}]",
    ],
)
def test_a_fact_that_is_no_day_of_news_leaves_the_article_undated(tmp_path: Path, written: str) -> None:
    (tmp_path / "note.md").write_text(
        f'+++\ntitle = "A note"\ndate = {written}\nauthor = {written}\n+++\nOne.', "utf-8"
    )
    (article,) = read(tmp_path).articles
    assert article.published_at is None


@pytest.mark.parametrize(
    ("written", "why"), [("9" * 5000, "thousands of digits"), ("[" * 2000 + "]" * 2000, "nested too deep")]
)
def test_front_matter_beyond_all_bounds_leaves_its_file_out(tmp_path: Path, written: str, why: str) -> None:
    (tmp_path / "odd.md").write_text(f"+++\nid = {written}\n+++\nOne.", "utf-8")
    (tmp_path / "plain.md").write_text("# Plain words\n", "utf-8")
    reading = read(tmp_path)
    assert [article.headline for article in reading.articles] == ["Plain words"]
    assert why in reading.notes[0]
