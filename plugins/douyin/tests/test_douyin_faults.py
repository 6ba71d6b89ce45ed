"""Promise 12: whatever the platform answers ends in an error that the host knows; no number is made up, and the page comes whole later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stockhub.pluginapi.connectors import ConnectorError, ReadRequest, ThrottledError, UnavailableError, UnreadableAnswerError
from stockhub_douyin.fake_shop import FakeShop

UNANSWERED = ["error_500", "html_503", "no_answer", "reset"]
UNREADABLE = ["garbage", "empty_200", "html_200", "no_object", "null_data", "empty_page", "gzip_bomb"]


def orders(shop: FakeShop, count: int = 30) -> set[str]:
    shop.control("products", name="P", out_id="P", skus=[{"code": "P-1", "normal": 10_000}])
    return set(shop.control("orders", lines=[{"code": "P-1", "qty": 2}], count=count, pay=True)["order_ids"])


def read(shop: FakeShop, kind: str = "orders") -> tuple[list[Any], list[Any]]:
    request = ReadRequest(since=shop.now() - timedelta(hours=2)) if kind == "orders" else ReadRequest()
    pages = list(getattr(shop.connector, f"read_{kind}")(request, shop.context))
    return [record for page in pages for record in page.records], [each for page in pages for each in page.rejected]


@pytest.mark.parametrize("mode", UNANSWERED)
def test_no_answer_is_tried_again_later(shop: FakeShop, mode: str) -> None:
    made = orders(shop)
    shop.platform.http.timeout = 0.5
    shop.control("faults", mode=mode, method="order.searchList", times=2)
    with pytest.raises(UnavailableError):
        read(shop)
    shop.control("faults", clear=True)
    shop.platform.http.close()
    shop.platform.http.timeout = 10
    assert {record.external_id for record in read(shop)[0]} == made


@pytest.mark.parametrize("mode", UNREADABLE)
def test_an_answer_that_cannot_be_read_is_no_empty_shop(shop: FakeShop, mode: str) -> None:
    made = orders(shop)
    shop.control("faults", mode=mode, method="order.searchList", after=1)
    with pytest.raises((UnreadableAnswerError, UnavailableError)):
        read(shop)
    assert {record.external_id for record in read(shop)[0]} == made


def test_a_throttle_says_for_how_long(shop: FakeShop) -> None:
    orders(shop)
    shop.control("faults", mode="too_many_requests", method="order.searchList", retry_after="12")
    with pytest.raises(ThrottledError) as throttled:
        read(shop)
    assert throttled.value.after_seconds in (12.0, None)


@pytest.mark.parametrize("mode", ["short_page", "duplicate_rows", "repeated_page", "endless"])
@pytest.mark.parametrize("count", [30, 250])
def test_pages_that_are_not_as_they_should_be_lose_no_order(shop: FakeShop, mode: str, count: int) -> None:
    """Either all is told, some of it twice, or it is an error and the page comes again."""
    made = orders(shop, count)
    shop.control("faults", mode=mode, method="order.searchList", after=1)
    try:
        told = {record.external_id for record in read(shop)[0]}
    except ConnectorError:
        told = {record.external_id for record in read(shop)[0]}
    assert told >= made


@pytest.mark.parametrize("mode", ["nan", "negative", "future", "huge", "text_for_number", "renamed_fields", "missing_fields"])
def test_numbers_that_are_none_are_never_told(shop: FakeShop, mode: str) -> None:
    made = orders(shop)
    shop.control("faults", mode=mode, method="order.searchList", after=1)
    try:
        records, rejected = read(shop)
    except UnreadableAnswerError:
        records, rejected = read(shop)
    assert {record.external_id for record in records} | {each.external_id for each in rejected} >= made
    for record in records:
        assert all(line.qty == 2 or mode == "huge" for line in record.lines)


@pytest.mark.parametrize(
    "mode", ["nan", "negative", "text_for_number", "renamed_fields", "missing_fields", "empty_200", "null_data", "html_200"]
)
def test_stock_that_is_not_told_is_never_zero(shop: FakeShop, mode: str) -> None:
    right = {(record.code, record.warehouse): record.quantities for record in read(shop, "stock")[0]}
    shop.control("faults", mode=mode, method="sku.list")
    try:
        records, _rejected = read(shop, "stock")
    except ConnectorError:
        records, _rejected = read(shop, "stock")
    for record in records:
        assert record.quantities == right[record.code, record.warehouse]


@pytest.mark.parametrize("mode", ["short_page", "empty_page"])
def test_a_short_page_of_products_loses_none(shop: FakeShop, mode: str) -> None:
    codes = {record.code for record in read(shop, "listings")[0]}
    shop.control("faults", mode=mode, method="product.listV2")
    with pytest.raises(UnreadableAnswerError):
        read(shop, "listings")
    assert {record.code for record in read(shop, "listings")[0]} == codes
