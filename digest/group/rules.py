"""The numbers an editor may turn: how stories rank, how many there are, what is held; knows no day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """How a newsletter's edition is made from its articles."""

    stories: int = 8  #: at most this many stories, the lead story among them
    lead_related: int = 13  #: at most this many related headlines under the lead story
    related: int = 4  #: at most this many related headlines under each other story
    brief: int = 10  #: at most this many stories 'in brief'
    dek_words: int = 40  #: a dek is at most this long, in words
    half_life: float = 12.0  #: hours after which a report counts half
    position_floor: float = 0.5  #: what the last place of a long feed counts, the first being 1
    position_half: float = 10.0  #: places after which half of the way to that floor is gone
    cohesion: float = 0.0  #: added to the similarity that reports of one story must have; above 0 splits more
    repeat_similarity: float = 0.35  #: at or above this a story is one that was sent before, 0…1
    repeat_days: int = 7  #: editions this old or younger are looked at
    new_facts: float = 0.4  #: share of the new reports' facts that must be new before a story comes back, 0…1
    least_new_facts: float = 2.0  #: and so many of them: a new name is 1, a number or rare word about a half
    min_stories: int = 3  #: fewer stories than this hold the edition
    same_as_before: float = 0.6  #: share of stories that are updates which holds the edition, 0 for never
    dead_sources: float = 0.5  #: share of sources that failed which holds the edition, 0 for never
    low_lead: float = 0.25  #: a lead score under this share of the usual one holds the edition, 0 for never
    sections: tuple[
        str, ...
    ] = ()  #: only these sections; below the lead story, stories stand in this order; () for all
