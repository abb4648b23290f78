"""The bundled sample day: every file is what samples/README.md says it is."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import lxml.html
import pytest
from lxml import etree

SAMPLES = Path(__file__).parents[2] / "samples"
DEMO_TIME = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
ROOTS = {
    "rss": "rss",
    "atom": "{http://www.w3.org/2005/Atom}feed",
    "rdf": "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF",
}
#: name, format, articles, articles of the last 24 hours
FEEDS = [
    ("harbour-herald.xml", "rss", 14, 13),
    ("tarrow-broadcasting.xml", "rss", 13, 12),
    ("strait-wire.xml", "rss", 8, 8),
    ("northern-light.atom", "atom", 10, 9),
    ("field-and-tide.atom", "atom", 8, 8),
    ("al-mina.atom", "atom", 6, 6),
    ("the-quay.json", "json", 9, 8),
    ("tannery-lane.json", "json", 7, 7),
    ("mainland-courier.rdf", "rdf", 9, 8),
    ("inselbote.xml", "rss", 7, 7),
    ("skerrow-gazette.xml", "rss", 8, 8),
    ("town-crier.xml", "rss", 5, 0),
]
BROKEN = "skerrow-gazette.xml"


def entries(name: str) -> list[dict[str, object]]:
    """Return title, address and time of each article, by a reader that is not ours."""
    if name.endswith(".json"):
        items = json.loads((SAMPLES / name).read_text("utf-8"))["items"]
        return [
            {"title": i["title"], "link": i["url"], "at": datetime.fromisoformat(i["date_published"])} for i in items
        ]
    parsed = feedparser.parse((SAMPLES / name).read_bytes())
    return [{"title": e.title, "link": e.link, "at": when(e)} for e in parsed.entries]


def when(entry: feedparser.FeedParserDict) -> datetime | None:
    """Return the time of an entry that feedparser read, None where it has none."""
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime(*stamp[:6], tzinfo=UTC) if stamp else None


@pytest.mark.parametrize(("name", "form", "count", "fresh"), FEEDS, ids=[f[0] for f in FEEDS])
class TestEachFeed:
    def test_it_is_in_the_format_it_claims(self, name: str, form: str, count: int, fresh: int) -> None:
        if form == "json":
            version = json.loads((SAMPLES / name).read_text("utf-8"))["version"]
            assert version.startswith("https://jsonfeed.org/version/1")
        elif name != BROKEN:
            assert etree.parse(SAMPLES / name).getroot().tag == ROOTS[form]

    def test_it_holds_as_many_articles_as_listed(self, name: str, form: str, count: int, fresh: int) -> None:
        assert len(entries(name)) == count
        row = next(line for line in readme().splitlines() if line.startswith(f"| `{name}`"))
        assert int(row.split("|")[3]) == count

    def test_its_dates_lie_in_the_demo_s_window(self, name: str, form: str, count: int, fresh: int) -> None:
        times = [entry["at"] for entry in entries(name) if entry["at"]]
        assert all(at <= DEMO_TIME for at in times)
        assert sum(at > DEMO_TIME - timedelta(hours=24) for at in times) == fresh

    def test_its_addresses_are_invented(self, name: str, form: str, count: int, fresh: int) -> None:
        for entry in entries(name):
            assert re.match(r"https://[a-z]+\.example/", str(entry["link"]))


def readme() -> str:
    """Return the description of the samples."""
    return (SAMPLES / "README.md").read_text("utf-8")


def test_every_file_is_described() -> None:
    described = set(re.findall(r"^\| `([^`]+)`", readme(), re.MULTILINE))
    there = {p.name for p in SAMPLES.iterdir() if p.suffix in {".xml", ".atom", ".rdf", ".json", ".html"}}
    assert there <= described


def test_the_day_is_a_full_one() -> None:
    assert len(FEEDS) >= 10
    assert sum(fresh for *_, fresh in FEEDS) >= 90
    assert {form for _, form, *_ in FEEDS} == {"rss", "atom", "rdf", "json"}


def test_the_broken_feed_is_truly_broken() -> None:
    with pytest.raises(etree.XMLSyntaxError):
        etree.parse(SAMPLES / BROKEN)


def test_the_error_page_is_no_feed() -> None:
    raw = (SAMPLES / "evening-post.xml").read_bytes()
    assert lxml.html.fromstring(raw).findtext(".//title")
    assert not feedparser.parse(raw).entries


def test_the_agency_report_is_republished_nearly_word_for_word_by_three() -> None:
    original = words("strait-wire.xml", "undersea cable")
    for name in ("harbour-herald.xml", "mainland-courier.rdf", "the-quay.json"):
        copy = words(name, "undersea cable")
        assert len(original & copy) / len(original | copy) > 0.75
        assert "Strait Wire" in (SAMPLES / name).read_text("utf-8")


def words(name: str, title: str) -> set[tuple[str, ...]]:
    """Return the runs of four words in the article whose title contains ``title``."""
    if name.endswith(".json"):
        items = json.loads((SAMPLES / name).read_text("utf-8"))["items"]
        html = next(i["content_html"] for i in items if title in i["title"])
    else:
        parsed = feedparser.parse((SAMPLES / name).read_bytes())
        html = next(e.content[0].value for e in parsed.entries if title in e.title)
    tokens = re.findall(r"\w+", re.sub(r"<[^>]+>", " ", html).lower())
    return set(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))


def test_the_biggest_event_is_told_in_different_words_by_nine() -> None:
    told = [
        str(entry["title"])
        for name, *_ in FEEDS
        for entry in entries(name)
        if re.search(r"corran|bridge c|brücke|كوران|lorries", str(entry["title"]), re.IGNORECASE)
    ]
    assert len(told) >= 9
    assert len(set(told)) == len(told)


def test_the_page_lists_ten_headlines_with_a_dek_each() -> None:
    page = lxml.html.parse(SAMPLES / "the-lantern.html").getroot()
    headlines = page.findall(".//section/h3/a")
    deks = page.findall(".//section/p")
    assert len(headlines) == len(deks) == 10
    assert all((dek.text or "").strip().endswith(".") for dek in deks)


def test_one_source_reads_from_right_to_left() -> None:
    root = etree.parse(SAMPLES / "al-mina.atom").getroot()
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert all(re.search("[\u0600-\u06ff]", str(e["title"])) for e in entries("al-mina.atom"))
