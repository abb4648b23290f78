"""digest demo and digest init: a stranger's first minutes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from digest.cli.root import run
from digest.pipeline.starting import SAMPLE_NOW, move_dates


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_demo_leaves_mails_a_journal_and_the_edition_and_a_second_run_adds_nothing(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = "2026-03-04T06:30:00Z"
    assert run(["demo", "--now", now]) == 0
    first = capsys.readouterr()
    out = empty / "broadsheet-demo" / "out"
    journal = (out / "journal.jsonl").read_text()
    entries = [json.loads(line) for line in journal.splitlines()]
    assert len(entries) == len(list(out.glob("morning/**/*.eml"))) >= 10
    assert all((out / entry["file"]).is_file() for entry in entries)
    lead = next(line for line in first.out.splitlines() if line.startswith("lead story")).split("  ", 1)[1].strip()
    assert lead.split()[0] in (out / "edition.html").read_text()
    assert lead in " ".join((out / "edition.txt").read_text().split())
    for word in ("lead story", "why", "stories", "read", "merged", "dropped", "recipients", "where to look"):
        assert word in first.out
    assert "evening-post: " in first.err
    monkey_config = ["--config", "broadsheet-demo/config.toml"]
    assert run([*monkey_config, "demo", "--now", now]) == 0
    assert "sent already; nothing was added" in capsys.readouterr().out
    assert (out / "journal.jsonl").read_text() == journal


def test_the_demo_s_lead_holds_all_that_was_told_of_the_bridge_in_three_languages(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--now", "2026-03-04T06:30:00Z"]) == 0
    shown = ["--config", "broadsheet-demo/config.toml", "edition", "show", "morning/2026-03-04", "--json"]
    capsys.readouterr()
    assert run(shown) == 0
    lead, *others = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lead["headline"].startswith("Corran Bridge")
    assert {reason["what"]: reason["value"] for reason in lead["reasons"]}["sources"] == 8
    assert {urlsplit(key).hostname for key in lead["tongues"]} == {"inselbote.example", "almina.example"}
    assert not any("Corran" in other["headline"] for other in others)


def test_every_demo_mail_carries_its_own_way_out(empty: Path) -> None:
    assert run(["demo", "--now", "2026-03-04T06:30:00Z"]) == 0
    links = set()
    for file in (empty / "broadsheet-demo/out/morning").rglob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        link = mail["List-Unsubscribe"].strip("<>")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert link in text.replace("\n", "")
        links.add(link)
    assert len(links) >= 10


def test_init_check_preview_and_send_work_in_an_empty_folder(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "news"]) == 0
    assert {file.name for file in (empty / "news").iterdir()} >= {"config.toml", "samples", "templates", "var"}
    config = ["--config", "news"]
    assert run([*config, "check"]) == 0, capsys.readouterr()
    assert run([*config, "preview", "--json"]) == 0
    preview = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert preview["stories"] >= 5
    assert preview["faults"] == []
    assert Path(preview["html"]).is_file()
    assert run([*config, "send", "--yes"]) == 0
    assert (empty / "news/out/journal.jsonl").exists()


def test_init_copies_one_bundled_template_to_be_changed(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--template", "email/morning/style.css", "."]) == 0
    copied = empty / "templates" / "email" / "morning" / "style.css"
    assert ".lead-headline" in copied.read_text()
    copied.write_text("changed")
    assert run(["init", "--template", "email/morning/style.css", "."]) == 2
    assert copied.read_text() == "changed"
    capsys.readouterr()
    assert run(["init", "--template", "email/mornin/style.css", "."]) == 2
    assert 'no template "email/mornin/style.css" comes with Broadsheet; such are: email/morning/style.css' in (
        capsys.readouterr().err
    )
    assert run(["init", "--template", "../config.toml", "."]) == 2
    assert not (empty / "config.toml").exists()


def test_init_never_overwrites(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "config.toml").write_text("# mine\n")
    assert run(["init", "."]) == 2
    assert "never overwrites" in capsys.readouterr().err
    assert (empty / "config.toml").read_text() == "# mine\n"


def test_init_leaves_samples_and_templates_of_yours_alone(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("samples/the-quay.xml", "templates/README.md"):
        (empty / name).parent.mkdir()
        (empty / name).write_text("mine")
    assert run(["init", "."]) == 2
    assert "samples is there already; digest init never overwrites" in capsys.readouterr().err
    assert sorted(each.name for each in empty.iterdir()) == ["samples", "templates"]
    assert run(["init", ".", "--without-samples"]) == 0
    assert (empty / "samples/the-quay.xml").read_text() == (empty / "templates/README.md").read_text() == "mine"


def test_init_takes_up_what_a_full_disk_cut_short(empty: Path) -> None:
    assert run(["init", "news"]) == 0
    whole = (empty / "news/samples/README.md").read_bytes()
    (empty / "news/config.toml").unlink()
    (empty / "news/samples/README.md").write_bytes(whole[:10])
    assert run(["init", "news"]) == 0
    assert (empty / "news/samples/README.md").read_bytes() == whole


def test_the_keys_of_readers_links_are_made_once_and_only_the_owner_reads_them(empty: Path) -> None:
    assert run(["init", "news"]) == 0
    keys = empty / "news/var/link-keys"
    before = keys.read_text()
    assert keys.stat().st_mode & 0o077 == 0
    assert run(["--config", "news", "send", "--yes"]) == 0
    assert keys.read_text() == before


def test_the_samples_dates_move_as_one() -> None:
    now = SAMPLE_NOW + timedelta(days=200, hours=3)
    moved = move_dates(
        "<d>2026-03-04T06:10:00Z</d><d>Tue, 03 Mar 2026 21:00:00 GMT</d><d>2026-03-03T07:00:00+02:00</d>", now
    )
    assert (
        moved
        == "<d>2026-09-20T09:10:00+00:00</d><d>Mon, 21 Sep 2026 00:00:00 +0000</d><d>2026-09-19T10:00:00+02:00</d>".replace(
            "Mon, 21 Sep 2026 00:00:00", datetime(2026, 9, 20, 0, 0, tzinfo=UTC).strftime("%a, %d %b %Y %H:%M:%S")
        )
    )
