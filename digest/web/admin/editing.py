"""What an editor does with an edition: correct its stories, decide on it, send it; the rules are the pipeline's."""

from __future__ import annotations

from email.utils import parseaddr

from starlette.responses import Response

from digest.errors import EditionConflict, UsageError
from digest.model import EditionState
from digest.pipeline import appointing, editing, send
from digest.pipeline.app import App
from digest.pipeline.desk import Desk
from digest.pipeline.publishing import send_edition_as_test
from digest.store import Stored
from digest.store.corrections import What
from digest.web.admin.editions import every, keys
from digest.web.admin.naming import address, posted
from digest.web.admin.recording import record, recording
from digest.web.admin.sendings import Sendings
from subscribers.web.admin.asked import Asked, Page, Said
from subscribers.web.numbers import number_of


class EditingPages:
    """The acts on an edition's page."""

    def __init__(self, desk: Desk, sendings: Sendings) -> None:
        self._desk, self._app, self._sendings = desk, desk.app, sendings

    def pages(self) -> list[Page]:
        """Return the acts."""
        return [
            Page("POST", "/editions/correct", "editor", self.correct),
            Page("POST", "/editions/undo", "editor", self.undo),
            Page("POST", "/editions/decide", "editor", self.decide),
            Page("POST", "/editions/test", "editor", self.test),
            Page("POST", "/editions/send", "editor", self.send),
        ]

    def correct(self, asked: Asked) -> Response:
        """Keep a decision about stories, and show the edition composed anew with it."""
        stored = posted(self._app, asked)
        what, names = correction(stored, asked)
        now, text = asked.by["at"], asked.word("text")
        with recording(self._desk, asked, f"edition: {what}", stored.id) as app:
            editing.correct_edition(app, stored.id, what, names, who=asked.who, now=now, text=text)
        return Said(address(stored.id), _SAYS[what])

    def undo(self, asked: Asked) -> Response:
        """Take a decision back: the one named, else the last."""
        stored = posted(self._app, asked)
        number = asked.word("decision")
        with recording(self._desk, asked, "edition: correction taken back", stored.id) as app:
            decision, _ = editing.undo(app, stored.id, number_of(number))
        return Said(address(stored.id), f"Taken back: {decision.what}.")

    def decide(self, asked: Asked) -> Response:
        """Approve, hold, skip, reopen, choose its time, or compose anew with the articles that came since."""
        stored = posted(self._app, asked)
        with recording(self._desk, asked, f"edition: {asked.word('act')}", stored.id) as app:
            says = _decide(app, stored, asked)
        return Said(address(stored.id), says)

    def test(self, asked: Asked) -> Response:
        """Send the edition to one address, marked as a test."""
        stored, to = posted(self._app, asked), asked.word("to")
        if "@" not in parseaddr(to)[1]:
            raise UsageError("a test needs an address to go to")
        (receipt,) = send_edition_as_test(self._app, stored.edition, to)
        if receipt.fate != "sent":
            raise UsageError(f"the test to {to} was not sent: {receipt.detail}")
        record(self._desk, asked, "test sent", stored.id)
        return Said(address(stored.id), f"A test went to {to}.")

    def send(self, asked: Asked) -> Response:
        """Send, pause, go on, or stop for good."""
        stored, act = posted(self._app, asked), asked.word("act")
        now, who = asked.by["at"], asked.who
        if act == "send":
            return self._send(stored, asked)
        with recording(self._desk, asked, f"send: {act}", stored.id) as app:
            match act:
                case "pause":
                    send.pause(app.store, stored.id, now, f"paused by {who}")
                    says = "Paused. What is in flight is still finished."
                case "resume":
                    send.go_on(app.store, stored.id, now)
                    says = "Going on."
                case "cancel":
                    send.cancel(app.store, stored.id, now, f"cancelled by {who}")
                    says = "Stopped for good. Who has not got it will not."
                case other:
                    raise UsageError(f'"{other}" is nothing that can be done with a send')
        if act == "resume":  # a thread does it, and others that send where this process dies
            self._sendings.resume(stored)
        return Said(address(stored.id), says)

    def _send(self, stored: Stored, asked: Asked) -> Response:
        """Send an edition now; whoever presses the button says yes to it, unless it is held."""
        if stored.state is EditionState.HELD:
            raise EditionConflict("It is held: read why, and approve it first.")
        if self._sendings.is_working(stored.id):
            raise EditionConflict("It is being sent already.")
        with recording(self._desk, asked, "send begun", stored.id) as app:
            appointing.vouch(app, stored, asked.who)  # first: an approval alone would wait for its time
            if stored.state is EditionState.COMPOSED:
                stored = editing.approve(app, stored.id, asked.who)
        if not self._sendings.send(stored):
            raise EditionConflict("It is being sent already.")
        return Said(address(stored.id), "On its way.")


def _decide(app: App, stored: Stored, asked: Asked) -> str:
    """Carry out what a form decides about an edition, and say what becomes of it."""
    why = asked.word("why")[:300]
    match asked.word("act"):
        case "approve":
            editing.approve(app, stored.id, asked.who)
            return "Approved. It goes at its time, or now if you send it."
        case "hold":
            editing.hold(app, stored.id, why or f"held by {asked.who}")
            return "Held. It goes when somebody approves it."
        case "skip":
            editing.skip(app, stored.id, why or f"skipped by {asked.who}")
            return "Skipped: this edition does not go."
        case "reopen":
            editing.reopen(app, stored.id)
            return "Reopened. If its time is over, send it, or choose another time."
        case "schedule":
            at = appointing.moment(app, stored, asked.word("at"))
            appointing.appoint(app, stored.id, at, asked.who)
            return f"It goes at {appointing.local(app, stored, at)}."
        case "release":
            appointing.release(app, stored.id)
            return "It goes with its newsletter again."
        case "recompose":
            editing.recompose(app, stored.id, asked.by["at"])
            return "Composed anew with every article until now."
    raise UsageError(f'"{asked.word("act")}" is nothing that can be decided')


_SAYS: dict[What, str] = {
    "pin": "Pinned as the lead story.",
    "drop": "Dropped.",
    "merge": "Merged into one story.",
    "split": "Split off.",
    "retitle": "The headline is changed.",
    "order": "Moved.",
}


def correction(stored: Stored, asked: Asked) -> tuple[What, list[str]]:
    """Return what a form asks for, and the articles it names; raise UsageError where it asks for nothing known."""
    key, other = asked.word("key"), asked.word("other")
    match asked.word("act"):
        case "pin":
            return "pin", [key]
        case "retitle":
            return "retitle", [key]
        case "drop":
            return "drop", [key]
        case "merge":
            return "merge", [key, other]
        case "split":
            return "split", [key, other]
        case "apart":
            return "split", apart(stored, key)
        case "order":
            return "order", asked.word("order").split()
        case "up" | "down":
            return "order", moved([story.key for story in every(stored)], key, -1 if asked.word("act") == "up" else 1)
    raise UsageError(f'"{asked.word("act")}" is no correction')


def apart(stored: Stored, key: str) -> list[str]:
    """Return an article's key and those of its story's others; raise UsageError for one that is not there."""
    for story in every(stored):
        if key in keys(story):
            return [key, *(each for each in keys(story) if each != key)]
    raise UsageError("that article is no longer in the edition")


def moved(order: list[str], key: str, step: int) -> list[str]:
    """Return the order with one key moved a step, as far as it goes; raise UsageError for a key that is not there."""
    if key not in order:
        raise UsageError("that story is no longer in the edition")
    place = order.index(key)
    to = min(max(place + step, 0), len(order) - 1)
    order[place], order[to] = order[to], order[place]
    return order
