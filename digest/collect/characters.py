"""Mends characters that were decoded wrongly on their way into a text; knows nothing of how the text is marked up."""

from __future__ import annotations

import re

#: Control characters that no text has, and many a text that was decoded wrongly.
_CONTROLS = re.compile("[\x80-\x9f]")
#: What a character of UTF-8 looks like when each of its bytes was taken for a character.
_BYTES_OF_ONE = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
#: What browsers take the numbers of these controls for: ``&#146;`` is windows-1252's apostrophe (HTML §13.2.5.80).
_MEANT = {code: found for code in range(0x80, 0xA0) if (found := bytes([code]).decode("windows-1252", "ignore"))}


def as_meant(text: str) -> str:
    """Return ``text`` with the characters that its control characters stand for; most texts have none."""
    if text.isascii() or not _CONTROLS.search(text):
        return text
    return _BYTES_OF_ONE.sub(_decoded, text).translate(_MEANT)


def _decoded(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
