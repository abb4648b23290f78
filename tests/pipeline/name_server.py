"""A name server of our own on the loopback: knows some TXT records, and can fail."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """Answers over UDP; a name of ``broken`` gets SERVFAIL, one of ``silent`` nothing."""

    def __init__(self, records: Mapping[str, tuple[str, ...]], broken: str = "", silent: str = "") -> None:
        self.records, self.broken, self.silent = records, broken, silent
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as farewell:
            farewell.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, sender = self._socket.recvfrom(4096)
            if not wire:
                return
            if answer := self._answer(dns.message.from_wire(wire)):
                self._socket.sendto(answer.to_wire(), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        name = str(query.question[0].name).rstrip(".")
        if name == self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name == self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name in self.records:
            # A record longer than 255 bytes is in pieces, which belong together (RFC 7208 section 3.3).
            texts = [" ".join(f'"{each[n : n + 20]}"' for n in range(0, len(each), 20)) for each in self.records[name]]
            answer.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", *texts))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
