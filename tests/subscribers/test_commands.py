"""The commands, as typed at a keyboard."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, update

from subscribers import RosterError, State, audit, roster
from subscribers.cli import COMMANDS, group
from subscribers.editing import Difference, Line, difference, read, text_of
from subscribers.errors import FileFault, UnknownList
from subscribers.tables import lists
from tests.subscribers.desks import MORNING, FakeDesk

BY = {"at": MORNING, "how": "command"}


@pytest.fixture
def run(desk: FakeDesk):
    """Type a command and return what it printed."""

    def typed(*words: str, typed_in: str | None = None, **environment: str) -> Result:
        result = CliRunner().invoke(group, words, obj=desk, input=typed_in, env=environment)
        if isinstance(result.exception, RosterError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return typed


def test_people_are_added_listed_and_removed(run):
    assert run("add", "daily", "ann@example.com", "--name", "Ann Ek").output == "ann@example.com: added\n"
    assert run("list", "daily").output == "confirmed     ann@example.com  Ann Ek\n"
    assert run("remove", "daily", "ann@example.com").output == "ann@example.com: removed\n"
    assert run("list", "daily").output == "unsubscribed  ann@example.com  Ann Ek\n"


def test_the_lists_are_shown_with_their_counts(run):
    run("add", "evening", "ann@example.com")
    lines = run("list").output.splitlines()
    assert lines[0].split() == ["list", "title", "opt-in", "get", "mail", "suppressed", "unconfirmed", "left"]
    assert lines[2].split() == ["evening", "Evenings", "double", "0", "0", "1", "0"]
    values = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert [each["slug"] for each in values] == ["daily", "evening", "extra"]


def test_whoever_is_suppressed_does_not_count_among_those_who_get_mail(run):
    for name in ("ann", "bob"):
        run("add", "daily", f"{name}@example.com")
    run("suppress", "bob@example.com")
    assert run("list").output.splitlines()[1].split()[-5:] == ["single", "1", "1", "0", "0"]
    daily = json.loads(run("list", "--json").output.splitlines()[0])
    assert (daily["confirmed"], daily["suppressed"]) == (2, 1)
    assert run("list", "daily").output.splitlines() == [
        "confirmed     ann@example.com",
        "confirmed     bob@example.com  (suppressed)",
    ]
    people = [json.loads(line) for line in run("list", "daily", "--json").output.splitlines()]
    assert [each["is_suppressed"] for each in people] == [False, True]


def test_a_list_that_is_there_takes_the_title_and_opt_in_given_and_keeps_its_people(run):
    run("add", "daily", "ann@example.com")
    assert run("make", "daily").output == "daily was there already, and stays as it was\n"
    assert run("make", "daily", "--title", "The day", "--opt-in", "double").output == "changed daily\n"
    assert run("list").output.splitlines()[1].split() == ["daily", "The", "day", "double", "1", "0", "0", "0"]
    assert run("make", "daily", "--opt-in", "double").output == "daily was there already, and stays as it was\n"


def test_a_field_that_nobody_has_is_named_with_those_there_are(run):
    run("add", "daily", "ann@example.com", "--field", "City=Lund")
    result = run("list", "daily", "--where", "city=Lund")
    assert 'nobody on daily has a field "city"; their fields are: City' in result.output
    assert run("list", "daily", "--where", "City=Oslo").output == ""


def test_the_lines_with_faults_are_kept_in_a_file(run, tmp_path):
    people, faults = tmp_path / "people.csv", tmp_path / "faults.txt"
    people.write_text("email\nann@example.com\n" + "".join(f"nobody{n}\n" for n in range(12)))
    result = run("import", "daily", str(people), "--dry-run", "--faults", str(faults))
    assert "and 2 more lines with faults; --faults FILE keeps them" in result.output
    assert len(faults.read_text().splitlines()) == 12
    assert faults.read_text().startswith('line 3: "nobody0" is not an address')


def test_a_double_opt_in_list_says_that_it_asks(run):
    assert "waits: a mail asks them to confirm" in run("add", "evening", "ann@example.com").output


def test_who_agreed_elsewhere_is_asked_for_nothing_and_the_record_says_so(run, desk):
    run("add", "evening", "ann@example.com")
    assert run("add", "evening", "ann@example.com", "--confirmed").output == "ann@example.com: added\n"
    assert run("add", "evening", "bob@example.com", "--confirmed").output == "bob@example.com: added\n"
    with desk.read() as conn:
        assert roster.audience_count(conn, ("evening",)) == 2
    assert run("log").output.count("agreed elsewhere") == 2


def test_who_left_stays_away_even_where_somebody_says_they_agreed(run):
    run("add", "evening", "ann@example.com", "--confirmed")
    run("remove", "evening", "ann@example.com")
    result = run("add", "evening", "ann@example.com", "--confirmed")
    assert result.exit_code == 1
    assert "they left this list" in result.output


def test_one_bad_address_does_not_keep_out_the_others(run, desk):
    result = run("add", "daily", "ann@example.com", "nobody", "bob@example.com")
    assert result.exit_code == 1
    assert '"nobody" is not an address' in result.output
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 2


def test_who_left_is_not_added_and_the_way_is_named(run):
    run("add", "daily", "ann@example.com")
    run("remove", "daily", "ann@example.com")
    result = run("add", "daily", "ann@example.com")
    assert result.exit_code == 1
    assert "they left this list; --override" in result.output
    assert run("add", "daily", "ann@example.com", "--override").output == "ann@example.com: added\n"


def test_an_unknown_list_is_answered_with_those_there_are(run):
    for words in (["list", "x"], ["add", "x", "a@example.com"], ["export", "x"], ["edit", "x"]):
        with pytest.raises(UnknownList, match="the lists are: daily, evening, extra") as fault:
            run(*words)
        assert fault.value.exit_code == 2


def test_an_import_shows_faults_and_fates_and_asks_nobody_in_a_pipe(run, desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email,name\nann@example.com,Ann\nnobody,No\n")
    result = run("import", "daily", str(path))
    assert result.exit_code == 2
    assert "say --yes" in result.output
    result = run("import", "daily", str(path), "--yes")
    assert result.exit_code == 1
    assert 'line 3: "nobody" is not an address' in result.output
    assert "        1 new\n" in result.output
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 1


def test_a_dry_run_changes_nothing(run, desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email,name\nann@example.com,Ann\n")
    result = run("import", "daily", str(path), "--dry-run", "--json")
    assert json.loads(result.stdout)["new"] == 1
    assert desk.commits == 0


def test_addresses_are_pasted_on_standard_input(run, desk):
    run("import", "daily", "-", "--yes", typed_in="Ann Ek <ann@example.com>, bob@example.com\n")
    with desk.read() as conn:
        assert [each.name for each in roster.members(conn, "daily")] == ["Ann Ek", ""]


def test_an_export_is_written_and_imported(run, desk, tmp_path):
    run("add", "daily", "ann@example.com", "--name", "=1+1", "--field", "city=Lund", "--tag", "staff")
    path = tmp_path / "out.csv"
    assert run("export", "daily", "-o", str(path)).exit_code == 0
    assert path.read_text() == run("export", "daily").stdout
    assert run("import", "extra", str(path), "--yes").exit_code == 0
    with desk.read() as conn:
        assert roster.audience_count(conn, ("extra",)) == 1


def test_one_persons_data_is_json(run):
    run("add", "daily", "ann@example.com", "--field", "city=Lund")
    data = json.loads(run("export", "--subject", "ann@example.com").output)
    assert data["subscriber"]["fields"] == {"city": "Lund"}
    assert run("export").exit_code == 2


def test_people_are_found_by_a_part(run):
    run("add", "daily", "ann@example.com", "--name", "Ann Ek", "--tag", "staff")
    run("suppress", "ann@example.com", "--reason", "complaint")
    shown = run("find", "EXAMPLE").output
    assert "ann@example.com  Ann Ek  #staff" in shown
    assert "daily: confirmed since 2026-03-04 (command)" in shown
    assert "suppressed for every list since 2026-03-04: complaint" in shown
    assert json.loads(run("find", "ek", "--json").output)["subscriber"]["address"] == "ann@example.com"
    assert run("find", "zzz").exit_code == 1


def test_names_and_fields_are_set_and_taken_away(run, desk):
    run("add", "daily", "ann@example.com", "--field", "city=Lund")
    assert run("set", "ann@example.com", "city=", "Shoe size=43", "--name", "Ann Ek").output.endswith(": changed\n")
    assert run("set", "ann@example.com", "Shoe size=43").output.endswith(": was so already\n")
    with desk.read() as conn:
        found = roster.by_address(conn, "ann@example.com")
    assert (found.name, found.fields) == ("Ann Ek", (("Shoe size", "43"),))
    assert run("set", "ann@example.com", "city").exit_code == 2


def test_a_list_is_narrowed_by_words(run, desk):
    run("add", "daily", "ann@example.com", "--tag", "staff")
    run("add", "daily", "bob@example.com")
    assert run("list", "daily", "--where", "-tag:staff").output == "confirmed     bob@example.com\n"
    assert run("list", "--where", "tag:staff").exit_code == 2
    assert "keeps no ledger" in run("list", "daily", "--where", "received>7d").output


def test_who_never_confirmed_is_tidied_away(run, desk):
    run("add", "evening", "ann@example.com")
    assert run("tidy").output == "0 erased\n"
    desk.later(days=31)
    assert run("tidy").output == "1 erased\n"


def test_people_are_found_by_a_domain_in_its_own_script(run):
    run("add", "daily", "a@bücher.example")
    assert "a@bücher.example" in run("find", "bücher").output
    assert "a@bücher.example" in run("find", "xn--bcher").output


def test_signs_of_a_pattern_are_looked_for_as_they_are(run):
    run("add", "daily", "a_b@example.com")
    run("add", "daily", "axb@example.com")
    assert "axb" not in run("find", "a_b").output
    assert run("find", "%").exit_code == 1


def test_suppressing_and_lifting(run):
    run("add", "daily", "ann@example.com")
    assert "suppressed" in run("suppress", "ann@example.com", "--list", "daily").output
    assert "was suppressed already" in run("suppress", "ann@example.com", "--list", "daily").output
    assert "was not suppressed" in run("lift", "ann@example.com").output
    assert "may be written to again" in run("lift", "ann@example.com", "--list", "daily").output


def test_forgetting_asks_first(run, desk):
    run("add", "daily", "ann@example.com")
    assert run("forget", "ann@example.com", typed_in="n\n").exit_code == 1
    assert "forgotten" in run("forget", "ann@example.com", "--yes").output
    with desk.read() as conn:
        assert roster.find(conn, "ann@example.com") is None


def test_the_log_tells_who_did_what(run):
    run("add", "daily", "ann@example.com")
    run("tag", "ann@example.com", "staff")
    run("tag", "ann@example.com", "staff", "--off")
    values = [json.loads(line) for line in run("log", "ann@example.com", "--json").output.splitlines()]
    assert [each["what"] for each in values] == ["untagged", "tagged", "subscribed"]
    assert "subscribed daily #1" in run("log", "--list", "daily").output


def test_control_signs_of_a_name_never_reach_the_terminal(run):
    run("add", "daily", "ann@example.com", "--name", "Ann\x1b[2JEk\u202e")
    assert "\x1b" not in run("list", "daily").output
    assert "\u202e" not in run("find", "ann").output


def write_editor(folder: Path, script: str) -> str:
    """Return an editor that changes the file by a Python script over ``text``."""
    import sys

    program = folder / "editor.py"
    program.write_text(
        f"import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\ntext = file.read_text()\n{script}\nfile.write_text(text)\n"
    )
    return f"{sys.executable} {program}"


def test_a_list_is_edited_as_text(run, desk, tmp_path):
    for name in ("ann", "bob", "cid"):
        run("add", "daily", f"{name}@example.com", "--name", name.title())
    editor = write_editor(
        tmp_path,
        "text = text.replace('bob@example.com  Bob\\n', '').replace('Cid', 'Cid Ö') + 'dan@example.com  Dan\\n'",
    )
    shown = run("edit", "daily", "--yes", EDITOR=editor, VISUAL="").output
    assert "- bob@example.com  Bob" in shown
    assert "+ dan@example.com  Dan" in shown
    assert "~ cid@example.com  Cid → Cid Ö" in shown
    assert shown.endswith("1 added, 1 removed, 1 renamed\n")
    with desk.read() as conn:
        found = {each.address: (each.name, each.state) for each in roster.members(conn, "daily")}
        assert found["bob@example.com"][1] is State.UNSUBSCRIBED
        assert found["cid@example.com"] == ("Cid Ö", State.CONFIRMED)
        assert audit.entries(conn)[0].how == "editor"


def test_an_edit_that_is_not_agreed_to_changes_nothing(run, desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("add", "daily", "ann@example.com")
    before = desk.commits
    editor = write_editor(tmp_path, "text = ''")
    assert "nothing was changed" in run("edit", "daily", typed_in="n\n", EDITOR=editor, VISUAL="").output
    assert (tmp_path / "daily.edited.txt").read_text() == ""
    assert "nothing was changed" in run("edit", "daily", EDITOR=write_editor(tmp_path, ""), VISUAL="").output
    assert not (tmp_path / "daily.edited-2.txt").exists()
    assert desk.commits == before


def test_what_was_typed_is_kept_where_somebody_does_not_edit_again(run, desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("add", "daily", "ann@example.com")
    editor = write_editor(tmp_path, "text += 'bob@example.com\\nnobody\\n'")
    for name in ("daily.edited.txt", "daily.edited-2.txt"):
        result = run("edit", "daily", typed_in="n\n", EDITOR=editor, VISUAL="")
        assert result.exit_code == 1
        assert f"what you wrote is kept in {name}; it holds addresses" in result.output
        kept = tmp_path / name
        assert kept.read_text().endswith("ann@example.com\nbob@example.com\nnobody\n")
        assert kept.stat().st_mode & 0o777 == 0o600


def test_what_was_typed_is_shown_where_no_file_can_keep_it(run, desk, tmp_path):
    slug = "daily" * 50  # no file can have so long a name, and nor may a list, so another one is given it
    with desk.begin() as conn:
        conn.execute(update(lists).where(lists.c.slug == "daily").values(slug=slug))
    editor = write_editor(tmp_path, "text += 'nobody\\n'")
    result = run("edit", slug, typed_in="n\n", EDITOR=editor, VISUAL="")
    assert "what you wrote can be kept in no file; here it is:\n# The list daily" in result.output
    assert "\nnobody\n" in result.output


def test_what_was_typed_outlives_a_store_that_is_away(run, desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    editor = write_editor(tmp_path, "text += 'ann@example.com\\n'")
    desk.begin = AwayDesk(desk.engine).begin
    with pytest.raises(RosterError, match="away"):
        run("edit", "daily", "--yes", EDITOR=editor, VISUAL="")
    assert "ann@example.com" in (tmp_path / "daily.edited.txt").read_text()


def test_every_bad_line_of_an_edit_is_named_at_once():
    with pytest.raises(FileFault, match=r"line 2: .*\nline 4: "):
        read("ann@example.com\nnobody\n# a remark\nx@y\n")


def test_an_untouched_text_means_nothing(conn):
    roster.add(conn, "daily", "ann@example.com", name="Ann Ek", **BY)
    text = text_of("daily", roster.members(conn, "daily"))
    assert difference(text, text) == Difference()
    assert difference(text, text + "Ann@Example.com Ann Ek\n") == Difference()
    assert difference(text, "") == Difference(removed=(Line("ann@example.com", "Ann Ek"),))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    shown = CliRunner().invoke(group, [name, "--help"]).output
    assert "For example:" in shown
    assert f"digest subscribers {name}" in shown


def test_help_lists_every_command():
    shown = CliRunner().invoke(group, ["--help"]).output
    assert all(f"  {name} " in shown for name in COMMANDS)


def test_a_misspelt_command_is_guessed():
    result = CliRunner().invoke(group, ["improt"])
    assert result.exit_code == 2
    assert 'no command "improt"; did you mean "import"?' in result.output


class AwayDesk(FakeDesk):
    """Its store takes nothing."""

    def begin(self) -> AbstractContextManager[Connection]:
        raise RosterError("the store is away")


class InterruptedDesk(FakeDesk):
    """Somebody presses Ctrl-C in the second transaction that would take in people."""

    def begin(self) -> AbstractContextManager[Connection]:
        if self.commits == 2:
            raise KeyboardInterrupt
        return super().begin()


def test_an_import_that_is_interrupted_says_how_far_it_came_and_goes_on_there(run, desk, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("email\n" + "".join(f"p{number:05}@example.com\n" for number in range(5000)))
    stopped = CliRunner().invoke(group, ["import", "daily", str(file), "--yes"], obj=InterruptedDesk(desk.engine))
    assert stopped.exit_code == 1  # click's own for Ctrl-C, where nobody around it knows better
    assert "2,000 of 5,000 people are done; the same import again goes on from there" in stopped.output
    again = run("import", "daily", str(file), "--yes")
    assert "goes on after 2,000 of 5,000 people" in again.output
    assert "5,000 new" in again.output


def test_a_fault_of_standard_input_is_told_of_it_by_name(run):
    with pytest.raises(FileFault, match=r"^standard input: the file is empty$"):
        run("import", "daily", "-", "--yes", typed_in="")
