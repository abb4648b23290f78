"""digest backup, restore, tidy: keep what cannot be made again, throw away what is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from subscribers.cli.asking import demand_yes

if TYPE_CHECKING:
    from digest.config import Config
    from digest.pipeline.archiving import Places


@click.command()
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def backup(ctx: click.Context, target: Path | None) -> None:
    """Write store, link keys, config, templates and pictures into one zip FILE, while everything
    runs; by default backup/ with the time in its name. The copy is checked. It holds addresses and
    keys: keep it as safe as the store. A PostgreSQL store is copied as it is at one moment, too.

    \b
    Example:
      digest backup /mnt/safe/news.zip
    """
    from digest.pipeline.archiving import back_up

    config = _config(ctx)
    now = datetime.now(UTC)
    file = target or config.folder / "backup" / f"broadsheet-{now:%Y-%m-%dT%H%M%SZ}.zip"
    with opened(ctx, read_only=True) as app:  # the way back from a newer version keeps the tables of the older one
        size = back_up(app.store, places(config), file)
    click.echo(f"{file}: {size:,} bytes, read back and whole")


@click.command()
@click.argument("archive", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def restore(ctx: click.Context, archive: Path, yes: bool) -> None:
    """Put a backup back: its store, keys, config, templates and pictures. What is there now is moved
    aside with the time in its name. Stop digest serve first. A PostgreSQL database has to be empty;
    which one is meant says the config here, else the one in the backup.

    Nothing goes by itself that may have gone since the backup was made: a send on its way is paused, to go
    on with digest resume or to end with digest cancel; an edition whose own time passed since is held for
    a person, and that time forgotten; what was due since by the schedule is not made up for. Times that are
    still to come stay.

    \b
    Example:
      digest restore /mnt/safe/news.zip
    """
    from digest.pipeline.archiving import CONFIG, demand_backup, demand_stopped, set_aside, taken_at
    from digest.pipeline.archiving import restore as put_back
    from digest.pipeline.resting import resting

    demand_backup(archive)
    there = _places_to_be(ctx, archive)
    now = datetime.now(UTC)
    demand_stopped(there, now)
    if not yes and (there.database is None or there.database.exists()):
        demand_yes(
            f"replace the store {there.database}?" if there.database else f"fill the database {there.server}?",
            otherwise="nothing was restored",
        )
    for name in put_back(archive, there, now):
        click.echo(f"restored {there.config.name if name == CONFIG else name}")
    if there.config.name.endswith(".from-backup"):
        show.remark(f"config.toml stays, as the backup's names another store; that one is {there.config.name}")
    if there.database is not None and (aside := set_aside(there.database, now)).exists():
        show.remark(f"the store that was there is {aside} now")
    show.remark(
        f"\nthe backup is of {taken_at(archive):%Y-%m-%d %H:%M} and does not know what left since, so nothing goes by "
        "itself: digest serve\nbegins with what is due from now on; what was due since and did not go, "
        "digest send sends"
    )
    for name in resting(there.store):
        show.remark(
            f"{name} was on its way and is paused: digest resume {name} sends the rest, digest cancel {name} ends it"
        )


@click.command()
@click.option("--keep-days", type=click.IntRange(31), help="Keep what is younger.  [default: store.keep_days]")
@click.pass_context
def tidy(ctx: click.Context, keep_days: int | None) -> None:
    """Throw away old articles, pictures and checks of sources. Editions, their archive pages with their
    pictures, what never comes back as a repeat, and the record of who got what are never touched.

    \b
    Example:
      digest tidy --keep-days 60
    """
    from digest.pipeline.keeping import tidy as throw_away

    config = _config(ctx)
    with opened(ctx) as app:
        done = throw_away(app, datetime.now(UTC), keep_days or config.settings.store.keep_days)
    people = show.count(done.people, "person who never confirmed", "people who never confirmed")
    click.echo(
        f"threw away {show.count(done.articles, 'article')}, {show.count(done.pictures, 'picture')} "
        f"and {show.count(done.checks, 'check')} of sources; "
        f"erased {people}"
    )


def _config(ctx: click.Context) -> Config:
    from digest.config import find_config, read_config

    return read_config(find_config(ctx.find_root().obj))


def _places_to_be(ctx: click.Context, archive: Path) -> Places:
    """Return where the parts shall be: as the config here says, else, on a new machine, as the archived one does."""
    from digest.pipeline.archiving import store_named

    named = Path(ctx.find_root().obj or "config.toml")
    file = named / "config.toml" if named.is_dir() else named
    url = store_named(archive) or "sqlite:///var/digest.db"
    if not file.exists():
        return _places(file.resolve().parent, file.resolve(), url)
    config = _config(ctx)
    there = places(config)
    # A config that leads to another store would leave the restored one to nobody.
    return there if config.settings.store.url == url else replace(there, config=Path(f"{there.config}.from-backup"))


def places(config: Config) -> Places:
    """Return where the parts of an installation are."""
    return _places(config.folder, config.file.resolve(), config.settings.store.url)


def _places(folder: Path, config: Path, url: str) -> Places:
    from digest.bootstrap import with_password
    from digest.config import Secrets
    from digest.pipeline.archiving import SQLITE, Places

    if url.startswith(SQLITE):
        store = f"{SQLITE}{folder / Path(url.removeprefix(SQLITE)).expanduser()}"
    else:
        store = with_password(url, Secrets.from_environment().get("BROADSHEET_STORE_PASSWORD"))
    var = folder / "var"
    return Places(store, var / "link-keys", config, folder / "templates", var / "pictures")
