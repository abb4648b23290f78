"""digest subscribers …: the lists' own commands, handed this installation."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from subscribers.cli import Commands, group

if TYPE_CHECKING:
    import click


class DeskOnDemand:
    """A desk that opens the application when a command first asks for it: help needs no config."""

    def __init__(self, ctx: click.Context, stack: ExitStack) -> None:
        self._ctx, self._stack = ctx, stack
        self._desk: Any = None

    def __getattr__(self, name: str) -> Any:
        """Ask the desk, opening it first."""
        if self._desk is None:
            from digest.cli.opening import opened
            from digest.pipeline.desk import Desk

            self._desk = Desk(self._stack.enter_context(opened(self._ctx)))
        return getattr(self._desk, name)


class Handed(Commands):
    """The lists' commands, handed a desk."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and close what it opened."""
        with ExitStack() as stack:
            ctx.obj = DeskOnDemand(ctx, stack)
            return super().invoke(ctx)


subscribers = Handed(name=group.name, help=group.help)
