"""A mail as it looks in one colour scheme, for those who look at it in advance; knows no design."""

from __future__ import annotations

import re

_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_BOTH = re.compile(r"(color-schemes?\s*:\s*)light dark")


def in_scheme(html: str, *, is_dark: bool) -> str:
    """Return a mail that is dark, or light, whatever its reader's machine asks for.

    A browser tells a frame from elsewhere the scheme of the machine, not that of the page around it.
    """
    chosen = _DARK.sub("@media all" if is_dark else "@media not all", html)
    return _BOTH.sub(rf"\g<1>{'dark' if is_dark else 'light'}", chosen)
