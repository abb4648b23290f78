"""config.toml and the environment, validated; nothing else reads settings."""
