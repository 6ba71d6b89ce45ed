"""A shop on the bazaar, and a platform that pushes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from stockhub.core import clock
from tests.channels.shop import Shop, small_shop
from tests.webhooks.bazaar import Bazaar, body_of, connect, installed, signed, taken_away

ADDRESS = "/webhooks/bazaar/dy-main/"
Pushes = Callable[..., Any]


@pytest.fixture
def bazaar() -> Iterator[Bazaar]:
    yield installed()
    taken_away()


@pytest.fixture
def shop(db: object, bazaar: Bazaar) -> Shop:
    made = small_shop()
    connect(made.account)
    made.stock("A", 1000)
    return made


@pytest.fixture
def push(shop: Shop) -> Pushes:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def send(
        *messages: dict[str, Any],
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        address: str = ADDRESS,
        at: datetime | None = None,
    ) -> Any:  # noqa: ANN401 - Django's test response
        told = body_of(*messages) if body is None else body
        given = signed(told, at or clock.now()) if headers is None else headers
        return client.post(address, data=told, content_type="application/json", headers=given)

    return send
