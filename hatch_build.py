"""Puts templates, samples and config.toml inside the wheel; an editable install reads them where they are."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSIDE = {"templates": "digest/templates", "samples": "digest/samples", "config.toml": "digest/config.toml"}


class DataInside(BuildHookInterface):
    """Adds the data folders to the ``digest`` package of a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders, unless the install is editable and reads them from the checkout."""
        if version != "editable":
            build_data["force_include"].update(INSIDE)
