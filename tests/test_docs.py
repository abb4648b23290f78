"""The documents know every command, setting, source kind, provider and secret there is."""

from __future__ import annotations

import ast
import importlib.util
import re
import typing
from functools import cache
from pathlib import Path
from types import ModuleType

import click
import pytest
from pydantic import BaseModel

from digest.cli.root import digest
from digest.config.secrets import NAMES
from digest.config.settings import PROVIDERS, Settings
from digest.model import EditionState, SourceKind
from digest.web.metrics import METRICS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
#: Kinds whose page has another name than the kind.
PAGES = {"feed": "feeds", "page": "pages", "folder": "folders", "sitemap": "sitemaps"}


def generator() -> ModuleType:
    """Return docs/generate.py."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = generator()


@cache
def page(name: str) -> str:
    """Return a page of docs/."""
    return (DOCS / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}$\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no entry {heading!r}; run: python docs/generate.py"
    return found[1]


COMMANDS = list(GENERATE.walk(digest))


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_a_command_has_an_entry_with_its_options(path: tuple[str, ...], command: click.Command) -> None:
    entry = section(page("reference/commands.md"), " ".join(("digest", *path)))
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert f"`{option.opts[0]}" in entry or f", {option.opts[0]}" in entry, option.opts


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_a_command_says_what_it_does_and_gives_an_example(path: tuple[str, ...], command: click.Command) -> None:
    text = command.help or ""
    assert re.search(r"examples?\b.*:$", text, re.IGNORECASE | re.MULTILINE)
    assert re.search(rf"digest (--config \S+ )?{path[0]}\b", text)


def tables(model: type[BaseModel], name: str = "") -> typing.Iterator[tuple[str, type[BaseModel]]]:
    """Yield every table of config.toml with the name it has there."""
    for key, field in model.model_fields.items():
        inner = GENERATE.model_in(field.annotation)
        if inner is not None and key != "provider":
            yield f"{name}{key}", inner
            yield from tables(inner, f"{name}{key}.")
    if model is Settings:
        yield from PROVIDERS.items()


TABLES = list(tables(Settings))


@pytest.mark.parametrize(("name", "table"), TABLES, ids=[name for name, _ in TABLES])
def test_a_setting_has_an_entry(name: str, table: type[BaseModel]) -> None:
    headings = {f"[{name}]", f"[[{name}]]", f'kind = "{name}"'}
    heading = next(h for h in headings if f"# {h}\n" in page("reference/settings.md"))
    entry = section(page("reference/settings.md"), heading)
    for key, field in table.model_fields.items():
        if GENERATE.model_in(field.annotation) is None:
            assert f"| `{key}` |" in entry
            assert field.description


def test_the_settings_and_their_schema_are_as_the_code_has_them() -> None:
    fresh = GENERATE.pages()
    for name in ("reference/settings.md", "reference/config.schema.json", "reference/metrics.md"):
        assert page(name) == fresh[name], f"{name} is out of date; run: python docs/generate.py"


def test_the_json_api_is_described_as_the_code_has_it() -> None:
    fresh = GENERATE.pages()
    for name in ("reference/api.md", "reference/openapi.json"):
        assert page(name) == fresh[name], f"{name} is out of date; run: python docs/generate.py"


@pytest.mark.parametrize("kind", typing.get_args(SourceKind))
def test_a_source_kind_has_its_page(kind: str) -> None:
    assert f'"{kind}"' in page("reference/settings.md")
    assert f"{kind}" in page(f"howto/{PAGES[kind]}.md")


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_provider_has_its_page(kind: str) -> None:
    assert f'"{kind}"' in page(f"howto/{kind}.md")


@pytest.mark.parametrize("program", ["Mailchimp", "Substack", "listmonk", "Ghost", "Mailtrain", "rss2email"])
def test_who_comes_from_another_program_is_told_how(program: str) -> None:
    assert f"| {program}" in page("howto/come-from.md") or f", {program}" in page("howto/come-from.md")


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_has_an_entry(name: str) -> None:
    assert f"`{name}`" in page("reference/settings.md")


@pytest.mark.parametrize("state", EditionState)
def test_a_state_of_an_edition_is_explained(state: EditionState) -> None:
    assert f"| **{state}** |" in page("reference/words.md")


def test_every_exit_code_of_the_errors_is_explained() -> None:
    from digest import errors

    codes = {
        each.exit_code
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.BroadsheetError)
    }
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", page("reference/exit-codes.md"), re.MULTILINE)}
    assert codes <= listed


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_an_entry(name: str) -> None:
    assert f"| `{name}` |" in page("reference/metrics.md")


def test_an_event_of_the_log_has_an_entry() -> None:
    told = {
        call.args[0].value
        for file in (*(ROOT / "digest").rglob("*.py"), *(ROOT / "subscribers").rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "log"
        and isinstance(call.args[0], ast.Constant)
    }
    assert "edition_sent" in told
    assert told == set(re.findall(r"^\| `([a-z_]+)` \|", page("reference/events.md"), re.MULTILINE))


def test_every_file_that_the_recipes_name_is_there() -> None:
    named = re.findall(r"`([a-z_.]+/[\w./-]+|[a-z_]+\.(?:toml|py))`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(named) > 15
    for name in named:
        assert (ROOT / name).exists(), name


MARKDOWN = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "samples" / "README.md"])


@pytest.mark.parametrize("file", MARKDOWN, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_inside_the_documents_leads_somewhere(file: Path) -> None:
    text = re.sub(r"```.*?```", "", file.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"https?:|mailto:|#", target):
            assert (file.parent / target.partition("#")[0]).exists(), f"{file.name}: {target}"


@pytest.mark.parametrize("file", MARKDOWN, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_command_in_the_documents_exists(file: Path) -> None:
    known = {" ".join(path) for path, _ in COMMANDS}
    groups = {" ".join(path) for path, command in COMMANDS if isinstance(command, click.Group)}
    for block in re.findall(r"```(?:console|sh)\n(.*?)```", file.read_text("utf-8"), re.DOTALL):
        for words in re.findall(r"(?:^|[$&|;] *|\|\| *)digest ((?:[a-z]+ ?)+)", block, re.MULTILINE):
            first, *rest = words.split()
            assert first in known, f"{file.name}: digest {first}"
            if first in groups and rest:
                assert f"{first} {rest[0]}" in known, f"{file.name}: digest {first} {rest[0]}"
