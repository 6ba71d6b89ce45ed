"""product.*: all of them by page, and one with its SKUs."""

from __future__ import annotations

from typing import Any, Final

from stockhub_douyin.fake.catalogue import number_of, paging, range_of
from stockhub_douyin.fake.failures import invalid
from stockhub_douyin.fake.world import World

_DEPTH: Final = 10_000
_MOST_IDS: Final = 100


def listed(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Pages count from 1 to 100; page × size is at most 10,000, beyond which `use_cursor` with `cursor_id` goes on.

    Windows of time are open: neither end belongs to them.
    """
    by_cursor = params.get("use_cursor") in (True, "true")
    page, size = paging({"size": params.get("size", 10)} if by_cursor else params, first=1, most_pages=100, depth=_DEPTH)
    rows = world.catalogue.products_in_order(number_of(params, "cursor_id", 0) if by_cursor else 0)
    rows = [p for p in rows if number_of(params, "status", p.status) == p.status]
    rows = [p for p in rows if number_of(params, "check_status", p.check_status) == p.check_status]
    if ids := params.get("product_id"):
        wanted = ids if isinstance(ids, list) else [ids]
        if len(wanted) > _MOST_IDS:
            raise invalid("product_id 最多100个")
        numbers = {number_of({"product_id": value}, "product_id") for value in wanted}
        rows = [p for p in rows if p.product_id in numbers]
    if name := params.get("name"):
        rows = [p for p in rows if str(name) in p.name]
    for first, last, attribute in (("start_time", "end_time", "created"), ("update_start_time", "update_end_time", "updated")):
        if first in params or last in params:
            start, end = range_of(params, first, last)
            rows = [p for p in rows if start < getattr(p, attribute) < end]
    offset = 0 if by_cursor else (page - 1) * size
    shown = rows[offset : offset + size]
    answer: dict[str, Any] = {"data": [p.shown() for p in shown], "total": len(rows), "page": page, "size": size}
    if by_cursor:
        answer["cursor_id"] = str(shown[-1].product_id) if shown else ""
    return answer


def detail(world: World, params: dict[str, Any]) -> dict[str, Any]:
    product = world.catalogue.product_of(params)
    return product.shown() | {
        "reduce_type": product.reduce_stock_type, "presell_type": 0, "presell_config_level": 0, "presell_delay": 0, "presell_end_time": 0,
        "presell_delivery_type": 0, "delivery_delay_day": 2, "spec_prices": [sku.shown_in_product() for sku in product.skus],
    }  # fmt: skip
