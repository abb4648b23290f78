"""Who asks, as a proxy says it: believed of proxies that are known, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from digest.cli.serve import OWN
from digest.web.app import make_app
from subscribers import audit
from tests.admin.conftest import House, open_house
from tests.admin.visitor import Visitor


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = open_house(tmp_path)
    yield opened
    opened.app.store.close()


def behind(house: House, *proxies: str) -> ProxyHeadersMiddleware:
    """Return the pages as ``digest serve`` puts them behind what uvicorn makes of proxies."""
    return ProxyHeadersMiddleware(make_app(house.app), trusted_hosts=[*OWN, *proxies])


@pytest.mark.parametrize(
    ("proxy", "proxies", "place"),
    [
        ("127.0.0.1", (), "203.0.113.9"),
        ("::1", (), "203.0.113.9"),
        ("172.18.0.2", (), "172.18.0.2"),
        ("172.18.0.2", ("172.16.0.0/12",), "203.0.113.9"),
        ("192.0.2.66", ("172.16.0.0/12",), "192.0.2.66"),
    ],
)
def test_who_asks_is_believed_of_a_known_proxy_alone(
    house: House, proxy: str, proxies: tuple[str, ...], place: str
) -> None:
    visitor = Visitor(behind(house, *proxies), proxy)
    form = {"email": "new@reader.example.org"}
    answer = visitor.post("/subscribe/daily", form, **{"x-forwarded-for": "203.0.113.9"})
    assert answer.status == 200, answer.plain
    with house.app.store.read() as conn:
        assert next(each for each in audit.entries(conn, limit=50) if each.how == "form").source == place


def test_a_forged_place_in_front_of_the_proxys_own_word_counts_for_nothing(house: House) -> None:
    visitor = Visitor(behind(house), "127.0.0.1")
    statuses = [
        visitor.post(
            "/subscribe/daily",
            {"email": f"n{number}@reader.example.org"},
            **{"x-forwarded-for": f"198.51.100.{number}, 203.0.113.9"},
        ).status
        for number in range(11)
    ]
    assert statuses == [200] * 10 + [429]


def test_a_proxy_that_is_not_believed_is_told_of_once(house: House) -> None:
    told = behind(house)
    with capture_logs() as logs:
        for _ in range(2):
            Visitor(told, "172.18.0.2").get("/healthz", **{"x-forwarded-for": "203.0.113.9"})
        Visitor(behind(house), "127.0.0.1").get("/healthz", **{"x-forwarded-for": "203.0.113.9"})
        Visitor(behind(house), "198.51.100.4").get("/healthz")
    assert [(each["event"], each["proxy"]) for each in logs] == [("proxy_not_believed", "172.18.0.2")]


def test_what_is_wrong_with_the_store_is_told_to_the_log_alone(house: House) -> None:
    lost = replace(house.app, clock=house.app.clock)
    web = make_app(lost)
    with lost.store.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE lists RENAME TO lost")
    with capture_logs() as logs:
        answer = Visitor(web).get("/readyz")
    assert answer.status == 503
    assert answer.text == "store: does not answer; the log says more"
    assert "lists" in next(each["why"] for each in logs if each["event"] == "store_lost")
