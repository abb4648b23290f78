"""Where everything is kept: SQLite by default, PostgreSQL by address; knows no provider and no page."""

from digest.store.articles import Saved
from digest.store.editions import Stored
from digest.store.store import Store

__all__ = ["Saved", "Store", "Stored"]
