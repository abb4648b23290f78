"""What config.toml may hold, as a JSON schema for editors; reads no file."""

from __future__ import annotations

import json
from typing import Any

from digest.config.settings import Settings

#: The file that ``digest init`` writes beside config.toml.
NAME = "config.schema.json"
#: The first line of a config.toml that editors complete: Taplo's directive, which VS Code's Even Better TOML and
#: other language servers read.
DIRECTIVE = "#:schema ./" + NAME


def schema_text() -> str:
    """Return the schema as a file's text."""
    schema = Settings.model_json_schema()
    return json.dumps(_plain(schema) | {"title": "Broadsheet's config.toml"}, indent=2, ensure_ascii=False) + "\n"


def _plain(part: Any) -> Any:
    """Leave out the titles that are only the keys again: editors show them in place of the description."""
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {key: _plain(each) for key, each in part.items() if not (key == "title" and isinstance(each, str))}
