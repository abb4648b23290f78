"""A process that dies where it pleases a test: after any of its transactions, or at any step with a file."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import get_ident
from typing import Any

from sqlalchemy import Connection

from digest.store import Store

#: More transactions than anything here takes; a loop that never ends would be noticed.
MOST = 60


class Dead(BaseException):
    """The process is gone: no handler of a fault runs, and what still does finds no store."""


def dies_after(store: Store, commits: int) -> None:
    """Let a store take so many transactions, and end the process with the last one; none for 0."""
    begin = store.begin
    left = commits

    @contextmanager
    def counted(*, durable: bool = True) -> Iterator[Connection]:
        nonlocal left
        if left <= 0:
            raise Dead
        with begin(durable=durable) as connection:
            yield connection
        left -= 1
        if not left:
            raise Dead

    store.begin = counted  # type: ignore[method-assign] # this one store, for a test


class _Halting:
    """A store in front of one of whose transactions something happens."""

    def __init__(self, store: Store, number: int, happens: Callable[[], object]) -> None:
        self._store, self._left, self._happens = store, number, happens

    def begin(self, *, durable: bool = True) -> AbstractContextManager[Connection]:
        self._left -= 1
        if not self._left:
            self._happens()
        return self._store.begin(durable=durable)

    def read(self) -> AbstractContextManager[Connection]:
        return self._store.read()


@contextmanager
def before_transaction(number: int, shelf: Any, happens: Callable[[], object]) -> Iterator[None]:
    """Let something happen before the n-th transaction by which a shelf writes, the first being 1.

    Others are quicker, or the process dies.
    """
    store = shelf._store
    shelf._store = _Halting(store, number, happens)
    try:
        yield
    finally:
        shelf._store = store


def dies() -> None:
    """End the process."""
    raise Dead


def lives(act: Callable[[], object]) -> bool:
    """Do something and tell whether the process lived to its end."""
    try:
        act()
    except Dead:
        return False
    return True


#: What a process does with files that others see: after each of these it may be dead.
STEPS = ("open", "replace", "link", "unlink", "fsync", "rmdir")


@contextmanager
def dies_before_step(step: int) -> Iterator[None]:
    """End the process instead of its n-th step with a file, the first being 1; what still runs finds no disk.

    Steps of other threads are none of its. The collector of garbage waits: what it throws away was left by tests that are
    over.
    """
    kept, left, ours = {name: getattr(os, name) for name in STEPS}, step, get_ident()

    def counted(name: str) -> Callable[..., object]:
        def take(*arguments: object, **options: object) -> object:
            nonlocal left
            if get_ident() == ours:
                left -= 1
                if left <= 0:
                    raise Dead
            return kept[name](*arguments, **options)

        return take

    gc.disable()
    try:
        for name in STEPS:
            setattr(os, name, counted(name))
        yield
    finally:
        for name, real in kept.items():
            setattr(os, name, real)
        gc.enable()
