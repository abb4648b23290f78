"""digest init: a new newsletter's folder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import now_option
from digest.errors import UsageError, demand_text

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--schema", is_flag=True, help="Only write config.schema.json anew, which editors read; as after an upgrade."
)
@click.option("--template", metavar="FILE", help="Only copy this bundled template into templates/, to be changed.")
@click.option("--without-samples", is_flag=True, help="For sources and readers of your own, from the start.")
@click.option("--title", default="", help="What the newsletter is called.")
@now_option
def init(folder: Path, schema: bool, template: str | None, without_samples: bool, title: str, now: datetime) -> None:
    """Write a new newsletter into FOLDER: config.toml with every setting explained, sample sources
    of today, a folder for your own templates, and a key ring for readers' links. Mails go to the
    outbox, a folder of files, until you name another provider.

    \b
    Examples:
      digest init news && cd news && digest send --yes
      digest init daily --without-samples --title "The Daily"
      digest init --template email/morning/style.css .
    """
    from digest.bootstrap import build
    from digest.config import read_config
    from digest.pipeline.loading import load_samples
    from digest.pipeline.starting import copy_template, start, write_schema

    demand_text(folder.resolve(), UsageError, "nothing was made")
    if schema:
        click.echo(f"{write_schema(folder)}  what editors complete config.toml by")
        return
    if template is not None:
        click.echo(f"{copy_template(folder, template)}  comes before the bundled one now")
        return
    started = start(folder, now, title=title, with_samples=not without_samples)
    app = build(read_config(started.config), now=now)
    try:
        readers = load_samples(app, folder / "samples" / "subscribers.csv", now) if started.sources else 0
    finally:
        app.store.close()
    step = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    samples = f"{folder / 'samples'}  {started.sources} sample sources, and {readers} sample readers, all invented\n"
    click.echo(
        f"{started.config}  every setting, explained; editors complete it by config.schema.json\n"
        f"{samples if started.sources else ''}"
        f"{folder / 'templates'}  for templates of your own\n"
        f"{folder / 'var'}  the store, and the keys of readers' links: back it up\n\n"
        + (NEXT_WITH_SAMPLES if started.sources else NEXT_OF_YOUR_OWN).format(
            step=step, list=app.newsletters[0].lists[0]
        )
    )


NEXT_WITH_SAMPLES = """\
see today's edition:  {step}digest preview --open
send it, as files:    {step}digest send --yes"""

NEXT_OF_YOUR_OWN = """\
name your sources:    {step}digest sources add https://news.example/
see today's edition:  digest preview --open
add yourself:         digest subscribers add {list} you@example.org
find what is missing: digest check"""
