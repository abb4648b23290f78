"""Editions to print in tests: a small one, sixty stories, no pictures, right to left, hostile; all invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from digest.model import (
    Article,
    CallToAction,
    Edition,
    Headline,
    Masthead,
    Picture,
    Reason,
    Source,
    Sponsor,
    Story,
)

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BASE = "https://news.example"

GAZETTE = Source(
    "gazette",
    "The Harbour Gazette",
    homepage="https://www.gazette.example/",
    tagline="News of the coast since 1891.",
    logo=f"{BASE}/pictures/gazette.png",
    logo_size=(480, 96),
)
OBSERVER = Source("observer", "Island Observer", homepage="https://observer.example")
WIRE = Source("wire", "Northern Wire", homepage="https://wire.example")
SOURCES = (GAZETTE, OBSERVER, WIRE)

MASTHEAD = Masthead(
    title="The Morning Sheet",
    base_url=BASE,
    postal_address="Broad Street 1\n1000 Port Alder",
    sponsor=Sponsor("Alder Ferries: the island in forty minutes", "https://ferries.example/?from=sheet"),
    call_to_action=CallToAction("Know someone who would like this? Send it on.", "https://news.example/subscribe"),
)


def article(key: str, headline: str, source: str = "gazette", **more: object) -> Article:
    """Return an article with an address made from its key."""
    fields: dict[str, object] = {"url": f"https://{source}.example/{key}", "published_at": NOON} | more
    return Article(key=key, source=source, headline=headline, **fields)  # type: ignore[arg-type]


LEAD = article(
    "bridge",
    "Port Alder bridge closes for a year after cracks are found in both towers",
    byline="Ida Marsh",
    dek="The bridge that carries nine in ten of the island's lorries shut at midnight. Ferries will double.",
    body=(
        "PORT ALDER — The bridge that carries nine in ten of the island's lorries shut at midnight on Tuesday.\n\n"
        "Engineers had found cracks longer than a hand in both towers, the harbour board said.\n\n"
        "“We would rather be late than sorry,” said Tom Reyl, who leads the board. Ferries will sail twice as often "
        "from Thursday, and lorries over twelve tonnes must book.\n\n"
        "Repairs are put at 41 million crowns. Nobody has yet said who will pay."
    ),
    image=Picture(f"{BASE}/pictures/bridge.jpg", "The bridge at dusk, its roadway empty", 1072, 603),
    section="Island",
    related=(
        Headline(
            "How the bridge was built in 1962", "https://gazette.example/built", "Three hundred men and one crane."
        ),
        Headline("What a year without it would cost", "https://gazette.example/cost", "Who gains? The ferries do."),
    ),
)

BRIDGE = Story(
    key="bridge",
    lead=LEAD,
    related=(
        article(
            "ferries", "Ferries to sail twice as often", "observer", dek="The first leaves at 4.30 a.m. on Thursday."
        ),
        article("shops", "Shops fear empty shelves", "wire", dek="“We have food for nine days,” said one owner."),
    ),
    also_at=(article("copy", "Bridge shut for a year", "observer"),),
    reasons=(
        Reason("sources", 9, "9 independent sources"),
        Reason("recency", 40, "newest report 40 minutes before the cut-off"),
    ),
    section="Island",
    linked=("bruecke",),
    tongues=(article("bruecke", "Brücke von Port Alder für ein Jahr gesperrt", "wire", language="de"),),
    adds="The last inspection was in 2019, and nobody read its report.",
    adds_by="observer",
)

STRIKE = Story(
    key="strike",
    lead=article(
        "strike",
        "Teachers end their strike after eleven days",
        "observer",
        byline="Noor Adeyemi",
        dek="Schools open again on Monday. Talks on pay go on.",
        section="Schools",
    ),
    related=(article("pay", "What the teachers were offered", "wire", dek="Four per cent now and two in the autumn."),),
    section="Schools",
    is_update=True,
    summary="Teachers go back on Monday after eleven days on strike; talks on pay go on.",
    summary_by="Tern 2",
)

WEATHER = Story(key="weather", lead=article("weather", "First storm of spring passes to the north", "wire"))

BRIEF = (
    Story(key="eel", lead=article("eel", "A record eel is weighed at Tarn Quay", "observer")),
    Story(key="bell", lead=article("bell", "St. Odo's gets its bell back", "gazette")),
)


def small(**masthead: object) -> Edition:
    """Return an edition with every element there is."""
    return Edition(
        newsletter="morning",
        date=date(2026, 3, 4),
        slot="",
        masthead=replace(MASTHEAD, **masthead),  # type: ignore[arg-type]
        stories=(BRIDGE, STRIKE, WEATHER),
        sources=SOURCES,
        cut_off=NOON,
        brief=BRIEF,
    )


def plain() -> Edition:
    """Return an edition without pictures, sponsor, base address or any other thing that may be missing."""
    bare = replace(LEAD, image=None, byline="", dek="", body="", related=(), published_at=None)
    return replace(
        small(),
        masthead=Masthead(title="The Morning Sheet", postal_address="Broad Street 1"),
        stories=(Story(key="bridge", lead=bare),),
        sources=(),
        brief=(),
    )


def long(stories: int = 60) -> Edition:
    """Return an edition of many full stories, each with two related headlines."""
    return replace(small(), stories=(BRIDGE, *map(_numbered, range(2, stories + 1))))


def _numbered(number: int) -> Story:
    def report(letter: str, source: str) -> Article:
        return article(
            f"story-{number}{letter}",
            f"Council number {number} votes to widen the road along the river bank",
            source,
            dek=f"The vote on road {number} was closer than most had thought, at nine to eight.",
            byline="Ida Marsh",
            published_at=NOON - timedelta(minutes=number),
        )

    return Story(f"story-{number}", report("a", "gazette"), (report("b", "observer"), report("c", "wire")))


def right_to_left() -> Edition:
    """Return an edition in Arabic that quotes an English source too."""
    lead = article(
        "jisr",
        "إغلاق جسر بورت ألدر لمدة عام بعد اكتشاف شقوق في البرجين",
        byline="سلمى حداد",
        dek="أُغلق الجسر الذي تعبره معظم شاحنات الجزيرة عند منتصف الليل.",
        body="أُغلق الجسر الذي تعبره معظم شاحنات الجزيرة عند منتصف الليل. وستتضاعف رحلات العبّارات ابتداءً من يوم الخميس.",
        language="ar",
    )
    english = article("ferries", "Ferries to sail twice as often", "observer", language="en", dek="From Thursday.")
    return replace(
        small(title="صحيفة الصباح", language="ar"),
        stories=(
            Story("jisr", lead, (english,), tongues=(replace(english, key="bridge", headline=LEAD.headline),)),
            STRIKE,
        ),
        sources=(replace(GAZETTE, title="جريدة الميناء", tagline="أخبار الساحل منذ عام ١٨٩١."), OBSERVER, WIRE),
    )
