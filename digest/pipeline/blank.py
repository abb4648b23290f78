"""The bundled config.toml without its samples: every key still explained, nothing set that is only theirs."""

from __future__ import annotations

import json
import re

#: What takes the place of the samples' sponsor and call to action.
_PLACES = """\
# [newsletters.sponsor]                   # a paid place, labelled as such
# text = ""
# url = ""
# image = ""                              # address of a picture

# [newsletters.call_to_action]            # a request of your own to your readers
# text = ""
# url = ""
# image = ""

"""

_INTRODUCTION = re.compile(r"^# Broadsheet's settings\..*\n", re.MULTILINE)
_PLACES_OF_THE_SAMPLES = re.compile(
    r"^\[newsletters\.sponsor\].*?(?=^# Where articles come from)", re.MULTILINE | re.DOTALL
)
#: Settings whose sample must never go out under somebody's own newsletter, and what they look like filled in.
_TO_FILL_IN = {"sender": "Name <name@your-domain>", "postal_address": ""}
_TITLE = re.compile(r'^title = "[^"]*" *', re.MULTILINE)
#: Where the bundled file's comments begin.
_COLUMN = 42


def blank(config: str) -> str:
    """Return settings as `digest init` writes them for sources of one's own."""
    config = config[: config.index("[[sources]]")].rstrip() + "\n"
    config = _INTRODUCTION.sub(
        "# Broadsheet's settings. A newsletter with nothing but a slug and a source works.\n", config
    )
    config = _PLACES_OF_THE_SAMPLES.sub(lambda _: _PLACES, config)
    for key, example in _TO_FILL_IN.items():
        line = f'# {key} = "{example}" '.ljust(_COLUMN)
        config = re.sub(rf'(?m)^{key} = "[^"]*" *', line, config, count=1)
    return titled(config, "My newsletter")


def titled(config: str, title: str) -> str:
    """Return settings in which the publisher and the newsletter have this title."""
    line = f"title = {json.dumps(title, ensure_ascii=False)} ".ljust(_COLUMN).replace("\x7f", "\\u007F")
    return _TITLE.sub(lambda _: line, config, count=2)
