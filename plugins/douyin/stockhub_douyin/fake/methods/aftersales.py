"""afterSale.*: by window of their last change, and one by one."""

from __future__ import annotations

from typing import Any

from stockhub_douyin.fake.aftersales import RETURNED, Case
from stockhub_douyin.fake.catalogue import number_of, paging, range_of
from stockhub_douyin.fake.failures import ControlError, invalid, refused
from stockhub_douyin.fake.world import World


def listed(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Pages count from 0. `order_by` is a list such as ["update_time asc"]; the newest come first without it."""
    page, size = paging(params, first=0, most_pages=None, depth=world.settings.order_depth)
    rows = world.cases.window(*range_of(params, "update_start_time", "update_end_time"))
    if "start_time" in params or "end_time" in params:
        start, end = range_of(params, "start_time", "end_time")
        rows = [case for case in rows if start <= case.applied <= end]
    if (kind := params.get("aftersale_type")) is not None:
        rows = [case for case in rows if case.kind == number_of({"aftersale_type": kind}, "aftersale_type")]
    if params.get("order_by") != ["update_time asc"]:
        rows = rows[::-1]
    shown = rows[page * size : (page + 1) * size]
    has_more = (page + 1) * size < len(rows)
    return {"items": [case.shown() for case in shown], "has_more": has_more, "total": len(rows), "page": page, "size": len(shown)}


def detail(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """`process_info` holds the case, `order_info` the order; what stands where is inferred."""
    shown = _case(world, params).shown()
    return {"order_info": shown["order_info"], "process_info": {"after_sale_info": shown["aftersale_info"]}}


def received(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """The seller counted what came back: the refund goes through."""
    case = _case(world, params)
    if case.status != RETURNED:
        raise refused("售后单状态不允许")
    try:
        world.step_case(case, "succeed")
    except ControlError as error:
        raise refused(str(error)) from None
    return {}


def _case(world: World, params: dict[str, Any]) -> Case:
    case = world.cases.get(number_of(params, "aftersale_id" if "aftersale_id" in params else "after_sale_id"))
    if case is None:
        raise invalid("售后单不存在")
    return case
