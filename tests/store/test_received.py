"""Who was sent an edition lately, as segments of people ask."""

from __future__ import annotations

from datetime import timedelta

from digest.model import EditionState, Receipt
from digest.store.happenings import Happening
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


def test_one_person_is_told_what_became_of_each_mail_planned_for_them(store):
    saved = store.editions.save(edition(), EditionState.APPROVED, NOW)

    def page(_connection, after, limit):
        return list(range(after + 1, min(25, after + limit) + 1))

    for number, purpose in enumerate(("", "correction-1")):
        at = NOW + timedelta(hours=number)
        send = store.ledger.sends.plan(saved.row, page, purpose=purpose, audience="a", provider="fake", size=10, now=at)
        batch = store.ledger.claim(send.id, store.ledger.enter(at), at).batch
        store.ledger.advance(batch, start=batch.ids, now=at)
        store.ledger.release(
            batch, [Receipt(n, "rejected" if n == 3 else "sent", detail="no") for n in batch.ids], now=at
        )
        with store.begin() as conn:
            told = [Happening(4, "bounced", at, detail="mailbox full"), Happening(4, "opened", at)]
            store.ledger.take_in(conn, batch.id, told, at)
    with store.read() as conn:
        history = Received().history
        assert [(each.purpose, each.what, each.told) for each in history(conn, 3, 9)] == [
            ("correction-1", "rejected", ("rejected: no",)),
            ("", "rejected", ("rejected: no",)),
        ]
        assert history(conn, 4, 1)[0].told == ("bounced: mailbox full",), "and nobody is told who opened it"
        assert [(each.edition, each.what) for each in history(conn, 15, 1)] == [(saved.id, "unsent")]
        assert history(conn, 400, 9) == ()
