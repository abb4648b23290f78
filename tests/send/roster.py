"""People by number, as events concern them."""

from __future__ import annotations

from collections.abc import Sequence


class NumberedRoster:
    """Knows ``p7`` and ``reader7@readers.example`` as subscriber 7, and remembers whom it suppressed."""

    def __init__(self) -> None:
        self.suppressed: dict[int, str] = {}

    def by_public_ids(self, connection: object, public_ids: Sequence[str]) -> dict[str, int]:
        return {each: int(each[1:]) for each in public_ids if each[:1] == "p" and each[1:].isdigit()}

    def by_address(self, connection: object, address: str) -> int | None:
        number = address.removeprefix("reader").partition("@")[0]
        return int(number) if number.isdigit() else None

    def suppress(self, connection: object, subscriber: int, why: str, edition: str, at: object) -> bool:
        is_new = subscriber not in self.suppressed
        self.suppressed.setdefault(subscriber, why)
        return is_new
