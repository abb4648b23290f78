"""Link stories that tell one event in different languages; merges none, and knows the meaning of no word.

There is no dictionary here: a link rests on names, numbers and pictures that two stories have and few others do.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from digest.group import repeat
from digest.group.languages import Language, of_story
from digest.group.marks import Reading, read
from digest.model import Story

#: Reports of a story that are read.
_REPORTS = 6
#: What two stories must share, and how many marks at the least. Rather no link than a wrong one.
_ENOUGH, _AT_LEAST = 1.0, 2
#: Numbers alone meet by chance more often than names.
_ENOUGH_OF_NUMBERS = 1.6
#: How far the best partner must stand above the next best.
_CLEAR = 1.1
#: A mark counts so much where it stands on top of neither story, of one, of both.
_PLACES = (0.4, 0.7, 1.0)
#: A mark that more than this share of the stories have, between so few and so many, finds no partner.
_COMMON_SHARE, _FEW, _MANY = 0.05, 8, 30

Pair = tuple[int, int]


@dataclass(slots=True)
class _Shared:
    """What two stories have in common."""

    score: float = 0.0
    marks: int = 0
    has_name: bool = False  #: or a picture: more than numbers
    is_on_top: bool = False  #: a mark stands in the headlines or deks of both

    @property
    def is_enough(self) -> bool:
        enough = _ENOUGH if self.has_name else _ENOUGH_OF_NUMBERS
        return self.score >= enough and self.marks >= _AT_LEAST and self.is_on_top


def linked(stories: Sequence[Story], apart: Iterable[tuple[str, str]] = ()) -> tuple[Story, ...]:
    """Return the stories, each with the keys of those that tell its event in another language.

    ``apart`` names pairs of article keys of which an editor said that they are not the same.
    """
    partners: dict[int, list[str]] = defaultdict(list)
    parted = [frozenset(pair) for pair in apart]
    for one, other in pairs(stories):
        both = [{article.key for article in stories[n].articles} for n in (one, other)]
        if not any(pair & both[0] and pair & both[1] for pair in parted):
            partners[one].append(stories[other].key)
            partners[other].append(stories[one].key)
    return tuple(replace(story, linked=tuple(partners[n])) for n, story in enumerate(stories))


def pairs(stories: Sequence[Story]) -> tuple[Pair, ...]:
    """Return the pairs of stories, by place, that tell one event in two languages.

    A story has at most one partner in each other language: the best one of both, by a clear margin. Two stories with
    the same partner in a third language tell its event too.
    """
    if not any(story.lead.language or not story.lead.headline.isascii() for story in stories):
        return ()
    languages = [of_story(story) for story in stories]
    if not any(languages[0].differs(each) for each in set(languages[1:])):
        return ()
    readings = [read(story.articles[:_REPORTS]) for story in stories]
    shared = _shared(readings, languages)
    rivals: dict[tuple[int, Language], list[float]] = defaultdict(list)
    for (one, other), each in shared.items():
        rivals[one, languages[other]].append(each.score)
        rivals[other, languages[one]].append(each.score)
    found = [
        (one, other)
        for (one, other), each in shared.items()
        if each.is_enough
        and not readings[one].is_of_same_language(readings[other])
        and _is_clear(each.score, rivals[one, languages[other]])
        and _is_clear(each.score, rivals[other, languages[one]])
    ]
    return tuple(sorted({*found, *_by_a_third(found, languages)}))


def _by_a_third(found: Sequence[Pair], languages: Sequence[Language]) -> Iterator[Pair]:
    """Yield the pairs that a partner of both makes, where neither has another partner in the other's language."""
    partners: dict[int, list[int]] = defaultdict(list)
    for one, other in found:
        partners[one].append(other)
        partners[other].append(one)
    taken = {(story, languages[other]) for story, others in partners.items() for other in others}
    for others in partners.values():
        for one, other in combinations(sorted(others), 2):
            free = (one, languages[other]) not in taken and (other, languages[one]) not in taken
            if free and languages[one].differs(languages[other]):
                yield one, other


def folded(stories: Sequence[Story], language: str, pinned: Collection[str] = ()) -> list[Story]:
    """Return the stories, each event once: its other languages stand under one telling.

    That is the one in ``language``, else the first; it takes the first one's place. A pinned story stands itself.
    """
    by_key = {story.key: story for story in stories}
    found: list[Story] = []
    gone: set[str] = set()
    for first in stories:
        if first.key in gone:
            continue
        others = [by_key[key] for key in first.linked if key in by_key and key not in gone]
        free = [story for story in others if not _holds(story, pinned)]
        is_free = not _holds(first, pinned)
        host = next((story for story in (first, *free) if is_free and of_story(story).is_of(language)), first)
        under = [story for story in (first, *free) if story is not host and story.key in host.linked]
        gone.update(story.key for story in (host, *under))
        found.append(_with(host, under) if under else host)
    return found


def _holds(story: Story, keys: Collection[str]) -> bool:
    return any(article.key in keys for article in story.articles)


def _with(host: Story, under: Sequence[Story]) -> Story:
    """Put stories under another; when one of their articles comes again, that story was told."""
    own = repeat.fingerprint(host)
    addresses = dict.fromkeys(term for story in under for term in repeat.addresses(story))
    return replace(
        host,
        tongues=tuple(article for story in under for article in story.articles),
        fingerprint=(*own, *(term for term in addresses if term not in own)),
    )


def _shared(readings: Sequence[Reading], languages: Sequence[Language]) -> dict[Pair, _Shared]:
    """Return what each pair of stories in two languages has in common, the more of it the fewer others have it."""
    holders: dict[str, list[int]] = defaultdict(list)
    for n, own in enumerate(readings):
        for key in own.marks:
            holders[key].append(n)
    most = min(_MANY, max(_FEW, _COMMON_SHARE * len(readings)))
    found: dict[Pair, _Shared] = defaultdict(_Shared)
    for key, numbers in holders.items():
        if not 2 <= len(numbers) <= most:
            continue
        rarity = 1 - math.log(len(numbers) - 1) / math.log(len(readings) + 1)
        for pair in combinations(numbers, 2):
            one, other = (readings[n].marks[key] for n in pair)
            if languages[pair[0]].differs(languages[pair[1]]) and (weight := one.weight(other)):
                tops = one.is_on_top + other.is_on_top
                found[pair].score += rarity * weight * _PLACES[tops]
                found[pair].marks += " " not in key  # two names in a row were counted one by one
                found[pair].is_on_top |= tops == len(pair)
                found[pair].has_name |= not key.startswith("#")
    return found


def _is_clear(score: float, rivals: Sequence[float]) -> bool:
    """Return whether a score stands above every other one of its story; ``rivals`` holds it too."""
    best, *rest = sorted(rivals, reverse=True)
    return score == best and (not rest or best >= _CLEAR * rest[0])
