"""Parts of the people, asked for in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import roster, segment_of
from subscribers.errors import QueryFault
from tests.subscribers.desks import MORNING

BY = {"at": MORNING, "how": "command"}


class Ledger:
    """Knows who was sent an edition, and when."""

    def __init__(self) -> None:
        self.sent: dict[int, datetime] = {}

    def received_since(self, conn, ids, since):
        return {number for number in ids if number in self.sent and self.sent[number] >= since}


@pytest.fixture
def people(conn):
    """Ann of Lund, staff; Bob of Ystad; Cid, staff and beta, long ago, in German."""
    ann = roster.add(conn, "daily", "ann@example.com", name="Ann Ek", fields={"city": "Lund"}, **BY)
    bob = roster.add(conn, "daily", "bob@example.org", name="Bob", fields={"city": "Ystad", "Shoe size": "43"}, **BY)
    long_ago = {**BY, "at": MORNING - timedelta(days=100)}
    cid = roster.add(conn, "daily", "cid@example.com", name="Cid 100%", **long_ago)
    roster.put_tags(conn, {ann.subscriber_id: ["staff"], cid.subscriber_id: ["staff", "beta"]})
    roster.prefer(conn, cid.subscriber_id, language="de", **BY)
    roster.remove(conn, "daily", "bob@example.org", **BY)
    return {"ann": ann.subscriber_id, "bob": bob.subscriber_id, "cid": cid.subscriber_id}


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("", "ann bob cid"),
        ("tag:staff", "ann cid"),
        ("tag:staff -tag:beta", "ann"),
        ("-tag:staff", "bob"),
        ("city=lund", "ann"),
        ("-city=Lund", "bob cid"),
        ("city~st", "bob"),
        ("'Shoe size=43'", "bob"),
        ("'Shoe size'=43", "bob"),
        ("name~EK", "ann"),
        ("name~%", "cid"),
        ("address~@example.com", "ann cid"),
        ("email=bob@example.org", "bob"),
        ("language=de", "cid"),
        ("state=unsubscribed", "bob"),
        ("joined>30d", "ann bob"),
        ("joined<30d", "cid"),
        ("joined>2026-03-04T06:30:00Z", "ann bob"),
        ("joined>2027-01-01", ""),
        ("tag:staff joined<3m language=de", "cid"),
        ("city=' OR 1=1 --", None),
        ('city="\' OR 1=1 --"', ""),
    ],
)
def test_words_find_people(conn, people, words, who):
    if who is None:
        with pytest.raises(QueryFault, match="a quote is not closed"):
            segment_of(words, now=MORNING)
        return
    segment = segment_of(words, now=MORNING)
    found = [each.id for each in roster.members(conn, "daily", segment=segment)]
    assert found == [people[name] for name in who.split()]


@pytest.mark.parametrize(
    ("words", "who"),
    [("received>7d", "ann"), ("received<7d", "bob cid"), ("-received>7d", "bob cid"), ("-received<7d", "ann")],
)
def test_who_got_an_edition_is_asked_of_the_ledger(conn, people, words, who):
    ledger = Ledger()
    ledger.sent = {people["ann"]: MORNING - timedelta(days=1), people["bob"]: MORNING - timedelta(days=30)}
    segment = segment_of(words, now=MORNING)
    found = [each.id for each in roster.members(conn, "daily", segment=segment, deliveries=ledger)]
    assert found == [people[name] for name in who.split()]


def test_a_segment_narrows_an_audience(conn, people):
    segment = segment_of("tag:staff", now=MORNING)
    assert roster.audience_page(conn, ("daily",), 0, 10, segment=segment) == [people["ann"], people["cid"]]
    assert roster.audience_count(conn, ("daily", "extra"), segment=segment) == 2
    roster.prefer(conn, people["ann"], weekdays_only=True, **BY)
    assert roster.audience_page(conn, ("daily",), 0, 10, segment=segment, weekend=True) == [people["cid"]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("staff", '"staff" asks for nothing that is known; say for example: tag:staff'),
        ("city>5", "only joined and received are times; say city=5"),
        ("joined=2026-01-01", "a time is asked for with > "),
        ("joined>soon", '"soon" is no time'),
        ("joined<99999y", '"99999y" is no time'),
        ("received>0001-01-01T00:00:00+14:00", "is no time"),
        ("joined>9999-12-31T23:59:59-14:00", "is no time"),
        ("state=gone", "the states are: unconfirmed, confirmed, unsubscribed"),
        ("'a\"b=1'", "holds no quote"),
    ],
)
def test_words_that_fit_nothing_are_explained(words, says):
    with pytest.raises(QueryFault) as fault:
        segment_of(words, now=MORNING)
    assert says in str(fault.value)


@given(st.text(max_size=60))
def test_any_text_is_a_segment_or_a_fault(text):
    try:
        segment = segment_of(text, now=datetime(2026, 3, 4, tzinfo=UTC))
    except QueryFault:
        return
    assert len(segment.conditions) <= len(text)
