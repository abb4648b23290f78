"""The settings of a newsletter; knows no file.

The description of each field is what the reference in docs/ says of it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from digest.config.values import DAYS, Clock, Day, Holiday, MonthDay, Slug, Table, Tongue, Web, Zone, listed


class SponsorSettings(Table):
    """A paid place, labelled as such."""

    text: str = Field(description="What it says.")
    url: Web = Field("", description="Where it leads.")
    image: Web = Field("", description="Its picture.")


class CallToActionSettings(Table):
    """A request of your own to your readers."""

    text: str = Field(description="What it says.")
    url: Web = Field("", description="Where it leads.")
    image: Web = Field("", description="Its picture.")


class NewsletterSettings(Table):
    """A recurring publication. A slug alone is enough."""

    slug: Slug = Field(description="Short name in lower case: the edition of a day is SLUG/2026-03-04.")
    title: str = Field("", description="Name in the masthead; the site's title where it is empty.")
    lists: tuple[Slug, ...] = Field(
        (), description="Subscriber lists it goes to; the list of its own slug where empty."
    )
    opt_in: Literal["double", "single"] = Field(
        "double", description="For lists made at first start: is a confirmation asked for?"
    )
    sources: tuple[Slug, ...] = Field((), description="Slugs of the sources it takes; all of them where empty.")
    template: str = Field("morning", description="The design, a folder in templates/email.")
    send_at: Annotated[tuple[Clock, ...], BeforeValidator(listed, json_schema_input_type=Clock | tuple[Clock, ...])] = (
        Field(("07:00",), description="Local time of day, or a list of several.", min_length=1)
    )
    days: tuple[Day, ...] = Field(DAYS, description="Days of the week on which it goes.")
    month_days: tuple[MonthDay, ...] = Field(
        (), description="Days of the month on which it goes, 31 being the last; every day where empty."
    )
    every_hours: int = Field(
        0, ge=0, le=23, description="Repeat every so many hours, from send_at to midnight; 0 for not at all."
    )
    holidays: tuple[Holiday, ...] = Field(
        (), description='Dates on which it does not go: "2026-12-24", or "12-25" for every year.'
    )
    timezone: Zone = Field("", description="Time zone of its dates and times; the site's where empty.")
    readers_time: bool = Field(
        False, description="Send at that time of each reader's own zone, which stands in the field timezone."
    )
    language: Tongue = Field("", description="BCP 47 tag; the site's where empty.")
    approval: Literal["automatic", "required"] = Field(
        "automatic", description="Does an edition wait for a person's yes?"
    )
    late: Literal["send", "skip", "ask"] = Field("send", description="What to do with a run that was missed.")
    late_hours: float = Field(4, ge=0, le=48, description='With late = "send": how many hours late it may still go.')
    stories: int = Field(8, ge=1, le=60, description="At most this many stories, the lead story among them.")
    lead_related: int = Field(13, ge=0, le=60, description="At most this many related headlines under the lead story.")
    related: int = Field(5, ge=0, le=20, description="At most this many related headlines under each other story.")
    brief: int = Field(6, ge=0, le=40, description='At most this many one-line stories "in brief".')
    sections: tuple[str, ...] = Field((), description="Order of sections under the lead; by rank where empty.")
    dek_words: int = Field(40, ge=5, le=200, description="A dek is at most this long, in words.")
    min_stories: int = Field(1, ge=1, le=60, description="With fewer stories the edition is held.")
    hold_updates: float = Field(
        0.6, ge=0, le=1, description="An edition is held when this share of its stories are updates; 0 for never."
    )
    hold_dead_sources: float = Field(
        0.5, ge=0, le=1, description="An edition is held when this share of its sources failed; 0 for never."
    )
    hold_low_lead: float = Field(
        0.25,
        ge=0,
        le=1,
        description="An edition is held when its lead scores under this share of the usual; 0 for never.",
    )
    repeat_days: int = Field(
        7, ge=0, le=60, description="A story sent this many days ago or less comes back only with news."
    )
    new_facts: float = Field(
        0.4, ge=0, le=1, description="Such news is at least this share of the facts in its new reports."
    )
    least_new_facts: float = Field(
        2.0,
        ge=0,
        le=100,
        description="And at least so much: a new name counts 1, a number or a rare word about a half.",
    )
    half_life_hours: float = Field(
        12, gt=0, le=240, description="After this many hours a report counts half in ranking."
    )
    last_place: float = Field(
        0.5, ge=0, le=1, description="What the last place of a long feed counts in ranking; the first counts 1."
    )
    place_half: float = Field(
        10, gt=0, le=1000, description="After this many places half of the way to last_place is gone."
    )
    sponsor: SponsorSettings | None = Field(None, description="A sponsor's place; none where unset.")
    call_to_action: CallToActionSettings | None = Field(None, description="A call to action; none where unset.")

    @property
    def audience(self) -> tuple[str, ...]:
        """The lists it goes to."""
        return self.lists or (self.slug,)
