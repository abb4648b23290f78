"""digest group --input: the contract for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digest.cli.root import run
from tests.newsroom import Newsroom

ARTICLES = [
    {"id": "1", "headline": "Ferry runs aground off Port Ellery in thick fog", "source": "a.example", "unknown": 1},
    {"id": "2", "headline": "Fog: ferry aground near Port Ellery, passengers safe", "source": "b.example"},
    {
        "id": "3",
        "headline": "Bakers of Skerry win national bread prize",
        "source": "a.example",
        "published_at": "2026-03-04T05:00:00Z",
    },
]


def write(folder: Path, articles: list[dict[str, object]]) -> str:
    file = folder / "articles.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in articles), encoding="utf-8")
    return str(file)


def test_every_id_is_in_exactly_one_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["group", "--input", write(tmp_path, ARTICLES), "--json"]) == 0
    stories = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [story["rank"] for story in stories] == list(range(1, len(stories) + 1))
    assert sorted(key for story in stories for key in (story["lead"], *story["related"])) == ["1", "2", "3"]
    assert {stories[0]["lead"], *stories[0]["related"]} == {"1", "2"}
    assert stories[0]["score"] >= stories[1]["score"]
    assert all(set(reason) == {"what", "value"} for story in stories for reason in story["reasons"])


def test_people_are_told_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["group", "--input", write(tmp_path, ARTICLES)]) == 0
    assert "why: " in capsys.readouterr().out


def test_a_headline_moves_no_cursor_and_keeps_to_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = {"id": "1", "headline": "Ferry \x1b[2J\nsafe \u202eagain", "source": "a.example"}
    assert run(["group", "--input", write(tmp_path, [hostile])]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "  1. Ferry [2J safe again  (a.example, score 1.00)"
    assert second.startswith("     why: ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "articles.jsonl:1: not JSON"),
        ("[]", 'articles.jsonl:1: an article is an object with "id" and "headline"'),
        ('{"id": "1"}', "articles.jsonl:1: an article is"),
        ('{"id": "1", "headline": "x", "published_at": "soon"}', 'published_at "soon" is no ISO 8601 time'),
        ('{"id": "1", "headline": "x", "weight": "a"}', "weight should be a number"),
        ('{"id": "1", "headline": "x"}\n{"id": "1", "headline": "y"}', 'articles.jsonl:2: id "1" is taken by line 1'),
        ('{"id": "1", "headline": "x", "weight": NaN}', "weight should be a number from 0 to 1,000,000, not nan"),
        ('{"id": "1", "headline": "x", "position": 1e400}', "position should be a number from 0 to 1,000,000, not inf"),
        ('{"id": "1", "headline": "x", "weight": -1}', "weight should be a number from 0"),
        ('{"id": "1", "headline": "x", "published_at": "0001-01-01T00:00+14:00"}', "is not from 1971 to 2999"),
        ('{"id": "\\ud800", "headline": "x"}', "articles.jsonl:1: an article is"),
        ('{"id": ["1"], "headline": "x"}', "articles.jsonl:1: an article is"),
        ("[" * 100_000, "articles.jsonl:1: not JSON"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(line + "\n")
    assert run(["group", "--input", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_half_a_pair_of_surrogates_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"id": 0, "headline": "Ferry \\ud83d sinks", "dek": "\\udc00"}\n')
    assert run(["group", "--input", str(file)]) == 0
    assert "Ferry  sinks" in capsys.readouterr().out


def test_a_missing_file_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["group", "--input", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl: cannot be read" in capsys.readouterr().err


def test_what_was_collected_is_grouped(newsroom: Newsroom) -> None:
    assert newsroom.digest("collect").code == 0
    stories = newsroom.digest("group", "--json").values
    assert len(stories) >= 3
    assert stories[0]["related"]


def test_stories_in_other_languages_are_named_and_stay_stories(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles: list[dict[str, object]] = [
        *({**each, "language": "en"} for each in ARTICLES),
        {"id": "de", "headline": "Ingrid Solberg singt vor 212 Kindern", "source": "c", "language": "de"},
        {"id": "en", "headline": "Ingrid Solberg sings to 212 children", "source": "d", "language": "en"},
    ]
    file = write(tmp_path, articles)
    assert run(["group", "--input", file, "--json"]) == 0
    stories = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(key for s in stories for key in (s["lead"], *s["related"])) == ["1", "2", "3", "de", "en"]
    assert {s["lead"]: s["linked"] for s in stories if s["linked"]} == {"de": ["en"], "en": ["de"]}
    assert run(["group", "--input", file]) == 0
    out = capsys.readouterr().out
    assert "~ Ingrid Solberg singt vor 212 Kindern  (c, in de)" in out
