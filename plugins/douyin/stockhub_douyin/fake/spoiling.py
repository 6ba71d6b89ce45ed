"""Answers that are spoiled on demand: rows that lack, come twice, hold absurd values or have other names."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final

from stockhub_douyin.fake.faults import Fault

#: Where each method's rows stand in its `data`; empty where `data` is the list itself.
ROWS_OF: Final = {
    "order.searchList": "shop_order_list", "product.listV2": "data", "afterSale.List": "items", "sku.list": "",
    "warehouse.list": "warehouses", "product.detail": "spec_prices", "sku.syncStockBatchMultiProducts": "results",
}  # fmt: skip
#: Which number a fault spoils unless it says.
_NUMBERS: Final = {
    "order.searchList": "item_num", "order.orderDetail": "item_num", "sku.list": "stock_num", "sku.stockNum": "stock_num",
    "afterSale.List": "aftersale_num", "product.listV2": "update_time", "shop.reputation": "shop_score", "sku.detail": "stock_num",
}  # fmt: skip
#: Which name a fault changes unless it says.
_NAMES: Final = {
    "order.searchList": "sku_order_list", "order.orderDetail": "sku_order_list", "sku.list": "stock_num", "sku.stockNum": "stock_num",
    "afterSale.List": "aftersale_info", "product.listV2": "product_id", "warehouse.list": "out_warehouse_id",
    "shop.reputation": "shop_score",
}  # fmt: skip
_TIMES: Final = ("create_time", "update_time", "pay_time", "apply_time")
_FAR: Final = 10 * 365 * 86_400


def spoiled(method: str, data: Any, fault: Fault) -> Any:  # noqa: ANN401 - any JSON value
    """`data` as the fault would have it. What is given is not changed."""
    if fault.mode == "null_data":
        return None
    data = copy.deepcopy(data)
    if fault.mode in ("short_page", "empty_page", "duplicate_rows", "endless"):
        _spoil_rows(method, data, fault)
        return data
    name = str(fault.options.get("field") or "")
    for row in _rows(method, data)[: int(fault.options.get("rows", 1))]:
        _VALUES[fault.mode](row, name or (_NAMES if fault.mode in ("renamed_fields", "missing_fields") else _NUMBERS).get(method, ""))
    return data


def _rows(method: str, data: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    key = ROWS_OF.get(method)
    if key is None:
        return [data]
    rows = data if key == "" else data.get(key)
    return rows if isinstance(rows, list) else [data]


def _spoil_rows(method: str, data: Any, fault: Fault) -> None:  # noqa: ANN401 - any JSON value
    rows = _rows(method, data)
    if fault.mode == "short_page":
        del rows[max(len(rows) - int(fault.options.get("rows", 1)), 0) :]
    elif fault.mode == "empty_page":
        rows.clear()
    elif fault.mode == "duplicate_rows":
        rows.extend(copy.deepcopy(rows[: int(fault.options.get("rows", len(rows)))]))
    elif isinstance(data, dict):
        data["total"] = 10**9
        data["has_more"] = True


def _each(value: Any, name: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    """All objects in it that have a field of the name."""
    if isinstance(value, dict):
        if name in value:
            yield value
        for inner in list(value.values()):
            yield from _each(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _each(inner, name)


def _set(row: Any, name: str, value: object) -> None:  # noqa: ANN401 - any JSON value
    for holder in _each(row, name):
        holder[name] = value


def _negate(row: Any, name: str) -> None:  # noqa: ANN401 - any JSON value
    for holder in _each(row, name):
        holder[name] = -abs(int(float(holder[name]))) - 1


def _rename(row: Any, name: str) -> None:  # noqa: ANN401 - any JSON value
    for holder in _each(row, name):
        holder[f"{name}_v2"] = holder.pop(name)


def _remove(row: Any, name: str) -> None:  # noqa: ANN401 - any JSON value
    for holder in _each(row, name):
        del holder[name]


def _postpone(row: Any, name: str) -> None:  # noqa: ANN401, ARG001 - as the others
    for time_name in _TIMES:
        for holder in _each(row, time_name):
            if holder[time_name]:
                holder[time_name] += _FAR


_VALUES: Final[dict[str, Callable[[Any, str], None]]] = {
    "nan": lambda row, name: _set(row, name, float("nan")),
    "huge": lambda row, name: _set(row, name, 10**30),
    "text_for_number": lambda row, name: _set(row, name, "一些"),
    "negative": _negate,
    "renamed_fields": _rename,
    "missing_fields": _remove,
    "future": _postpone,
}
