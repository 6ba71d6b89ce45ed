"""sku.syncStock*: whole numbers or differences, once for each id that makes them idempotent."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from stockhub_douyin.fake.catalogue import number_of
from stockhub_douyin.fake.failures import PlatformError, failure, invalid, missing
from stockhub_douyin.fake.goods import Sku
from stockhub_douyin.fake.world import World

_MOST_SKUS: Final = 50


def sync(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """One SKU. A difference needs an `idempotent_id`; without `incremental` the number is overwritten."""
    incremental = _is_incremental(params)
    _look_at_id(world, params, needed=incremental)
    sku = world.catalogue.sku_of(params)
    step = number_of(params, "step_stock_num") if "step_stock_num" in params else None
    sku.set_stock(number_of(params, "stock_num"), warehouse=_warehouse(world, params), step=step, incremental=incremental)
    _keep_id(world, params)
    return {}


def sync_batch(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """SKUs of one product: all or none."""
    incremental = _is_incremental(params)
    _look_at_id(world, params, needed=incremental)
    product = world.catalogue.product_of(params)
    rows = _rows(params, "sku_sync_list")

    def apply() -> None:
        for row in rows:
            sku = world.catalogue.sku_of({"product_id": product.product_id, **row})
            if "stock_map" in row:
                for place in row["stock_map"]:
                    sku.set_stock(number_of(place, "stock_num"), warehouse=_warehouse(world, place), incremental=incremental)
            else:
                step = number_of(row, "step_stock_num") if "step_stock_num" in row else None
                sku.set_stock(number_of(row, "stock_num"), step=step, incremental=incremental)

    _all_or_none(product.skus, apply)
    _keep_id(world, params)
    return {}


def sync_many_products(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """At most 50 SKUs of any products. With `allow_partial_success` those that can be done are; otherwise all or none."""
    if "incremental" not in params:
        raise missing("incremental")
    incremental = _is_incremental(params)
    _look_at_id(world, params, needed=True)
    rows = _rows(params, "items")
    if len(rows) > _MOST_SKUS:
        raise invalid(f"items 最多{_MOST_SKUS}个")
    results: list[dict[str, Any]] = []

    def apply() -> None:
        results.extend(_sync_row(world, row, incremental=incremental) for row in rows)
        if not params.get("allow_partial_success") and any(r["status_code"] for r in results):
            raise failure("partial", data={"results": results})

    _all_or_none([sku for row in rows if (sku := _known(world, row))], apply)
    _keep_id(world, params)
    if any(r["status_code"] for r in results):
        raise failure("partial", data={"results": results})
    return {"results": results}


def _sync_row(world: World, row: dict[str, Any], *, incremental: bool) -> dict[str, Any]:
    change, ahead, problem, sku, warehouse = 0, 0, "", None, ""
    try:
        sku = world.catalogue.sku_of(row)
        warehouse = _warehouse(world, row)
        step = number_of(row, "step_stock_num") if "step_stock_num" in row else None
        change, ahead = sku.set_stock(number_of(row, "stock_num"), warehouse=warehouse, step=step, incremental=incremental)
    except PlatformError as error:
        problem = error.sub_msg
    shown = 0 if sku is None else sku.regional.get(warehouse, 0) if warehouse else sku.stock_num
    return {
        "sku_id": sku.sku_id if sku else number_of(row, "sku_id", 0),
        "warehouse_id": world.catalogue.warehouses[warehouse].warehouse_id if warehouse else 0,
        "stock_num": shown, "step_stock_num": sku.step if sku else 0, "change_num": change, "step_change_num": ahead,
        "status_code": int(bool(problem)), "status_message": problem,
    }  # fmt: skip


def _all_or_none(skus: list[Sku], apply: Callable[[], None]) -> None:
    before = [(sku, sku.normal, sku.step, copy.copy(sku.regional)) for sku in skus]
    try:
        apply()
    except PlatformError:
        for sku, normal, step, regional in before:
            sku.normal, sku.step, sku.regional = normal, step, regional
        raise


def _known(world: World, row: dict[str, Any]) -> Sku | None:
    try:
        return world.catalogue.sku_of(row)
    except PlatformError:
        return None


def _rows(params: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = params.get(name)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise missing(name)
    return rows


def _is_incremental(params: dict[str, Any]) -> bool:
    return params.get("incremental", False) in (True, "true", 1)


def _warehouse(world: World, row: dict[str, Any]) -> str:
    code = str(row.get("out_warehouse_id") or "")
    if code and code not in world.catalogue.warehouses:
        raise invalid("仓库不存在")
    return code


def _look_at_id(world: World, params: dict[str, Any], *, needed: bool) -> None:
    key = str(params.get("idempotent_id") or "")
    if needed and not key:
        raise missing("idempotent_id")
    if key in world.idempotent_ids:
        raise failure("idempotent_dup")


def _keep_id(world: World, params: dict[str, Any]) -> None:
    """Only what was done uses the id up."""
    if key := str(params.get("idempotent_id") or ""):
        world.idempotent_ids.add(key)
