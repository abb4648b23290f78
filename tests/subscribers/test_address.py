"""What is an address, and that the short way says the same as the long one."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from subscribers.address import _PLAIN, masked, normal
from subscribers.errors import AddressFault


@pytest.mark.parametrize(
    ("text", "compared", "written"),
    [
        ("Ann@Example.COM", "ann@example.com", "Ann@example.com"),
        (" ann@example.com\t", "ann@example.com", "ann@example.com"),
        ("ann+news@example.com", "ann+news@example.com", "ann+news@example.com"),
        ("o'brien@example.com", "o'brien@example.com", "o'brien@example.com"),
        ("a@bücher.example", "a@xn--bcher-kva.example", "a@bücher.example"),
        ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example", "a@bücher.example"),
        ("a@mail.co.uk", "a@mail.co.uk", "a@mail.co.uk"),
    ],
)
def test_an_address_has_a_form_to_compare_and_one_to_write_to(text, compared, written):
    assert normal(text) == (compared, written)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ann", "ann@", "@example.com", "a b@example.com", "a@b", "a@example..com", "a@-x.com"),
        *(".a@example.com", "a@example.test", "a@localhost", "ö@example.com", "a@[192.0.2.1]"),
        *("a@example.com\nBcc: b@example.com", "x" * 65 + "@example.com", "a@" + "x" * 64 + ".com"),
        *("a@" + "x." * 130 + "com", "a@ex--ample.com\0"),
    ],
)
def test_what_cannot_be_written_to_is_refused(text):
    with pytest.raises(AddressFault):
        normal(text)


LABEL = st.text("abcXYZ019-é", min_size=1, max_size=8)
NEARLY = st.builds(
    lambda local, labels, top: f"{local}@{'.'.join([*labels, top])}",
    st.text("abcXYZ019._+-'é ", min_size=1, max_size=12),
    st.lists(LABEL, min_size=1, max_size=3),
    st.sampled_from(["com", "COM", "test", "local", "x", "c0m", "xn--p1ai", "museum", "arpa", "invalid", "123"]),
)


@given(st.one_of(st.emails(), NEARLY))
@example("a@xn--a.com")
@example("a@ab--cd.com")
@example("a@" + ".".join(["x" * 60] * 4) + ".com")
@example("x" * 64 + "@example.com")
@example("a@0.com")
@example("a@b.onion")
def test_the_short_way_accepts_only_what_the_long_way_does_and_alike(text):
    if not _PLAIN.match(text):
        return
    try:
        long_way = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as fault:
        raise AssertionError(f"{text} went the short way, but: {fault}") from fault
    compared, written = normal(text)
    assert written == long_way.normalized
    assert compared == f"{long_way.local_part.lower()}@{long_way.ascii_domain.lower()}"


@given(st.emails())
def test_a_normal_address_is_normal(text):
    try:
        compared, written = normal(text)
    except AddressFault:
        return
    assert normal(compared)[0] == compared
    assert normal(written) == (compared, written)


def test_a_masked_address_is_known_to_its_owner_alone():
    assert masked("ann@example.com") == "a…@example.com"
