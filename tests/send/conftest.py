"""A PostgreSQL for those who ask for it."""

from tests.store.conftest import postgres

__all__ = ["postgres"]
