"""Signed links and the key ring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import Claim, KeyFault, KeyRing, LinkFault

RING = KeyRing.generate()
PUBLIC_ID = "69a77600408f097dde4dfa00"
slugs = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,30}", fullmatch=True)
public_ids = st.from_regex(r"[0-9a-f]{24}", fullmatch=True)
purposes = st.sampled_from(["unsubscribe", "preferences", "confirm"])


@given(purposes, public_ids, slugs)
def test_what_was_signed_is_read(purpose, public_id, scope):
    token = RING.sign(purpose, public_id, scope)
    assert RING.verify(token, purpose) == Claim(purpose, public_id, scope)


@given(purposes, purposes, public_ids, slugs)
def test_a_link_is_good_for_its_purpose_alone(purpose, other, public_id, scope):
    token = RING.sign(purpose, public_id, scope)
    if other != purpose:
        with pytest.raises(LinkFault):
            RING.verify(token, other)
        with pytest.raises(LinkFault):
            RING.verify(other[0] + token[1:], other)


@given(st.data())
def test_no_changed_sign_is_let_through(data):
    token = RING.sign("unsubscribe", PUBLIC_ID, "morning")
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters(codec="utf-8", exclude_characters=token[place]))
    with pytest.raises(LinkFault):
        RING.verify(token[:place] + sign + token[place + 1 :], "unsubscribe")


@given(st.text(max_size=200))
def test_no_text_is_a_link(text):
    with pytest.raises(LinkFault):
        RING.verify(text, "unsubscribe")


def test_a_rotated_ring_signs_anew_and_reads_the_old():
    old = RING.sign("unsubscribe", PUBLIC_ID, "morning")
    rotated = RING.rotate().rotate()
    assert rotated.verify(old, "unsubscribe").public_id == PUBLIC_ID
    assert rotated.sign("unsubscribe", PUBLIC_ID, "morning") != old
    with pytest.raises(LinkFault):
        RING.verify(rotated.sign("unsubscribe", PUBLIC_ID, "morning"), "unsubscribe")


def test_another_ring_with_the_same_key_name_reads_nothing():
    with pytest.raises(LinkFault):
        KeyRing.generate().verify(RING.sign("unsubscribe", PUBLIC_ID, "morning"), "unsubscribe")


def test_a_ring_is_the_same_from_its_text():
    ring = KeyRing.generate().rotate()
    assert KeyRing.from_text(ring.to_text()) == ring
    assert KeyRing.from_text(ring.to_text().replace("\n", ", ")) == ring


def test_a_ring_never_shows_its_secrets():
    assert RING.to_text().split(":")[1].strip() not in repr(RING)


@pytest.mark.parametrize("text", ["", "  \n", "1:short", "no colon", "1:!!!!", "a b:c"])
def test_a_broken_ring_is_explained_without_its_secrets(text):
    with pytest.raises(KeyFault) as fault:
        KeyRing.from_text(text)
    assert "short" not in str(fault.value)
    assert fault.value.exit_code == 78


@given(
    public_ids=st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=5),
    secret=st.binary(min_size=32, max_size=100),
)
def test_signing_many_gives_what_signing_each_gives(public_ids, secret):
    ring = KeyRing((("1", secret),))
    one_by_one = [ring.sign("preferences", public_id, "morning") for public_id in public_ids]
    assert ring.sign_all("preferences", public_ids, "morning") == one_by_one
