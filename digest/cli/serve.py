"""digest serve: the schedule and the pages."""

from __future__ import annotations

import socket
import sys
import threading
import time
from datetime import UTC, datetime

import click

from digest.cli.opening import opened
from digest.errors import UsageError

#: Seconds that open requests have to end in; a page that watches a send would never end by itself.
PATIENCE = 10
#: Proxies that are believed who asks: those on this machine.
OWN = ("127.0.0.1", "::1")
#: Seconds after which people are told where the pages are, whether they answer yet or not.
LONGEST_START = 60


@click.command()
@click.option("--host", help="Address of the pages.  [default: serve.host in config.toml]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the pages.  [default: serve.port in config.toml]")
@click.option("--part", type=click.Choice(["web", "clock", "sender"]), hidden=True, help="Run one child alone.")
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
    if part:
        from digest.cli.supervisor import follow_parent

        follow_parent()
        return {
            "web": lambda: _web(ctx, *at, config.settings.serve.proxies),
            "clock": lambda: _clock(ctx),
            "sender": lambda: _sender(ctx),
        }[part]()
    demand_free(*at)
    from digest.cli.edited import Edited
    from digest.cli.supervisor import supervise
    from digest.pipeline.vitals import forget_tick, note_tick
    from digest.web.admin.inviting import setup_link

    seen = f"http://{_bracketed(_reached(at[0]))}:{at[1]}"
    with opened(ctx) as app:
        note_tick(app, {})  # from now on nobody restores a backup under it
        newsletters = [each.slug for each in app.newsletters]
        link = setup_link(app.store.accounts, app.sender.base_url or seen, datetime.now(UTC))
    says = [f"pages: {seen}/   newsletters: {', '.join(newsletters) or 'none'}"]
    if link:
        says.append(f"admin: make the first account with this link, once, within the hour:\n  {link}")
    threading.Thread(target=tell_once_served, args=(*at, says), name="told", daemon=True).start()
    command = [sys.executable, "-m", "digest", "--config", str(config.file), "serve"]
    parts = {
        "web": [*command, "--part", "web", "--host", at[0], "--port", str(at[1])],
        "clock": [*command, "--part", "clock"],
        "sender": [*command, "--part", "sender"],
    }
    code = supervise(parts, Edited(config.file).look)
    with opened(ctx) as app:
        forget_tick(app)
    return code


def tell_once_served(host: str, port: int, says: list[str]) -> None:
    """Say something once the pages answer: a link that is followed before leads nowhere."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        try:
            socket.create_connection((_reached(host), port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    for each in says:
        click.echo(each, err=True)


def _reached(host: str) -> str:
    """Return where a server is reached from this machine that listens at every address, or at one."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (no server is bound here)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def demand_free(host: str, port: int) -> None:
    """Raise UsageError where the pages could not be shown at an address, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        mend = "name another with --host and --port, or host and port in [serve]"
        raise UsageError(f"the pages cannot be at {host}:{port}: {error.strerror}; {mend}") from error


def _web(ctx: click.Context, host: str, port: int, proxies: tuple[str, ...]) -> int:
    import uvicorn

    from digest.web.app import make_app

    with opened(ctx) as app:
        uvicorn.run(
            make_app(app), host=host, port=port, log_level="warning", server_header=False, date_header=False,
            timeout_graceful_shutdown=PATIENCE, forwarded_allow_ips=[*OWN, *proxies],
        )  # fmt: skip
    return 0


def _clock(ctx: click.Context) -> int:
    from digest.cli.supervisor import until_told
    from digest.schedule.clock import run_clock

    with opened(ctx) as app, until_told() as told:
        run_clock(app, told.wait)
    return 0


def _sender(ctx: click.Context) -> int:
    from digest.cli.supervisor import until_told
    from digest.pipeline.dispatching import Dispatcher

    with opened(ctx) as app, until_told() as told:
        Dispatcher(app, told.is_set, told.wait).run()
    return 0
