"""The article that stands for a story: close to its core, with a real headline, a byline and a picture, no copy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.group import group
from digest.group.representative import in_order, is_headline
from digest.model import Article, Corrections, Picture

CORE = [
    Article(key=f"core{n}", source=f"p{n}", url=f"https://p{n}.example/1", headline=headline)
    for n, headline in enumerate(
        (
            "Ferry runs aground off Port Ellery in thick fog",
            "Ferry aground in fog off Port Ellery, all safe",
            "Thick fog: ferry runs aground near Port Ellery",
        )
    )
]
EDGE = Article(key="edge", source="edge", url="https://edge.example/1", headline="What the fog did to my morning")


def first(*reports: Article) -> str:
    return in_order(reports)[0].key


def test_the_report_at_the_core_stands_first_and_not_the_one_at_the_edge() -> None:
    signed = replace(EDGE, byline="Ida Brandt", image=Picture("https://edge.example/1.jpg"), dek="It was thick.")
    assert first(signed, *CORE).startswith("core")


FITTER = {
    "a byline": {"byline": "Ida Brandt"},
    "a picture": {"image": Picture("https://p.example/1.jpg")},
    "a text": {"body": "The ferry ran aground."},
}


@pytest.mark.parametrize("more", FITTER.values(), ids=FITTER)
def test_of_two_alike_the_fitter_one_stands_first(more: dict[str, object]) -> None:
    plain, fitter = CORE[0], replace(CORE[0], key="fitter", source="fitter", **more)  # type: ignore[arg-type]
    assert first(plain, fitter) == first(fitter, plain) == "fitter"


def test_of_two_reports_the_shorter_does_not_stand_first_for_being_short() -> None:
    bare = replace(CORE[0], headline="Ferry aground in fog off Port Ellery")
    signed = replace(
        CORE[1],
        headline="Passengers safe after ferry runs aground in fog off Port Ellery",
        byline="Ida Brandt",
        dek="All 212 people on board were brought ashore by noon, the coastguard says, and nobody was hurt.",
    )
    assert first(bare, signed) == signed.key


def test_the_higher_place_in_its_feed_decides_last() -> None:
    low, high = replace(CORE[0], position=30), replace(CORE[0], key="high", position=0)
    assert first(low, high) == "high"


HEADLINES = {
    "Ferry runs aground off Port Ellery in thick fog": True,
    "Fähre läuft im Nebel vor Port Ellery auf Grund": True,
    "霧の中でフェリーが港の沖で座礁した": True,
    "جنوح العبارة قبالة بورت إليري": True,
    "Live": False,
    "Ferry aground: live updates": False,
    "LIVE: Ferry aground off Port Ellery": False,
    "Video | Ferry aground off Port Ellery": False,
    "Opinion: The ferry should never have sailed": False,
    "Kommentar: Die Fähre hätte nie fahren dürfen": False,
    "En direct : le ferry échoué devant Port Ellery": False,
    "Why did the ferry run aground?": False,
    "Ferry runs aground off Port Ell…": False,
    "FERRY RUNS AGROUND OFF PORT ELLERY": False,
    "Deliver us from fog: a ferry's long night": True,
    "How the ferry came to lie on the rocks": False,
    "Why a ferry sails in thick fog": False,
    "Wie die Fähre auf die Felsen kam": False,
    "Port Ellery: How a foggy night unfolded": False,
    "WHO warns of fever on the ferry": True,
    "Livestock saved from ferry: all cows are well": True,
}


@pytest.mark.parametrize(("headline", "is_real"), HEADLINES.items())
def test_a_real_headline_says_what_happened(headline: str, is_real: bool) -> None:
    assert is_headline(headline) == is_real


def test_an_original_report_stands_before_its_copies() -> None:
    text = "The ferry between the islands ran aground at dawn. All 212 passengers were brought ashore unhurt by noon."
    copies = [
        replace(CORE[0], key=f"copy{n}", source=f"c{n}", url=f"https://c{n}.example/1", dek=text) for n in range(4)
    ]
    original = replace(CORE[0], key="original", dek=text, byline="Ida Brandt, Northern Wire")
    (story,) = group([*copies, original])
    assert (story.lead.key, len(story.also_at)) == ("original", 4)


def test_an_editor_s_pin_stands_before_everything() -> None:
    story, *_ = group([*CORE, EDGE], corrections=Corrections(pinned=("edge",)))
    assert story.lead.key == "edge"
