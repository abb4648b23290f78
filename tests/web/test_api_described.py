"""The JSON API keeps what its OpenAPI description promises: Schemathesis asks it all that is allowed, and much that is not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from starlette.types import Receive, Scope, Send

from digest.web.api import document, endpoints
from subscribers import roster
from tests.newsroom import NOW
from tests.web.api_world import World, open_world


class Door:
    """Leads to the installation that a test opened: the description is read before there is one."""

    world: World
    token: str

    def __init__(self) -> None:
        self.words = {"somebody": self.somebody}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for word, stands_for in self.words.items():
                if f"/{word}" in scope["path"]:
                    scope = scope | {"path": scope["path"].replace(f"/{word}", f"/{stands_for()}")}
        await self.world.web(scope, receive, send)

    def somebody(self) -> str:
        """Return the id of somebody on the list, taken in anew where a request before had them leave."""
        address = "some@body.example.org"
        with self.world.app.store.begin() as conn:
            roster.add(conn, "harbour", address, override=True, at=NOW, how="command")
        return self.world.person(address)


def described(paths: dict[str, list[str]], config: dict[str, Any]) -> Any:
    """Return the description, its addresses narrowed down to what is there, for Schemathesis."""
    told = deepcopy(DESCRIBED)
    for path in told["paths"].values():
        for operation in path.values():
            for each in operation["parameters"]:
                if each["in"] == "path" and each["name"] in paths:
                    each["schema"] = {"enum": paths[each["name"]]}
    schema = schemathesis.openapi.from_dict(told, config=SchemathesisConfig.from_dict(config))
    schema.app = DOOR
    return schema


DOOR = Door()
DESCRIBED: dict[str, Any] = json.loads(document(endpoints(None)))  # type: ignore[arg-type] # nothing is asked of it
#: What is well formed may still be about nothing that is there, or not fit how things stand.
CHECKS = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "403", "404", "409", "422"]}}}
ANYTHING = described({}, CHECKS)
#: Random questions, of which some come out allowed, for the same reason.
ODD = described({}, {"checks": CHECKS["checks"] | {"negative_data_rejection": {"enabled": False}}})
KNOWN = described(
    {
        "list": ["harbour"],
        "id": ["somebody"],
        "newsletter": ["harbour", "both"],
        "date": ["2026-03-04"],
        "import": ["some-file"],
        "composition": ["some-edition"],
        "number": ["1", "2"],
    },
    CHECKS | {"generation": {"mode": "positive"}, "phases": {"coverage": {"enabled": False}}},
)


@pytest.fixture(scope="module", autouse=True)
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    DOOR.world = open_world(tmp_path_factory.mktemp("api"))
    robot = DOOR.world.program()
    DOOR.token = robot.token
    handed = robot.hand_over("/imports?list=harbour&run=false", "email\nsome@body.example.org\n")["id"]
    composition = robot.told("POST", "/compositions", {"newsletter": "harbour"}, status=202)["id"]
    DOOR.words |= {"some-file": lambda: handed, "some-edition": lambda: composition}
    yield DOOR.world
    DOOR.world.app.store.close()


#: The same questions at every run: what cannot be written in a query is left out of it, and the rest may be allowed.
PLAIN = settings(max_examples=2, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@ANYTHING.parametrize()
@PLAIN
def test_every_answer_is_as_described(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {DOOR.token}"})


@KNOWN.parametrize()
@PLAIN
def test_every_answer_about_what_is_there_is_as_described(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {DOOR.token}"})


if os.environ.get("TORTURE") == "1":  # questions are made up while tests are collected, which takes its time

    @pytest.mark.torture
    @ODD.parametrize()
    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    def test_three_hundred_answers_of_each_kind_are_as_described(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {DOOR.token}"})


def test_every_endpoint_is_described_once() -> None:
    every = endpoints(None)  # type: ignore[arg-type] # nothing is asked of it
    told = [operation for path in DESCRIBED["paths"].values() for operation in path.values()]
    assert len(told) == len(every)
    assert len({each["operationId"] for each in told}) == len(every)
    assert all(
        each.scope in DESCRIBED["paths"][f"/api{each.path}"][each.method.lower()]["description"] for each in every
    )


def test_every_schema_is_one_of_the_standard_and_every_reference_leads_somewhere() -> None:
    assert DESCRIBED["openapi"].startswith("3.1")
    for schema in DESCRIBED["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in _references(DESCRIBED):
        found: Any = DESCRIBED
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def _references(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        yield from (value for key, value in told.items() if key == "$ref")
        for value in told.values():
            yield from _references(value)
    elif isinstance(told, list):
        for value in told:
            yield from _references(value)
