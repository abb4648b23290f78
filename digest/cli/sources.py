"""digest sources: the sources and how they are doing."""

from __future__ import annotations

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option
from digest.model import Source, SourceState


@click.command()
@json_option
@click.pass_context
def sources(ctx: click.Context, as_json: bool) -> None:
    """Show each source with its last check, its next one, and what went wrong.

    \b
    Example:
      digest sources
    """
    with opened(ctx, read_only=True) as app:
        states = app.store.sources.states([source.slug for source in app.sources])
        rows = [row(source, states.get(source.slug)) for source in app.sources]
    if as_json:
        for each in rows:
            show.value(each)
    else:
        header = ("source", "kind", "checked", "next check", "failures", "error")
        show.table(
            header,
            [
                [each[name] or "" for name in ("source", "kind", "checked_at", "next_check_at", "failures", "error")]
                for each in rows
            ],
        )


def row(source: Source, state: SourceState | None) -> dict[str, object]:
    """Return one source for programs."""
    checked = state.checked_at if state else None
    due = state.next_check_at if state else None
    return {
        "source": source.slug,
        "kind": source.kind,
        "address": source.url or source.path,
        "checked_at": f"{checked:%Y-%m-%d %H:%M}" if checked else None,
        "next_check_at": f"{due:%Y-%m-%d %H:%M}" if due else None,
        "failures": state.failures if state else 0,
        "error": state.error if state else "",
    }
