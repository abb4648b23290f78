"""Sources that are added and taken out from the command line, in a config whose comments stay."""

from __future__ import annotations

import errno
import os
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from digest.cli.root import run
from digest.collect.naming import name_of
from digest.config import read_config
from digest.errors import UsageError
from digest.model import Source
from digest.pipeline.sourcing import Candidate, remove_sources, source_of, write_sources
from digest.pipeline.taking_out import without_source
from tests.dying import dies_before_step, lives
from tests.newsroom import NOW

CONFIG = """\
# all of it
[site]
title = "One" # who

[[sources]]
slug = "herald"   # the first
url = "https://herald.example/rss"

# about the second
[[sources]]
url = "https://gazette.example/rss"
slug = 'gazette'

# and the newsletter
[[newsletters]]
slug = "daily"
"""


def test_a_source_is_taken_out_and_nothing_else_moves() -> None:
    rest = without_source(CONFIG, "herald")
    assert [each["slug"] for each in tomllib.loads(rest)["sources"]] == ["gazette"]
    assert "# about the second\n[[sources]]" in rest
    assert without_source(rest, "gazette").endswith('[[newsletters]]\nslug = "daily"\n')
    assert "# and the newsletter" in without_source(rest, "gazette")


def test_only_a_table_of_sources_is_ever_taken_out() -> None:
    assert without_source(CONFIG, "daily") == CONFIG
    assert without_source(CONFIG, "her") == CONFIG


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that digest init makes."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "news", "--now", NOW.isoformat()]) == 0
    monkeypatch.chdir(tmp_path / "news")
    return tmp_path / "news" / "config.toml"


def test_the_samples_leave_when_sources_of_ones_own_have_come(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = '\n[[sources]]\nslug = "own"\nurl = "https://own.example/rss"\n'
    news.write_text(news.read_text() + own)
    assert run(["sources", "remove", "--samples"]) == 0
    assert "14 sources taken out, 1 left" in capsys.readouterr().out
    assert [each.slug for each in read_config(news).settings.sources] == ["own"]
    assert run(["sources", "remove", "--samples"]) == 2
    assert "no samples" in capsys.readouterr().err


def own(number: int) -> Source:
    return Source(slug=f"own-{number}", title="Own", kind="feed", url=f"https://own{number}.example/rss")


def test_a_config_keeps_its_rights_its_line_ends_and_the_link_that_leads_to_it(news: Path) -> None:
    real = news.rename(news.with_name("real.toml"))
    news.symlink_to(real.name)
    real.write_bytes(real.read_bytes().replace(b"\n", b"\r\n"))
    real.chmod(0o640)
    write_sources(news, [own(1), own(2)])
    remove_sources(news, ["own-1"])
    assert news.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_bytes().count(b"\r\n") == real.read_bytes().count(b"\n") > 0
    assert "own-2" in [each.slug for each in read_config(news).settings.sources]


def test_a_config_is_the_old_one_or_the_new_one_wherever_its_writer_died(news: Path) -> None:
    before = news.read_text()
    for step in range(1, 20):
        with dies_before_step(step):
            is_over = lives(partial(write_sources, news, [own(1)]))
        slugs = [each.slug for each in read_config(news).settings.sources]
        assert news.read_text() == before or "own-1" in slugs
        if is_over:
            break
        news.write_text(before)
    assert is_over
    for draft in news.parent.glob(".config.toml.*.new"):
        os.utime(draft, (0, 0))
    write_sources(news, [own(2)])
    assert list(news.parent.glob(".config.toml.*")) == []


def slugs(config: Path) -> list[str]:
    return [each.slug for each in read_config(config).settings.sources]


def test_sources_that_several_add_and_take_out_at_once_are_all_there_or_gone(news: Path) -> None:
    before = set(slugs(news))
    write_sources(news, [own(0)])
    with ThreadPoolExecutor(4) as people:
        acts = [partial(write_sources, news, [own(number)]) for number in range(1, 9)]
        for act in [people.submit(each) for each in [*acts[:4], partial(remove_sources, news, ["own-0"]), *acts[4:]]]:
            act.result()
    assert set(slugs(news)) == before | {f"own-{number}" for number in range(1, 9)}


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.EROFS, r"Read-only file system; let this user write in the folder "),
        (errno.EACCES, r"Permission denied; let this user write in the folder "),
        (errno.ENOSPC, r"No space left on device$"),
    ],
)
def test_a_config_that_cannot_be_written_stays_and_says_why(
    news: Path, number: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replace_file = news.read_bytes(), os.replace

    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(UsageError, match=f"config.toml: cannot be written: {says}"):
        write_sources(news, [own(1)])
    monkeypatch.setattr(os, "replace", replace_file)
    assert news.read_bytes() == before
    assert list(news.parent.glob(".config.toml.*")) == []
    assert [each.slug for each in write_sources(news, [own(1)])] == ["own-1"]


def test_what_somebody_added_meanwhile_is_added_once_and_keeps_its_slug(news: Path) -> None:
    write_sources(news, [own(1)])
    text = news.read_text()
    assert write_sources(news, [own(1)]) == ()
    assert news.read_text() == text
    other = replace(own(2), slug="own-1")
    assert [each.slug for each in write_sources(news, [other])] == ["own-1-2"]


def test_a_slug_that_another_source_has_is_refused_with_the_mend() -> None:
    with pytest.raises(UsageError, match=r'a source "own-1" is there already; choose another --slug'):
        source_of(Candidate("https://quay.example/rss"), [own(1)], "own-1")


def test_a_source_that_is_not_there_is_named_with_those_that_are(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = news.read_text()
    assert run(["sources", "remove", "the-quay", "the-key"]) == 2
    assert 'no source "the-key" in config.toml; there are: harbour-herald' in capsys.readouterr().err
    assert news.read_text() == before


def test_a_source_that_a_newsletter_names_stays(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    news.write_text(news.read_text().replace("# sources = []", 'sources = ["the-quay"]', 1))
    before = news.read_text()
    assert run(["sources", "remove", "the-quay"]) == 78
    said = capsys.readouterr().err
    assert said.startswith("config.toml:")
    assert "the-quay" in said
    assert news.read_text() == before


def test_init_without_samples_sets_nothing_of_theirs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    title = 'Die "Früh"\\Post'
    assert run(["init", str(tmp_path / "own"), "--without-samples", "--title", title]) == 0
    assert "digest sources add" in capsys.readouterr().out
    config = tmp_path / "own" / "config.toml"
    settings = read_config(config).settings
    assert (settings.sources, settings.site.sender, settings.site.postal_address) == ((), "", "")
    assert {settings.site.title, *(each.title for each in settings.newsletters)} == {title}
    assert (settings.newsletters[0].sponsor, settings.newsletters[0].call_to_action) == (None, None)
    assert not (tmp_path / "own" / "samples").exists()
    words = config.read_text()
    assert "Tide" not in words
    assert "tarrow" not in words.lower()
    assert run(["--config", str(config), "subscribers", "list"]) == 0
    assert "morning" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Herald", "The Herald"),
        ("The Herald - Top Stories", "The Herald"),
        ("Herald > Front Page", "Herald"),
        ("Inselbote | Nachrichten", "Inselbote"),
        ("الميناء | أخبار", "الميناء"),
        ("herald.example - Herald", "Herald"),
        ("The Herald RSS Feed", "The Herald"),
        ("The Herald - Sport", "The Herald - Sport"),
        ("Al Jazeera – Breaking News, World News", "Al Jazeera – Breaking News, World News"),
        ("The Her\u202eald\u0007", "The Herald"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646\u06cc\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646\u06cc\u0645",
        ),
        ("News", ""),
        ("RSS", ""),
        ("RSS Feed", ""),
        ("- :: -", ""),
        ("", ""),
    ],
)
def test_a_feed_is_named_as_its_publisher_is(title: str, name: str) -> None:
    assert name_of(title) == name
