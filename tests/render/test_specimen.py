"""The specimen reaches every line of every design, so that trying a design with it finds its faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.errors import TemplateError
from digest.model import Masthead
from digest.render import designs, render, template_folders
from digest.render.check import faults
from digest.render.specimen import specimen
from tests.render.test_environment import override

MASTHEAD = Masthead("The Morning Sheet", postal_address="Broad Street 1", base_url="https://news.example")
EDITION = specimen("morning", MASTHEAD)


@pytest.mark.parametrize("design", designs())
def test_every_design_prints_the_specimen_without_a_fault(design: str) -> None:
    assert faults(render(EDITION, design=design), EDITION) == ()


@pytest.mark.parametrize("part", ["stories", "brief", "sponsor", "call_to_action", "lead", "masthead"])
@pytest.mark.parametrize("design", designs())
def test_a_fault_anywhere_in_a_design_is_found(design: str, part: str, tmp_path: Path) -> None:
    bundled = (template_folders()[-1] / "email" / design / "body.html").read_text(encoding="utf-8")
    block = f"{{% block {part} %}}"
    broken = bundled.replace(block, f"{block}\n{{{{ edition.missing }}}}", 1)
    assert broken != bundled
    override(tmp_path, f"{design}/body.html", broken)
    with pytest.raises(TemplateError, match="missing"):
        render(EDITION, design=design, overrides=tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "picture",
        "logo",
        "credit",
        "update",
        "opening",
        "lines",
        "also_at",
        "source_card",
        "place",
        "adds",
        "tongues",
        "written",
    ],
)
def test_a_fault_in_any_macro_is_found(name: str, tmp_path: Path) -> None:
    parts = (template_folders()[-1] / "email" / "parts.html").read_text(encoding="utf-8")
    head = next(line for line in parts.splitlines() if line.startswith(f"{{% macro {name}("))
    override(tmp_path, "parts.html", parts.replace(head, f"{head}\n{{{{ nowhere }}}}", 1))
    with pytest.raises(TemplateError, match="nowhere"):
        render(EDITION, overrides=tmp_path)


def test_a_newsletters_own_sponsor_is_shown() -> None:
    from tests.render.editions import MASTHEAD as OWN

    assert specimen("morning", OWN).masthead.sponsor == OWN.sponsor
