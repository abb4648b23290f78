"""Invented days of any size for the cost of grouping: events with names of their own, told in different words."""

from __future__ import annotations

import random
from collections.abc import Iterator

from digest.model import Article

PLAIN = (
    "new first after over more year says people city state home world government police report plan court "
    "work week school week group health company market minister water power road public national local "
    "service team deal vote law tax price family child woman man life death fire storm rain win loss match "
    "season final club star show film music book game player coach fan trial charge bank rate rise fall cut "
    "job union strike pay talk leader party election campaign border army attack peace aid crisis test study "
    "doctor hospital virus food farm energy gas oil coal car train plane airport island river bridge park "
    "house street market price sale "
)
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu zan bril cor den fal gor hul "


def days(size: int, seed: int = 1, length: int = 0) -> tuple[list[Article], list[str]]:
    """Return ``size`` articles in an order of chance, and each one's story; their texts have ``length`` words."""
    dice = random.Random(seed)
    made = list(zip(range(size), _reports(dice), strict=False))
    dice.shuffle(made)
    told = random.Random(seed)
    articles = [_article(n, words, _text(told, words, length)) for n, (_, words) in made]
    return articles, [story for _, (story, _) in made]


def _reports(dice: random.Random) -> Iterator[tuple[str, list[str]]]:
    number, plain = 0, PLAIN.split()
    while True:
        number += 1
        names = [_name(dice) for _ in range(4)] + [str(dice.randrange(10, 10_000))]
        topic = dice.sample(plain, 8)
        for _ in range(min(40, max(1, int(dice.paretovariate(0.9))))):
            words = dice.sample(names, dice.choice((2, 3))) + dice.sample(topic, 4) + dice.sample(plain, 3)
            dice.shuffle(words)
            yield str(number), words


def _name(dice: random.Random) -> str:
    return "".join(dice.choice(SYLLABLES.split()) for _ in range(3)).capitalize()


def _text(dice: random.Random, words: list[str], length: int) -> str:
    """Return a text that says the headline's words often, common ones more often, and some that no other text says."""
    plain = PLAIN.split()
    common = dice.choices(plain, [1 / n for n in range(1, len(plain) + 1)], k=length * 2 // 3)
    own = [_name(dice) for _ in range(length // 10)]
    told = [*common, *own, *dice.choices(words, k=max(0, length - len(common) - len(own)))]
    dice.shuffle(told)
    return " ".join(word + "." * (not n % 20) for n, word in enumerate(told, 1))


def _article(number: int, words: list[str], text: str) -> Article:
    return Article(key=str(number), source=f"paper{number % 200}", url="", headline=" ".join(words), body=text)
