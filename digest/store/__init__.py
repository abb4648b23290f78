"""Where everything is kept: SQLite by default, PostgreSQL by address; knows no provider and no page."""

from digest.store.articles import Saved
from digest.store.editions import Stored
from digest.store.happenings import Happening
from digest.store.published import SHOWN, Listed
from digest.store.rates import Limits
from digest.store.sends import Send
from digest.store.store import Store
from digest.store.sums import Place, Sums

__all__ = ["SHOWN", "Happening", "Limits", "Listed", "Place", "Saved", "Send", "Store", "Stored", "Sums"]
