"""What is changed on the fake: stock once for each push, prices, promises to ship. D19, U25, promise 13."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from stockhub.pluginapi.connectors import (
    PricePush,
    PushResult,
    PushStatus,
    ReadRequest,
    ShipTimePush,
    StockPush,
    ThrottledError,
    UnavailableError,
)
from stockhub_douyin.fake_shop import FakeShop
from stockhub_douyin.stock_push import idempotent_id

BATCH, ONE = "sku.syncStockBatchMultiProducts", "sku.syncStock"


def push(shop: FakeShop, *rows: StockPush, key: str = "push-1", preview: bool = False) -> Sequence[PushResult]:
    told: Sequence[PushResult] = shop.connector.push_stock(rows, key, shop.context, preview=preview)
    assert [result.index for result in told] == list(range(len(rows)))
    return told


def statuses(told: Sequence[PushResult]) -> list[str]:
    return [result.status.value for result in told]


def shown(shop: FakeShop, code: str) -> dict[str, int]:
    pages = list(shop.connector.read_stock(ReadRequest(codes=(code,)), shop.context))
    return {record.warehouse: dict(record.quantities)["available"] for record in pages[0].records}


def test_u25_a_difference_does_not_undo_an_order_that_came_in_between(shop: FakeShop) -> None:
    """40 were shown and 50 are wanted; 3 are sold before it arrives: 47 are right, 50 would promise 3 twice."""
    shop.control("orders", lines=[{"code": "DOWN-BLK-M", "qty": 3}])
    assert statuses(push(shop, StockPush("DOWN-BLK-M", 50, was=40))) == ["applied"]
    assert shown(shop, "DOWN-BLK-M") == {"": 47}


def test_without_knowing_what_was_shown_the_number_is_set(shop: FakeShop) -> None:
    shop.control("orders", lines=[{"code": "DOWN-BLK-M", "qty": 3}])
    assert statuses(push(shop, StockPush("DOWN-BLK-M", 50))) == ["applied"]
    assert shown(shop, "DOWN-BLK-M") == {"": 50}


def test_many_rows_are_one_request_for_differences_and_one_for_numbers(open_shop: Callable[..., FakeShop]) -> None:
    shop = open_shop(warehouse_codes={"WH-SH-01": "SHANGHAI"})
    told = push(
        shop,
        StockPush("DOWN-BLK-M", 45, was=40),
        StockPush("SHORT-GRY-XL", 15, was=12, warehouse="SHANGHAI"),
        StockPush("TSHIRT-WHT-XL", 7, warehouse="WH-GZ-02"),
        StockPush("DOWN-WHT-S", 20),
        StockPush("TSHIRT-WHT-L", 5, was=5),
        StockPush("NO-SUCH", 5),
        StockPush("SHORT-GRY-XL", 5),
        StockPush("DOWN-BLK-M", 5, warehouse="SHANGHAI"),
        StockPush("DOWN-BLK-M", -1),
    )
    assert statuses(told) == ["applied", "applied", "applied", "applied", "unchanged", "refused", "refused", "refused", "refused"]
    assert [result.code for result in told[5:]] == ["isv_parameter_invalid", "no_warehouse", "not_regional", "quantity"]
    assert (shop.calls(BATCH), shop.calls(ONE)) == (2, 0)
    assert shown(shop, "SHORT-GRY-XL") == {"SHANGHAI": 15}
    assert shown(shop, "TSHIRT-WHT-XL") == {"WH-GZ-02": 7, "SHANGHAI": 20}
    assert shown(shop, "DOWN-WHT-S") == {"": 20}


@pytest.mark.parametrize(
    "rows", [(StockPush("DOWN-BLK-M", 45, was=40),), (StockPush("DOWN-BLK-M", 45, was=40), StockPush("DOWN-WHT-S", 22, was=12))]
)
def test_promise_13_a_push_whose_answer_was_lost_is_not_done_twice(shop: FakeShop, rows: tuple[StockPush, ...]) -> None:
    """It was applied; nobody heard. The same key again changes nothing, and says that it is done, or to be read back."""
    shop.platform.http.timeout = 0.3
    shop.control("faults", mode="applied_then_timeout", method=ONE if len(rows) == 1 else BATCH, seconds=1)
    with pytest.raises(UnavailableError):
        push(shop, *rows)
    shop.platform.http.timeout = 10
    assert set(statuses(push(shop, *rows))) == {"applied" if len(rows) == 1 else "accepted"}
    assert shown(shop, "DOWN-BLK-M") == {"": 45}


def test_another_push_is_another_one(shop: FakeShop) -> None:
    for number, key in enumerate(("a", "b", "b", "c")):
        assert statuses(push(shop, StockPush("DOWN-BLK-M", 41, was=40), key=key)) == ["applied"], number
    assert shown(shop, "DOWN-BLK-M") == {"": 43}
    assert len({idempotent_id(key, incremental=way) for key in ("a", "b") for way in (True, False)}) == 4


def test_of_a_request_with_a_bad_row_the_others_are_read_back(shop: FakeShop) -> None:
    """Whether the good rows are done is not documented: here they are not, and nobody claims it."""
    told = push(shop, StockPush("DOWN-BLK-M", 0, was=100), StockPush("DOWN-WHT-S", 20, was=12))
    assert [(result.status, result.code) for result in told] == [(PushStatus.REFUSED, "status_1"), (PushStatus.UNKNOWN, "partial")]
    assert shown(shop, "DOWN-WHT-S") == {"": 12}
    assert statuses(push(shop, StockPush("DOWN-WHT-S", 20, was=12))) == ["applied"]


def test_a_push_that_is_throttled_asks_for_no_id_twice(shop: FakeShop) -> None:
    rows = [StockPush(code, 9) for code in ("DOWN-BLK-M", "DOWN-WHT-S", "TSHIRT-BLK-M")]
    shop.control("faults", mode="traffic_limited", method="sku.detail", after=2)
    with pytest.raises(ThrottledError):
        push(shop, *rows)
    push(shop, *rows)
    assert shop.calls("sku.detail") == 4


def test_a_preview_changes_nothing(shop: FakeShop) -> None:
    rows = (StockPush("DOWN-BLK-M", 45, was=40), StockPush("DOWN-WHT-S", 12, was=12), StockPush("NO-SUCH", 1))
    assert statuses(push(shop, *rows, preview=True)) == ["accepted", "unchanged", "refused"]
    told = shop.connector.push_prices(
        [PricePush("DOWN-BLK-M", Decimal(399), "CNY"), PricePush("DOWN-BLK-M", Decimal(1), "CNY")], "k", shop.context, preview=True
    )
    assert statuses(told) == ["unchanged", "accepted"]
    rules = [ShipTimePush("DOWN-BLK-M", 7, presale_until=shop.now() + timedelta(days=5))]
    assert statuses(shop.connector.push_ship_times(rules, "k", shop.context, preview=True)) == ["accepted"]
    assert set(shop.platform.operations()) == {"sku.detail"}
    assert shown(shop, "DOWN-BLK-M") == {"": 40}


# Prices


def prices(shop: FakeShop, *rows: PricePush, key: str = "prices-1") -> Sequence[PushResult]:
    told: Sequence[PushResult] = shop.connector.push_prices(rows, key, shop.context, preview=False)
    return told


def test_d19_a_price_is_raised_and_set_back(shop: FakeShop) -> None:
    for price in (Decimal("450.77"), Decimal(399)):
        assert statuses(prices(shop, PricePush("DOWN-BLK-M", price, "CNY"), key=str(price))) == ["applied"]
        [page] = list(shop.connector.read_listings(ReadRequest(codes=("DOWN-BLK-M",)), shop.context))
        assert page.records[0].effective_price == price


def test_prices_that_cannot_be_are_refused_here(shop: FakeShop) -> None:
    told = prices(
        shop, PricePush("DOWN-BLK-M", Decimal("9.999"), "CNY"), PricePush("DOWN-BLK-M", Decimal(0), "CNY"),
        PricePush("DOWN-BLK-M", Decimal("NaN"), "CNY"), PricePush("DOWN-BLK-M", Decimal(9), "USD"), PricePush("NO-SUCH", Decimal(9), "CNY"),
    )  # fmt: skip
    assert [(r.status.value, r.code) for r in told] == [
        ("refused", "price"), ("refused", "price"), ("refused", "price"), ("refused", "currency"), ("refused", "isv_parameter_invalid"),
    ]  # fmt: skip
    assert shop.calls("sku.editPrice") == 1


def test_prices_that_were_throttled_go_on_where_they_were(shop: FakeShop) -> None:
    rows = [PricePush(code, Decimal(88), "CNY") for code in ("DOWN-BLK-M", "DOWN-WHT-S", "TSHIRT-BLK-M")]
    shop.control("faults", mode="traffic_limited", method="sku.editPrice", after=2)
    with pytest.raises(ThrottledError):
        prices(shop, *rows)
    assert statuses(prices(shop, *rows)) == ["applied"] * 3
    assert shop.calls("sku.editPrice") == 4


# Promises to ship


def ship_times(shop: FakeShop, *rows: ShipTimePush) -> Sequence[PushResult]:
    told: Sequence[PushResult] = shop.connector.push_ship_times(rows, "k", shop.context, preview=False)
    return told


def test_d19_a_stock_out_becomes_a_presale_and_back(open_shop: Callable[..., FakeShop]) -> None:
    shop = open_shop(warehouse_codes={"WH-SH-01": "SHANGHAI"})
    until = shop.now() + timedelta(days=20)
    rows = [ShipTimePush("DOWN-BLK-M", 7, presale_until=until), ShipTimePush("SHORT-GRY-XL", 1, warehouse="SHANGHAI")]
    assert statuses(ship_times(shop, *rows)) == ["applied", "applied"]
    catalogue = shop.fake.world.catalogue
    assert catalogue.sku_by_code("DOWN-BLK-M").ship_rules[""].shown() == {
        "presell_type": 1, "delay_day": 7, "presell_end_time": int(until.timestamp()),
    }  # fmt: skip
    assert catalogue.sku_by_code("SHORT-GRY-XL").ship_rules["WH-SH-01"].days == 1
    assert statuses(ship_times(shop, ShipTimePush("DOWN-BLK-M", 0))) == ["applied"]
    assert not catalogue.sku_by_code("DOWN-BLK-M").ship_rules[""].presale


def test_promises_that_cannot_be_are_refused_here(shop: FakeShop) -> None:
    soon, far = shop.now() + timedelta(days=3), shop.now() + timedelta(days=31)
    wanted = ((2, None), (1, soon), (16, soon), (3, far), (3, shop.now()))
    rows = [ShipTimePush("DOWN-BLK-M", days, presale_until=until) for days, until in wanted]
    told = ship_times(shop, *rows, ShipTimePush("NO-SUCH", 1))
    assert [r.code for r in told] == ["days", "days", "days", "presale_until", "presale_until", "isv_parameter_invalid"]
    assert shop.calls("promise.setSkuShipTime") == 0
