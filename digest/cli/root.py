"""The command's root: finds subcommands without loading them, and turns errors into sentences and exit codes."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from digest import __version__
from digest.cli.unheard import said_to_nobody
from digest.errors import BroadsheetError
from subscribers.cli import Commands

if TYPE_CHECKING:
    from collections.abc import Sequence

#: name: (module and attribute, what it does), in the order of a first use.
COMMANDS = {
    "init": ("digest.cli.init:init", "Make a new newsletter: config, templates, sample sources."),
    "demo": ("digest.cli.demo:demo", "A first edition from the bundled samples, no network."),
    "check": ("digest.cli.check:check", "Find every fault in config, sources, provider and templates."),
    "collect": ("digest.cli.collect:collect", "Fetch the sources and store what is new."),
    "group": ("digest.cli.group:group", "Show the stories in rank order, and why."),
    "preview": ("digest.cli.preview:preview", "Build the edition as HTML, text and .eml; send nothing."),
    "send": ("digest.cli.send:send", "Send the edition to its lists, once."),
    "resume": ("digest.cli.sending:resume", "Go on with a send that was stopped or killed."),
    "pause": ("digest.cli.sending:pause", "Stop a send after what is in flight."),
    "cancel": ("digest.cli.sending:cancel", "Stop a send for good."),
    "report": ("digest.cli.report:report", "Who got an edition, who did not, what is unknown."),
    "resend": ("digest.cli.sending:resend", "Send to those known not to have got it."),
    "correct": ("digest.cli.sending:correct", "Send a correction to exactly those who got an edition."),
    "bounces": ("digest.cli.bounces:bounces", "Take in bounce mails, from a pipe or files."),
    "edition": ("digest.cli.edition:edition", "See, approve and correct an edition before it goes."),
    "serve": ("digest.cli.serve:serve", "Run the schedule and the pages."),
    "work": ("digest.cli.work:work", "Help to send, as one more worker."),
    "admin": ("digest.cli.admin:admin", "Let somebody into the web admin."),
    "keys": ("digest.cli.keys:keys", "See to the keys that sign readers' links."),
    "schedule": ("digest.cli.schedule:schedule", "Show when each newsletter is due next."),
    "subscribers": ("digest.cli.subscribers:subscribers", "Keep the subscriber lists."),
    "sources": ("digest.cli.sources:sources", "Show the sources and how they are doing."),
    "inspect": ("digest.cli.inspect:inspect", "Show what is read from a feed or a page."),
    "backup": ("digest.cli.keeping:backup", "Write everything worth keeping into one file."),
    "restore": ("digest.cli.keeping:restore", "Put a backup back."),
    "store": ("digest.cli.moving:store", "Move everything to another database."),
    "tidy": ("digest.cli.keeping:tidy", "Throw away old articles."),
    "completion": ("digest.cli.completion:completion", "Print shell completion for bash, zsh or fish."),
}


#: The families of commands, the likeliest last.
FAMILIES = ("store", "keys", "admin", "inspect", "sources", "edition", "subscribers")


class Lazy(Commands):
    """The root: its commands are found without loading them."""

    table = COMMANDS

    def nearest(self, ctx: click.Context, name: str) -> str:
        """Return the command that was probably meant, one of a family too: ``edition approve`` for ``approve``."""
        if found := super().nearest(ctx, name):
            return found
        families = ((each, self.get_command(ctx, each)) for each in FAMILIES)
        members = {
            member: f"{each} {member}"
            for each, family in families
            if isinstance(family, click.Group)
            for member in family.list_commands(ctx)
        }
        close = get_close_matches(name, members, n=1, cutoff=0.8)
        return members[close[0]] if close else ""


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="broadsheet")
@click.option("--config", "config", metavar="FILE", help="The config file or its folder.  [default: config.toml]")
@click.pass_context
def digest(ctx: click.Context, config: str | None) -> None:
    """Broadsheet turns the day's articles into one email: a lead story, and why; its related
    headlines; the other stories under it; sent to your subscriber lists.

    \b
    A first edition, here and now:
      digest init news && cd news && digest send --yes
    """
    ctx.obj = config


def run(arguments: Sequence[str] | None = None, root: click.Group = digest) -> int:
    """Run the command with ``arguments``, by default the process's; return its exit code."""
    with said_to_nobody():
        return _run(arguments, root)


def _run(arguments: Sequence[str] | None, root: click.Group) -> int:
    try:
        code = root.main(args=arguments, prog_name="digest", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as misuse:
        misuse.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        return 130
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; there is nobody left to tell.
        _give_up_output()
        return 1
    except BroadsheetError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except OSError as error:
        if os.environ.get("BROADSHEET_DEBUG"):
            raise
        return _refused_by_the_machine(error)
    except Exception as error:
        if os.environ.get("BROADSHEET_DEBUG"):
            raise
        return _unexpected(error, sys.argv[1:] if arguments is None else arguments)


def _give_up_output() -> None:
    """Let what is still to be written, at the latest when Python ends, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refused_by_the_machine(error: OSError) -> int:
    """Say what the machine would not do: a disk that is full, a file that may not be read."""
    try:
        sys.stdout.flush()
    except OSError:
        _give_up_output()
    where = f"{error.filename}: " if error.filename else ""
    click.echo(f"{where}{error.strerror or error}", err=True)
    return 1


def _unexpected(error: Exception, arguments: Sequence[str]) -> int:
    odd = next((each for each in arguments if each != each.encode("utf-8", "replace").decode()), None)
    if odd is not None:
        shown = odd.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        click.echo(f"{shown}: not UTF-8, so it can be kept nowhere; write it in UTF-8", err=True)
        return 2
    exit_code = getattr(error, "exit_code", None)
    if isinstance(exit_code, int):
        click.echo(str(error), err=True)
        return exit_code
    what = f"{type(error).__name__}: {error}"
    click.echo(f"a fault in digest itself: {what}\nBROADSHEET_DEBUG=1 shows where; please report it", err=True)
    return 1
