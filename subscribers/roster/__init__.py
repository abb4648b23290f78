"""Every rule about who may receive what, and every change; is handed a connection and never commits."""

from subscribers.roster.audience import audience_count, audience_page, sendable
from subscribers.roster.erasure import export_subject, forget
from subscribers.roster.joining import add, confirm
from subscribers.roster.leaving import remove, unsubscribe, unsubscribe_everywhere
from subscribers.roster.listed import ensure_list, lists, slugs
from subscribers.roster.people import by_address, by_public_id, find, person, search
from subscribers.roster.suppression import is_suppressed, lift, suppress, suppress_subscriber

__all__ = [
    "add",
    "audience_count",
    "audience_page",
    "by_address",
    "by_public_id",
    "confirm",
    "ensure_list",
    "export_subject",
    "find",
    "forget",
    "is_suppressed",
    "lift",
    "lists",
    "person",
    "remove",
    "search",
    "sendable",
    "slugs",
    "suppress",
    "suppress_subscriber",
    "unsubscribe",
    "unsubscribe_everywhere",
]
