"""digest subscribers …: the lists' own commands, handed this installation."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import Any

import click

from digest.cli.opening import opened
from digest.pipeline.app import App
from digest.pipeline.desk import Desk
from subscribers.cli import Commands, group


class DeskOnDemand(Desk):
    """A desk that opens the application when a command first asks for it: help needs no config."""

    def __init__(self, ctx: click.Context, stack: ExitStack) -> None:
        self._ctx, self._stack = ctx, stack

    @cached_property
    def app(self) -> App:  # type: ignore[override] # a field there, opened late here
        """The application."""
        return self._stack.enter_context(opened(self._ctx))


class Handed(Commands):
    """The lists' commands, handed a desk."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and close what it opened."""
        with ExitStack() as stack:
            ctx.obj = DeskOnDemand(ctx, stack)
            return super().invoke(ctx)


subscribers = Handed(name=group.name, help=group.help)
