"""How much collecting may take: of the network, of a server's patience, of this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run of collecting keeps to."""

    connections: int = 20  #: at most this many at a time, over all hosts
    host_gap: float = 1.0  #: seconds between two requests to one host, which are never made at the same time
    connect_timeout: float = 10.0  #: seconds to a connection
    total_timeout: float = 30.0  #: seconds for a request, redirects included
    max_body_bytes: int = 20_000_000  #: of a body, after decompression
    max_redirects: int = 5
    allow_hosts: tuple[str, ...] = ()  #: hosts that may be private: names or addresses, with or without ``:port``
    interval_minutes: int = 30  #: between two checks of a source, unless it asks for more
    full_texts: int = 20  #: article pages fetched of one source in a run, where it asks for full texts
    full_texts_of_stubs: int = 5  #: where it does not ask, but gives only the beginnings of its articles
    full_texts_in_all: int = 100  #: of all sources
    user_agent: str = "Broadsheet/0.1 (newsletter digest; feed reader)"
