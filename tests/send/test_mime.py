"""Mails as bytes: what every client must be able to read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import ProviderRefused
from digest.send.mime import Mould, build, stuffed
from tests.send.provider_contract import parsed
from tests.send.worlds import recipient
from tests.store.samples import ENVELOPE, MESSAGE, NOW


def mail(*, message=MESSAGE, envelope=ENVELOPE, to=None, **others) -> bytes:
    return build(message, envelope, to or recipient(1, **others), date=NOW)


def test_text_comes_before_html():
    kinds = [part.get_content_type() for part in parsed(mail()).iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_a_link_of_900_characters_stays_in_one_piece():
    url = "https://news.example/u/" + "x" * 877
    raw = mail(to=replace(recipient(1), one_click_url=url))
    assert f"List-Unsubscribe: <{url}>\r\n".encode() in raw
    assert parsed(raw)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_link_longer_than_that_is_refused():
    with pytest.raises(ProviderRefused, match="1000"):
        mail(to=replace(recipient(1), one_click_url="x" * 1000))


def test_a_mailbox_is_a_second_way_out():
    raw = mail(envelope=replace(ENVELOPE, unsubscribe_mailbox="leave@morning.example"))
    assert b"<https://news.example/u/1>,\r\n <mailto:leave@morning.example?subject=unsubscribe%20p1>" in raw


def test_without_a_one_click_address_nothing_promises_one_click():
    envelope = replace(ENVELOPE, unsubscribe_mailbox="leave@morning.example")
    raw = mail(envelope=envelope, to=replace(recipient(1), one_click_url=""))
    assert b"List-Unsubscribe: <mailto:" in raw
    assert b"One-Click" not in raw


def test_headers_say_what_kind_of_mail_it_is():
    found = parsed(mail())
    assert found["List-Id"] == "<morning.morning.example>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Feedback-ID"] == "2026-03-04:morning:edition:morning.morning.example"


def test_the_message_id_is_the_same_at_every_attempt_and_different_for_everyone():
    ids = [parsed(mail(to=recipient(n)))["Message-ID"] for n in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@morning.example>")


@pytest.mark.parametrize(
    "name", ["x" * 5000, 'a "b" ' * 900, "é" * 3000, "😀" * 1200, "x y\r\nBcc: z@z.example " * 200]
)
def test_no_name_makes_a_line_too_long_or_a_header_of_its_own(name):
    message = replace(MESSAGE, subject="For %%NAME%%")
    raw = mail(message=message, name=name)
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert parsed(raw)["Bcc"] is None
    assert parsed(raw)["To"].addresses[0].addr_spec == recipient(1).address


def test_slots_are_escaped_in_html_and_plain_in_text():
    message = replace(MESSAGE, text="Dear %%NAME%%.", html="<p>Dear %%NAME%%.</p>", subject="For %%NAME%%")
    found = parsed(mail(message=message, name='Ann & "Bo" <b@x.example>'))
    assert found.get_body(("plain",)).get_content() == 'Dear Ann & "Bo" <b@x.example>.'
    assert "<p>Dear Ann &amp; &quot;Bo&quot; &lt;b@x.example&gt;.</p>" in found.get_body(("html",)).get_content()
    assert found["Subject"] == 'For Ann & "Bo" <b@x.example>'


@pytest.mark.parametrize(
    "subject",
    [
        "Fähre fährt wieder " * 8,
        "渡し船が再び運航する" * 8,
        "العبّارة تعود إلى العمل",
        "Plain " * 40,
        "=?utf-8?q?not_encoded?=",
    ],
    ids=["german", "japanese", "arabic", "long", "looks encoded"],
)
def test_subjects_come_back_as_they_were(subject):
    raw = mail(message=replace(MESSAGE, subject=subject))
    assert str(parsed(raw)["Subject"]).split() == subject.split()
    assert raw.isascii()


def test_no_value_can_start_a_header():
    evil = "x\r\nBcc: all@everyone.example\u2028Evil: 1"
    raw = build(
        replace(MESSAGE, subject=evil),
        replace(ENVELOPE, reply_to=f'"{evil}" <a@b.example>', list_id=f"x{evil}"),
        replace(recipient(1, name=evil), one_click_url=f"https://x.example/{evil}"),
        date=NOW,
    )
    names = {line.partition(b":")[0].lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    assert not names & {b"bcc", b"evil"}


def test_domains_beyond_ascii_become_a_labels():
    assert parsed(mail(to=recipient(1, "jo@bücher.example")))["To"] == "jo@xn--bcher-kva.example"


def test_a_name_beyond_ascii_is_readable():
    found = parsed(mail(name="Zoë Ångström"))
    assert found["To"].addresses[0].display_name == "Zoë Ångström"
    assert found["To"].addresses[0].addr_spec == "reader1@readers.example"


ODD = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=300
)


@given(text=ODD, before=ODD, value=ODD.map(lambda text: text.replace("\n", " ")))
def test_whatever_is_written_comes_back_in_lines_of_76(text, before, value):
    before, text = before.replace("%%", ""), text.replace("%%", "")
    message = replace(MESSAGE, text=f"{before}%%NAME%%{text}", html=f"<p>{before}</p>", subject="x")
    someone = replace(recipient(1), slots=(("NAME", value),))
    raw = Mould(message, ENVELOPE, date=NOW).fill(someone)
    body = raw.partition(b"\r\n\r\n")[2]
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    content = parsed(raw).get_body(("plain",)).get_payload(decode=True).decode()
    assert content.replace("\r\n", "\n").removesuffix("\n") == f"{before}{value}{text}".removesuffix("\n")


@given(text=st.text(".a\n", max_size=300), value=st.text(".a ", max_size=100))
def test_dots_doubled_beforehand_are_those_that_would_be_doubled_in_the_end(text, value):
    message = replace(MESSAGE, text=f"{text}%%NAME%%{text}", html=f".%%NAME%%\n{text}", subject="x")
    someone = replace(recipient(1), slots=(("NAME", value),))
    plain, ready = (Mould(message, ENVELOPE, date=NOW, is_stuffed=each).fill(someone) for each in (False, True))
    assert ready == stuffed(plain)
