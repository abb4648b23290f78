"""How often one place may ask: counted in memory, with the time as an argument."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from threading import Lock

#: So many places are remembered; the one unheard of for longest is forgotten first.
_MOST_PLACES = 10_000


@dataclass(slots=True)
class Rate:
    """At most ``most`` wishes within ``within`` from one network address."""

    most: int = 10
    within: timedelta = timedelta(minutes=10)
    _seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def allows(self, source: str, at: datetime) -> bool:
        """Count a wish and return whether it is not one too many."""
        with self._lock:
            times = self._seen.setdefault(place_of(source), deque(maxlen=self.most))
            self._seen.move_to_end(place_of(source))
            while len(self._seen) > _MOST_PLACES:
                self._seen.popitem(last=False)
            if len(times) == self.most and at - times[0] < self.within:
                return False
            times.append(at)
            return True


def place_of(source: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 that one household has of IPv6."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
