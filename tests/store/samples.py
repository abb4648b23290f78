"""Editions, articles and people made up for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from digest.model import Article, Edition, Envelope, Masthead, Message, Source, Story

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


def article(key: str = "https://gazette.example/ferry", *, source: str = "gazette", **others) -> Article:
    values = {"url": key, "headline": f"Headline of {key}", "published_at": NOW} | others
    return Article(key=key, source=source, **values)


def edition(newsletter: str = "morning", day: date = date(2026, 3, 4), slot: str = "") -> Edition:
    lead = article()
    return Edition(
        newsletter=newsletter,
        date=day,
        slot=slot,
        masthead=Masthead(title="Tarrow Morning"),
        stories=(Story(key=lead.key, lead=lead),),
        sources=(Source(slug="gazette", title="Tarrow Gazette", url="https://gazette.example/feed"),),
        cut_off=NOW,
    )


MESSAGE = Message(
    subject="Ferry runs again",
    html='<p>Hello</p><a href="%%UNSUBSCRIBE_URL%%">Leave</a>',
    text="Hello\n\nLeave: %%UNSUBSCRIBE_URL%%\n",
    slots=("UNSUBSCRIBE_URL",),
)

ENVELOPE = Envelope(
    edition="morning/2026-03-04",
    sender="Tarrow Morning <news@morning.example>",
    list_id="morning.morning.example",
    message_id_domain="morning.example",
)
