"""The outbox: a file and a line a mail, each once, whenever the process dies."""

from __future__ import annotations

import json
import os
from functools import partial

import pytest

from digest.errors import ProviderRefused
from digest.send.providers.outbox import Options, Outbox
from tests.dying import dies_before_step, lives
from tests.send.provider_contract import ProviderContract, addresses, mailing, parcel, parsed
from tests.send.worlds import recipient
from tests.store.samples import MESSAGE, NOW

__all__ = ["mailing"]


@pytest.fixture
def provider(tmp_path):
    return Outbox(Options(tmp_path / "out"))


def journal(folder):
    return [json.loads(line) for line in (folder / "out/journal.jsonl").read_text().splitlines()]


class TestContract(ProviderContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def arrived(self, provider):
        return [address for file in self.folder.rglob("*.eml") for address in addresses(file.read_bytes())]


def test_the_journal_has_a_line_for_each_mail(provider, mailing, tmp_path):
    provider.deliver(mailing, parcel(1, 2))
    assert journal(tmp_path) == [
        {
            "time": NOW.isoformat(),
            "edition": "morning/2026-03-04",
            "recipient": f"p{n}",
            "file": f"morning/2026-03-04/p{n}.eml",
        }
        for n in (1, 2)
    ]
    mail = parsed((tmp_path / "out/morning/2026-03-04/p1.eml").read_bytes())
    assert mail["List-Unsubscribe"] == "<https://news.example/u/1>"
    assert "https://news.example/u/1" in mail.get_body(("plain",)).get_content()


def test_delivering_again_adds_no_line(provider, mailing, tmp_path):
    provider.deliver(mailing, parcel(1, 2))
    provider.deliver(mailing, parcel(1, 2, 3))
    assert [line["recipient"] for line in journal(tmp_path)] == ["p1", "p2", "p3"]


def test_another_process_adds_no_line_twice(provider, mailing, tmp_path):
    provider.deliver(mailing, parcel(1))
    Outbox(Options(tmp_path / "out")).deliver(mailing, parcel(1, 2))
    provider.deliver(mailing, parcel(2, 3))
    assert [line["recipient"] for line in journal(tmp_path)] == ["p1", "p2", "p3"]


@pytest.mark.parametrize("torn", ['{"time": "2026', '{"a": "' + "x" * 9000])
def test_a_line_cut_off_by_a_crash_is_written_anew(provider, mailing, tmp_path, torn):
    provider.deliver(mailing, parcel(1))
    with (tmp_path / "out/journal.jsonl").open("a") as out:
        out.write(torn)
    Outbox(Options(tmp_path / "out")).deliver(mailing, parcel(1, 2))
    assert [line["recipient"] for line in journal(tmp_path)] == ["p1", "p2"]


def test_a_line_that_a_power_cut_emptied_stops_nobody(provider, mailing, tmp_path):
    provider.deliver(mailing, parcel(1))
    file = tmp_path / "out/journal.jsonl"
    file.write_bytes(file.read_bytes() + b"\0" * 40 + b"\n")
    Outbox(Options(tmp_path / "out")).deliver(mailing, parcel(1, 2))
    lines = file.read_text().splitlines()
    assert [json.loads(line)["recipient"] for line in (lines[0], lines[-1])] == ["p1", "p2"]
    assert len(lines) == 3


def test_a_process_that_dies_over_a_mail_leaves_no_half_of_it_and_the_next_one_writes_it_once(mailing, tmp_path):
    for step in range(1, 20):
        folder = tmp_path / str(step)
        with dies_before_step(step):
            is_over = lives(partial(Outbox(Options(folder / "out")).deliver, mailing, parcel(1, 2, 3)))
        assert all(parsed(file.read_bytes())["Subject"] for file in folder.rglob("*.eml"))
        Outbox(Options(folder / "out")).deliver(mailing, parcel(1, 2, 3))
        assert [line["recipient"] for line in journal(folder)] == ["p1", "p2", "p3"]
        assert sorted(file.suffix for file in folder.rglob("*") if file.is_file()) == [".eml"] * 3 + [".jsonl"]
        if is_over:
            return
    raise AssertionError("more than 20 steps")


def test_names_of_files_cannot_leave_the_folder(provider, mailing, tmp_path):
    odd = parcel(1)
    object.__setattr__(odd.recipients[0], "public_id", "../../../etc/passwd")
    (receipt,) = provider.deliver(mailing, odd)
    assert os.path.commonpath([os.path.realpath(receipt.reference), str(tmp_path / "out")]) == str(tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "out").write_text("a file where a folder should be")
    with pytest.raises(ProviderRefused, match="out"):
        Outbox(Options(tmp_path / "out")).check()


def test_a_slot_without_a_value_is_named(provider, mailing, tmp_path):
    nobody = parcel(1)
    object.__setattr__(nobody.recipients[0], "slots", ())
    with pytest.raises(ProviderRefused, match="UNSUBSCRIBE_URL"):
        provider.deliver(mailing, nobody)
    assert recipient(1).slots
    assert MESSAGE.slots
