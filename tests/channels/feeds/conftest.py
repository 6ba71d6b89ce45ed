"""An account on a marketplace that answers over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django.fixtures import Settings

from stockhub.channels import payloads
from stockhub.channels.accounts import AccountInput, upsert_account
from stockhub.channels.feeds.engine import Read, read_due
from stockhub.channels.models import Account, Feed
from stockhub.core import clock
from stockhub.pluginapi.connectors import FeedKind
from stockhub.pluginhost import registry
from stockhub.pluginhost.kinds import Kind
from tests.channels.feeds import wire_shop
from tests.channels.feeds.wire_platform import PlatformServer, order, serving


@pytest.fixture
def platform() -> Iterator[PlatformServer]:
    with serving([order(number) for number in range(25)], stock=[{"code": "a-1", "warehouse": "FBA", "qty": 7}]) as server:
        yield server


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch) -> Iterator[wire_shop.WireShop]:
    shop = wire_shop.WireShop()
    monkeypatch.setitem(registry._built_in, (Kind.MARKETPLACE, shop.slug), shop)
    monkeypatch.setattr(wire_shop, "misbehave", [])
    # So that one of its feeds has no place for its records.
    monkeypatch.delitem(payloads.RECORD_KINDS, FeedKind.TRAFFIC, raising=False)
    registry.reset()
    yield shop
    registry.reset()


@pytest.fixture
def account(db: object, platform: PlatformServer, connector: wire_shop.WireShop, settings: Settings) -> Account:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    config = {"base_url": platform.url}
    return upsert_account(AccountInput(code="wire", name="Wire", marketplace=connector.slug, site="CN", config=config))


@pytest.fixture
def orders(account: Account) -> Feed:
    """The feed of orders alone; the others are paused."""
    Feed.objects.filter(account=account).exclude(kind="orders").update(is_paused=True)
    return Feed.objects.get(account=account, kind="orders")


@pytest.fixture
def read(orders: Feed) -> Callable[..., Read]:
    """Reads the feed of orders once more, whatever its pause."""

    def turn(kind: str = "orders") -> Read:
        feeds = Feed.objects.filter(kind=kind)
        feeds.update(is_paused=False, next_attempt_at=clock.wall())
        told = read_due("tester")
        orders.refresh_from_db()
        return told

    return turn
