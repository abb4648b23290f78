"""One send, as programs see it; changes none."""

from __future__ import annotations

from pydantic import Field

from digest.model import EditionState
from digest.pipeline import send
from digest.pipeline.app import App
from digest.pipeline.send import SendReport
from digest.store import Stored
from digest.web.admin.editions import LEFT
from digest.web.admin.sendings import Sendings
from digest.web.api.endpoint import Call, Shown
from digest.web.api.naming import named
from digest.web.api.problem import Problem
from digest.web.api.words import Count

#: Where a send is; the slot is a word of the query.
ONE = "/sends/{newsletter}/{date}"


class Why(Shown):
    """Why some did not get it."""

    what: str
    words: str = Field(description="The provider's.")
    people: Count


class Send(Shown):
    """What became of everybody an edition was planned for; planned is the sum of the six after it."""

    edition: str
    state: EditionState
    working: bool = Field(description="Whether somebody is at work on it: it is being planned, or a sender runs.")
    fault: str = Field(description="What stopped it when it was last tried; a sender tries again each minute.")
    planned: Count
    sent: Count
    rejected: Count
    suppressed: Count
    uncertain: Count
    cancelled: Count
    unsent: Count
    reasons: tuple[Why, ...]
    events: dict[str, Count] = Field(description="What the provider told afterwards.")


def shown(app: App, sendings: Sendings, stored: Stored) -> Send:
    """Return a send as it stands."""
    told: SendReport = send.report(app.store, stored.id)
    return Send(
        edition=told.edition,
        state=told.state,
        working=sendings.is_working(stored.id)
        or (told.state is EditionState.SENDING and not sendings.is_left(stored.id, told.state)),
        fault=sendings.fault(stored.id),
        planned=told.planned,
        sent=told.sent,
        rejected=told.rejected,
        suppressed=told.suppressed,
        uncertain=told.uncertain,
        cancelled=told.cancelled,
        unsent=told.unsent,
        reasons=tuple(Why(what=what, words=words, people=people) for what, words, people in told.reasons),
        events=dict(told.events),
    )


def left(call: Call, *, to_change: bool = False) -> Stored:
    """Return the edition that a path names, once it is on its way; raise Problem before."""
    stored = named(call, to_change=to_change)
    if stored.state not in LEFT:
        raise Problem(404, f"{stored.id} is {stored.state}; nothing was sent yet")
    return stored


def place(stored: Stored) -> dict[str, str]:
    """Return the header that says where to look at a send."""
    path = f"/api/sends/{stored.edition.newsletter}/{stored.edition.date}"
    return {"location": path + (f"?slot={stored.edition.slot}" if stored.edition.slot else "")}
