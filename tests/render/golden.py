"""Writes the golden files anew: ``python -m tests.render.golden``; look at the difference before committing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digest.model import Edition
from digest.render import render
from tests.render import editions

FOLDER = Path(__file__).parent / "golden"

GOLDEN: dict[str, Callable[[], Edition]] = {
    "small": editions.small,
    "plain": editions.plain,
    "right-to-left": editions.right_to_left,
}


def printed(name: str, design: str) -> dict[str, str]:
    """Return what the files of one edition in one design are to hold, by their names."""
    message = render(GOLDEN[name](), design=design)
    head = f"Subject: {message.subject}\nPreheader: {message.preheader}\n\n"
    return {f"{design}-{name}.html": message.html, f"{design}-{name}.txt": head + message.text}


def main(designs: tuple[str, ...]) -> None:
    """Write every golden file."""
    for name in GOLDEN:
        for design in designs:
            for file, content in printed(name, design).items():
                (FOLDER / file).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    from digest.render import designs

    main(designs())
