"""digest preview --watch, as a real process: a template that changes is rendered anew, one that is faulty is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from tests.newsroom import NOW, Newsroom


@contextmanager
def watching(newsroom: Newsroom) -> Iterator[subprocess.Popen[str]]:
    """Yield a preview that watches; it is ended in any case, after three minutes by force."""
    words = ["--config", str(newsroom.write_config()), "preview", "--watch", "--now", NOW.isoformat()]
    command = [sys.executable, "-m", "digest", *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    limit = Timer(180, process.kill)
    limit.start()
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)
        limit.cancel()


def said(process: subprocess.Popen[str], words: str) -> str:
    """Return the next line that has these words in it."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}")


def put(file: Path, text: str) -> None:
    """Put a file in its place at once, as editors do."""
    draft = file.parent.parent.parent.parent / "draft"  # outside of what is watched
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def test_a_template_that_begins_to_override_is_seen_and_a_faulty_one_named(newsroom: Newsroom) -> None:
    own = newsroom.folder / "templates" / "email" / "morning"
    own.mkdir(parents=True)
    page, html = (newsroom.folder / "out/preview" / name for name in ("index.html", "edition.html"))
    with watching(newsroom) as process:
        said(process, "watching")
        assert "Preview: Special" not in page.read_text(encoding="utf-8")
        put(own / "subject.txt", "{{ nonsense }}")
        assert "'nonsense' is undefined" in said(process, "subject.txt:1:")
        assert "Preview: Special" not in page.read_text(encoding="utf-8")
        put(own / "subject.txt", "Special: {{ edition.lead.headline }}")
        said(process, "rendered")
        assert "<title>Preview: Special: " in page.read_text(encoding="utf-8")
        assert "<title>Special: " in html.read_text(encoding="utf-8")
        (own / "subject.txt").unlink()
        said(process, "rendered")
        assert "Preview: Special" not in page.read_text(encoding="utf-8")
        assert "location.reload" in page.read_text(encoding="utf-8")
        assert process.poll() is None
    assert process.returncode not in (0, 1)
