"""Sends through SendGrid's v3 API; builds no request itself and knows no ledger."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from digest.errors import ProviderBusy, ProviderError, ProviderRefused, ProviderUncertain
from digest.model import Receipt, Recipient
from digest.send.connections import Answer, Connections, NotSent, Unanswered
from digest.send.provider import Mailing, Parcel, Traits
from digest.send.providers.sendgrid_request import Frame, Tracking

#: The addresses of SendGrid's regions.
APIS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}

#: Seconds: whatever an answer says, nothing is held back longer on its word; SendGrid counts by the hour and the day.
LONGEST_WAIT = 86_400.0

#: An error of a 400 answer that concerns one recipient.
_ONE_RECIPIENT = re.compile(r"personalizations\.(\d+)\.")


@dataclass(frozen=True, slots=True)
class Options:
    """How SendGrid is reached."""

    api_key: str
    api: str = "global"  #: 'global', 'eu', or an address
    timeout: float = 30.0  #: seconds, for every step of a request
    open_tracking: bool = False
    click_tracking: bool = False
    sandbox: bool = False  #: SendGrid checks each request and sends nothing
    connections: int = 4


class Sendgrid:
    """An account at SendGrid."""

    name = "sendgrid"

    def __init__(self, options: Options, *, clock: Callable[[], float] = time.time) -> None:
        self.traits = Traits(batch_size=1000, window=1000, connections=options.connections)
        self._tracking = Tracking(options.open_tracking, options.click_tracking, options.sandbox)
        self._connections = Connections(APIS.get(options.api, options.api), timeout=options.timeout)
        self._headers = {
            "Authorization": f"Bearer {options.api_key}",
            "Content-Type": "application/json",
            "User-Agent": "broadsheet",
        }
        self._clock = clock
        self._frames: WeakKeyDictionary[Mailing, Frame] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        """Hand over a parcel in one request; leave out recipients that SendGrid names as faulty, and go on."""
        return self.prepare(mailing, parcel)()

    def prepare(self, mailing: Mailing, parcel: Parcel) -> Callable[[], tuple[Receipt, ...]]:
        """Build the request and return what posts it."""
        frame = self._frame_of(mailing)
        body = frame.body(parcel)
        return lambda: tuple(self._post(frame, parcel, body))

    def check(self) -> str:
        """Ask which rights the key has. Raises ProviderRefused where sending is not among them."""
        answer = self._ask("GET", "/v3/scopes")
        if answer.status != 200:
            raise self._fault(answer)
        if "mail.send" not in _json(answer).get("scopes", ()):
            raise ProviderRefused("sendgrid: the key in SENDGRID_API_KEY has no right to send (scope mail.send)")
        return f"{self._connections.address} knows the key, and it may send"

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    def _post(self, frame: Frame, parcel: Parcel, body: bytes) -> list[Receipt]:
        answer = self._ask("POST", "/v3/mail/send", body)
        if answer.status in {200, 202}:
            reference = answer.headers.get("x-message-id", "")
            return [Receipt(each.id, "sent", reference) for each in parcel.recipients]
        people = parcel.recipients
        if answer.status == 413 and len(people) > 1:
            half = len(people) // 2
            return self._go_on(frame, parcel, [], people[:half], people[half:])
        faulty = _faulty(answer, people)
        if faulty:
            rest = [each for n, each in enumerate(people) if n not in faulty]
            refused = [Receipt(people[n].id, "rejected", detail=said) for n, said in faulty.items()]
            return self._go_on(frame, parcel, refused, rest)
        raise self._fault(answer)

    def _go_on(self, frame: Frame, parcel: Parcel, known: list[Receipt], *parts: Sequence[Recipient]) -> list[Receipt]:
        """Send the parts of a parcel on their own; a fault of one ends it without losing what is known."""
        receipts = known
        attempt = parcel.attempt if len(parts) == 1 else 0  # an event of one part proves nothing of another
        for part in filter(None, parts):
            try:
                smaller = Parcel(tuple(part), parcel.batch, attempt)
                receipts += self._post(frame, smaller, frame.body(smaller))
            except ProviderUncertain as fault:
                receipts += [Receipt(each.id, "uncertain", detail=str(fault)) for each in part]
            except ProviderError as fault:
                if all(receipt.fate == "rejected" for receipt in receipts):
                    raise
                receipts += [Receipt(each.id, "later", detail=str(fault)) for each in part]
        return receipts

    def _ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        try:
            return self._connections.ask(method, path, self._headers, body)
        except NotSent as fault:
            raise ProviderBusy(f"sendgrid: {self._connections.address} not reached: {fault}") from fault
        except Unanswered as fault:
            if not body:
                raise ProviderBusy(f"sendgrid: {self._connections.address} gave no answer: {fault}") from fault
            raise ProviderUncertain(f"sendgrid: no answer after the request was written: {fault}") from fault

    def _fault(self, answer: Answer) -> ProviderError:
        """Say what an answer means for the send."""
        said = f"sendgrid: {answer.status} {_said(answer)}".rstrip()
        if answer.status == 401:
            return ProviderRefused(f"{said}; mend SENDGRID_API_KEY in the environment; nothing was sent")
        if answer.status == 403:
            return ProviderRefused(f"{said}; verify [site] sender at SendGrid, or give the key the scope mail.send")
        if answer.status == 429:
            return ProviderBusy(said, retry_after=self._retry_after(answer))
        if answer.status >= 500:
            return ProviderUncertain(said)
        return ProviderRefused(f"{said}; nothing was sent")

    def _retry_after(self, answer: Answer) -> float | None:
        """Return the seconds to wait: Retry-After, else X-RateLimit-Reset, a Unix time; none is believed for ever."""
        after, reset = answer.headers.get("retry-after", ""), answer.headers.get("x-ratelimit-reset", "")
        if _is_number(after):
            return min(float(after), LONGEST_WAIT)
        if _is_number(reset):
            return min(max(0.0, float(reset) - self._clock()), LONGEST_WAIT)
        return None

    def _frame_of(self, mailing: Mailing) -> Frame:
        with self._lock:
            frame = self._frames.get(mailing)
            if frame is None:
                frame = self._frames[mailing] = Frame(mailing, self._tracking)
            return frame


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _json(answer: Answer) -> dict[str, Any]:
    try:
        value = json.loads(answer.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _errors(answer: Answer) -> list[dict[str, Any]]:
    found = _json(answer).get("errors")
    return [error for error in found if isinstance(error, dict)] if isinstance(found, list) else []


def _said(answer: Answer) -> str:
    told = [(str(error.get("message") or ""), error.get("field")) for error in _errors(answer)]
    return "; ".join(f"{message} ({field})" if field else message for message, field in told)[:500]


def _faulty(answer: Answer, people: Sequence[Recipient]) -> dict[int, str]:
    """Return the places of recipients that a 400 answer names, with why, where it names nothing else."""
    if answer.status != 400:
        return {}
    faulty: dict[int, str] = {}
    for error in _errors(answer):
        place = _ONE_RECIPIENT.match(str(error.get("field") or ""))
        if place is None or int(place[1]) >= len(people):
            return {}
        faulty[int(place[1])] = str(error.get("message") or "refused")
    return faulty
