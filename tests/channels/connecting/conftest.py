"""A platform that answers, its connector, and an account on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from stockhub.channels.accounts import AccountInput, upsert_account
from stockhub.channels.connecting import rate_limits
from stockhub.channels.models import Account
from stockhub.pluginhost import registry
from stockhub.pluginhost.kinds import Kind
from tests.channels.connecting.little_market import LittleMarket
from tests.channels.connecting.market_server import Market, serving

KEY = "r2Vt3zVnS0sJ0bYdRk2m3l4y6w1oQf5T8u9x7a6b5c4="


@pytest.fixture
def market() -> Iterator[Market]:
    with serving() as market:
        yield market


@pytest.fixture(autouse=True)
def _little_market(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    settings.STOCKHUB_ENCRYPTION_KEYS = [KEY]
    settings.REDIS_URL = ""
    monkeypatch.setattr(rate_limits, "_redis_away_until", 0.0)
    monkeypatch.setattr(registry, "_built_in", {**registry._built_in, (Kind.MARKETPLACE, LittleMarket.slug): LittleMarket()})
    registry.reset()
    yield
    registry.reset()


@pytest.fixture
def connected(market: Market) -> Callable[..., Account]:
    """Makes an account; `config` are values of its connector's model."""

    def make(code: str = "little", **config: Any) -> Account:  # noqa: ANN401 - any field
        values = {"base_url": market.url, "secret": market.secret, **config}
        return upsert_account(AccountInput(code=code, name=code, marketplace="little", config=values))

    return make


@pytest.fixture
def account(connected: Callable[..., Account], db: object) -> Account:
    return connected()
