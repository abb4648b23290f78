"""Where templates are found and how they are run: sandboxed, escaped, strict; knows no edition.

A template sees what it is handed, nothing else: no settings, no environment, no file outside the folders.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from digest import errors
from digest.render import text, wrapping
from digest.render.words import Language

_OF_A_VIEW = re.compile(r"'digest\.render\.view\.(\w+)View object' has no attribute")
_FIRST_WORD = re.compile(r"^[a-z][a-z0-9_-]*$")


def template_folders(overrides: Path | None = None) -> tuple[Path, ...]:
    """Return the folders that hold templates: a user's own first, then the bundled ones."""
    package = Path(str(files("digest")))
    bundled = next(
        (folder for folder in (package / "templates", package.parent / "templates") if folder.is_dir()), None
    )
    return tuple(folder for folder in (overrides, bundled) if folder)


def designs(overrides: Path | None = None) -> tuple[str, ...]:
    """Return the names of the designs there are, bundled and the user's own."""
    found = {
        body.parent.name
        for folder in template_folders(overrides)
        for body in (folder / "email").glob("*/body.html")
        if _FIRST_WORD.match(body.parent.name)
    }
    return tuple(sorted(found))


@lru_cache(maxsize=16)
def _environment(overrides: Path | None, language: Language) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(template_folders(overrides)),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters["wrapped"] = wrapping.wrapped
    environment.filters["unbroken"] = wrapping.unbroken
    environment.filters["directed"] = lambda line: _directed(line, language)
    environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    return environment


def _plain(fault: str) -> str:
    """Return what Jinja says of a value that lacks a name, with the name templates have for the value's kind."""
    return _OF_A_VIEW.sub(lambda found: f"{found[1].lower()} has no attribute", fault)


def _directed(line: str, language: Language) -> str | Markup:
    """Return a line for HTML, in a span of its own direction where it runs against the language's."""
    way = text.direction(line, language.direction)
    return line if way == language.direction else Markup('<span dir="{}">{}</span>').format(way, line)


def forget() -> None:
    """Read every template anew when it is next needed: Jinja does not see a file that begins to override another."""
    _environment.cache_clear()


class Templates:
    """The templates of one language, the user's own before the bundled ones."""

    def __init__(self, language: Language, overrides: Path | None = None) -> None:
        self._environment = _environment(overrides, language)

    def run(self, name: str, values: Mapping[str, object]) -> str:
        """Return what a template writes; a fault raises TemplateError with file, line and what."""
        try:
            return self._environment.get_template(name).render(values)
        except TemplateSyntaxError as fault:
            raise errors.TemplateError(fault.filename or name, fault.lineno, str(fault.message)) from fault
        except TemplateNotFound as fault:
            raise errors.TemplateError(name, 1, f"there is no template {fault.name!r}") from fault
        except (
            JinjaError,
            SecurityError,
            TypeError,
            ValueError,
            LookupError,
            ArithmeticError,
            AttributeError,
            RecursionError,
        ) as fault:
            file, line = self._place(fault, name)
            raise errors.TemplateError(file, line, _plain(str(fault))) from fault

    def source(self, name: str) -> str:
        """Return a file of the templates' folders as it is, for styles."""
        loader = self._environment.loader
        assert loader is not None  # noqa: S101 - given at construction; Jinja types it as optional
        try:
            return loader.get_source(self._environment, name)[0]
        except TemplateNotFound as fault:
            raise errors.TemplateError(name, 1, f"there is no file {fault.name!r}") from fault

    def _place(self, fault: BaseException, name: str) -> tuple[str, int]:
        """Find the template's own line in a traceback; Jinja writes one frame for each template passed."""
        folders = tuple(map(str, self._environment.loader.searchpath))  # type: ignore[union-attr]  # a FileSystemLoader
        frames = [one for one in traceback.extract_tb(fault.__traceback__) if one.filename.startswith(folders)]
        return (frames[-1].filename, frames[-1].lineno or 1) if frames else (name, 1)
