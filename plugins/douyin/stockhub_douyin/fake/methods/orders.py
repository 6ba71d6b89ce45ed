"""order.*: by window of time, and one by one."""

from __future__ import annotations

from typing import Any

from stockhub_douyin.fake.catalogue import number_of, paging, range_of
from stockhub_douyin.fake.failures import invalid, missing
from stockhub_douyin.fake.order_answers import shown_order
from stockhub_douyin.fake.orders import Order
from stockhub_douyin.fake.world import World


def search(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Pages count from 0. `combine_status` takes one element, whose statuses are separated by commas."""
    page, size = paging(params, first=0, most_pages=None, depth=world.settings.order_depth)
    by_creation, start, end = _window(params)
    ascending = params.get("order_asc", False) in (True, "true", 1)
    statuses, presale = _statuses(params), params.get("presell_type")
    orders = world.orders
    if statuses is None and presale is None:
        total, rows = orders.window(start, end, by_creation=by_creation, ascending=ascending, offset=page * size, size=size)
    else:
        everything, found = orders.window(start, end, by_creation=by_creation, ascending=ascending, offset=0, size=len(orders))
        kept = [o for o in found[:everything] if _is_wanted(o, statuses, presale)]
        total, rows = len(kept), kept[page * size : (page + 1) * size]
    numbers = {code: warehouse.warehouse_id for code, warehouse in world.catalogue.warehouses.items()}
    return {"page": page, "total": total, "size": size, "shop_order_list": [shown_order(o, world.settings, numbers) for o in rows]}


def _window(params: dict[str, Any]) -> tuple[bool, int, int]:
    """Whether the window is of creation, and its ends. The order of rows is that of `order_by`, which has to be the window's."""
    order_by = str(params.get("order_by", "create_time"))
    if order_by not in ("create_time", "update_time"):
        raise invalid("order_by 只能是 create_time 或 update_time")
    created, updated = range_of(params, "create_time_start", "create_time_end"), range_of(params, "update_time_start", "update_time_end")
    if order_by == "create_time" and "create_time_start" not in params and "update_time_start" in params:
        return False, *updated
    return (True, *created) if order_by == "create_time" else (False, *updated)


def _statuses(params: dict[str, Any]) -> set[int] | None:
    wanted = params.get("combine_status")
    if wanted is None:
        return None
    if not isinstance(wanted, list) or len(wanted) != 1 or not isinstance(wanted[0], dict):
        raise invalid("combine_status 只支持一个元素")
    texts = f"{wanted[0].get('order_status', '')},{wanted[0].get('main_status', '')}".split(",")
    return {number_of({"combine_status": text}, "combine_status") for text in texts if text.strip()}


def _is_wanted(order: Order, statuses: set[int] | None, presale: object) -> bool:
    if statuses is not None and int(order.status) not in statuses:
        return False
    if presale is None:
        return True
    kinds = {2 if order.deposit else line.presale_kind for line in order.lines}
    return number_of({"presell_type": presale}, "presell_type") in kinds


def detail(world: World, params: dict[str, Any]) -> dict[str, Any]:
    if "shop_order_id" not in params:
        raise missing("shop_order_id")
    order = world.orders.get(number_of(params, "shop_order_id"))
    if order is None:
        raise invalid("订单不存在")
    numbers = {code: warehouse.warehouse_id for code, warehouse in world.catalogue.warehouses.items()}
    return {"shop_order_detail": shown_order(order, world.settings, numbers)}
