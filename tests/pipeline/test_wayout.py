"""No send without a way out for the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.errors import ProviderRefused
from digest.pipeline.app import App
from digest.pipeline.wayout import demand_way_out, installation
from tests.newsroom import Newsroom


@pytest.fixture
def app(newsroom: Newsroom) -> Iterator[App]:
    built = build(read_config(newsroom.write_config()), now=datetime.now(UTC))
    yield replace(built, provider_kind="smtp", sender=replace(built.sender, base_url="https://news.example"))
    built.store.close()


def answering(text: str) -> Callable[[str], str]:
    return lambda _url: text


def refusing(_url: str) -> str:
    raise OSError("no route to host")


def test_an_address_that_answers_as_this_installation_is_a_way_out(app: App) -> None:
    asked = []

    def ask(url: str) -> str:
        asked.append(url)
        return installation(app)

    demand_way_out(app, ask)
    assert asked == ["https://news.example/.well-known/broadsheet"]


def test_somebody_elses_installation_is_none(app: App) -> None:
    with pytest.raises(ProviderRefused, match="is not this installation"):
        demand_way_out(app, answering("0" * 32))


def test_an_address_that_does_not_answer_is_none(app: App) -> None:
    with pytest.raises(ProviderRefused, match="no route to host"):
        demand_way_out(app, refusing)


def test_an_address_without_tls_is_none(app: App) -> None:
    plain = replace(app, sender=replace(app.sender, base_url="http://news.example"))
    with pytest.raises(ProviderRefused, match="is not https"):
        demand_way_out(plain, refusing)


def test_no_address_at_all_names_both_settings(app: App) -> None:
    with pytest.raises(ProviderRefused, match=r"base_url.*unsubscribe_mailbox"):
        demand_way_out(replace(app, sender=replace(app.sender, base_url="")), refusing)


def test_a_mailbox_is_a_way_out(app: App) -> None:
    demand_way_out(replace(app, sender=replace(app.sender, unsubscribe_mailbox="leave@news.example")), refusing)


def test_the_outbox_reaches_nobody_and_may_go(app: App) -> None:
    demand_way_out(replace(app, provider_kind="outbox"), refusing)
