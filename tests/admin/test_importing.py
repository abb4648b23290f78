"""An import in three steps, with what people really hand over."""

from __future__ import annotations

from subscribers import roster
from tests.admin.conftest import House
from tests.admin.test_people import addresses, settled
from tests.admin.visitor import Answer, Visitor
from tests.newsroom import NOW


def handed(visitor: Visitor, name: str, content: bytes, **form: str) -> Answer:
    """Hand a file over and wait until it is read."""
    visitor.get("/admin/import")
    answer = visitor.upload("/admin/import", {"list": "daily", **form}, name, content)
    assert answer.status == 303, answer.plain
    visitor.at = answer.location
    return settled(visitor, answer)


def test_a_file_is_looked_at_before_anybody_is_added(house: House, editor: Visitor) -> None:
    rows = "".join(f"r{number}@import.example.org,Rook {number}\n" for number in range(2500))
    page = handed(editor, "people.csv", f"email,name\n{rows}broken line,\n@,\n".encode())
    assert "2,502 lines, 2,500 people" in page.plain
    assert "2 lines are left out" in page.plain
    assert "line 2502:" in page.plain
    assert addresses(editor.get("/admin/people?text=r1%40import")) == []

    done = settled(editor, editor.post(editor_path(page)))
    assert "Imported into daily" in done.plain
    assert addresses(editor.get("/admin/people?text=r1%40import")) == ["r1@import.example.org"]
    log = editor.get("/admin/log").plain
    assert "import finished" in log
    assert "2500 " in log


def editor_path(page: Answer) -> str:
    import re

    found = re.search(r'action="(/admin/import/[^"]+)"', page.text)
    assert found, page.plain
    return found[1]


def test_pressing_the_button_twice_imports_once(house: House, editor: Visitor) -> None:
    page = handed(editor, "twice.csv", b"email\ntwice@import.example.org\n")
    path = editor_path(page)
    settled(editor, editor.post(path))
    settled(editor, editor.post(path))
    assert editor.get("/admin/log").plain.count("import begun") >= 1
    assert addresses(editor.get("/admin/people?text=twice%40")) == ["twice@import.example.org"]


def test_pasted_addresses_are_taken(house: House, editor: Visitor) -> None:
    editor.get("/admin/import")
    form = {"list": "weekly", "pasted": "Ada Quill <quill@paste.example.org>; tern@paste.example.org"}
    page = settled(editor, editor.post("/admin/import", form))
    assert "2 people" in page.plain


def test_it_is_told_before_how_many_a_mail_will_ask_to_confirm(house: House, editor: Visitor) -> None:
    with house.app.store.begin() as conn:
        roster.ensure_list(conn, "slow", opt_in="double", at=NOW)
    page = handed(editor, "a.csv", b"email\none@slow.example.org\ntwo@slow.example.org\n", list="slow")
    assert "slow has double opt-in: 2 people get a mail that asks to confirm" in page.plain
    said = handed(editor, "a.csv", b"email\none@slow.example.org\n", list="slow", confirmed="yes")
    assert "get a mail" not in said.plain
    settled(editor, editor.post(editor_path(said)))
    assert addresses(editor.get("/admin/people?list=slow&state=confirmed")) == ["one@slow.example.org"]
    assert "agreed elsewhere" in editor.get("/admin/log").plain


def test_a_packed_file_is_refused_without_being_unpacked(house: House, editor: Visitor) -> None:
    page = handed(editor, "list.xlsx", b"PK\x03\x04" + b"\0" * 5000)
    assert "a zip file or a spreadsheet" in page.plain
    assert "import-" not in page.plain


def test_a_files_name_never_becomes_a_path(house: House, editor: Visitor) -> None:
    page = handed(editor, "../../../../etc/cron.d/evil<img src=x>.csv", b"email\nsafe@import.example.org\n")
    assert "Import evil<img src=x>.csv" in page.plain
    assert "<img" not in page.text


def test_nothing_handed_over_is_said_so(house: House, editor: Visitor) -> None:
    editor.get("/admin/import")
    assert "choose a file, or paste" in editor.follow(editor.post("/admin/import", {"list": "daily"})).plain
    answer = editor.post("/admin/import", {"list": "nowhere", "pasted": "a@b.example.org"})
    assert 'no list "nowhere"' in editor.follow(answer).plain


def test_hostile_names_are_shown_as_words(house: House, editor: Visitor) -> None:
    rows = b'email,name,city\nbad@import.example.org,"<script>alert(1)</script>","""><img src=x onerror=alert(1)>"\n'
    settled(editor, editor.post(editor_path(handed(editor, "bad.csv", rows))))
    for path in ("/admin/people?text=bad%40", "/admin/log"):
        answer = editor.get(path)
        assert "<script>alert" not in answer.text
        assert "onerror=alert(1)>" not in answer.text
