"""Who may receive what; never imports digest.

Parts load when first used: ``subscribers.roster``, ``subscribers.consent``, ``subscribers.notices``,
``subscribers.audit``, and the values and errors by their own names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subscribers import audit as audit
    from subscribers import consent as consent
    from subscribers import notices as notices
    from subscribers import roster as roster
    from subscribers.consent import Claim as Claim
    from subscribers.consent import KeyRing as KeyRing
    from subscribers.errors import AddressFault as AddressFault
    from subscribers.errors import KeyFault as KeyFault
    from subscribers.errors import LinkFault as LinkFault
    from subscribers.errors import ListInUse as ListInUse
    from subscribers.errors import RosterError as RosterError
    from subscribers.errors import UnknownList as UnknownList
    from subscribers.errors import UnknownSubscriber as UnknownSubscriber
    from subscribers.importing.workplace import clear_workplaces as clear_workplaces
    from subscribers.importing.workplace import workplace as workplace
    from subscribers.loading import load_file as load_file
    from subscribers.model import Added as Added
    from subscribers.model import Addressee as Addressee
    from subscribers.model import By as By
    from subscribers.model import Delivery as Delivery
    from subscribers.model import ListSummary as ListSummary
    from subscribers.model import Newsletter as Newsletter
    from subscribers.model import OptIn as OptIn
    from subscribers.model import Person as Person
    from subscribers.model import Reason as Reason
    from subscribers.model import State as State
    from subscribers.model import Subscriber as Subscriber
    from subscribers.model import Subscription as Subscription
    from subscribers.notices import Notice as Notice
    from subscribers.reach import EVERYTHING as EVERYTHING
    from subscribers.reach import Reach as Reach
    from subscribers.segments import Segment as Segment
    from subscribers.segments import segment_of as segment_of
    from subscribers.tables import metadata as metadata

_PARTS = frozenset({"audit", "consent", "notices", "roster"})
_HOMES = {
    "Claim": "consent",
    "KeyRing": "consent",
    "AddressFault": "errors",
    "KeyFault": "errors",
    "LinkFault": "errors",
    "ListInUse": "errors",
    "RosterError": "errors",
    "UnknownList": "errors",
    "UnknownSubscriber": "errors",
    "clear_workplaces": "importing.workplace",
    "workplace": "importing.workplace",
    "load_file": "loading",
    "Added": "model",
    "Delivery": "model",
    "Addressee": "model",
    "By": "model",
    "ListSummary": "model",
    "Newsletter": "model",
    "OptIn": "model",
    "Person": "model",
    "Reason": "model",
    "State": "model",
    "Subscriber": "model",
    "Subscription": "model",
    "Notice": "notices",
    "EVERYTHING": "reach",
    "Reach": "reach",
    "Segment": "segments",
    "segment_of": "segments",
    "metadata": "tables",
}


def __getattr__(name: str) -> Any:
    """Load a part, or a value from its home, when it is first asked for."""
    if name in _PARTS:
        return import_module(f"{__name__}.{name}")
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
