"""How sources and their checks are printed; asks and stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from digest.model import Source, SourceState
    from digest.store.sources import Check, Spell

_LEGEND = "+ new articles   = nothing new   ! failed now and then   x failed   . not asked"


def row(source: Source, state: SourceState | None, days: Sequence[Spell]) -> dict[str, object]:
    """Return one source for programs."""
    return {
        "source": source.slug,
        "title": source.title,
        "kind": source.kind,
        "address": source.url or source.path,
        "checked_at": _minute(state.checked_at if state else None),
        "changed_at": _minute(state.changed_at if state else None),
        "next_check_at": _minute(state.next_check_at if state else None),
        "failures": state.failures if state else 0,
        "error": state.error if state else "",
        "days": [
            {"day": f"{day.since:%Y-%m-%d}", "checks": day.checks, "failed": day.failed, "new": day.new} for day in days
        ],
    }


def table(
    sources: Sequence[Source], states: Mapping[str, SourceState], days: Mapping[str, Sequence[Spell]], now: datetime
) -> None:
    """Print all sources, a sign a day for how each did, today last."""
    if not sources:
        click.echo("there are no sources yet; add one with: digest sources add https://…")
        return
    rows = []
    for source in sources:
        state = states.get(source.slug)
        health = "".join(map(_sign, days[source.slug]))
        checked = _minute(state.checked_at) if state else None
        due, trouble = _due(source, state, now), _trouble(state)
        rows.append((source.slug, source.title, source.kind, checked or "never", due, health, trouble))
    show.table(("source", "title", "kind", "checked (UTC)", "next check", "last 14 days", "trouble"), rows)
    click.echo(f"\n{_LEGEND}")


def _sign(day: Spell) -> str:
    if not day.checks:
        return "."
    if day.failed:
        return "x" if day.failed == day.checks else "!"
    return "+" if day.new else "="


def _due(source: Source, state: SourceState | None, now: datetime) -> str:
    if source.path:
        return "always"
    if state and state.is_gone:
        return "never"
    return show.until(state.next_check_at, now) if state and state.next_check_at else "next time"


def _trouble(state: SourceState | None) -> str:
    if not state or not state.error:
        return ""
    return f"{state.failures} times in a row: {state.error}" if state.failures > 1 else state.error


def about(source: Source, state: SourceState | None, now: datetime) -> None:
    """Print what is known of one source."""
    show.pairs([
        ("source", f"{source.slug} ({source.title})" if source.title != source.slug else source.slug),
        ("kind", source.kind), ("address", source.place),
        *([("moved to", f"{state.moved_to} (seen {show.count(state.moved_seen, 'time')} in a row)")]
          if state and state.moved_to else []),
        ("checked", _minute(state.checked_at if state else None) or "never"),
        ("something new", _minute(state.changed_at if state else None) or "never"),
        ("next check", _due(source, state, now)), ("trouble", _trouble(state) or "none"),
    ])  # fmt: skip


def checks(history: Sequence[Check]) -> None:
    """Print the last checks of a source, newest first."""
    rows = [
        (_minute(each.at), each.status, each.articles, each.new, f"{each.size / 1000:,.0f} kB", f"{each.seconds:.1f} s",
         each.error or "; ".join(each.notes))
        for each in history
    ]  # fmt: skip
    click.echo()
    show.table(("checked (UTC)", "status", "articles", "new", "size", "took", "remarks"), rows)


def check_row(check: Check) -> dict[str, object]:
    """Return one check for programs."""
    return {
        "at": check.at.isoformat(),
        "status": check.status,
        "articles": check.articles,
        "new": check.new,
        "size": check.size,
        "seconds": check.seconds,
        "error": check.error,
        "notes": list(check.notes),
    }


def _minute(when: datetime | None) -> str | None:
    return f"{when:%Y-%m-%d %H:%M}" if when else None
