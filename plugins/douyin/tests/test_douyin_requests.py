"""What is sent has the form of the samples of requests: their names, their types, their numbers beyond 2^53."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stockhub.pluginapi.connectors import PricePush, ReadRequest, ShipTimePush, StockPush
from stockhub_douyin.fake_shop import FakeShop

Requests = Callable[[str], dict[str, Any]]


@pytest.fixture
def requested(vectors: Path) -> Requests:
    def loaded(name: str) -> dict[str, Any]:
        file = name if "_request" in name else f"{name}_request"
        found: dict[str, Any] = json.loads((vectors / "samples" / f"{file}.json").read_text("utf-8"))
        return found

    return loaded


def sent(shop: FakeShop, operation: str) -> dict[str, Any]:
    """The last request of an operation."""
    bodies = [request.body for name, request in shop.platform.calls if name == operation]
    found: dict[str, Any] = json.loads(bodies[-1])
    return found


def types(row: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in row.items()}


def test_orders_and_after_sales_are_asked_for_as_in_the_samples(shop: FakeShop, requested: Requests) -> None:
    request = ReadRequest(since=shop.now() - timedelta(hours=1))
    list(shop.connector.read_orders(request, shop.context))
    wanted = requested("order_searchList")
    asked = sent(shop, "order.searchList")
    assert types(asked) == types(wanted)
    assert {**wanted, "update_time_start": 0, "update_time_end": 0} == {**asked, "update_time_start": 0, "update_time_end": 0}
    list(shop.connector.read_returns(request, shop.context))
    wanted = requested("afterSale_List")
    asked = sent(shop, "afterSale.List")
    assert {**wanted, "update_start_time": 0, "update_end_time": 0} == {**asked, "update_start_time": 0, "update_end_time": 0}
    assert asked["update_end_time"] == asked["update_start_time"] + 3_600 == int(shop.now().timestamp())
    order_id = shop.control("orders", lines=[{"code": "DOWN-BLK-M"}])["order_ids"][0]
    list(shop.connector.read_orders(ReadRequest(codes=(order_id,)), shop.context))
    assert types(sent(shop, "order.orderDetail")) == types(requested("order_orderDetail")) == {"shop_order_id": str}


def test_products_and_their_variants_are_asked_for_as_in_the_samples(shop: FakeShop, requested: Requests) -> None:
    list(shop.connector.read_listings(ReadRequest(), shop.context))
    assert sent(shop, "product.listV2") == {name: requested("product_listV2")[name] for name in ("page", "size")}
    assert types(sent(shop, "sku.list")) == types(requested("sku_list"))


def test_writes_have_the_form_of_the_samples(shop: FakeShop, requested: Requests) -> None:
    shop.connector.push_stock([StockPush("DOWN-BLK-M", 45, was=40)], "a", shop.context, preview=False)
    incremental = sent(shop, "sku.syncStock")
    assert types(incremental) == types(requested("sku_syncStock_request_incremental"))
    assert (incremental["product_id"], incremental["sku_id"], incremental["stock_num"]) == (3521000000000000003, 1756789012345701, 5)
    rows = [StockPush("DOWN-BLK-M", 9), StockPush("SHORT-GRY-XL", 15, warehouse="WH-SH-01")]
    shop.connector.push_stock(rows, "b", shop.context, preview=False)
    batch, wanted = sent(shop, "sku.syncStockBatchMultiProducts"), requested("sku_syncStockBatchMultiProducts")
    assert types(batch) == types(wanted)
    assert [types(item) for item in batch["items"]] == [types(item) for item in wanted["items"]]
    assert (batch["incremental"], batch["source"]) == (False, "stockhub")
    shop.connector.push_prices([PricePush("DOWN-BLK-M", Decimal("49.90"), "CNY")], "c", shop.context, preview=False)
    assert sent(shop, "sku.editPrice") == {"code": "DOWN-BLK-M", "price": requested("sku_editPrice")["price"]}
    shop.connector.push_ship_times([ShipTimePush("DOWN-BLK-M", 2, datetime(2026, 3, 9, tzinfo=UTC))], "d", shop.context, preview=False)
    assert sent(shop, "promise.setSkuShipTime") == {
        "rules": [{"sku_id": 1756789012345701, "pre_sell_type": 1, "delay_day": 2, "pre_sell_end_time": 1773014400}]
    }
