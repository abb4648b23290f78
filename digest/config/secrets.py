"""Secrets, from the environment or a credentials directory, never from config.toml; knows no provider."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from digest.errors import ConfigError, Fault

#: Every secret Broadsheet reads, and what it is for.
NAMES = {
    "SENDGRID_API_KEY": "the SendGrid API key",
    "SENDGRID_WEBHOOK_KEY": "the public key that SendGrid signs its event webhook with",
    "BROADSHEET_SMTP_PASSWORD": "the password of the SMTP login",
    "BROADSHEET_DKIM_KEY": "the private RSA key, in PEM, that signs mails sent over SMTP",
    "BROADSHEET_WRITER_KEY": "the key of the model that writes deks",
    "BROADSHEET_LINK_KEYS": "the key ring that signs readers' links",
    "BROADSHEET_STORE_PASSWORD": "the password of the PostgreSQL role",
}


@dataclass(frozen=True, slots=True)
class Secrets:
    """Reads secrets by name: ``NAME``, then the file ``NAME_FILE`` names, then a credentials directory.

    The directory is the one systemd's ``LoadCredential=`` makes and names in ``CREDENTIALS_DIRECTORY``.
    """

    environment: Mapping[str, str]

    @classmethod
    def from_environment(cls) -> Secrets:
        """Return the secrets of this process's environment."""
        return cls(os.environ)

    def get(self, name: str) -> str:
        """Return the secret, or '' where it is not set.

        Raises ConfigError when a file named for it cannot be read.
        """
        if value := self.environment.get(name, ""):
            return value.strip()
        if file := self.environment.get(f"{name}_FILE", ""):
            return _read(Path(file), f"{name}_FILE")
        folder = self.environment.get("CREDENTIALS_DIRECTORY", "")
        file_in_folder = Path(folder) / name
        if folder and file_in_folder.is_file():
            return _read(file_in_folder, "CREDENTIALS_DIRECTORY")
        return ""


def _read(file: Path, variable: str) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(file, 1, 1, f"the file named by {variable} cannot be read: {error}")
        raise ConfigError([fault]) from error
