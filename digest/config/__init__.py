"""config.toml and the environment, validated; nothing else reads settings."""

from digest.config.read import Config, find_config, read_config
from digest.config.secrets import Secrets
from digest.config.settings import (
    CollectSettings,
    NewsletterSettings,
    OutboxSettings,
    ProviderSettings,
    SendgridSettings,
    ServeSettings,
    Settings,
    SiteSettings,
    SmtpSettings,
    SourceSettings,
    StoreSettings,
)

__all__ = [
    "CollectSettings",
    "Config",
    "NewsletterSettings",
    "OutboxSettings",
    "ProviderSettings",
    "Secrets",
    "SendgridSettings",
    "ServeSettings",
    "Settings",
    "SiteSettings",
    "SmtpSettings",
    "SourceSettings",
    "StoreSettings",
    "find_config",
    "read_config",
]
