"""The files in deploy/ name things that exist."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from digest.cli.root import COMMANDS
from digest.config.secrets import NAMES
from digest.web.metrics import METRICS
from hatch_build import INSIDE

DEPLOY = Path(__file__).parents[1] / "deploy"
COMPOSE = ("compose.yaml", "compose.postgresql.yaml")


def unit() -> configparser.ConfigParser:
    """Return the systemd unit."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their case
    parser.read_string((DEPLOY / "broadsheet.service").read_text("utf-8"))
    return parser


def test_the_unit_starts_a_command_there_is_with_a_secret_that_is_read() -> None:
    service = unit()["Service"]
    assert service["ExecStart"].split()[-1] in COMMANDS
    assert service["LoadCredential"].partition(":")[0] in NAMES
    assert service["RestartPreventExitStatus"] == "78"


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    text = (DEPLOY / "broadsheet.service").read_text("utf-8")
    there = tmp_path / "broadsheet.service"
    there.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", text), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(there)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_container_runs_as_nobody_in_particular_and_asks_itself_for_its_health() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8")
    uid = re.search(r"useradd --uid (\d+)", lines)
    assert uid is not None
    assert f"USER {uid[1]}\n" in lines, "a number, which a cluster can check without the image's own users"
    assert "/healthz" in lines
    assert ":latest" not in lines


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_holds_the_keys_that_compose_knows(name: str) -> None:
    known = {
        "build", "cap_drop", "command", "depends_on", "deploy", "environment", "healthcheck", "image", "ports",
        "read_only", "restart", "security_opt", "stop_grace_period", "tmpfs", "volumes",
    }  # fmt: skip
    compose = yaml.safe_load((DEPLOY / name).read_text("utf-8"))
    assert {key for key in compose if not key.startswith("x-")} == {"name", "services", "volumes"}
    for service in compose["services"].values():
        assert set(service) <= known
        for other in service.get("depends_on", {}):
            assert other in compose["services"]


def test_the_unit_in_the_documents_agrees_with_the_file() -> None:
    page = (DEPLOY.parent / "docs" / "howto" / "run-every-day.md").read_text("utf-8")
    shown = re.search(r"```ini\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    service = dict(unit()["Service"])
    for line in shown[1].splitlines():
        key, sign, value = line.partition("=")
        if sign and key in service and not line.startswith("#"):
            assert service[key] == value, key


def test_two_compose_files_share_an_image_and_no_volume() -> None:
    one, other = (yaml.safe_load((DEPLOY / name).read_text("utf-8")) for name in COMPOSE)
    assert one["name"] != other["name"], "volumes are named after it"
    built = [service["image"] for each in (one, other) for service in each["services"].values() if "build" in service]
    assert set(built) == {"broadsheet"}


def test_the_image_takes_in_what_the_wheel_is_built_from_and_nothing_else() -> None:
    root = DEPLOY.parent
    first, *lines = [line for line in (root / ".dockerignore").read_text("utf-8").splitlines() if line[0] != "#"]
    taken = {line[1:] for line in lines if line[0] == "!"}
    assert first == "*", "a newsletter's folder in a checkout holds addresses and keys"
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    described = [project["project"]["readme"], *project["project"]["license-files"], "pyproject.toml"]
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert taken == {*wheel, *described, *INSIDE, "hatch_build.py", *copied} - {"."}
    assert all((root / each).exists() for each in taken)


def test_the_image_is_built_from_files_that_are_there_and_runs_a_command() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    for line in lines:
        if found := re.match(r"COPY (?!--from)(\S+) ", line):
            assert (DEPLOY.parent / found[1]).exists(), line
    assert any(line.startswith('CMD ["digest", "serve"') for line in lines)
    assert os.access(DEPLOY / "start", os.X_OK)


def test_the_image_is_built_by_what_the_locks_name_and_nothing_newer() -> None:
    root = DEPLOY.parent
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert project["build-system"]["requires"] == project["dependency-groups"]["build"]
    pinned, others = ((root / f"requirements{each}.lock").read_text("utf-8") for each in ("-build", "-dev"))
    names = set(re.findall(r"^(\S+==\S+) ", pinned, re.MULTILINE))
    assert names <= set(re.findall(r"^(\S+==\S+) ", others, re.MULTILINE))
    needed, known = ["hatchling"], set()
    while needed:
        known.add(name := needed.pop())
        wants = [each for each in requires(name) or () if "extra ==" not in each and "python_version" not in each]
        needed += {re.split(r"[^\w-]", each)[0].lower() for each in wants} - known
    assert {each.partition("==")[0] for each in names} == known
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", "").splitlines()
    for line in lines:
        for command in re.findall(r"pip (?:--python \S+ )?(?:install|wheel) .*?(?:$|&&)", line):
            assert "--require-hashes -r" in command or {"--no-deps", "--no-index", "--no-build-isolation"} & set(
                command.split()
            ) > {"--no-deps"}, command


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_is_whole_and_shows_the_pages_to_this_machine_alone(name: str) -> None:
    compose = yaml.safe_load((DEPLOY / name).read_text("utf-8"))
    for service in compose["services"].values():
        if build := service.get("build"):
            assert (DEPLOY / build["context"] / build["dockerfile"]).resolve().is_file()
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(compose["volumes"])
        if command := service.get("command"):
            assert command[1] in COMMANDS
        for variable in service.get("environment", {}):
            assert variable in NAMES or variable in (DEPLOY / "start").read_text() or variable.startswith("POSTGRES_")


def begin(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the image's start script in a volume."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **variables}
    return subprocess.run(
        [str(DEPLOY / "start"), *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_an_empty_volume_gets_a_newsletter_in_the_store_that_is_named(tmp_path: Path) -> None:
    for _ in range(2):
        done = begin(tmp_path, "digest", "subscribers", "list", STORE_URL="sqlite:///var/R&D|other.db")
    assert "12" in done.stdout
    assert [file.name for file in (tmp_path / "var").glob("*.db")] == ["R&D|other.db"]


def test_a_store_that_is_not_there_yet_is_asked_again_at_the_next_start(tmp_path: Path) -> None:
    away = f"sqlite:///{tmp_path}/config.toml/news.db"
    assert begin(tmp_path, "digest", "subscribers", "list", STORE_URL=away).returncode == 1
    done = begin(tmp_path, "digest", "subscribers", "list", STORE_URL="sqlite:///var/news.db")
    assert (done.returncode, "12" in done.stdout) == (0, True)


def test_a_program_gets_what_is_typed_and_its_exit_code_comes_out(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    done = subprocess.run(
        [str(DEPLOY / "start"), "sh", "-c", "cat; exit 78"],
        cwd=tmp_path, input="typed", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("typed", 78)


@pytest.mark.parametrize(
    ("program", "code"),
    [("echo ready; sleep 600", 143), ("trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done", 3)],
)
def test_a_program_is_told_to_stop_whether_it_listens_already_or_not(tmp_path: Path, program: str, code: int) -> None:
    (tmp_path / "config.toml").touch()
    command = [str(DEPLOY / "start"), "sh", "-c", program]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        started.terminate()
        assert started.wait() == code


@pytest.mark.parametrize(("name", "says", "code"), [("", "may not write here", 1), ("config.toml", "with tee", 78)])
def test_what_the_container_may_not_touch_is_told_with_its_mend(name: str, says: str, code: int) -> None:
    somebody: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    script = (DEPLOY / "start").read_text("utf-8")
    with TemporaryDirectory(dir="/tmp") as volume:
        if name:
            (Path(volume) / name).touch(mode=0)
        Path(volume).chmod(0o555)
        done = subprocess.run(
            ["sh", "-c", script, "start", "false"], cwd=volume, capture_output=True, text=True, check=False, **somebody
        )
        Path(volume).chmod(0o755)
    assert (says in done.stderr, done.returncode) == (True, code)


def test_alerts_and_dashboard_ask_for_numbers_that_are_told() -> None:
    monitoring = DEPLOY / "monitoring"
    rules = [
        rule
        for group in yaml.safe_load((monitoring / "alerts.yaml").read_text("utf-8"))["groups"]
        for rule in group["rules"]
    ]
    panels = json.loads((monitoring / "grafana.json").read_text("utf-8"))["panels"]
    asked = [rule["expr"] for rule in rules] + [each["expr"] for panel in panels for each in panel["targets"]]
    named = {name for expression in asked for name in re.findall(r"broadsheet_[a-z_]+", expression)}
    assert named
    assert named <= set(METRICS)
    assert all(rule["annotations"]["summary"] for rule in rules)
