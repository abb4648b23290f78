"""digest keys: a new key signs, and no link that was ever sent stops working."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.keyring import keep, rotate
from subscribers import KeyRing
from tests.dying import dies_before_step, lives
from tests.newsroom import NOW, Newsroom


def ring(newsroom: Newsroom) -> KeyRing:
    return KeyRing.from_text((newsroom.folder / "var" / "link-keys").read_text())


def test_a_link_of_before_a_rotation_still_works_and_new_ones_are_signed_by_the_new_key(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    before = ring(newsroom)
    token = re.findall(r"/u/([^\s>]+)", newsroom.mails()[0].read_text())[0]
    ran = newsroom.digest("keys", "rotate")
    assert (ran.code, ran.out) == (0, "2 keys, newest first: 2, 1\n")
    after = ring(newsroom)
    assert after.keys[1:] == before.keys
    app = build(read_config(newsroom.write_config()), now=NOW)
    app.store.close()
    assert app.ring == after
    assert app.ring.verify(token, "unsubscribe") == before.verify(token, "unsubscribe")
    assert app.ring.sign("unsubscribe", "x", "daily").startswith("u2.")
    assert (newsroom.folder / "var" / "link-keys").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in (newsroom.folder / "var").iterdir() if "new" in each.name] == []


def test_a_rotation_that_was_killed_leaves_a_ring_that_knows_every_link(tmp_path: Path) -> None:
    file = tmp_path / "link-keys"
    keep(KeyRing.generate(), file)
    token = KeyRing.from_text(file.read_text()).sign("unsubscribe", "x", "daily")
    for step in range(1, 20):
        with dies_before_step(step):
            is_over = lives(partial(rotate, file))
        found = KeyRing.from_text(file.read_text())
        assert found.verify(token, "unsubscribe")
        assert file.stat().st_mode & 0o777 == 0o600
        if is_over:
            return
    raise AssertionError("more than 20 steps")


def test_a_first_start_that_was_killed_leaves_a_whole_ring_or_none(tmp_path: Path) -> None:
    for step in range(1, 20):
        file = tmp_path / str(step) / "link-keys"
        with dies_before_step(step):
            is_over = lives(partial(keep, KeyRing.generate(), file))
        left = file.read_text() if file.exists() else ""
        keep(KeyRing.generate(), file)
        assert KeyRing.from_text(file.read_text()).to_text() == file.read_text()
        assert file.read_text() == left or not left
        if is_over:
            return
    raise AssertionError("more than 20 steps")


def test_keys_of_the_environment_are_not_touched(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_LINK_KEYS", KeyRing.generate().to_text())
    ran = newsroom.digest("keys", "rotate")
    assert ran.code == 2
    assert "BROADSHEET_LINK_KEYS" in ran.err


def test_without_a_ring_there_is_nothing_to_rotate(newsroom: Newsroom) -> None:
    ran = newsroom.digest("keys", "rotate")
    assert ran.code == 2
    assert "a ring is made by the first command" in ran.err


def test_whoever_runs_takes_a_rotated_ring_at_the_next_link_and_keeps_the_old_one_where_it_cannot(
    newsroom: Newsroom,
) -> None:
    app = build(read_config(newsroom.write_config()), now=NOW)
    file = newsroom.folder / "var" / "link-keys"
    old = app.ring.sign("unsubscribe", "x", "daily")
    newsroom.digest("keys", "rotate")
    new = app.ring.sign("unsubscribe", "x", "daily")
    assert (old[:3], new[:3]) == ("u1.", "u2.")
    assert app.ring.verify(old, "unsubscribe") == app.ring.verify(new, "unsubscribe")
    whole = file.read_text()
    file.write_text("no ring")
    assert app.ring.sign("unsubscribe", "x", "daily") == new
    file.unlink()
    assert app.ring.sign("unsubscribe", "x", "daily") == new
    file.write_text(whole)
    newsroom.digest("keys", "rotate")
    assert app.ring.sign("unsubscribe", "x", "daily").startswith("u3.")
    app.store.close()


def test_two_first_commands_at_once_come_to_one_ring(tmp_path: Path) -> None:
    rings = [KeyRing.generate(), KeyRing.generate()]
    for each in rings:
        keep(each, tmp_path / "var" / "link-keys")
    assert KeyRing.from_text((tmp_path / "var" / "link-keys").read_text()) == rings[0]
    assert len(list((tmp_path / "var").iterdir())) == 1
