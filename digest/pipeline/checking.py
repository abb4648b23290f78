"""Check: everything that can be known to fail before the day it matters; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digest.errors import BroadsheetError
from digest.model import Outcome
from digest.pipeline.app import App, Newsletter
from digest.pipeline.collecting import collect
from digest.pipeline.endpoint import Endpoint
from digest.pipeline.machine import machine
from digest.pipeline.rendering import mail_domain, message_of
from digest.pipeline.sender_domain import Ask, asking, is_reserved, verdicts
from digest.pipeline.wayout import demand_way_out
from digest.render import designs
from digest.render.check import faults as message_faults
from digest.render.specimen import specimen, specimens
from digest.store.revision import standing

#: News that is dated further ahead than this does not come from a hasty clock elsewhere.
AHEAD = timedelta(hours=2)
#: Names that no mail can come from (RFC 2606 §2); those of test networks may be meant.
FOR_SAMPLES = ("example", "invalid")
#: So many sources are not all wrong.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    part: str  #: 'source the-quay', 'provider', …
    is_fault: bool
    what: str  #: what was found, and how to mend it


def check(app: App, now: datetime, *, offline: bool = False) -> Iterator[Finding]:
    """Look at sources, designs, links, lists, provider and machine, and tell each as it is found."""
    asked = tuple(source for source in app.sources if source.path or not offline)
    outcomes = collect(app, asked, now, keep=False, force=True, with_pages=False).outcomes
    yield from check_sources(app, outcomes)
    if not app.newsletters:
        yield Finding("newsletters", True, "there are none; add [[newsletters]] with a slug to config.toml")
    for newsletter in app.newsletters:
        yield check_design(app, newsletter)
    if app.templates and (app.templates / "notices").is_dir():
        yield check_notices(app, app.templates)
    if standing(app.store) == "current":
        yield from check_lists(app)
    if not offline:
        yield _tried("links", lambda: _way_out(app))
        yield _tried("provider", lambda: _provider(app))
        if app.writer:
            yield check_writer(app.writer)
        yield from check_domain(app)
    yield from check_dates(outcomes, app.clock())
    yield from (Finding(*found) for found in machine(app, app.clock()))


def check_domain(app: App, ask: Ask | None = None) -> Iterator[Finding]:
    """Look at SPF, DKIM and DMARC of the sender's domain, where mails really leave."""
    domain = mail_domain(app)
    if app.provider_kind == "outbox":
        return
    if domain.rpartition(".")[2].lower() in FOR_SAMPLES:
        what = f"{domain} exists in samples only, and nobody takes mail from it: set sender under [site]"
        yield Finding("sender", True, what)
    elif not is_reserved(domain):
        found = verdicts(domain, ask or asking(), app.sender.dkim_name)
        yield from (Finding(each.record, each.is_fault, each.what) for each in found)


def check_sources(app: App, outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    """Tell what each source that was asked gave."""
    for outcome in outcomes:
        part = f"source {outcome.source.slug}"
        if outcome.status == "failed":
            yield Finding(part, True, outcome.error)
        elif outcome.status == "unchanged" and not outcome.articles:
            yield Finding(part, False, "answers; unchanged since it was last read")
        else:
            notes = f" ({'; '.join(outcome.notes)})" if outcome.notes else ""
            number = len(outcome.articles)
            yield Finding(part, False, f"{number} article{'' if number == 1 else 's'}{notes}")
    if not app.sources:
        yield Finding("sources", True, "there are none; add [[sources]] with a slug and a url to config.toml")
    elif outcomes and all(outcome.status == "failed" for outcome in outcomes):
        yield Finding("sources", True, "not one of them could be read, so there would be no edition")


def check_dates(outcomes: Sequence[Outcome], now: datetime) -> Iterator[Finding]:
    """Doubt the machine's own time where most sources have news from the future."""
    newest = [max(dated) for each in outcomes if (dated := [a.published_at for a in each.articles if a.published_at])]
    ahead = [each - now for each in newest if each - now > AHEAD]
    if len(ahead) >= ENOUGH and len(ahead) * 2 > len(newest):
        hours = min(ahead) / timedelta(hours=1)
        what = f"{len(ahead)} of {len(newest)} sources have news dated {hours:.0f} hours or more from now: set it right"
        yield Finding("clock", True, what)


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


def check_notices(app: App, own: Path) -> Finding:
    """Print one of each short mail with the installation's own templates."""

    def printed() -> str:
        for newsletter in app.newsletters:
            specimens(newsletter.slug, newsletter.masthead, own)
        return "print"

    return _tried("template notices", printed)


def check_writer(writer: Endpoint) -> Finding:
    """Ask the language model for one word."""

    def asked() -> str:
        writer.ask("Answer with the word: ready.", "Are you there?")
        return f"{writer.model}: answers"

    return _tried("writer", asked)


def check_lists(app: App) -> Iterator[Finding]:
    """Count who each newsletter would reach."""
    from subscribers import roster

    with app.store.read() as connection:
        made = roster.slugs(connection)  # a list that only the config names yet is made at the first start
        for newsletter in app.newsletters:
            number = roster.audience_count(connection, tuple(each for each in newsletter.lists if each in made))
            part, names = f"newsletter {newsletter.slug}", ", ".join(newsletter.lists)
            gets = "gets" if number == 1 else "get"
            add = f"add one with: digest subscribers add {newsletter.lists[0]} you@example.org"
            yield Finding(
                part, False, f"{number:,} {gets} mail on {names}" if number else f"nobody on {names} yet; {add}"
            )


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
