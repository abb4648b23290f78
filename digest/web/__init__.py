"""The pages: edition archive, readers' links, provider webhooks, health."""
