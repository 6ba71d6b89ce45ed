"""Promise 14: a connector that hangs is interrupted at its page's deadline, and what must not be torn is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.feeds.engine import Read
from stockhub.channels.models import Account, Feed
from stockhub.core import clock
from stockhub.core.encryption import decrypt
from stockhub.pluginapi.connectors import Page, ReadRequest, Tokens
from tests.channels.feeds import wire_shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Turn = Callable[..., Read]


@pytest.mark.parametrize("hang", [wire_shop.sleep_for_an_hour, wire_shop.sleep_whatever_comes, wire_shop.spin_for_ever])
def test_promise_14_a_connector_that_hangs_is_interrupted(hang: Callable[[object], None], orders: Feed, read: Turn, settings: Any) -> None:  # noqa: ANN401
    settings.STOCKHUB_FEED_PAGE_SECONDS = 0.2
    wire_shop.misbehave.append(hang)
    began = clock.wall()
    read()
    assert (clock.wall() - began).total_seconds() < 10
    assert (orders.error_code, orders.leased_by, orders.consecutive_failures) == ("deadline_exceeded", "", 1)


def test_promise_14_a_connector_that_hangs_at_its_end_is_interrupted(
    orders: Feed,
    connector: wire_shop.WireShop,
    read: Turn,
    settings: Any,  # noqa: ANN401 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.STOCKHUB_FEED_PAGE_SECONDS = 0.3

    def reads(_request: object, _context: object) -> Any:  # noqa: ANN401 - pages
        try:
            yield Page((), "7", again_after=30.0)
        finally:
            wire_shop.sleep_for_an_hour(ReadRequest(""))

    monkeypatch.setattr(connector, "read_orders", reads)
    began = clock.wall()
    read()
    assert (clock.wall() - began).total_seconds() < 10
    assert (orders.cursor, orders.error_code, orders.leased_by) == ("7", "deadline_exceeded", "")


def test_u25_the_deadline_of_a_page_does_not_tear_a_renewal(
    account: Account,
    orders: Feed,
    connector: wire_shop.WireShop,
    read: Turn,
    settings: Any,  # noqa: ANN401 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the platform's answer and the store the old pair is worth nothing any more, and the new one is not kept yet."""
    settings.STOCKHUB_FEED_PAGE_SECONDS = 0.3

    def obtain(*_arguments: object, **_options: object) -> Tokens:
        time.sleep(1.0)
        return Tokens("token-slow", clock.now() + timedelta(days=7), refresh_token="refresh-slow")

    monkeypatch.setattr(connector, "obtain", obtain, raising=False)
    read()
    row = AccountAuthorization.objects.get(account=account)
    assert (row.state, row.leased_by, decrypt(row.secrets)["access_token"]) == ("authorised", "", "token-slow")
