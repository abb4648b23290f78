"""Check: everything that can be known to fail before the day it matters; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from digest.errors import BroadsheetError
from digest.pipeline.app import App, Newsletter
from digest.pipeline.collecting import collect
from digest.pipeline.machine import machine
from digest.pipeline.rendering import mail_domain, message_of
from digest.pipeline.sender_domain import Ask, ask_dns, is_reserved, verdicts
from digest.pipeline.wayout import demand_way_out
from digest.render import designs
from digest.render.check import faults as message_faults
from digest.render.specimen import specimen


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    part: str  #: 'source the-quay', 'provider', …
    is_fault: bool
    what: str  #: what was found, and how to mend it


def check(app: App, now: datetime, *, offline: bool = False) -> Iterator[Finding]:
    """Look at sources, designs, links, lists and provider, and tell each as it is found."""
    yield from check_sources(app, now, offline=offline)
    for newsletter in app.newsletters:
        yield check_design(app, newsletter)
    yield from check_lists(app)
    if not offline:
        yield _tried("links", lambda: _way_out(app))
        yield _tried("provider", lambda: _provider(app))
        yield from check_domain(app)
    yield from (Finding(*found) for found in machine(app, app.clock()))


def check_domain(app: App, ask: Ask = ask_dns) -> Iterator[Finding]:
    """Look at SPF, DKIM and DMARC of the sender's domain, where mails really leave."""
    domain = mail_domain(app)
    if app.provider_kind != "outbox" and not is_reserved(domain):
        yield from (Finding(each.record, each.is_fault, each.what) for each in verdicts(domain, ask))


def check_sources(app: App, now: datetime, *, offline: bool) -> Iterator[Finding]:
    """Ask each source once, or with ``offline`` only those that are local files."""
    asked = tuple(source for source in app.sources if source.path or not offline)
    for outcome in collect(app, asked, now, keep=False, force=True).outcomes:
        part = f"source {outcome.source.slug}"
        if outcome.status == "failed":
            yield Finding(part, True, outcome.error)
        else:
            notes = f" ({'; '.join(outcome.notes)})" if outcome.notes else ""
            yield Finding(part, False, f"{len(outcome.articles)} articles{notes}")
    if not app.sources:
        yield Finding("sources", True, "there are none; add [[sources]] with a slug and a url to config.toml")


def check_design(app: App, newsletter: Newsletter) -> Finding:
    """Render an edition that has one of everything in the newsletter's design."""
    part = f"template {newsletter.design}"
    there = designs(app.templates)
    if newsletter.design not in there:
        return Finding(part, True, f"newsletter {newsletter.slug}: no such design; there are: {', '.join(there)}")

    def rendered() -> str:
        edition = specimen(newsletter.slug, newsletter.masthead)
        found = message_faults(message_of(app, newsletter, edition), edition)
        if found:
            raise BroadsheetError("; ".join(found))
        return f"newsletter {newsletter.slug}: renders"

    return _tried(part, rendered)


def check_lists(app: App) -> Iterator[Finding]:
    """Count who each newsletter would reach."""
    from subscribers import roster

    with app.store.read() as connection:
        for newsletter in app.newsletters:
            number = roster.audience_count(connection, newsletter.lists)
            part, names = f"newsletter {newsletter.slug}", ", ".join(newsletter.lists)
            add = f"add one with: digest subscribers add {newsletter.lists[0]} you@example.org"
            yield Finding(part, False, f"{number} on {names}" if number else f"nobody on {names} yet; {add}")


def _way_out(app: App) -> str:
    demand_way_out(app)
    return "readers can unsubscribe"


def _provider(app: App) -> str:
    with closing(app.open_provider()) as provider:
        return f"{provider.name}: {provider.check()}"


def _tried(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, False, look())
    except BroadsheetError as error:
        return Finding(part, True, str(error))
