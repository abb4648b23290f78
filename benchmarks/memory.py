"""How much memory this process has held at most."""

from __future__ import annotations

from pathlib import Path


def peak() -> int:
    """Return the most memory this process has held, in megabytes.

    What it was started from does not count; ``ru_maxrss`` keeps that through fork and exec.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0
