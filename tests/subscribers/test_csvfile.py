"""Export and import: out and in again is the same, and no spreadsheet runs a cell."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers import Reason, RosterError, State, csvfile, load_file, roster
from subscribers.importing.columns import OWN, Layout, layout_of
from subscribers.importing.decoding import shape_of
from subscribers.importing.rows import reader, safe, undone
from tests.subscribers.desks import MORNING, FakeDesk, make_engine

BY = {"at": MORNING, "how": "command"}


def make_desk() -> FakeDesk:
    engine = make_engine()
    with engine.begin() as conn:
        roster.ensure_list(conn, "daily", title="Every day", opt_in="double", at=MORNING)
    return FakeDesk(engine)


def exported(desk: FakeDesk) -> str:
    out = io.StringIO()
    with desk.read() as conn:
        csvfile.write(conn, "daily", out)
    return out.getvalue()


def brought_back(text: str, folder) -> FakeDesk:
    """Return a fresh installation that imported the text, a year later."""
    desk = make_desk()
    desk.later(days=365)
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8", newline="")
    _, faults = load_file(desk.begin, path, "daily", now=desk.now)
    assert faults == ()
    return desk


def test_an_export_imports_to_the_same_state(tmp_path):
    desk = make_desk()
    with desk.begin() as conn:
        for name in ("=HYPERLINK(1)", "+46 70", "-", "@name", "'quoted'", "''", 'Ann, Ek; "x"', "ليلى"):
            address = f"p{abs(hash(name))}@example.com"
            added = roster.add(conn, "daily", address, name=name, fields={"City": name, "email": "x"}, **BY)
            roster.put_tags(conn, {added.subscriber_id: ("staff", "=beta")})
        waiting = roster.add(conn, "daily", "+Waiting@Example.com", **BY)
        left = roster.add(conn, "daily", "left@example.com", **BY)
        held = roster.add(conn, "daily", "held@bücher.example", **BY)
        here = roster.add(conn, "daily", "here@example.com", **BY)
        later = {"at": MORNING + timedelta(hours=5), "how": "link"}
        for each in (left, held, here):
            roster.confirm(conn, each.subscriber_id, "daily", **later)
        roster.unsubscribe(conn, left.subscriber_id, ("daily",), **later)
        roster.suppress(conn, "held@bücher.example", Reason.HARD_BOUNCE, **BY)
        roster.suppress(conn, "here@example.com", Reason.COMPLAINT, list_slug="daily", **BY)
        roster.prefer(conn, waiting.subscriber_id, sections=("World", "Arts"), weekdays_only=True, language="de", **BY)
    first = exported(desk)
    again = brought_back(first, tmp_path)
    assert sorted(exported(again).splitlines()) == sorted(first.splitlines())
    with again.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 0
        assert roster.find(conn, "left@example.com").subscriptions[0].state is State.UNSUBSCRIBED
        assert roster.is_suppressed(conn, "held@bücher.example") is Reason.HARD_BOUNCE


def test_nobody_is_asked_to_confirm_again_by_an_export_that_comes_back(tmp_path):
    from subscribers import notices

    desk = make_desk()
    with desk.begin() as conn:
        roster.add(conn, "daily", "ann@example.com", **BY)
    with brought_back(exported(desk), tmp_path).read() as conn:
        assert notices.due(conn) == ()


def test_no_cell_of_an_export_is_a_formula():
    desk = make_desk()
    with desk.begin() as conn:
        for number, start in enumerate("=+-@\t"):
            name = f"{start}SUM(A1)"
            roster.add(conn, "daily", f"p{number}@example.com", name=name, fields={name: name}, **BY)
        roster.add(conn, "daily", "-x@example.com", **BY)
    for row in csv.reader(io.StringIO(exported(desk))):
        for cell in row:
            assert cell[:1] not in tuple("=+-@\t\r\n"), cell


@given(st.text(max_size=30))
def test_a_safe_cell_is_harmless_and_comes_back(cell):
    made = safe(cell)
    assert made[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert undone(made) == cell


people = st.lists(
    st.tuples(
        st.emails(domains=st.sampled_from(["example.com", "bücher.example", "xn--bcher-kva.example"])),
        st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
        st.sampled_from(["pending", "confirmed", "left", "held"]),
        st.dictionaries(st.sampled_from(["city", "Ort", "email", "x,y"]), st.text("ab =+-@'\",;\n", max_size=6)),
    ),
    max_size=6,
)


@settings(max_examples=20, deadline=None)
@given(people)
def test_out_and_in_is_the_same_for_any_people(tmp_path_factory, people):
    desk = make_desk()
    with desk.begin() as conn:
        for address, name, fate, fields in people:
            fields = {key: " ".join(value.split()) for key, value in fields.items() if value.strip()}
            added = roster.add(conn, "daily", address, name=name, fields=fields, **BY)
            if fate != "pending" and added.subscriber_id:
                roster.confirm(conn, added.subscriber_id, "daily", **BY)
            if fate == "left" and added.subscriber_id:
                roster.unsubscribe(conn, added.subscriber_id, ("daily",), **BY)
            if fate == "held":
                roster.suppress(conn, address, **BY)
    first = exported(desk)
    again = brought_back(first, tmp_path_factory.mktemp("people"))
    assert sorted(csv.reader(io.StringIO(exported(again)))) == sorted(csv.reader(io.StringIO(first)))


CELLS = {
    "email": ["ann@example.com", "Ann@Example.COM", " ann@example.com", "ann@bücher.example", "", "ann"],
    "name": ["", "Ann Ek", " Ann", "Ann\u00a0Ek", "Ann\tEk"],
    "state": ["confirmed", "unconfirmed", "unsubscribed", "", "Confirmed", "bounced", "odd"],
    "suppressed": ["", "", "hard bounce", "odd"],
    "tags": ["", "", "staff,beta"],
    "language": ["", "", "de"],
    "weekdays_only": ["", "", "yes"],
    "public_id": ["", "65d8f1a2b3c4d5e6f7a8b9c0", " 65d8"],
    "field:city": ["", "Lund", " Lund "],
}
TIMES = ["", "2020-01-02T03:04:05Z", "2020-01-02", " 2020-01-02", "yesterday"]
LINES = st.tuples(*(st.sampled_from(CELLS.get(name, TIMES)) for name in (*OWN, "field:city"))).map(list)


@given(cells=LINES, length=st.sampled_from([14, 14, 13, 9, 2]))
def test_the_quick_way_through_an_export_reads_what_the_long_way_reads(cells, length) -> None:
    layout = layout_of((*OWN, "field:city"))
    long_way = Layout(layout.roles, layout.fields, (), "")
    assert read(layout, cells[:length]) == read(long_way, cells[:length])


def read(layout: Layout, cells: list[str]) -> object:
    try:
        return tuple(reader(layout)(cells, 7))
    except RosterError as fault:
        return str(fault)


PEERS = {
    "Mailchimp": (
        '"Email Address","First Name","Last Name",Address,"Phone Number",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,'
        "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
        'ann@example.com,Ann,Ek,,,2,"2020-01-02 03:04:05",192.0.2.1,"2020-01-02 03:05:06",192.0.2.1,55.7,13.2,1,2,'
        'Europe/Stockholm,SE,M,"2021-01-01 00:00:00",1234,ab12,,"""staff"",""beta"""\n'
    ),
    "Substack": (
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n"
        "ann@example.com,false,,other,false,2020-01-02T03:04:05.678Z,\n"
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        '1f2e,ann@example.com,Ann Ek,"{""city"": ""Lund"", ""age"": 33}",enabled,2020-01-02T03:04:05Z,2021-01-01T00:00:00Z\n'
    ),
    "Ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,"
        "tiers,gift_id,custom_fields.city\n"
        '5f,ann@example.com,Ann Ek,,true,false,,2020-01-02T03:04:05.000Z,,"staff,beta",,,Lund\n'
    ),
}
FIELDS = {
    "Mailchimp": {"timezone": "Europe/Stockholm"},
    "Substack": {},
    "listmonk": {"age": "33", "city": "Lund"},
    "Ghost": {"city": "Lund"},
}


def test_other_programs_exports_are_understood(tmp_path):
    for made_by, content in PEERS.items():
        desk = make_desk()
        path = tmp_path / f"{made_by}.csv"
        path.write_text(content)
        assert layout_of(shape_of(path).first).made_by == made_by
        _, faults = load_file(desk.begin, path, "daily", now=desk.now)
        assert faults == (), made_by
        with desk.read() as conn:
            person = roster.find(conn, "ann@example.com")
            (place,) = person.subscriptions
        assert place.state is State.CONFIRMED, made_by
        assert place.joined_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), made_by
        assert person.subscriber.name == ("" if made_by == "Substack" else "Ann Ek")
        assert person.tags == (("beta", "staff") if made_by in ("Mailchimp", "Ghost") else ()), made_by
        assert dict(person.subscriber.fields) == FIELDS[made_by]


@pytest.mark.parametrize(
    ("heading", "made_by"),
    [
        (
            "Email Address,First Name,Last Name,EMAIL_TYPE,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CC",
            "Mailchimp",
        ),
        ("Email Address,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON,LEID,EUID", "Mailchimp"),
        ("email,active_subscription,expiry,email_disabled,prefer_digests,created_at", "Substack"),
        ("email,active_subscription,expiry,created_at,name", "Substack"),
        (
            "Email,Name,Stripe plan,Start date,Emails received (6mo),Last email open,Shares (7d),Activity,Sections",
            "Substack",
        ),
        (
            "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at",
            "Ghost",
        ),
        ("id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,labels,products", "Ghost"),
        ("email,name,city", ""),
    ],
)
def test_older_and_newer_exports_of_a_program_are_known_by_their_columns(heading, made_by):
    layout = layout_of(tuple(heading.split(",")))
    assert layout.made_by == made_by
    assert layout.fields.keys() <= {"city"}


def test_those_who_left_elsewhere_are_known_as_having_left(tmp_path):
    files = {
        "unsubscribed.csv": "Email Address,UNSUB_TIME,LEID,EUID\nann@example.com,2021-01-02 03:04:05,1,a\n",
        "cleaned.csv": "Email Address,CLEAN_TIME,LEID,EUID\nbob@example.com,2021-01-02 03:04:05,1,a\n",
        "substack.csv": "email,active_subscription,email_disabled\ncid@example.com,false,true\n",
        "listmonk.csv": "uuid,email,attributes,status\n1,dan@example.com,{},blocklisted\n",
        "ghost.csv": "id,email,subscribed_to_emails\n1,eva@example.com,false\n",
    }
    desk = make_desk()
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        load_file(desk.begin, tmp_path / name, "daily", now=desk.now)
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 0
        left = {a for a in ("ann", "cid", "eva") if roster.find(conn, f"{a}@example.com").subscriptions[0].left_at}
        assert left == {"ann", "cid", "eva"}
        assert roster.is_suppressed(conn, "bob@example.com") is Reason.HARD_BOUNCE
        assert roster.is_suppressed(conn, "dan@example.com") is Reason.MANUAL
