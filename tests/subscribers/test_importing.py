"""Files of people: what is recognised, what is refused, what a run does to a list."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers import Reason, State, audit, load_file, notices, roster
from subscribers.errors import FileFault
from subscribers.importing.run import ASKED, Options, preview, run
from subscribers.importing.staging import stage
from tests.subscribers.desks import MORNING

BY = {"at": MORNING, "how": "command"}


class Stopped(Exception):
    """The machine stopped."""


@pytest.fixture
def give(desk, tmp_path: Path):
    """Import a file's content into a list and return what each line came to."""

    def counted(content: str | bytes, slug: str = "daily", **options: bool) -> dict[str, int]:
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        staged = stage(path, tmp_path)
        with desk.read() as conn:
            foreseen = preview(conn, staged, slug, Options(**options), at=MORNING)
        *_, last = run(desk.begin, staged, slug, Options(**options), now=desk.now)
        came_to = {fate: count for fate, count in last.fates.items() if count}
        assert {fate: count for fate, count in came_to.items() if fate != "details changed"} == {
            fate: count for fate, count in foreseen.items() if fate != ASKED
        }
        return came_to

    return counted


@pytest.fixture
def read(tmp_path: Path):
    """Stage a file's content."""

    def staged(content: str | bytes, **options: str):
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return stage(path, tmp_path, **options)

    return staged


def people(desk, slug: str = "daily") -> dict[str, tuple[str, str]]:
    with desk.read() as conn:
        return {each.address: (each.name, each.state.value) for each in roster.members(conn, slug)}


CSV = "email,name\nann@example.com,Ann Ek\nbob@example.com,Bob\n"
BOTH = {"ann@example.com": ("Ann Ek", "confirmed"), "bob@example.com": ("Bob", "confirmed")}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CSV, id="commas"),
        pytest.param(CSV.replace(",", ";"), id="semicolons"),
        pytest.param(CSV.replace(",", "\t"), id="tabs"),
        pytest.param(CSV.replace(",", "|"), id="bars"),
        pytest.param(CSV.replace("\n", "\r\n"), id="windows lines"),
        pytest.param(CSV.replace("\n", "\r"), id="old mac lines"),
        pytest.param("\n\n" + CSV, id="empty lines first"),
        pytest.param(CSV.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(CSV.encode("utf-16"), id="utf-16 with a mark"),
        pytest.param(CSV.encode("utf-16-le"), id="utf-16 without a mark"),
        pytest.param(CSV.encode("utf-16-be"), id="utf-16 the other way round"),
        pytest.param("Name,E-Mail Address\nAnn Ek,ann@example.com\nBob,bob@example.com\n", id="other order"),
        pytest.param("First Name,Last Name,Email\nAnn,Ek,ann@example.com\nBob,,bob@example.com\n", id="two names"),
        pytest.param("Ann Ek <ann@example.com>\nBob <bob@example.com>\n", id="pasted lines"),
        pytest.param('"Ann Ek" <ann@example.com>, Bob <bob@example.com>;', id="pasted from a mail's To"),
        pytest.param("ann@example.com Ann Ek\nbob@example.com\tBob", id="pasted columns"),
        pytest.param("ann@example.com,Ann Ek\nbob@example.com,Bob\n", id="no heading"),
        pytest.param('email,name\n"ann@example.com","Ann\nEk"\nbob@example.com,Bob\n', id="a line break in a cell"),
    ],
)
def test_a_list_is_read_however_it_is_written(desk, give, content):
    assert give(content) == {"new": 2}
    assert people(desk) == BOTH


def test_windows_letters_are_read(desk, give):
    give("email,name\njosé@example.com,José\n".replace("josé@", "jose@").encode("cp1252"))
    assert people(desk) == {"jose@example.com": ("José", "confirmed")}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04" + b"\0" * 100, "a zip file or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "a spreadsheet"),
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"", "the file is empty"),
        (b" \n \n", "the file is empty"),
        (b"abc\0\0\1\2" * 50, "this is not text"),
        (b"first,second\n1,2\n", "no column is named like an address; the columns are: first, second"),
    ],
)
def test_what_is_no_list_is_refused(read, content, what):
    with pytest.raises(FileFault, match=what):
        read(content)


def test_a_zip_bomb_is_never_unpacked(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("people.csv", b"a@example.com\n" * 200_000)
    with pytest.raises(FileFault, match="save the list as CSV"):
        read(packed.getvalue())


def test_every_bad_line_is_named_and_the_rest_goes_on(read):
    staged = read("email,name\nann@example.com,Ann\nnobody,Nobody\n,Empty\nx@y,\nbob@example.com,Bob\n")
    assert [fault.line for fault in staged.faults] == [3, 4, 5]
    assert str(staged.faults[1]) == "line 4: there is no address"
    assert (staged.people, staged.lines, staged.fault_count) == (2, 5, 3)


@pytest.mark.parametrize("joined", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01"])
def test_a_time_beyond_all_calendars_is_a_fault_of_its_line(read, joined):
    staged = read(f"email,joined_at\nann@example.com,{joined}\nbob@example.com,2026-03-04\n")
    assert [fault.line for fault in staged.faults] == [2]
    assert "is not a time" in str(staged.faults[0])


def test_attributes_nested_without_end_are_a_fault_and_half_a_character_is_left_out(read):
    deep = '{""a"":' + "[" * 5000 + "]" * 5000 + "}"
    half = '{""a"":""x\\ud83d\\u0000y""}'
    staged = read(f'email,attributes\nann@example.com,"{deep}"\nbob@example.com,"{half}"\n')
    assert [str(fault) for fault in staged.faults] == ["line 2: attributes are not JSON"]
    (row,) = staged.rows()
    assert row.fields == '{"a": "xy"}'


def test_only_the_first_thousand_faults_are_kept_but_all_are_counted(read):
    staged = read("email\n" + "nobody\n" * 1500)
    assert (len(staged.faults), staged.fault_count) == (1000, 1500)


def test_a_cell_without_end_is_a_fault_not_a_crash(read):
    staged = read('email,name\nann@example.com,Ann\nbob@example.com,"' + "x" * 200_000)
    assert staged.people == 1
    assert "what follows was not read" in staged.faults[0].what


def test_a_line_without_end_is_refused_before_it_is_read(read):
    with pytest.raises(FileFault, match="a line of more than 1 MiB"):
        read("email\n" + "a@example.com," * 200_000)


def test_a_record_without_end_is_not_gathered(read):
    staged = read("email,name\nann@example.com,Ann\n" + '"a\n",' * 400_000)
    assert staged.people == 1
    assert "a record of more than 1 MiB; what follows was not read" in staged.faults[-1].what


def test_one_person_written_in_several_ways_is_one(desk, give):
    content = (
        "email,name\nAnn@Example.com,Ann\nann@example.com,Ann Ek\nann+news@example.com,Plus\n"
        "x@bücher.example,IDN\nx@xn--bcher-kva.example,IDN again\n"
    )
    assert give(content) == {"new": 3}
    assert people(desk) == {
        "ann@example.com": ("Ann Ek", "confirmed"),
        "ann+news@example.com": ("Plus", "confirmed"),
        "x@bücher.example": ("IDN again", "confirmed"),
    }


def test_the_line_that_says_someone_left_wins_over_later_ones(desk, give):
    give("email,state\nann@example.com,unsubscribed\nann@example.com,confirmed\n")
    assert people(desk)["ann@example.com"][1] == "unsubscribed"


def test_importing_twice_changes_nothing(desk, give):
    give(CSV)
    before = people(desk)
    assert give(CSV) == {"already": 2}
    assert people(desk) == before


def test_who_left_or_is_suppressed_stays_off(desk, give):
    give(CSV)
    with desk.begin() as conn:
        roster.remove(conn, "daily", "ann@example.com", **BY)
        roster.suppress(conn, "bob@example.com", Reason.COMPLAINT, **BY)
        roster.suppress(conn, "new@example.com", Reason.HARD_BOUNCE, list_slug="daily", **BY)
    assert give(CSV + "new@example.com,New\n") == {"left before": 1, "suppressed": 2}
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 0
        assert roster.find(conn, "new@example.com") is None


def test_an_override_takes_them_back_and_says_so_in_the_log(desk, give):
    give(CSV)
    with desk.begin() as conn:
        roster.remove(conn, "daily", "ann@example.com", **BY)
        roster.suppress(conn, "bob@example.com", Reason.COMPLAINT, **BY)
    assert give(CSV, override=True) == {"joined": 2}
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 2
        begun = next(each for each in audit.entries(conn) if each.what == "import begun")
    assert begun.detail == "2 people, override"


def test_known_people_join_a_second_list(desk, give):
    give(CSV)
    assert give(CSV, "extra") == {"joined": 2}
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily", "extra")) == 2


def test_a_double_opt_in_list_asks_the_new_and_believes_what_the_file_says(desk, give):
    give("email,state\nann@example.com,\nbob@example.com,confirmed\ncid@example.com,pending\n", "evening")
    assert {address: state for address, (_, state) in people(desk, "evening").items()} == {
        "ann@example.com": "unconfirmed",
        "bob@example.com": "confirmed",
        "cid@example.com": "unconfirmed",
    }
    with desk.read() as conn:
        assert [notice.address for notice in notices.due(conn)] == ["ann@example.com"]


def test_who_will_be_asked_to_confirm_is_known_before_and_nobody_is_who_has_agreed_already(desk, give, tmp_path):
    text = "email,state\nann@example.com,\nbob@example.com,confirmed\ncid@example.com,\n"
    path = tmp_path / "people.csv"
    path.write_text(text)
    staged = stage(path, tmp_path)
    with desk.read() as conn:
        assert preview(conn, staged, "evening", Options(), at=MORNING)[ASKED] == 2
        assert ASKED not in preview(conn, staged, "evening", Options(confirmed=True), at=MORNING)
    assert give(text, "evening", confirmed=True) == {"new": 3}
    with desk.read() as conn:
        assert notices.due(conn) == ()
        begun = next(each for each in audit.entries(conn) if each.what == "import begun")
    assert begun.detail == "3 people, agreed elsewhere"
    assert {state for _, state in people(desk, "evening").values()} == {"confirmed"}


def test_names_and_fields_are_brought_up_to_date_unless_kept(desk, give):
    give("email,name,City\nann@example.com,Ann,Lund\n")
    assert give("email,name,City\nann@example.com,Ann Ek,\n") == {"already": 1, "details changed": 1}
    assert give("email,name,City\nann@example.com,Other,Ystad\n", keep=True) == {"already": 1}
    with desk.read() as conn:
        found = roster.by_address(conn, "ann@example.com")
        newest = next(each for each in audit.entries(conn) if each.what == "details changed")
    assert (found.name, found.fields) == ("Ann Ek", (("City", "Lund"),))
    assert newest.detail == "name"


def test_an_import_that_was_stopped_goes_on_where_it_was(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email\n" + "".join(f"p{number:05}@example.com\n" for number in range(5000)))
    staged = stage(path, tmp_path)
    steps = run(desk.begin, staged, "daily", Options(), now=desk.now)
    assert [next(steps).done, next(steps).done] == [0, 2000]
    steps.close()
    again = list(run(desk.begin, stage(path, tmp_path), "daily", Options(), now=desk.now))
    assert again[0].resumed
    assert [step.done for step in again] == [2000, 4000, 5000]
    assert again[-1].fates["new"] == 5000
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 5000
        whats = [each.what for each in audit.entries(conn)]
    assert whats.count("import begun") == whats.count("import finished") == 1


def test_a_finished_import_begins_anew(desk, give):
    give(CSV)
    assert give(CSV) == {"already": 2}


def test_a_step_that_fails_leaves_the_steps_before_it(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email\n" + "".join(f"p{number:05}@example.com\n" for number in range(4000)))
    staged = stage(path, tmp_path)
    steps = run(desk.begin, staged, "daily", Options(), now=lambda: desk.now())
    next(steps)
    next(steps)

    def broken():
        raise Stopped

    desk.now = broken
    with pytest.raises(Stopped):
        next(steps)
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 2000


def test_long_files_are_imported_in_short_transactions(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email\n" + "".join(f"p{number}@example.com\n" for number in range(9000)))
    load_file(desk.begin, path, "daily", now=desk.now)
    assert desk.commits == 1 + 5 + 1


def test_old_links_work_again_after_an_export_came_back(desk, give):
    own = (
        "email,name,state,joined_at,confirmed_at,left_at,suppressed,suppressed_here,tags,language,sections,"
        "weekdays_only,public_id\nann@example.com,,confirmed,,,,,,,,,,69a77600408f097dde4dfa00\n"
        "bob@example.com,,confirmed,,,,,,,,,,69a77600408f097dde4dfa00\n"
        "cid@example.com,,confirmed,,,,,,,,,,nonsense\n"
    )
    assert give(own) == {"new": 3}
    with desk.read() as conn:
        assert roster.by_public_id(conn, "69a77600408f097dde4dfa00").address == "ann@example.com"


def test_a_reason_that_is_none_is_a_fault_of_its_line(read):
    staged = read("email,suppressed\nann@example.com,whatever\n")
    assert "is none of complaint, forgotten, hard bounce" in str(staged.faults[0])


def test_the_column_of_addresses_can_be_named(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("kontakt,name\nann@example.com,Ann\n")
    assert stage(path, tmp_path, address="Kontakt").people == 1
    with pytest.raises(FileFault, match='no column is named "post"; the columns are: kontakt, name'):
        stage(path, tmp_path, address="post")


def test_the_bundled_sample_is_without_a_fault(desk):
    path = Path(__file__).parents[2] / "samples/subscribers.csv"
    fates, faults = load_file(desk.begin, path, "daily", now=desk.now)
    assert (fates["new"], faults) == (12, ())
    with desk.read() as conn:
        assert roster.find(conn, "leser@bücher.example.org").subscriber.name == "Lore Weißgerber"
        assert roster.find(conn, "d.kaplan@example.org").subscriber.language == "he"


def test_states_are_told_in_peoples_words(desk, give):
    give(
        "email,status\na@example.com,Subscribed\nb@example.com,unsubscribed\nc@example.com,cleaned\n"
        "d@example.com,blocklisted\n"
    )
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 1
        reasons = {a: roster.is_suppressed(conn, f"{a}@example.com") for a in "abcd"}
        left = roster.find(conn, "b@example.com").subscriptions[0].state
    assert reasons == {"a": None, "b": None, "c": Reason.HARD_BOUNCE, "d": Reason.MANUAL}
    assert left is State.UNSUBSCRIBED


PIECES = st.sampled_from(
    [
        *(
            b"email,name\n",
            b"email;state\n",
            b"uuid,email,attributes,status\n",
            b"ann@example.com",
            b"Bo <bob@example.com>",
        ),
        *(b",", b";", b"\t", b"|", b"\n", b"\r", b'"', b"'", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\xe9", b"=", b"@"),
        *(b"{", b"confirmed", b"2026-03-04", b"<", b">", b"x" * 300, b" ", "\u202e\u0085\u2028😀".encode(), b"\x1a"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=25).map(b"".join)))
def test_any_bytes_are_a_list_or_a_fault(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    (folder / "people.csv").write_bytes(content)
    try:
        staged = stage(folder / "people.csv", folder)
    except FileFault:
        return
    rows = list(staged.rows())
    assert len(rows) == staged.people
    assert staged.lines == staged.people + staged.repeated + staged.fault_count
    assert [row.address for row in rows] == sorted({row.address for row in rows})


def test_a_file_in_the_order_of_addresses_is_not_sorted_again_and_comes_out_the_same(tmp_path):
    lines = [f"p{number:03}@example.com,Person {number}" for number in range(200)]
    held = {}
    for name, order in (("sorted", lines), ("turned", lines[::-1]), ("twice", [*lines, lines[7]])):
        path, folder = tmp_path / f"{name}.csv", tmp_path / name
        folder.mkdir()
        path.write_text("email,name\n" + "\n".join(order))
        staged = stage(path, folder)
        assert (staged.is_sorted, staged.people) == (name == "sorted", 200)
        held[name] = [(row.address, row.name) for row in staged.rows()]
        assert [row.address for row in staged.rows("p150@example.com")][:2] == ["p151@example.com", "p152@example.com"]
    assert held["sorted"] == held["turned"] == held["twice"]
