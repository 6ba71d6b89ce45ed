"""The samples of the platform's answers, as the records that they become."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from stockhub.pluginapi import ListingRecord, OrderLineRecord, OrderRecord
from stockhub.pluginapi.records import ReturnRecord, StockCountRecord
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fake_shop import FakeShop
from stockhub_douyin.fields import FieldError
from stockhub_douyin.listings import listing_record
from stockhub_douyin.order_records import order_record, order_records
from stockhub_douyin.returns import return_records
from stockhub_douyin.stock import buckets_of, stock_records

#: Samples whose names are those of the official SDK.
pytestmark = pytest.mark.judged
AT = datetime(2026, 3, 1, tzinfo=UTC)
Sample = Callable[[str], Any]


def configured(**more: object) -> DouyinAccountConfig:
    shop = {"app_key": "k", "app_secret": "s", "shop_id": "4463798", "warehouse_codes": {"WH-SH-01": "SHANGHAI"}}
    return DouyinAccountConfig.model_validate(shop | more)


CONFIG = configured()


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.fixture
def orders(sample: Sample) -> dict[str, OrderRecord]:
    records, rejected = order_records(sample("order_searchList_response")["shop_order_list"], CONFIG)
    assert rejected == []
    return {record.external_id[-2:]: record for record in records}


def test_d2_an_order_of_a_live_room_with_its_lines_and_nobodys_name(orders: dict[str, OrderRecord]) -> None:
    """D2, D18: who sold it and where, as ids; units in the warehouse that the account names; no personal data."""
    assert orders["22"] == OrderRecord(
        external_id="6938402123456789022", status="paid", ordered_at=at(1735689720), currency="CNY", version=1735689800000,
        paid_at=at(1735689665), ship_by_at=at(1735862465), province="浙江省", live_room="7454000000000000001", live_author="99887766554433",
        lines=(
            OrderLineRecord("TSHIRT-WHT-L", 1, Decimal(54), "6938402123456789023", status="paid"),
            OrderLineRecord("SHORT-GRY-XL", 3, Decimal(49), "6938402123456789024", status="paid", warehouse="SHANGHAI"),
        ),
    )  # fmt: skip


def test_statuses_presales_and_what_is_not_paid_yet(orders: dict[str, OrderRecord]) -> None:
    told = {name: (o.status, o.presale_kind, o.paid_at is not None, o.ship_by_at is not None) for name, o in orders.items()}
    assert told == {
        "12": ("paid", "", True, True),
        "22": ("paid", "", True, True),
        "32": ("paid", "full", True, True),
        "42": ("created", "deposit", False, False),
        "52": ("cancelled", "", False, True),
        "62": ("shipped", "", True, True),
        "72": ("paid", "", True, True),
    }
    assert (orders["52"].cancel_reason, orders["52"].cancelled_at) == ("unpaid", at(1735691900))
    assert [line.status for line in orders["72"].lines] == ["shipped", "paid"]


def test_one_order_by_its_id_is_told_as_in_the_list(sample: Sample, orders: dict[str, OrderRecord]) -> None:
    assert order_record(sample("order_orderDetail_response")["shop_order_detail"], CONFIG) == orders["22"]
    assert sample("order_searchList_response_empty")["shop_order_list"] == []


def test_nothing_of_the_buyer_leaves_the_plugin(sample: Sample, orders: dict[str, OrderRecord]) -> None:
    text = repr(orders)
    for personal in ("##ENC", "张*", "138****", "#open#", "杭州", "滨江", "示例达人"):
        assert personal in json.dumps(sample("order_searchList_response"), ensure_ascii=False)
        assert personal not in text


def changed(sample: Sample, child: dict[str, Any] | None = None, **order: object) -> OrderRecord:
    row = sample("order_searchList_response")["shop_order_list"][0]
    return order_record(row | order | {"sku_order_list": [row["sku_order_list"][0] | (child or {})]}, CONFIG)


@pytest.mark.parametrize(
    ("text", "paid", "reason"),
    [
        ("商家缺货", 1735689665, "stock_out"),
        ("卖家未按约定时间发货", 1735689665, "late_shipment"),
        ("不想要了，请打 13912345678", 1735689665, "other"),
        ("超时未支付", 0, "unpaid"),
    ],
)
def test_a_reason_is_one_word_of_ours(sample: Sample, text: str, paid: int, reason: str) -> None:
    record = changed(sample, {"order_status": 4}, order_status=4, cancel_reason=text, pay_time=paid)
    assert (record.status, record.cancel_reason) == ("cancelled", reason)


def test_a_refund_before_the_shipment_cancels_its_line_and_an_order_without_others(sample: Sample) -> None:
    refunded = {"after_sale_info": {"after_sale_status": 12, "after_sale_type": 2, "refund_status": 3}}
    record = changed(sample, refunded)
    assert (record.status, record.lines[0].status) == ("cancelled", "cancelled")
    asked_for = {"after_sale_info": {"after_sale_status": 6, "after_sale_type": 2, "refund_status": 1}}
    assert changed(sample, asked_for).lines[0].status == "paid"


def test_a_line_that_was_refunded_while_others_left_is_out_of_the_order(sample: Sample) -> None:
    row = sample("order_searchList_response")["shop_order_list"][6]
    lines = [row["sku_order_list"][0], row["sku_order_list"][1] | {"order_status": 21}]
    record = order_record(row | {"order_status": 3, "ship_time": 1735700000, "sku_order_list": lines}, CONFIG)
    assert [(line.status, line.kind) for line in record.lines] == [("shipped", ""), ("cancelled", "excluded")]
    assert (record.status, record.shipped_at) == ("shipped", at(1735700000))


def test_gifts_sets_clouds_and_variants_without_a_code(sample: Sample) -> None:
    gift = changed(sample, {"given_product_type": "FREE", "master_sku_order_id_list": [{"master_sku_order_id": "77"}], "pay_amount": 0})
    assert (gift.lines[0].kind, gift.lines[0].master_line, gift.lines[0].unit_price) == ("gift", "77", Decimal(0))
    cloud = changed(sample, {"inventory_list": [{"warehouse_type": 2, "out_warehouse_id": "C1", "count": 2}]})
    assert (cloud.fulfilled_by, cloud.lines[0].warehouse) == ("platform", "")
    bare = changed(sample, {"code": "", "sku_id": 9007199254740993})
    assert (bare.lines[0].code, bare.lines[0].code_kind) == ("9007199254740993", "sku_id")
    row = sample("order_searchList_response")["shop_order_list"][0]
    parts = [{"sku_id": 5, "code": "A", "item_num": 2}, {"sku_id": 6, "code": "B", "item_num": 1}]
    bundle = row | {"sku_order_list": [row["sku_order_list"][0] | {"bundle_sku_info": parts}]}
    told = order_record(bundle, configured(bundle_lines="parts")).lines
    assert [(line.code, line.qty, line.line_id, line.unit_price) for line in told] == [
        ("A", 4, "6938402123456789013/5", None), ("B", 2, "6938402123456789013/6", None),
    ]  # fmt: skip
    assert order_record(bundle, CONFIG).lines == order_record(row, CONFIG).lines


@pytest.mark.parametrize(
    ("buyer", "kept"),
    [("1@#AbCdEf0123456789==", "1@#AbCdEf0123456789=="), ("13912345678", ""), ("8613912345678000", ""), ("张三", ""), (None, "")],
)
def test_a_buyer_is_an_opaque_id_or_nobody(sample: Sample, buyer: object, kept: str) -> None:
    assert changed(sample, doudian_open_id=buyer).buyer == kept


@pytest.mark.parametrize(
    ("order", "child", "field"),
    [
        ({"order_status": 777}, {}, "order_status"),
        ({"update_time": None}, {}, "update_time"),
        ({"update_time": 1735689670000}, {}, "update_time"),
        ({"order_id": "0"}, {}, "order_id"),
        ({}, {"item_num": -1}, "item_num"),
        ({}, {"item_num": 0}, "item_num"),
        ({}, {"item_num": 2.5}, "item_num"),
        ({}, {"pay_amount": -5}, "pay_amount"),
        ({}, {"code": "", "sku_id": None}, "sku_id"),
    ],
)
def test_an_order_that_cannot_be_read_is_set_apart_with_its_field(
    sample: Sample, order: dict[str, Any], child: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldError) as raised:
        changed(sample, child, **order)
    assert raised.value.name == field
    row = sample("order_searchList_response")["shop_order_list"][0]
    bad = row | order | {"sku_order_list": [row["sku_order_list"][0] | child]}
    records, rejected = order_records([row, bad], CONFIG)
    assert len(records) == 1
    assert rejected[0].code == f"field_{field}"
    assert set(rejected[0].payload) <= {"order_status", "update_time", "create_time"}


def test_listings_with_their_prices(sample: Sample) -> None:
    product = sample("product_listV2_response")["data"][0]
    black, white, _regional = (listing_record(product, variant, CONFIG, AT) for variant in sample("sku_list_response"))
    name = "纯棉短袖T恤男夏季宽松百搭"
    assert white == ListingRecord(
        "TSHIRT-WHT-L", AT, title=f"{name} 白色 L", list_price=Decimal(59), effective_price=Decimal(59), currency="CNY"
    )
    assert black.effective_price is None
    by_id = configured(line_code="sku_id")
    told = listing_record(product | {"status": 1}, sample("sku_list_response")[0], by_id, AT)
    assert (told.code, told.code_kind, told.status) == ("1756789012345679", "sku_id", "inactive")
    assert listing_record(product | {"check_status": 5}, sample("sku_list_response")[0], CONFIG, AT).status == "banned"


def test_d24_buckets_of_stock_in_every_form(sample: Sample) -> None:
    """Normal, activity, channel, tiered, held; by region under either name of the map."""
    listed = [buckets_of(row) for row in sample("sku_list_response")]
    assert (listed[0].total, listed[0].normal, listed[0].activity, listed[0].held) == (84, 64, 20, 7)
    assert (listed[2].regional, listed[2].held_regional) == ({"WH-SH-01": 20, "WH-GZ-02": 5}, {"WH-SH-01": 1, "WH-GZ-02": 0})
    live = buckets_of(sample("sku_stockNum_response_channel_live"))
    assert (live.total, live.normal, live.channel) == (84, 34, 50)
    step = buckets_of(sample("sku_stockNum_response_step_presale"))
    assert (step.total, step.ahead, step.held) == (12, 300, 2)
    assert buckets_of(sample("sku_stockNum_response_regional")) == listed[2]
    assert buckets_of(sample("sku_stockNum_response_normal")).total == 84


def test_counts_by_warehouse(sample: Sample) -> None:
    assert stock_records(sample("sku_stockNum_response_regional"), CONFIG, AT) == [
        StockCountRecord("TSHIRT-WHT-XL", "WH-GZ-02", (("available", 5), ("reserved", 0)), AT),
        StockCountRecord("TSHIRT-WHT-XL", "SHANGHAI", (("available", 20), ("reserved", 1)), AT),
    ]
    row = sample("sku_stockNum_response_channel_live")
    assert stock_records(row, CONFIG, AT) == [
        StockCountRecord("TSHIRT-BLK-M", "", (("available", 84), ("reserved", 7)), AT)
    ]  # fmt: skip
    normal = configured(shown_stock="normal", shop_warehouse="MAIN")
    assert stock_records(row, normal, AT)[0] == StockCountRecord("TSHIRT-BLK-M", "MAIN", (("available", 34), ("reserved", 7)), AT)


@pytest.mark.parametrize("missing", ["stock_num", "normal_stock_num", "prehold_stock_num"])
def test_a_number_that_is_missing_is_never_zero(sample: Sample, missing: str) -> None:
    row = {name: value for name, value in sample("sku_stockNum_response_normal").items() if name != missing}
    with pytest.raises(FieldError, match=missing):
        stock_records(row, CONFIG, AT)
    with pytest.raises(FieldError):
        stock_records(sample("sku_stockNum_response_regional") | {"stock_num_map": {}}, CONFIG, AT)


def test_only_goods_that_came_back_are_a_return(sample: Sample, shop: FakeShop) -> None:
    """A refund before the shipment is none; what came back has the platform's reason and no buyer's words."""
    items = sample("afterSale_List_response")["items"]
    client = DouyinClient(shop.context)
    records, rejected = return_records(items, client)
    expected = ReturnRecord(
        "7012345678901234567", "SHORT-GRY-XL", 2, at(1735779600), order_external_id="6938402123456789062", reason="尺码不合适"
    )
    assert (records, rejected) == ([expected], [])
    on_its_way = {**items[0], "aftersale_info": items[0]["aftersale_info"] | {"got_pkg": 0}}
    refund_only = {**items[0], "aftersale_info": items[0]["aftersale_info"] | {"aftersale_type": 1}}
    assert return_records([on_its_way, refund_only], client) == ([], [])
    silent = {**items[0], "aftersale_info": {k: v for k, v in items[0]["aftersale_info"].items() if k != "got_pkg"}}
    assert return_records([silent], client)[0] == [replace(expected)]
    broken = {**items[0], "order_info": {"shop_order_id": "1"}}
    assert return_records([broken], client)[1][0].code == "field_related_order_info"


def test_a_line_refunded_for_want_of_stock_says_so_while_the_order_goes_on(sample: Sample) -> None:
    """Its demand was real: only the reason tells."""
    row = sample("order_searchList_response")["shop_order_list"][0]
    first = row["sku_order_list"][0]
    refunded = {"after_sale_info": {"after_sale_status": 12, "after_sale_type": 2, "refund_status": 3}, "cancel_reason": "商家缺货"}
    other = first | {"order_id": f"{first['order_id']}9"}
    record = order_record(row | {"sku_order_list": [first | refunded, other]}, CONFIG)
    assert (record.status, record.cancel_reason) == ("paid", "stock_out")
    assert [line.status for line in record.lines] == ["cancelled", "paid"]
