"""digest preview --watch, as a real process: a template that changes is rendered anew, one that is faulty is named."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from tests.newsroom import NOW, Newsroom


def said(process: subprocess.Popen[str], word: str) -> str:
    """Return the next line that has a word in it."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return line
    raise AssertionError(f"it ended without saying {word!r}")


def test_a_template_that_begins_to_override_is_seen_and_a_faulty_one_named(newsroom: Newsroom) -> None:
    own = newsroom.folder / "templates" / "email" / "morning"
    own.mkdir(parents=True)
    command = [sys.executable, "-m", "digest", "--config", str(newsroom.write_config()), "preview", "--watch"]
    watching = subprocess.Popen(
        [*command, "--now", NOW.isoformat()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    limit = threading.Timer(60, watching.kill)
    limit.start()
    try:
        said(watching, "watching")
        write(own / "subject.txt", "{{ nonsense }}")
        assert "'nonsense' is undefined" in said(watching, "subject.txt:1:")
        write(own / "subject.txt", "Special: {{ edition.lead.headline }}")
        said(watching, "rendered")
    finally:
        # Not an interrupt: a process begun in the background of a shell is deaf to it.
        limit.cancel()
        watching.kill()
        watching.communicate(timeout=30)
    assert "<title>Preview: Special: " in (newsroom.folder / "out/preview/index.html").read_text()


def write(file: Path, text: str) -> None:
    """Put a file in its place at once, as editors do."""
    draft = file.with_name("draft")
    draft.write_text(text)
    draft.replace(file)
