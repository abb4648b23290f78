"""Editions composed for programs: begun, and watched until they are there; the rules are the pipeline's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from digest.pipeline.composing import compose, edition_id
from digest.web.api.endpoint import Answer, Call, Endpoint, Given, Shown
from digest.web.api.naming import lists_of
from digest.web.api.problem import Problem
from digest.web.api.words import Words
from subscribers.web.admin.jobs import Job, Jobs, Step


class NewComposition(Given):
    """The newsletter whose edition of now is wanted."""

    newsletter: Words = Field(examples=["daily"])


class Composition(Shown):
    """An edition being composed."""

    id: str
    edition: str = Field(description="The edition's id: it is there once the state is `done`.")
    state: Literal["running", "done", "failed"]
    says: str = Field(description="How far it is, or why it failed.")


class CompositionEndpoints:
    """What can be asked of compositions; remembers the last ones, until the process ends."""

    def __init__(self) -> None:
        self._jobs = Jobs()

    def endpoints(self) -> list[Endpoint]:
        """Return what can be asked."""
        return [
            Endpoint("POST", "/compositions", "editions:write",
                     "Ask the sources and compose the edition of now, unless it is there.", self.begin,
                     {202: Composition}, body=NewComposition, faults=(422,)),
            Endpoint("GET", "/compositions/{composition}", "editions:write", "Read how far a composition is.",
                     self.read, {200: Composition}, faults=(404,)),
        ]  # fmt: skip

    def begin(self, call: Call) -> Answer:
        """Begin to compose."""
        wanted: NewComposition = call.body
        lists = lists_of(call, wanted.newsletter)
        if not call.reach.touches(lists):
            raise Problem(422, f'no newsletter "{wanted.newsletter}" is there for this token')
        newsletter = call.desk.app.newsletter(wanted.newsletter)
        if not call.reach.covers(lists):
            raise Problem(403, f"{newsletter.slug} goes to lists beyond the token's too")
        now = call.by["at"]
        edition = edition_id(newsletter, now)

        def work() -> Iterator[Step]:
            yield 0, 0, "asking the sources"
            composed = compose(call.desk.app, newsletter, now).edition
            yield 0, 0, f"{len(composed.stories) + len(composed.brief)} stories"

        call.record("edition: compose", edition)
        job = self._jobs.start(f"Composing {edition}", edition, call.who, work)
        return Answer(202, _shown(job), {"location": f"/api/compositions/{job.id}"})

    def read(self, call: Call) -> Answer:
        """Return one of the program's own."""
        job = self._jobs.get(call.path["composition"])
        if job is None or job.who != call.who:
            raise Problem(404, "there is no such composition of this token, or it is not remembered any more")
        return Answer(200, _shown(job))


def _shown(job: Job) -> Composition:
    return Composition(id=job.id, edition=job.back, state=job.state, says=job.says)
