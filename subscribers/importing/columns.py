"""What a column means, by its name: our own export's and those of other programs; reads no row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from subscribers.errors import FileFault

#: The columns of our own export, in order; fields follow, each as ``field:NAME``.
OWN = (
    "email",
    "name",
    "state",
    "joined_at",
    "confirmed_at",
    "left_at",
    "suppressed",
    "suppressed_here",
    "tags",
    "language",
    "sections",
    "weekdays_only",
    "public_id",
)

_NAMES = {
    "address": "email e_mail mail address email_address e_mail_address emailaddress subscriber_email "
    "e_mail_1_value email_1_value",
    "name": "name full_name fullname display_name subscriber_name",
    "first_name": "first_name firstname fname given_name forename",
    "last_name": "last_name lastname lname surname family_name",
    "state": "state status subscription_status email_marketing_status",
    "subscribed": "subscribed subscribed_to_emails",
    "disabled": "email_disabled",
    "joined": "joined_at joined created_at subscribed_at subscription_date optin_time signup_date date_added",
    "confirmed": "confirmed_at confirm_time",
    "left": "left_at unsub_time unsubscribed_at",
    "cleaned": "clean_time",
    "suppressed": "suppressed",
    "suppressed_here": "suppressed_here",
    "tags": "tags labels",
    "language": "language locale lang",
    "sections": "sections",
    "weekdays_only": "weekdays_only",
    "public_id": "public_id",
    "attributes": "attributes",
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split()}

#: Fields that are read elsewhere, by the names others have for them: a reader's zone decides when mail comes.
_FIELDS = dict.fromkeys(("timezone", "time_zone"), "timezone")
_GHOSTS = "custom_fields."  # what Ghost puts before the names of a member's own fields


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program's export: how it is known, and its columns that are no field of a person."""

    title: str
    signs: tuple[frozenset[str], ...]  #: columns that it alone has, together; its versions differ
    passed_over: frozenset[str]


def _peer(title: str, signs: str, passed_over: str) -> Peer:
    versions = tuple(frozenset(version.split()) for version in signs.split("|"))
    return Peer(title, versions, frozenset(passed_over.split()))


_PEERS = (
    _peer(
        "Mailchimp",
        "email_address leid euid | email_address member_rating optin_ip",
        "member_rating optin_ip confirm_ip latitude longitude gmtoff dstoff cc region last_changed email_type "
        "leid euid notes clean_campaign_title clean_campaign_id unsub_campaign_title unsub_campaign_id "
        "unsub_reason unsub_reason_other",
    ),
    _peer(
        "Substack",
        "email active_subscription | email start_date emails_received_6mo",
        "active_subscription expiry plan prefer_digests first_payment_at start_date subscription_source_free "
        "subscription_source_paid type stripe_plan cancel_date paid_upgrade_date first_paid_date expiration_date "
        "bestseller revenue subscriptions_gifted activity days_active_30d sections country state_province "
        "emails_received_6mo emails_dropped_6mo num_emails_opened emails_opened_6mo emails_opened_30d "
        "emails_opened_7d last_email_open links_clicked last_clicked_at "
        "unique_emails_seen_6mo unique_emails_seen_30d unique_emails_seen_7d "
        "unique_posts_seen unique_posts_seen_30d unique_posts_seen_7d post_views post_views_30d post_views_7d "
        "comments comments_30d comments_7d shares shares_30d shares_7d",
    ),
    _peer("listmonk", "uuid email attributes status", "uuid updated_at"),
    _peer(
        "Ghost",
        "email subscribed_to_emails",
        "id note complimentary_plan stripe_customer_id deleted_at tiers products gift_id",
    ),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column of a file is."""

    roles: dict[str, int]  #: role -> place; 'address' is always there
    fields: dict[str, int]  #: name of a custom field -> place
    passed_over: tuple[str, ...]  #: headings that are not read
    made_by: str = ""  #: the program it was exported from; 'Broadsheet' for our own

    @property
    def is_own(self) -> bool:
        """Whether cells were made safe for spreadsheets and are to be undone."""
        return self.made_by == "Broadsheet"


def layout_of(first: tuple[str, ...], *, address: str = "") -> Layout | None:
    """Return what the first line says of the columns, None where it holds an address: there is no heading then.

    Args:
        address: the heading of the column of addresses, where a person named it.

    Raises:
        FileFault: no column is one of addresses.
    """
    if not address and any("@" in cell for cell in first):
        return None
    keys = [_key(cell) for cell in first]
    if first[: len(OWN)] == OWN:
        return _own(first)
    peer = next((peer for peer in _PEERS if any(signs <= set(keys) for signs in peer.signs)), None)
    ignored = peer.passed_over if peer else frozenset[str]()
    roles: dict[str, int] = {"address": _named(first, address)} if address else {}
    fields: dict[str, int] = {}
    passed_over: list[str] = []
    for place, (cell, key) in enumerate(zip(first, keys, strict=True)):
        role = _ROLES.get(key)
        if key in ignored or not key:
            passed_over.append(cell)
        elif role and role not in roles:
            roles[role] = place
        elif place != roles.get("address"):
            fields.setdefault(_FIELDS.get(key) or cell.removeprefix(_GHOSTS)[:80], place)
    if "address" not in roles:
        raise FileFault(
            f"no column is named like an address; the columns are: {', '.join(first)[:300]}; "
            "name the right one with --column"
        )
    return Layout(roles, fields, tuple(filter(None, passed_over)), peer.title if peer else "")


def _own(first: tuple[str, ...]) -> Layout:
    roles = {_ROLES[name]: place for place, name in enumerate(OWN)}
    fields = {
        cell.removeprefix("field:"): place
        for place, cell in enumerate(first)
        if place >= len(OWN) and cell.startswith("field:")
    }
    return Layout(roles, fields, (), "Broadsheet")


def _named(first: tuple[str, ...], heading: str) -> int:
    for place, cell in enumerate(first):
        if cell.casefold() == heading.casefold():
            return place
    raise FileFault(f'no column is named "{heading}"; the columns are: {", ".join(first)[:300]}')


def _key(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_")
