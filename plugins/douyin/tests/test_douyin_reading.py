"""What is read from the fake over real HTTP: orders, returns, listings, stock, warehouses, the score."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from stockhub.pluginapi.connectors import Page, ReadRequest, ThrottledError, UnreadableAnswerError
from stockhub_douyin.fake_shop import FakeShop


def order(shop: FakeShop, *lines: dict[str, Any], **more: object) -> str:
    made = shop.control("orders", lines=list(lines) or [{"code": "DOWN-BLK-M", "qty": 2}], **more)
    return str(made["order_ids"][0])


def read(pages: Iterable[Page[Any]]) -> list[Any]:
    return [record for page in pages for record in page.records]


def read_orders(shop: FakeShop, cursor: str = "") -> list[Page[Any]]:
    request = ReadRequest(cursor=cursor, since=shop.now() - timedelta(days=1))
    return list(shop.connector.read_orders(request, shop.context))


def test_d2_an_order_is_followed_from_its_creation_to_its_end(shop: FakeShop) -> None:
    """D2, N8: each reading tells what changed since the one before; ids beyond 2^53 are exact."""
    order_id = order(shop, live={"room_id": 7454000000000000009, "author_id": 99887766554433})
    told = []
    cursor = ""
    for step in ("pay", "ship", "complete", ""):
        shop.advance(60)
        pages = read_orders(shop, cursor)
        cursor = pages[-1].cursor
        [record] = read(pages)
        told.append((record.status, record.paid_at is not None, record.shipped_at is not None))
        assert (record.external_id, record.version % 1000) == (order_id, 0)
        assert (record.live_room, record.live_author) == ("7454000000000000009", "99887766554433")
        assert pages[-1].data_until == shop.now()
        if step:
            shop.control(f"orders/{order_id}/{step}")
    assert told == [("created", False, False), ("paid", True, False), ("shipped", True, True), ("completed", True, True)]
    assert int(order_id) > 2**53
    assert int(order_id) != float(order_id)


def test_gifts_deposits_parts_and_refunds(shop: FakeShop) -> None:
    gift = order(shop, {"code": "DOWN-BLK-M"}, {"code": "TSHIRT-BLK-M", "gift_of": 0}, pay=True)
    deposit = order(shop, {"code": "DOWN-WHT-S"}, deposit=5000, pay=True)
    parts = order(shop, {"code": "DOWN-BLK-M"}, {"code": "DOWN-WHT-S"}, pay=True)
    line = shop.control("orders", lines=[{"code": "DOWN-BLK-M"}])["line_ids"][0][0]
    shop.control(f"orders/{parts}/ship", lines=[str(int(parts) + 1)])
    cases = shop.control("aftersales", order_id=parts, line_id=str(int(parts) + 2), type=2)
    shop.control(f"aftersales/{cases['aftersale_id']}/agree")
    found = {record.external_id: record for record in read(read_orders(shop))}
    assert [(each.kind, each.master_line, each.unit_price) for each in found[gift].lines] == [
        ("", "", Decimal(399)), ("gift", str(int(gift) + 1), Decimal(0)),
    ]  # fmt: skip
    assert (found[deposit].status, found[deposit].presale_kind, found[deposit].paid_at) == ("created", "deposit", None)
    assert [(each.status, each.kind) for each in found[parts].lines] == [("shipped", ""), ("cancelled", "excluded")]
    assert str(int(line) - 1) in found


def test_nothing_of_a_buyer_leaves_the_plugin(shop: FakeShop) -> None:
    order(shop, pay=True)
    records = read_orders(shop)
    text = repr(records)
    settings = shop.fake.world.settings
    for personal in (settings.buyer_name, settings.buyer_phone, settings.buyer_address):
        assert personal not in text
    assert len(read(records)) == 1


def test_single_orders_by_their_numbers(shop: FakeShop) -> None:
    order_id = order(shop)
    [page] = list(shop.connector.read_orders(ReadRequest(codes=(order_id, "1")), shop.context))
    assert [record.external_id for record in page.records] == [order_id]
    assert [(each.external_id, each.code) for each in page.rejected] == [("1", "isv_parameter_invalid")]


def test_a_long_past_is_read_whole_once_and_in_time(shop: FakeShop) -> None:
    """A backfill: every order, few of them twice, and not one call more than pages and days."""
    shop.control("past", orders=2_500, days=20)
    request = ReadRequest(since=shop.now() - timedelta(days=30))
    pages = list(shop.connector.read_orders(request, shop.context))
    records = read(pages)
    assert len({record.external_id for record in records}) == 2_500
    # How many there will be is asked once, at the beginning; a platform that refuses so long a window leaves it open.
    assert [page.total for page in pages] == [2_500] + [None] * (len(pages) - 1)
    shop.control("faults", mode="missing_param", method="order.searchList")
    assert next(iter(shop.connector.read_orders(request, shop.context))).total is None
    assert len(records) < 2_550
    assert shop.calls("order.searchList") < 80


def test_a_throttled_backfill_goes_on_where_it_was(open_shop: Callable[..., FakeShop]) -> None:
    """Promise 12: nothing sleeps; what was read stands, and the cursor after it is where the next attempt begins."""
    shop = open_shop(rates={"order.searchList": 2})
    shop.control("past", orders=1_200, days=1)
    shop.platform.limits = dict(shop.connector.rate_limits_of(shop.context.config))
    cursor, seen = "", set()
    throttled: list[ThrottledError] = []
    for _attempt in range(20):
        try:
            request = ReadRequest(cursor=cursor, since=shop.now() - timedelta(days=3))
            for page in shop.connector.read_orders(request, shop.context):
                seen |= {record.external_id for record in page.records}
                cursor = page.cursor
            break
        except ThrottledError as error:
            throttled.append(error)
            shop.advance(1)
    assert {(error.operation, error.after_seconds) for error in throttled} == {("order.searchList", 0.5)}
    assert len(seen) == 1_200
    assert len(throttled) > 3
    assert shop.calls("order.searchList") < 30


def test_goods_that_came_back(shop: FakeShop) -> None:
    order_id = order(shop, {"code": "DOWN-BLK-M", "qty": 2}, pay=True)
    shop.control(f"orders/{order_id}/ship")
    case = shop.control("aftersales", order_id=order_id, type=0, qty=1)["aftersale_id"]
    request = ReadRequest(since=shop.now() - timedelta(hours=1))
    for step in ("agree", "send_back"):
        shop.advance(60)
        shop.control(f"aftersales/{case}/{step}")
        assert read(shop.connector.read_returns(request, shop.context)) == []
    shop.advance(60)
    shop.control(f"aftersales/{case}/succeed")
    [record] = read(shop.connector.read_returns(request, shop.context))
    assert (record.external_id, record.code, record.qty, record.order_external_id) == (case, "DOWN-BLK-M", 1, order_id)
    assert record.returned_at == shop.now()


def test_returns_of_a_shop_whose_variants_are_known_by_id(open_shop: Callable[..., FakeShop]) -> None:
    shop = open_shop(line_code="sku_id")
    order_id = order(shop, {"code": "DOWN-BLK-M", "qty": 1}, pay=True)
    shop.control(f"orders/{order_id}/ship")
    case = shop.control("aftersales", order_id=order_id, type=0)["aftersale_id"]
    for step in ("agree", "send_back", "succeed"):
        shop.control(f"aftersales/{case}/{step}")
    [record] = read(shop.connector.read_returns(ReadRequest(since=shop.now() - timedelta(hours=1)), shop.context))
    assert (record.code, record.code_kind) == ("1756789012345701", "sku_id")


def test_listings_and_stock_of_all_products(shop: FakeShop) -> None:
    pages = list(shop.connector.read_listings(ReadRequest(), shop.context))
    listed = {record.code: record for record in read(pages)}
    assert set(listed) == {"TSHIRT-BLK-M", "TSHIRT-WHT-L", "TSHIRT-WHT-XL", "SHORT-GRY-XL", "DOWN-WHT-S", "DOWN-BLK-M"}
    assert (listed["DOWN-WHT-S"].list_price, listed["DOWN-WHT-S"].status) == (Decimal(399), "active")
    assert pages[-1].is_last
    counts = {
        (record.code, record.warehouse): dict(record.quantities) for record in read(shop.connector.read_stock(ReadRequest(), shop.context))
    }
    assert counts["TSHIRT-BLK-M", ""] == {"available": 84, "reserved": 0}
    assert counts["TSHIRT-WHT-L", ""] == {"available": 0, "reserved": 0}
    assert counts["SHORT-GRY-XL", "WH-SH-01"] == {"available": 12}
    assert counts["TSHIRT-WHT-XL", "WH-GZ-02"] == {"available": 5, "reserved": 0}


def test_a_walk_that_is_throttled_hands_on_what_it_has(shop: FakeShop) -> None:
    """One call a product: not one of them is asked for twice."""
    shop.control("products", products=[{"name": f"P{n}", "out_id": f"P{n}", "skus": [{"code": f"C{n}", "normal": n}]} for n in range(47)])
    cursor, attempts = "", 0
    found: dict[str, int] = {}
    while attempts < 60:
        attempts += 1
        shop.control("faults", clear=True, mode="traffic_limited", method="sku.list", after=9)
        try:
            for page in shop.connector.read_stock(ReadRequest(cursor=cursor), shop.context):
                found |= {record.code: dict(record.quantities)["available"] for record in page.records}
                cursor = page.cursor
            break
        except ThrottledError:
            continue
    assert {code: found[code] for code in (f"C{n}" for n in range(47))} == {f"C{n}": n for n in range(47)}
    assert attempts == 6
    assert shop.calls("sku.list") == 50 + 5


def test_a_snapshot_of_more_products_than_pages_reach(shop: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond page × size of 10,000 products are asked for by the time of their creation, in halved windows."""
    monkeypatch.setattr("stockhub_douyin.catalogue.DEEPEST", 60)
    for day in range(5):
        shop.advance(86_400)
        products = [{"name": f"P{day}-{n}", "out_id": f"P{day}-{n}", "skus": [{"code": f"C{day}-{n}"}]} for n in range(31)]
        shop.control("products", products=products)
    codes = [record.code for record in read(shop.connector.read_listings(ReadRequest(), shop.context))]
    assert len(codes) == len(set(codes))
    # The samples' products were made before the clock was set, which is in the future here.
    assert {code for code in codes if code.startswith("C")} == {f"C{day}-{n}" for day in range(5) for n in range(31)}


def test_single_variants_by_their_codes(shop: FakeShop) -> None:
    shop.control("stock", code="DOWN-BLK-M", normal=33)
    [page] = list(shop.connector.read_stock(ReadRequest(codes=("DOWN-BLK-M", "NO-SUCH", "1756789012345680")), shop.context))
    assert [(r.code, dict(r.quantities)["available"]) for r in page.records] == [("DOWN-BLK-M", 33), ("TSHIRT-WHT-L", 0)]
    assert [each.external_id for each in page.rejected] == ["NO-SUCH"]
    [prices] = list(shop.connector.read_listings(ReadRequest(codes=("DOWN-BLK-M",)), shop.context))
    assert [(r.code, r.effective_price, r.status) for r in prices.records] == [("DOWN-BLK-M", Decimal(399), "")]


def test_warehouses_and_the_score(open_shop: Callable[..., FakeShop]) -> None:
    shop = open_shop(warehouse_codes={"WH-SH-01": "SHANGHAI"}, cloud_warehouses=["WH-GZ-02"], shop_warehouse="CLOUD")
    told = [(each.code, each.name, each.external_id, each.is_platforms) for each in shop.connector.read_warehouses(shop.context)]
    assert told == [
        ("CLOUD", "Douyin 4463798", "", True),
        ("SHANGHAI", "上海仓", "6853386941874864001", False),
        ("WH-GZ-02", "广州仓", "6853386941874864002", True),
    ]
    assert len(open_shop().connector.read_warehouses(open_shop().context)) == 2
    [page] = list(shop.connector.read_experience_score(ReadRequest(), shop.context))
    [record] = page.records
    raw = shop.fake.world.scores
    assert 0 <= record.score <= 100
    assert record.score == round(float(raw["shop_score"]) * (20 if float(raw["shop_score"]) <= 5 else 1), 4)
    assert {name for name, _value in record.parts} == {"product_score", "logistics_score", "service_score"}


@pytest.mark.parametrize("kind", ["orders", "returns"])
def test_a_cursor_fits_into_what_the_host_keeps(shop: FakeShop, kind: str) -> None:
    order(shop)
    pages = list(getattr(shop.connector, f"read_{kind}")(ReadRequest(since=shop.now() - timedelta(days=1)), shop.context))
    assert all(len(page.cursor) < 100 for page in pages)
    with pytest.raises(UnreadableAnswerError):
        list(getattr(shop.connector, f"read_{kind}")(ReadRequest(cursor=json.dumps({})), shop.context))


def test_d2_a_refund_that_does_not_move_its_orders_time_of_change_is_polled_by_the_after_sales_own(shop: FakeShop) -> None:
    """No message is needed, and none of the order's own times: its units are free again with the next reading."""
    shop.control("settings", aftersales_move_orders=False)
    order_id, other = order(shop, {"code": "DOWN-BLK-M"}, {"code": "DOWN-WHT-S"}, pay=True), order(shop, pay=True)
    shop.advance(60)
    cursor = read_orders(shop)[-1].cursor
    before = read(read_orders(shop))[0].version
    shop.advance(60)
    case = shop.control("aftersales", order_id=order_id, line_id=str(int(order_id) + 1), type=2)["aftersale_id"]
    cursor = (pages := read_orders(shop, cursor))[-1].cursor
    assert (read(pages), [page.is_last for page in pages][-1]) == ([], True)
    shop.advance(60)
    shop.control(f"aftersales/{case}/agree")
    shop.advance(60)
    pages = read_orders(shop, cursor)
    [record] = read(pages)
    assert (record.external_id, [line.status for line in record.lines]) == (order_id, ["cancelled", "paid"])
    assert record.version > before, "news, although the order's own time is the old one"
    assert pages[-1].data_until == shop.now()
    # Told once: neither the next reading nor one of an earlier release's cursor asks for other orders.
    shop.advance(60)
    assert read(read_orders(shop, pages[-1].cursor)) == []
    earlier = json.dumps([int(shop.now().timestamp()) - 150, 0, 0, 0])
    assert [each.external_id for each in read(read_orders(shop, earlier))] == [order_id]
    assert other != order_id


def test_a_refund_that_moves_its_order_is_told_with_it_and_not_fetched_again(shop: FakeShop) -> None:
    order_id = order(shop, pay=True)
    cursor = read_orders(shop)[-1].cursor
    shop.advance(60)
    case = shop.control("aftersales", order_id=order_id, type=2)["aftersale_id"]
    shop.control(f"aftersales/{case}/agree")
    [record] = read(read_orders(shop, cursor))
    assert (record.status, shop.calls("order.orderDetail")) == ("cancelled", 0)


def test_orders_are_read_by_an_app_that_may_not_see_after_sales(shop: FakeShop) -> None:
    order_id = order(shop, pay=True)
    shop.control("faults", mode="no_permission", method="afterSale.List", times=9)
    pages = read_orders(shop)
    assert ([each.external_id for each in read(pages)], pages[-1].is_last) == ([order_id], True)
