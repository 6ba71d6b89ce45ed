"""What the tests of channels share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.channels.shop import Shop, small_shop

ORDERED = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)


@pytest.fixture
def shop(db: object) -> Shop:
    return small_shop()


@pytest.fixture
def order() -> Callable[..., OrderRecord]:
    def make(external_id: str = "1001", *, code: str = "a-1", qty: int = 3, line_id: str = "L1", **changes: Any) -> OrderRecord:  # noqa: ANN401 - any field
        line = {name.removeprefix("line_"): changes.pop(name) for name in list(changes) if name.startswith("line_")}
        fields: dict[str, Any] = {
            "external_id": external_id,
            "status": "paid",
            "ordered_at": ORDERED,
            "currency": "CNY",
            "lines": (OrderLineRecord(code=code, qty=qty, unit_price=Decimal("9.90"), line_id=line_id, **line),),
        }
        return OrderRecord(**fields | changes)

    return make
