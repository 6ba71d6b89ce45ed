"""An order as the platform tells it, as the record that StockHub takes. Only what is named here leaves the plugin: no buyer's data do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from stockhub.pluginapi import OrderLineRecord, OrderRecord
from stockhub.pluginapi.connectors import Rejected
from stockhub_douyin.account import BundleLines, DouyinAccountConfig, LineCode
from stockhub_douyin.fields import (
    Facts,
    FieldError,
    count,
    each_of,
    identifier,
    identifier_or_none,
    instant,
    instant_or_none,
    text_of,
    whole,
    whole_or,
    yuan,
)

CREATED: Final = "created"
CANCELLED: Final = "cancelled"
LEFT: Final = frozenset(("shipped", "completed"))
#: Only a deposit was paid: the order may still come to nothing, and its day of shipment counts from the rest.
DEPOSIT_PAID: Final = 103
#: An after-sale of before the shipment (仅退款) that succeeded.
_REFUND_BEFORE_SHIPMENT, _AFTER_SALE_DONE = 2, 12
_CLOUD_WAREHOUSE: Final = 2
_PRESALES: Final = {1: "full", 2: "step"}
#: An opaque id, and no telephone number: Douyin's are longer than any.
_OPEN_ID: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9@#+/=_.\-]{16,120}")
_PROVINCE: Final = re.compile(r"[一-鿿A-Za-z ]{2,20}")

#: A record's version is the second of its last change.
VERSIONS_A_SECOND: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Line:
    record: OrderLineRecord
    presale: str
    is_cloud: bool
    is_cancelled: bool


def order_record(order: Facts, config: DouyinAccountConfig) -> OrderRecord:
    """The record of one order. FieldError where what matters of it cannot be read."""
    status = _status(order, config)
    deposit = whole(order, "order_status") == DEPOSIT_PAID or bool(order.get("order_phase_list"))
    lines = [line for child in _children(order) for line in _lines(child, config)]
    if lines and all(line.is_cancelled for line in lines):
        status = CANCELLED
    is_cancelled = status == CANCELLED
    updated_at = instant(order, "update_time")
    waits_for_rest = whole(order, "order_status") == DEPOSIT_PAID
    shipped_at = _shipped_at(order)
    room, author = _live(order)
    return OrderRecord(
        external_id=identifier(order, "order_id"),
        status=status,
        ordered_at=instant(order, "create_time"),
        currency="CNY",
        lines=tuple(_told(line, has_left=shipped_at is not None and not is_cancelled) for line in lines),
        version=int(updated_at.timestamp()) * VERSIONS_A_SECOND,
        presale_kind=_presale(lines, is_deposit=deposit),
        fulfilled_by="platform" if lines and all(line.is_cloud for line in lines) else "merchant",
        paid_at=None if waits_for_rest else instant_or_none(order, "pay_time"),
        ship_by_at=None if waits_for_rest else instant_or_none(order, "exp_ship_time"),
        shipped_at=shipped_at,
        cancelled_at=(instant_or_none(order, "finish_time") or updated_at) if is_cancelled else None,
        cancel_reason=_reason(order, lines, config, is_cancelled=is_cancelled),
        buyer=_buyer(order),
        province=_province(order),
        live_room=room,
        live_author=author,
    )


def order_records(orders: Sequence[Facts], config: DouyinAccountConfig) -> tuple[list[OrderRecord], list[Rejected]]:
    """Records, and what could not be read, with what may be kept of it."""
    records: list[OrderRecord] = []
    rejected: list[Rejected] = []
    for order in orders:
        try:
            records.append(order_record(order, config))
        except FieldError as error:
            kept = {name: order[name] for name in ("order_status", "update_time", "create_time") if type(order.get(name)) is int}
            rejected.append(Rejected(identifier_or_none(order, "order_id"), f"field_{error.name}"[:60], error.message, kept))
    return records, rejected


def line_code(row: Facts, config: DouyinAccountConfig, *id_fields: str) -> tuple[str, str]:
    """The code of a variant and what kind of code it is, as the account wants it."""
    code = text_of(row, "code", 120) if config.line_code is LineCode.MERCHANT_CODE else ""
    return (code, "sku") if code else (identifier(row, *id_fields), "sku_id")


def _shipped_at(order: Facts) -> datetime | None:
    """When the order left; of one of which a part has left, when its first part did."""
    told = instant_or_none(order, "ship_time")
    parts = [at for child in _children(order) if (at := instant_or_none(child, "ship_time"))]
    return told or min(parts, default=None)


def _status(row: Facts, config: DouyinAccountConfig) -> str:
    number = whole(row, "order_status")
    try:
        return config.order_statuses[number]
    except KeyError:
        message = f"order_status {number} is not known: say in the account's configuration what it means."
        raise FieldError("order_status", message) from None


def _children(order: Facts) -> Sequence[Facts]:
    children = order.get("sku_order_list")
    if not isinstance(children, list) or not children or any(not isinstance(child, dict) for child in children):
        raise FieldError("sku_order_list", "The order has no lines.")
    return children


def _lines(child: Facts, config: DouyinAccountConfig) -> list[_Line]:
    """The line that was sold; the parts of a set instead, where the account wants them."""
    qty = count(child, "item_num")
    if not qty:
        raise FieldError("item_num", "item_num is 0.")
    is_refunded = _is_refunded_unshipped(child)
    code, kind = line_code(child, config, "sku_id")
    is_gift = child.get("given_product_type") == "FREE"
    record = OrderLineRecord(
        code=code,
        code_kind=kind,
        qty=qty,
        unit_price=each_of(yuan(child, "pay_amount"), qty),
        line_id=identifier(child, "order_id"),
        status=CANCELLED if is_refunded else _status(child, config),
        kind="gift" if is_gift else "",
        warehouse=_warehouse(child, config),
        master_line=_master_line(child) if is_gift else "",
    )
    stores = [each for each in child.get("inventory_list") or () if isinstance(each, dict)]
    is_cloud = bool(stores) and all(whole_or(each, "warehouse_type", 0) == _CLOUD_WAREHOUSE for each in stores)
    line = _Line(record, _PRESALES.get(whole_or(child, "pre_sale_type", 0), ""), is_cloud, record.status == CANCELLED)
    parts = child.get("bundle_sku_info")
    if config.bundle_lines is BundleLines.PARTS and isinstance(parts, list) and parts:
        return [replace(line, record=_part(record, part, config)) for part in parts]
    return [line]


def _part(whole_set: OrderLineRecord, part: Facts, config: DouyinAccountConfig) -> OrderLineRecord:
    """A part of a set: units of it in one set, and no price of its own."""
    code, kind = line_code(part, config, "sku_id")
    units = max(whole_or(part, "item_num", 1), 1)
    return replace(
        whole_set, code=code, code_kind=kind, qty=whole_set.qty * units, unit_price=None, master_line=whole_set.line_id,
        line_id=f"{whole_set.line_id}/{identifier(part, 'sku_id')}",
    )  # fmt: skip


def _told(line: _Line, *, has_left: bool) -> OrderLineRecord:
    """A line that was cancelled in an order of which another one has left never left itself: it is out of the order."""
    if has_left and line.is_cancelled:
        return replace(line.record, kind="excluded")
    return line.record


def _is_refunded_unshipped(child: Facts) -> bool:
    after_sale = child.get("after_sale_info")
    if not isinstance(after_sale, dict):
        return False
    kind, status = whole_or(after_sale, "after_sale_type", 0), whole_or(after_sale, "after_sale_status", 0)
    return (kind, status) == (_REFUND_BEFORE_SHIPMENT, _AFTER_SALE_DONE)


def _warehouse(child: Facts, config: DouyinAccountConfig) -> str:
    """The warehouse that the account has a code for; a line that several ship from names none."""
    names = {str(each.get("out_warehouse_id") or "") for each in child.get("inventory_list") or () if isinstance(each, dict)}
    return config.warehouse_codes.get(names.pop(), "") if len(names) == 1 else ""


def _master_line(child: Facts) -> str:
    for each in child.get("master_sku_order_id_list") or ():
        row = each if isinstance(each, dict) else {"id": each}
        found = identifier_or_none(row, "id", "master_sku_order_id", "sku_order_id", "order_id")
        if found:
            return found
    return ""


def _presale(lines: Sequence[_Line], *, is_deposit: bool) -> str:
    """An order is a presale where all of it is: what can ship today takes stock of today."""
    if is_deposit:
        return "deposit"
    sold = [line for line in lines if line.record.kind != "gift"] or list(lines)
    return sold[0].presale if sold and all(line.presale for line in sold) else ""


def _reason(order: Facts, lines: Sequence[_Line], config: DouyinAccountConfig, *, is_cancelled: bool) -> str:
    """Of an order that goes on, only what makes the demand of a cancelled line real: that the goods were not there, or were late."""
    if not is_cancelled and not any(line.is_cancelled for line in lines):
        return ""
    said = _cancel_reason(order, config)
    return said if is_cancelled or said in ("stock_out", "late_shipment") else ""


def _cancel_reason(order: Facts, config: DouyinAccountConfig) -> str:
    """One word of ours: the text is free, and may say anything."""
    text = str(order.get("cancel_reason") or "") + "".join(str(child.get("cancel_reason") or "") for child in _children(order))
    # Who says that something else is to blame names no stock-out: words are looked for in this order.
    if any(word in text for word in config.stock_out_words):
        return "stock_out"
    if any(word in text for word in config.late_words):
        return "late_shipment"
    return "unpaid" if instant_or_none(order, "pay_time") is None else "other"


def _buyer(order: Facts) -> str:
    for name in ("doudian_open_id", "open_id"):
        value = order.get(name)
        if isinstance(value, str) and _OPEN_ID.fullmatch(value):
            return value
    return ""


def _province(order: Facts) -> str:
    found: Any = order
    for name in ("post_addr", "province", "name"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) and _PROVINCE.fullmatch(found) else ""


def _live(order: Facts) -> tuple[str, str]:
    """Room and author (达人) of the first line that has one: ids as text, no names."""
    for child in _children(order):
        room, author = identifier_or_none(child, "room_id_str", "room_id"), identifier_or_none(child, "author_id_str", "author_id")
        if room or author:
            return room, author
    return "", ""
