"""One-time links that make an account; knows how long they hold, and shows none."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from digest.store.accounts import Accounts, Role

#: The first link is followed by whoever just started the program; an invited person may read mail tomorrow.
SETUP_HOLDS, INVITATION_HOLDS = timedelta(hours=1), timedelta(days=3)


def setup_link(accounts: Accounts, base: str, now: datetime) -> str:
    """Return a link that makes the first owner, '' where somebody can sign in already; earlier links end."""
    return new_owner_link(accounts, base, now) if accounts.is_empty() else ""


def new_owner_link(accounts: Accounts, base: str, now: datetime) -> str:
    """Return a link that makes an owner, for whoever can run commands here; earlier links end."""
    token = secrets.token_urlsafe(24)
    accounts.invite(token, "owner", now + SETUP_HOLDS, alone=True)
    return f"{base}/admin/welcome/{token}"


def invitation(accounts: Accounts, role: Role, now: datetime, lists: tuple[str, ...] | None = None) -> str:
    """Return the path of a link that makes an account of this role, for some lists or for all."""
    token = secrets.token_urlsafe(24)
    accounts.invite(token, role, now + INVITATION_HOLDS, lists=lists)
    return f"/admin/welcome/{token}"
