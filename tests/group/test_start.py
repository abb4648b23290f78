"""What is loaded when: commands that group nothing must start fast."""

from __future__ import annotations

import subprocess
import sys

import pytest

import digest.group


def test_importing_the_package_loads_no_numpy() -> None:
    asked = "import sys, digest.group, digest.group.rules; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_name_of_the_package_is_there() -> None:
    assert all(callable(getattr(digest.group, name)) for name in digest.group.__all__)
    with pytest.raises(AttributeError, match="no attribute 'helvetica'"):
        _ = digest.group.helvetica
