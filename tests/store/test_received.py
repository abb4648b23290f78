"""Who was sent an edition lately, as segments of people ask."""

from __future__ import annotations

from datetime import timedelta

from digest.model import EditionState, Receipt
from digest.store.received import Received
from tests.store.samples import NOW, edition


def test_only_those_count_for_whom_a_provider_took_mail_in_a_send_since_then(store):
    row = store.editions.save(edition(), EditionState.APPROVED, NOW).row

    def page(_connection, after, limit):
        return list(range(after + 1, min(25, after + limit) + 1))

    send = store.ledger.sends.plan(row, page, audience="list a", provider="fake", size=10, now=NOW)
    owner = store.ledger.enter(NOW)
    batch = store.ledger.claim(send.id, owner, NOW).batch
    store.ledger.advance(batch, start=batch.ids, now=NOW)
    receipts = [Receipt(number, "rejected" if number == 3 else "sent") for number in batch.ids]
    store.ledger.release(batch, receipts, now=NOW)
    with store.read() as conn:
        ask = Received().received_since
        assert ask(conn, [2, 3, 9, 15, 400], NOW - timedelta(days=1)) == {2, 9}
        assert ask(conn, [2, 3, 9], NOW + timedelta(seconds=1)) == set()
        assert ask(conn, [], NOW) == set()
