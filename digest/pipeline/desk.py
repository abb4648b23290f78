"""One installation as its subscriber lists see it; knows no rule of theirs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from sqlalchemy import Connection

from digest.pipeline.app import App
from digest.pipeline.sections import offered
from digest.render.environment import template_folders
from digest.store.received import Received
from subscribers import KeyRing
from subscribers import Newsletter as ListedNewsletter


@dataclass
class Desk:
    """Hands the lists their connections, keys, newsletters and templates."""

    app: App

    @property
    def ring(self) -> KeyRing:
        """The keys that sign readers' links."""
        return self.app.ring

    def begin(self) -> AbstractContextManager[Connection]:
        """Open a transaction that may write."""
        return self.app.store.begin()

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""
        return self.app.store.read()

    def newsletters(self) -> tuple[ListedNewsletter, ...]:
        """Return the newsletters with the lists that feed them."""
        return tuple(
            ListedNewsletter(
                slug=each.slug,
                title=each.masthead.title,
                lists=each.lists,
                language=each.masthead.language,
                sections=offered(each),
                is_in_readers_time=each.readers_time,
            )
            for each in self.app.newsletters
        )

    @property
    def deliveries(self) -> Received:
        """The ledger, for segments such as ``received>7d``."""
        return Received()

    def now(self) -> datetime:
        """Return the real time."""
        return datetime.now(UTC)

    def render(self, template: str, **context: Any) -> str:
        """Fill a template by its path in the templates folder."""
        return self.environment.get_template(template).render(**context)

    @cached_property
    def environment(self) -> Environment:
        """The templates: the user's own first, then the bundled ones."""
        return pages(self.app.templates)


def pages(own: Path | None) -> Environment:
    """Return the environment that the pages' templates are rendered in."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    loader = FileSystemLoader(template_folders(own))
    return SandboxedEnvironment(loader=loader, autoescape=True, undefined=StrictUndefined)
