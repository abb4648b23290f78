"""What a single value of config.toml may be, in pydantic's words; knows no setting."""

from __future__ import annotations

import re
from datetime import date
from importlib.util import find_spec
from ipaddress import ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _zone(value: str) -> str:
    if value and value not in available_timezones():
        raise ValueError("not a time zone; write it as in the tz database, such as Europe/Paris")
    return value


def _tag(value: str) -> str:
    # RFC 5646 §4.4.1: no tag that is in use is longer.
    if value and (len(value) > 35 or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value)):
        raise ValueError('not the tag of a language; write it as "de", "en-GB" or "pt-BR"')
    return value


def _clock(value: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError('not a time of day; write hours and minutes, such as "07:00"')
    return value


def _holiday(value: str) -> str:
    try:
        if not re.fullmatch(r"([0-9]{4}-)?[0-9]{2}-[0-9]{2}", value):
            raise ValueError(value)
        date.fromisoformat(value if len(value) == 10 else f"2024-{value}")  # a leap year, for 02-29
    except ValueError as error:
        raise ValueError('not a date; write "2026-12-24", or "12-25" for every year') from error
    return value


def _web_address(value: str) -> str:
    if value and not re.match(r"https?://[^\s/@]+", value):
        raise ValueError("not a web address; it begins with https:// or http://")
    if re.search(r"\s", value):
        raise ValueError("not a web address; there is a space in it, which is written %20")
    if value and not _has_host(value):
        raise ValueError("not a web address; behind https:// comes a host, and perhaps :PORT, up to 65535")
    return value


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _mail_sender(value: str) -> str:
    from email.utils import parseaddr

    if value and not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*", parseaddr(value)[1]):
        raise ValueError('not a mail address; write "Name <name@example.org>" or "name@example.org"')
    return value


def _inliner(value: str) -> str:
    if value == "css-inline" and find_spec("css_inline") is None:
        raise ValueError('css-inline is not installed; pip install "broadsheet[css-inline]", or take "premailer"')
    return value


def _network(value: str) -> str:
    try:
        ip_network(value, strict=False)
    except ValueError as error:
        raise ValueError("not an address or a network of addresses; write 10.0.0.7, or 10.0.0.0/8") from error
    return value


def listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(_zone)]
Tongue = Annotated[str, AfterValidator(_tag)]
Clock = Annotated[str, AfterValidator(_clock)]
Holiday = Annotated[str, AfterValidator(_holiday)]
MonthDay = Annotated[int, Field(ge=1, le=31)]
Network = Annotated[str, AfterValidator(_network)]
Web = Annotated[str, AfterValidator(_web_address)]
Mail = Annotated[str, AfterValidator(_mail_sender)]
Inliner = Annotated[Literal["premailer", "css-inline"], AfterValidator(_inliner)]


class Table(BaseModel):
    """A table of config.toml: closed, so that a misspelt key is a fault, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
