"""The description of the API as OpenAPI 3.1, made from the endpoints themselves; knows no resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from digest import __version__
from digest.web.api.endpoint import Endpoint
from digest.web.api.problem import KIND, MEANINGS, ProblemDetails
from digest.web.api.scopes import SCOPES
from digest.web.api.taking import MOST_BYTES, MOST_OF_A_FILE

_REF = "#/components/schemas/{model}"

#: What any request may end with.
ALWAYS = (400, 401, 403, 405, 413, 429, 500, 503)

#: What the parts of a path are.
PARTS = {
    "list": "A list's short name.",
    "id": "A person's opaque id.",
    "newsletter": "A newsletter's short name.",
    "date": "A local date of the newsletter, as 2026-03-04.",
    "number": "A correction's number.",
    "composition": "The id that began it was answered with.",
    "import": "The id that handing over was answered with.",
}

ABOUT = f"""Lists, subscribers, editions and sends, over the same rules as the admin and the command line.

Show a token as `Authorization: Bearer bst_…`; an owner makes them in the admin under Accounts, or
`digest admin token NAME --may SCOPE` does. A token has scopes, may be kept to some lists, and may end by itself. What
it does stands in the log under its name. Cookies open nothing here.

Problems are told as RFC 9457 has it. Lists of things come in pages: show the `next` of a page as `after` to get the one
that follows. A body has at most {MOST_BYTES:,} bytes, a file {MOST_OF_A_FILE:,}."""


def description(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the document."""
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        paths.setdefault(f"/api{each.path}", {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Broadsheet", "version": __version__, "description": ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _scopes()}},
            "responses": {f"Problem{status}": _problem(status) for status in MEANINGS},
            "schemas": _schemas(endpoints),
        },
    }


def _scopes() -> str:
    return "Scopes: " + "; ".join(f"`{scope}`, to {what}" for scope, what in SCOPES.items()) + "."


def _operation(each: Endpoint) -> dict[str, Any]:
    reach = " Closed to a token that is kept to some lists." if each.for_all else ""
    operation: dict[str, Any] = {
        "operationId": each.name,
        "tags": [each.scope.partition(":")[0]],
        "summary": each.summary,
        "description": f"Needs the scope `{each.scope}`.{reach}",
        "parameters": [*_parts(each.path), *_words(each)],
        "responses": {str(status): _answer(model) for status, model in each.returns.items()}
        | {
            str(status): {"$ref": f"#/components/responses/Problem{status}"}
            for status in sorted({*ALWAYS, *each.faults, *_of_body(each)})
        },
    }
    if each.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(each.body)}}}
    if each.file:
        # A file is sent as it is: OpenAPI 3.1 describes raw bodies without a schema.
        operation["requestBody"] = {"required": True, "content": {kind: {} for kind in each.file}}
    return operation


def _of_body(each: Endpoint) -> tuple[int, ...]:
    return (415,) if each.body is not None or each.file else ()


def _parts(path: str) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", path):
        schema = {"type": "string", "format": "date"} if name == "date" else {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "description": PARTS[name], "schema": schema}


def _words(each: Endpoint) -> Iterable[dict[str, Any]]:
    described = each.query.model_json_schema()
    for name, schema in described.get("properties", {}).items():
        told, must = schema.pop("description", ""), name in described.get("required", ())
        yield {"name": name, "in": "query", "required": must, "schema": schema} | (
            {"description": told} if told else {}
        )


def _answer(model: type[BaseModel] | None) -> dict[str, Any]:
    if model is None:
        return {"description": "Done."}
    about = (model.__doc__ or "").strip().partition("\n")[0]
    return {"description": about, "content": {"application/json": {"schema": _ref(model)}}}


def _problem(status: int) -> dict[str, Any]:
    return {"description": f"{MEANINGS[status]}.", "content": {KIND: {"schema": _ref(ProblemDetails)}}}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _schemas(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    given = {each.body for each in endpoints if each.body is not None}
    shown: set[type[BaseModel]] = {model for each in endpoints for model in each.returns.values() if model is not None}
    wanted: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in given]
    wanted += [(model, "serialization") for model in shown | {ProblemDetails}]
    _, made = models_json_schema(sorted(wanted, key=lambda pair: pair[0].__name__), ref_template=_REF)
    schemas: dict[str, Any] = made["$defs"]
    return dict(sorted(schemas.items()))
