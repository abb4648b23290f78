"""digest serve: the schedule and the pages."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from digest.cli.opening import opened


@click.command()
@click.option("--host", help="Address of the pages.  [default: serve.host in config.toml]")
@click.option("--port", type=int, help="Port of the pages.  [default: serve.port in config.toml]")
@click.option("--part", type=click.Choice(["web", "clock"]), hidden=True, help="Run one child alone.")
@click.pass_context
def serve(ctx: click.Context, host: str | None, port: int | None, part: str | None) -> int:
    """Send each newsletter's edition at its local time, and show the pages: past editions, and
    where readers' links lead. Runs until it is told to stop; then finishes what is in flight.

    \b
    Example:
      digest serve --port 8080
    """
    from digest.config import find_config, read_config

    config = read_config(find_config(ctx.find_root().obj))
    at = (host or config.settings.serve.host, config.settings.serve.port if port is None else port)
    from digest.cli.logs import start_logging

    start_logging()
    if part == "web":
        return _web(ctx, *at)
    if part == "clock":
        return _clock(ctx)
    from digest.cli.supervisor import supervise
    from digest.web.admin.inviting import setup_link

    with opened(ctx) as app:
        newsletters = [each.slug for each in app.newsletters]
        link = setup_link(app.store.accounts, app.sender.base_url or f"http://{at[0]}:{at[1]}", datetime.now(UTC))
    click.echo(f"pages: http://{at[0]}:{at[1]}/   newsletters: {', '.join(newsletters) or 'none'}", err=True)
    if link:
        click.echo(f"admin: make the first account with this link, once, within the hour:\n  {link}", err=True)
    command = [sys.executable, "-m", "digest", "--config", str(config.file), "serve"]
    return supervise({
        "web": [*command, "--part", "web", "--host", at[0], "--port", str(at[1])],
        "clock": [*command, "--part", "clock"],
    })  # fmt: skip


def _web(ctx: click.Context, host: str, port: int) -> int:
    import uvicorn

    from digest.web.app import make_app

    with opened(ctx) as app:
        uvicorn.run(make_app(app), host=host, port=port, log_level="warning", server_header=False, date_header=False)
    return 0


def _clock(ctx: click.Context) -> int:
    from digest.schedule.clock import run_clock

    with opened(ctx) as app:
        run_clock(app)
    return 0
