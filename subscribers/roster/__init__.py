"""Every rule about who may receive what, and every change; is handed a connection and never commits."""

from subscribers.roster.asking import ask, settle
from subscribers.roster.audience import audience_count, audience_page, choices, chosen_sections, sendable
from subscribers.roster.deleting import delete_list, demand_unused
from subscribers.roster.erasure import export_subject, forget, tidy
from subscribers.roster.joining import add, confirm, is_confirmed
from subscribers.roster.leaving import count_leavers, remove, unsubscribe, unsubscribe_everywhere
from subscribers.roster.listed import change_list, demand_list, ensure_list, lists, slugs, titles
from subscribers.roster.members import Member, members
from subscribers.roster.people import addresses_of, by_address, by_public_id, by_public_ids, find, person, search
from subscribers.roster.preferring import prefer, rename, set_fields
from subscribers.roster.segmenting import Deliveries, kept
from subscribers.roster.suppression import is_suppressed, lift, suppress, suppress_subscriber
from subscribers.roster.tagging import all_tags, put_tags, tags_in, take_tags
from subscribers.roster.zones import in_no_zone_of, in_zone, zone_of, zones
from subscribers.roster.zones import names as zone_names

__all__ = [
    "Deliveries",
    "Member",
    "add",
    "addresses_of",
    "all_tags",
    "ask",
    "audience_count",
    "audience_page",
    "by_address",
    "by_public_id",
    "by_public_ids",
    "change_list",
    "choices",
    "chosen_sections",
    "confirm",
    "count_leavers",
    "delete_list",
    "demand_list",
    "demand_unused",
    "ensure_list",
    "export_subject",
    "find",
    "forget",
    "in_no_zone_of",
    "in_zone",
    "is_confirmed",
    "is_suppressed",
    "kept",
    "lift",
    "lists",
    "members",
    "person",
    "prefer",
    "put_tags",
    "remove",
    "rename",
    "search",
    "sendable",
    "set_fields",
    "settle",
    "slugs",
    "suppress",
    "suppress_subscriber",
    "tags_in",
    "take_tags",
    "tidy",
    "titles",
    "unsubscribe",
    "unsubscribe_everywhere",
    "zone_names",
    "zone_of",
    "zones",
]
