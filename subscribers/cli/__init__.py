"""``digest subscribers …``: a file for each family of commands; parses, asks the roster, prints.

The context's object is the desk (``subscribers.desk.Desk``).
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import ClassVar

import click

#: name: (module and attribute, what it does), in the order of a first use.
COMMANDS = {
    "list": ("subscribers.cli.lists:show", "Show the lists, or the people of one."),
    "make": ("subscribers.cli.lists:make", "Make a list."),
    "delete": ("subscribers.cli.lists:delete", "Delete a list."),
    "add": ("subscribers.cli.joining:add", "Add people to a list, by its opt-in."),
    "remove": ("subscribers.cli.joining:remove", "Take people off a list."),
    "import": ("subscribers.cli.files:import_file", "Add the people of a file to a list."),
    "export": ("subscribers.cli.files:export", "Write a list as CSV, or one person's data as JSON."),
    "edit": ("subscribers.cli.editing:edit", "Open a list in your editor."),
    "find": ("subscribers.cli.people:find", "Find people by a part of their address or name."),
    "set": ("subscribers.cli.people:set_fields", "Set a person's name and fields."),
    "tag": ("subscribers.cli.people:tag", "Put tags on people, or take them off."),
    "suppress": ("subscribers.cli.people:suppress", "Never write to an address again."),
    "lift": ("subscribers.cli.people:lift", "Let a suppressed address be written to again."),
    "forget": ("subscribers.cli.people:forget", "Erase a person's data."),
    "tidy": ("subscribers.cli.people:tidy", "Erase people who never confirmed."),
    "log": ("subscribers.cli.people:log", "Show who changed what, when and from where."),
}


class Commands(click.Group):
    """A group that loads a command's module only when it is called."""

    #: Its commands, as in ``COMMANDS``.
    table: ClassVar[Mapping[str, tuple[str, str]]] = COMMANDS

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Load and return the command, None for an unknown name."""
        if name not in self.table:
            return None
        module, attribute = self.table[name][0].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in self.table.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where one is misspelt."""
        name = args[0] if args else ""
        if name not in self.table and not name.startswith("-"):
            close = self.nearest(ctx, name)
            ctx.fail(f'no command "{name}"' + (f'; did you mean "{close}"?' if close else ""))
        return super().resolve_command(ctx, args)

    def nearest(self, _ctx: click.Context, name: str) -> str:
        """Return the command that was probably meant, '' where none is near."""
        return next(iter(get_close_matches(name, self.table, n=1)), "")


@click.group(cls=Commands, name="subscribers")
def group() -> None:
    """Keep the subscriber lists.

    \b
    For example:
      digest subscribers add readers ann@example.com --name "Ann Ek"
      digest subscribers import readers people.csv
    """
