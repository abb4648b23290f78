"""No send without a way out for the reader: does the unsubscribe link lead here? Knows no mail."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

from digest.errors import ProviderRefused
from digest.pipeline.app import App

#: The page by which an installation is known; served by ``digest serve``.
WELL_KNOWN = "/.well-known/broadsheet"


def installation(app: App) -> str:
    """Return this installation's id, made at first use."""
    return app.store.meta.ensure("installation", uuid4().hex)


def ask(url: str) -> str:
    """Return what an https address answers, at most a kilobyte; raise OSError where it does not."""
    request = urllib.request.Request(url, headers={"User-Agent": "Broadsheet"})  # noqa: S310 (https, checked below)
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return bytes(answer.read(1024)).decode("utf-8", "replace").strip()


def demand_way_out(app: App, ask: Callable[[str], str] = ask) -> None:
    """Raise ProviderRefused unless readers can leave by link or by mail; the outbox reaches nobody and may go.

    A link works when ``base_url`` is https and answers with this installation's id.
    """
    if app.provider_kind == "outbox" or app.sender.unsubscribe_mailbox:
        return
    mend = "set [site] base_url to where `digest serve` answers over HTTPS, or [site] unsubscribe_mailbox"
    base = app.sender.base_url
    if not base:
        raise ProviderRefused(f"readers could not unsubscribe, so nothing was sent: {mend}")
    if urlsplit(base).scheme != "https":
        raise ProviderRefused(f"readers could not unsubscribe, so nothing was sent: {base} is not https; {mend}")
    try:
        answer = ask(f"{base}{WELL_KNOWN}")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ProviderRefused(
            f"readers could not unsubscribe, so nothing was sent: {base}{WELL_KNOWN} does not answer ({reason}); {mend}"
        ) from error
    if answer != installation(app):
        raise ProviderRefused(
            f"readers could not unsubscribe, so nothing was sent: {base} is not this installation; {mend}"
        )
