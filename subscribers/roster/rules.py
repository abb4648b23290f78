"""What asking for a subscription comes to: decides, and knows no database."""

from __future__ import annotations

from subscribers.model import OWN_ACTS, How, OptIn, Reason, State, Status

#: A reader who comes back by their own act lifts these; the others only a person who keeps the list may lift.
LIFTED_BY_OWN_ACT = frozenset({Reason.UNSUBSCRIBED, Reason.FORGOTTEN})


def joining(state: State | None, reason: Reason | None, opt_in: OptIn, how: How, *, override: bool = False) -> Status:
    """Return what a wish to join comes to.

    Someone who left comes back only by their own act, and then by a confirmed mail even where the list asks
    for none, since anybody can type an address into a form; or by an override, which is recorded.
    """
    own = how in OWN_ACTS
    if reason is not None and not (override or (own and reason in LIFTED_BY_OWN_ACT)):
        return "suppressed"
    if state is State.CONFIRMED and reason is None:
        return "already"
    if state is State.UNSUBSCRIBED and not (own or override):
        return "left"
    if state is State.UNCONFIRMED and not own and opt_in == "double" and not override:
        return "already"
    returning = own and (state is State.UNSUBSCRIBED or reason is not None)
    return "pending" if returning or opt_in == "double" else "added"
