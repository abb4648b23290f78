"""The pages: edition archive, admin, webhooks, health."""
