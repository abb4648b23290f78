"""Sections that readers chose: each mail has these and no other, and everyone is still reached once."""

from __future__ import annotations

import csv
import io
from email import message_from_bytes, policy

import pytest

from tests.newsroom import NOW, Newsroom

NAME = "daily/2026-03-04"
SECTIONS = {
    "World": ("Ferry runs aground off Port Ellery in thick fog", "Council votes to keep the old market hall"),
    "Sport": ("Skerry rowers take the regatta by a length", "Curling rink closes for repairs until autumn"),
    "Arts": ("Comet painting found behind a bakery oven", "Fiddlers gather for the harbour festival"),
    "Science": (),
}


@pytest.fixture
def paper(newsroom: Newsroom) -> Newsroom:
    """A newsletter of four sections, one of which has no story today."""
    newsroom.sources.clear()
    newsroom.newsletter += "\nsections = " + str(list(SECTIONS)).replace("'", '"')
    for name, headlines in SECTIONS.items():
        newsroom.report(name.lower(), *headlines, more=f'section = "{name}"')
    return newsroom


def subscribe(room: Newsroom, choices: dict[str, str]) -> None:
    """Put readers on the list with the sections they chose."""
    text = io.StringIO()
    csv.writer(text).writerows([("email", "sections"), *choices.items()])
    (room.folder / "people.csv").write_text(text.getvalue())
    ran = room.digest("subscribers", "import", "daily", str(room.folder / "people.csv"), "--yes")
    assert ran.code == 0, ran.err


def read(room: Newsroom) -> dict[str, set[str]]:
    """Return the sections that each reader's mail has stories of, in its HTML and its text alike."""
    found = {}
    for file in room.mails():
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        bodies = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]  # type: ignore[union-attr]
        told = [{name for name, lines in SECTIONS.items() if any(each in body for each in lines)} for body in bodies]
        assert told[0] == told[1]
        found[mail["To"].partition("@")[0]] = told[0]
    return found


def test_each_mail_has_only_the_sections_its_reader_chose(paper: Newsroom) -> None:
    subscribe(paper, {"ann@r.example.org": "", "bob@r.example.org": "Sport", "cid@r.example.org": "World,Arts"})
    ran = paper.digest("send", "--yes", "--json")
    assert ran.code == 0, ran.err
    assert read(paper) == {"ann": {"World", "Sport", "Arts"}, "bob": {"Sport"}, "cid": {"World", "Arts"}}
    report = ran.values[0]
    assert (report["planned"], report["sent"]) == (3, 3)


def test_the_subject_tells_the_first_story_that_is_left(paper: Newsroom) -> None:
    subscribe(paper, {"bob@r.example.org": "Arts"})
    paper.digest("send", "--yes")
    mail = message_from_bytes(paper.mails()[0].read_bytes(), policy=policy.default)
    assert any(headline in mail["Subject"] for headline in SECTIONS["Arts"])


def test_who_chose_sections_without_a_story_gets_no_mail(paper: Newsroom) -> None:
    subscribe(paper, {"ann@r.example.org": "", "eva@r.example.org": "Science", "fay@r.example.org": "Science,Sport"})
    ran = paper.digest("send", "--yes", "--json")
    assert read(paper) == {"ann": {"World", "Sport", "Arts"}, "fay": {"Sport"}}
    assert ran.values[0]["planned"] == 2


def test_a_later_send_carries_the_variants_that_were_frozen(paper: Newsroom) -> None:
    subscribe(paper, {"bob@r.example.org": "Sport"})
    paper.digest("send", "--yes")
    subscribe(paper, {"gus@r.example.org": "Sport", "hal@r.example.org": "Arts"})
    ran = paper.digest("send", "--yes")
    assert ran.code == 0, ran.err
    whole = {"World", "Sport", "Arts"}
    assert read(paper) == {"bob": {"Sport"}, "gus": {"Sport"}, "hal": whole}, "a choice new since then gets it whole"
    assert len(paper.journal) == 3


def test_the_report_tells_how_many_were_planned_for_each_choice(paper: Newsroom) -> None:
    subscribe(paper, {"ann@r.example.org": "", "bob@r.example.org": "Sport", "gus@r.example.org": "Sport"})
    paper.digest("send", "--yes")
    (report,) = paper.digest("report", NAME, "--json").values
    assert report["variants"] == [{"sections": ["Sport"], "planned": 2}, {"sections": [], "planned": 1}]
    told = " ".join(paper.digest("report", NAME).out.split())
    assert "planned for 2 Sport planned for 1 the whole edition" in told


def test_a_preview_can_be_of_some_sections_alone(paper: Newsroom) -> None:
    ran = paper.digest("preview", "--section", "Arts", "--json")
    assert ran.code == 0, ran.err
    text = (paper.folder / "out" / "preview" / "edition.txt").read_text()
    assert all(headline in text for headline in SECTIONS["Arts"])
    assert not any(headline in text for headline in SECTIONS["World"])
    assert 'no section "Chess"; there are: World, Sport' in paper.digest("preview", "--section", "Chess").err
    assert "gets no mail of this edition" in paper.digest("preview", "--section", "Science").err


def test_beyond_sixteen_messages_the_rarest_choices_get_the_whole(newsroom: Newsroom) -> None:
    names = [f"Part{letter}" for letter in "abcdefghijklmnopqr"]
    newsroom.sources.clear()
    newsroom.newsletter += "\nstories = 40\nsections = " + str(names).replace("'", '"')
    for name in names:
        headline = f"Word from {name} of the islands, where {name.lower()}ing goes on"
        newsroom.report(name.lower(), headline, more=f'section = "{name}"')
    wanted = {f"{name.lower()}{n}@r.example.org": name for name in names[:-1] for n in range(2)}
    subscribe(newsroom, {**wanted, "rare@r.example.org": names[-1]})
    ran = newsroom.digest("send", "--yes", "--json")
    assert ran.code == 0, ran.err
    assert ran.values[0]["sent"] == len(wanted) + 1
    sizes = {}
    for file in newsroom.mails():
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        sizes[mail["To"].partition("@")[0]] = sum(f"Word from {name} " in body for name in names)
    assert sizes["rare"] > 1, "the whole edition"
    assert sorted(sizes.values()).count(1) == 2 * 15
    assert len(set(sizes.values())) == 2


def test_readers_who_want_weekdays_only_get_nothing_on_a_saturday(paper: Newsroom) -> None:
    (paper.folder / "people.csv").write_text("email,weekdays_only\nann@r.example.org,\nwim@r.example.org,yes\n")
    paper.digest("subscribers", "import", "daily", str(paper.folder / "people.csv"), "--yes")
    saturday = NOW.replace(day=7)
    for name, headlines in SECTIONS.items():
        paper.report(name.lower(), *headlines, at=saturday.replace(hour=5), more=f'section = "{name}"')
    ran = paper.digest("send", "--yes", now=saturday)
    assert ran.code == 0, ran.err
    assert set(read(paper)) == {"ann"}
