"""The how-to of the JSON API is run as it stands, against a real server, and answers as it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.bootstrap import build
from digest.config import read_config
from digest.web.app import make_app
from tests.admin.served import served
from tests.newsroom import EVENTS, Newsroom

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "api.md"

#: What the page's commands need of curl and jq, so that neither has to be there.
CURL = """#!{python}
import os, re, sys, urllib.error, urllib.request
words, method, body, headers = iter(sys.argv[1:]), "", None, {{}}
for word in words:
    if word == "-X":
        method = next(words)
    elif word == "-H":
        name, _, value = next(words).partition(": ")
        headers[name] = value
    elif word in ("-d", "--data-binary"):
        given = next(words)
        body = open(given[1:], "rb").read() if given.startswith("@") else given.encode()
    elif word != "-sS":
        url = word
asked = urllib.request.Request(url, body, headers, method=method or ("POST" if body is not None else "GET"))
try:
    with urllib.request.urlopen(asked, timeout=60) as answer:
        status, told = answer.status, answer.read().decode()
except urllib.error.HTTPError as fault:
    status, told = fault.code, fault.read().decode()
with open(os.environ["ASKED"], "a") as out:
    path = re.sub("^https?://[^/]+", "", url)
    out.write(f"{{status}} {{asked.get_method()}} {{path}}\\t{{told}}\\n")
sys.stdout.write(told)
sys.exit(status >= 400)
"""
JQ = """#!{python}
import json, re, sys
found = json.load(sys.stdin)
for name, place in re.findall(r"\\.(\\w+)|\\[(-?\\d+)\\]", sys.argv[-1]):
    found = found[name] if name else found[int(place)]
print(found)
"""


def blocks() -> list[tuple[str, str]]:
    """Return the page's commands and the answers it shows, in order."""
    return re.findall(r"```(sh|json)\n(.*?)```", HOWTO.read_text("utf-8"), re.DOTALL)


def a_program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(text.format(python=sys.executable))
    file.chmod(0o755)


def test_every_command_of_the_page_works_and_answers_as_it_shows(newsroom: Newsroom, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    newsroom.report("herald", *EVENTS, at=now - timedelta(hours=1))
    newsroom.newsletter = 'slug = "morning"\nopt_in = "single"\nlists = ["morning"]'
    newsroom.add("dan@reader.example.org", to="morning")
    programs = tmp_path / "programs"
    programs.mkdir()
    a_program(programs, "curl", CURL)
    a_program(programs, "jq", JQ)
    a_program(programs, "digest", '#!/bin/sh\nexec {python} -m digest "$@"\n')
    app = build(read_config(newsroom.write_config()), now=now)
    asked = tmp_path / "asked"
    try:
        with served(make_app(app)) as base:
            script = "set -e\n" + "\n".join(text for kind, text in blocks() if kind == "sh")
            ran = subprocess.run(
                ["sh", "-c", script.replace("https://news.example", base)],
                cwd=newsroom.folder,
                env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "ASKED": str(asked)},
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
    finally:
        app.store.close()
    answers = [line.split("\t", 1) for line in asked.read_text().splitlines()]
    assert ran.returncode == 0, ran.stderr + "\n".join(map(" ".join, answers))
    assert not [(head, text) for head, text in answers if head[0] != "2"]
    told = [set(json.loads(text)) for _, text in answers if text]
    for kind, text in blocks():
        assert kind == "sh" or set(json.loads(text)) in told, text
    asked_of = {re.sub(r"/(imports|compositions|subscribers)/[^/?]+", r"/\1/…", head[4:]) for head, _ in answers}
    assert {"POST /api/sends", "POST /api/imports/…/run", "PUT /api/subscribers/…/lists/morning"} <= asked_of
    assert len(newsroom.journal) == 3, "Ada, Dan, and the desk's test"
