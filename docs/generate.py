"""Writes the pages that are read off the code: commands, settings, and the JSON schema of config.toml."""

from __future__ import annotations

import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from digest.cli.root import digest
from digest.config.schema import schema_text
from digest.config.secrets import NAMES
from digest.config.settings import PROVIDERS, Settings
from digest.web.api import document, endpoints
from digest.web.api.endpoint import Endpoint
from digest.web.api.scopes import SCOPES
from digest.web.metrics import METRICS

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/generate.py from the code; edit there. -->\n\n"

#: Nothing is asked of them here, so nothing sends.
ENDPOINTS = endpoints(None)  # type: ignore[arg-type] # see above


def pages() -> dict[str, str]:
    """Return each page's text by its path in docs/."""
    return {
        "reference/commands.md": commands(),
        "reference/settings.md": settings(),
        "reference/metrics.md": metrics(),
        "reference/config.schema.json": schema_text(),
        "reference/openapi.json": document(ENDPOINTS),
        "reference/api.md": api(),
    }


# the JSON API


def api() -> str:
    """Return the page of the JSON API."""
    about = (HERE / "reference" / "api.intro.txt").read_text("utf-8")
    scopes = "".join(f"| `{scope}` | {what} |\n" for scope, what in SCOPES.items())
    told = f"{about}\n## Scopes\n\n| scope | lets a program |\n|---|---|\n{scopes}"
    by_tag: dict[str, list[Endpoint]] = {}
    for each in ENDPOINTS:
        by_tag.setdefault(each.scope.partition(":")[0], []).append(each)
    return NOTE + told + "".join(_resource(tag, group) for tag, group in by_tag.items())


def _resource(tag: str, group: list[Endpoint]) -> str:
    rows = "".join(
        f"| `{each.method}` | `/api{each.path}` | {each.summary}{' (1)' if each.for_all else ''} | `{each.scope}` | "
        f"{', '.join(map(str, each.returns))} |\n"
        for each in group
    )
    files = "".join(
        f"\n`{each.method} /api{each.path}` takes a file as its body, sent as {_or(each.file)}.\n"
        for each in group
        if each.file
    )
    note = "\n(1) Closed to a token that is kept to some lists.\n" if any(each.for_all for each in group) else ""
    words = "".join(_model(each) for each in group if each.query.model_fields or each.body)
    head = f"\n## {tag.capitalize()}\n\n| | address | | scope | answers |\n|---|---|---|---|---|\n"
    return head + rows + note + words + files


def _or(kinds: tuple[str, ...]) -> str:
    *others, last = (f"`{each}`" for each in kinds)
    return f"{', '.join(others)} or {last}"


def _model(each: Endpoint) -> str:
    told = f"\n`{each.method} /api{each.path}` takes:\n\n| where | word | kind | |\n|---|---|---|---|\n"
    for where, model in (("query", each.query), ("body", each.body)):
        schemas = model.model_json_schema()["properties"] if model and model.model_fields else {}
        for name, field in model.model_fields.items() if model else ():
            must = "Needed." if field.is_required() else ""
            about = " ".join(filter(None, (must, field.description)))
            told += f"| {where} | `{name}` | {_word_kind(schemas[name])} | {about} |\n"
    return told


_KINDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "array": "texts",
    "object": "texts by name",
}


def _word_kind(schema: dict[str, Any]) -> str:
    """Return what a word may be, as people say it."""
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"] if each)
    if "anyOf" in schema:
        return _word_kind(schema["anyOf"][0])
    if schema.get("format") == "date-time":
        return "moment, as RFC 3339 writes it"
    kind = _KINDS[schema["type"]]
    most = schema.get("maxLength") or schema.get("maximum") or schema.get("maxItems") or schema.get("maxProperties")
    return f"{kind}, at most {most:,}" if most else kind


# commands


def commands() -> str:
    """Return the page of every command."""
    intro = (
        "# Commands\n\n"
        "Every stage of an edition is a command, and each has `--help`. Data goes to standard output, the rest to\n"
        "standard error; what the number at the end means is in [exit codes](exit-codes.md). Where `--json` is\n"
        "offered, the output is one JSON value a line.\n\n"
        "`digest --config FILE COMMAND` takes another config file, or the folder it is in, than `config.toml` here.\n"
    )
    return NOTE + intro + "".join(_entry(("digest", *path), command) for path, command in walk(digest))


def walk(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below a group with its path, groups before what is in them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from walk(command, (*path, name))


def _entry(path: tuple[str, ...], command: click.Command) -> str:
    name = " ".join(path)
    level = "##" if len(path) == 2 else "###"
    usage = " ".join(command.collect_usage_pieces(click.Context(command)))
    parts = [f"\n{level} {name}\n\n```text\n{name} {usage}\n```\n\n", prose(_words(command))]
    rows = [_option(each) for each in command.params if isinstance(each, click.Option) and not each.hidden]
    if rows:
        parts.append("\n| option | what it does |\n|---|---|\n" + "".join(rows))
    return "".join(parts)


def _words(command: click.Command) -> str:
    return inspect.cleandoc(command.help or command.short_help or "")


def prose(text: str) -> str:
    """Return a command's help as Markdown: what follows ``\\b`` keeps its lines, examples become code."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        if not block.startswith("\b"):
            found.append(" ".join(block.split()))
            continue
        head, *lines = block.removeprefix("\b").strip("\n").splitlines()
        found.append(f"{head}\n\n```sh\n" + "\n".join(line.strip() for line in lines) + "\n```")
    return "\n\n".join(found) + "\n"


def _option(option: click.Option) -> str:
    names = ", ".join(option.opts + option.secondary_opts)
    if not (option.is_flag or option.count):
        names += f" {option.make_metavar(click.Context(click.Command('x')))}"
    words = re.sub(r"\s*\[default: ([^\]]+)\]", r" Default: `\1`.", option.help or "")
    return f"| `{_cell(names)}` | {_cell(words)}{_shown_default(option)} |\n"


def _shown_default(option: click.Option) -> str:
    plain = isinstance(option.default, str | int | float) and not isinstance(option.default, bool)
    return f" Default: `{option.default}`." if option.show_default and plain else ""


# settings


def settings() -> str:
    """Return the page of every setting."""
    intro = (
        "# Settings\n\n"
        "Everything is set in `config.toml`. Every key has a default except the slugs; an unknown key is a fault,\n"
        "named with its line and the key that was probably meant. `digest check` finds all faults at once. Paths\n"
        "start from the folder of `config.toml`.\n\n"
        "[config.schema.json](config.schema.json) describes the file to editors. `digest init` writes it beside\n"
        "`config.toml`, whose first line names it: with a language server for TOML (Taplo, or Even Better TOML in\n"
        "VS Code) keys are completed and explained, and faults marked, as you type. After an upgrade,\n"
        "`digest init --schema .` writes it anew.\n"
    )
    return NOTE + intro + "".join(_tables(Settings)) + _secrets()


def _tables(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        many = typing.get_origin(field.annotation) is tuple
        if name == "provider":
            yield f"\n## [{name}]\n\n{_sentence(field)}\n"
            for kind, table in PROVIDERS.items():
                yield f'\n### kind = "{kind}"\n\n{_about(table)}\n\n' + table_of(table)
        elif (table := model_in(field.annotation)) is not None:
            heading = f"[[{name}]]" if many else f"[{name}]"
            yield f"\n## {heading}\n\n{_about(table)}\n\n" + table_of(table)
            yield from _nested(name, table)


def _nested(name: str, table: type[BaseModel]) -> Iterator[str]:
    for key, field in table.model_fields.items():
        if (inner := model_in(field.annotation)) is not None:
            yield f"\n### [{name}.{key}]\n\n{_about(inner)}\n\n" + table_of(inner)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the table that a setting's type names, None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in typing.get_args(annotation) if (found := model_in(each))), None)


def table_of(table: type[BaseModel]) -> str:
    """Return a table of the plain settings in a model."""
    rows = [
        f"| `{key}` | {_cell(values(field))} | {_default(field)} | {_cell(_sentence(field))} |\n"
        for key, field in table.model_fields.items()
        if model_in(field.annotation) is None
    ]
    return "| key | values | default | what it does |\n|---|---|---|---|\n" + "".join(rows)


def values(field: FieldInfo) -> str:
    """Return in words what may stand there."""
    words = _kind(field.annotation)
    limits = {
        name: getattr(each, name) for each in field.metadata for name in ("ge", "gt", "le") if hasattr(each, name)
    }
    if "le" in limits:
        words += f", {limits.get('ge', limits.get('gt', 0)):g} to {limits['le']:g}"
    return words


def _kind(annotation: Any) -> str:
    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return " or ".join(f'`"{each}"`' for each in typing.get_args(annotation))
    if origin is typing.Annotated:
        return _kind(typing.get_args(annotation)[0])
    if origin is tuple:
        return f"list of {_kind(typing.get_args(annotation)[0])}"
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_kind(each) for each in typing.get_args(annotation) if each is not types.NoneType)
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}.get(annotation, "text")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{json.dumps(value)}`"


def _sentence(field: FieldInfo) -> str:
    return (field.description or "").strip()


def _about(table: type[BaseModel]) -> str:
    return inspect.cleandoc(table.__doc__ or "").replace("``", "`")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _secrets() -> str:
    rows = "".join(f"| `{name}` | {what} |\n" for name, what in NAMES.items())
    return (
        "\n## Secrets\n\n"
        "A secret never stands in `config.toml`; one that does is a fault. Each is read from the environment\n"
        "variable of its name, else from the file that `NAME_FILE` names, else from the file `NAME` in the folder\n"
        "that systemd's `LoadCredential=` makes.\n\n"
        "| name | what it is |\n|---|---|\n" + rows
    )


# metrics


def metrics() -> str:
    """Return the page of every number told to monitoring."""
    rows = "".join(f"| `{name}` | {each.kind} | {_cell(each.about)} |\n" for name, each in METRICS.items())
    return (
        NOTE + "# Metrics\n\n"
        "The numbers at `/metrics`, taken from the store when they are asked for, so that every process of an\n"
        "installation tells the same. How to have them collected is in [watch it from outside](../howto/watch.md).\n\n"
        "| name | kind | what it is |\n|---|---|---|\n" + rows
    )


def main() -> int:
    """Write the pages that are not up to date."""
    stale = [HERE / name for name, text in pages().items() if _write(HERE / name, text)]
    for file in stale:
        sys.stderr.write(f"wrote {file}\n")
    return 0


def _write(file: Path, text: str) -> bool:
    if file.exists() and file.read_text("utf-8") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
