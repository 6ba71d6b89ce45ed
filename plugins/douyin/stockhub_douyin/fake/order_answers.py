"""Orders as the platform shows them."""

from __future__ import annotations

from typing import Any, Final

from stockhub_douyin.fake import templates
from stockhub_douyin.fake.orders import STATUS_NAMES, Line, LiveRoom, Order, Status
from stockhub_douyin.fake.settings import FakeSettings

_NO_ROOM: Final = LiveRoom(0, 0, "")
_SECOND_PHASE_AFTER: Final = 10 * 86_400


def shown_order(order: Order, settings: FakeSettings, warehouses: dict[str, int]) -> dict[str, Any]:
    """`warehouses`: the platform's number of each warehouse code."""
    paid = order.amount
    return templates.ORDER | _status(order.status) | {
        "shop_id": settings.shop_id, "shop_name": settings.shop_name, "order_id": str(order.order_id), "pay_time": order.paid,
        "finish_time": order.finished, "create_time": order.created, "update_time": order.updated, "cancel_reason": order.cancel_reason,
        "order_amount": order.amount, "pay_amount": paid, "exp_ship_time": order.promised, "ship_time": order.shipped,
        "order_expire_time": settings.unpaid_seconds, "logistics_info": _parcels(order),
        "sku_order_list": [_line(line, order, warehouses) for line in order.lines], "order_phase_list": _phases(order),
        "encrypt_post_receiver": settings.buyer_name, "encrypt_post_tel": settings.buyer_phone,
        "mask_post_receiver": settings.buyer_name, "mask_post_tel": settings.buyer_phone, "buyer_words": f"请送到{settings.buyer_address}",
        "post_addr": templates.ORDER["post_addr"] | {"detail": settings.buyer_address, "encrypt_detail": settings.buyer_address},
        "doudian_open_id": f"#open#{order.order_id % 9973}",
    }  # fmt: skip


def _status(status: Status) -> dict[str, Any]:
    name = STATUS_NAMES[status]
    return {"order_status": int(status), "order_status_desc": name, "main_status": int(status), "main_status_desc": name}


def _line(line: Line, order: Order, warehouses: dict[str, int]) -> dict[str, Any]:
    sku, room = line.sku, order.live or _NO_ROOM
    is_live = order.live is not None
    return templates.ORDER_LINE | _status(line.status) | {
        "order_id": str(line.order_id), "parent_order_id": str(order.order_id), "pay_time": order.paid, "finish_time": order.finished,
        "create_time": order.created, "update_time": line.updated, "cancel_reason": order.cancel_reason,
        "author_id": room.author_id, "author_name": room.author_name, "room_id": room.room_id, "room_id_str": str(room.room_id),
        "theme_type": "1" if is_live else "0", "theme_type_desc": "直播间" if is_live else "其他", "ad_env_type": "live" if is_live else "",
        "c_biz": 2 if is_live else 8, "c_biz_desc": "精选联盟" if is_live else "小店自卖",
        "order_amount": line.amount, "pay_amount": line.amount, "sum_amount": line.amount, "origin_amount": line.price,
        "code": sku.code, "sku_id": sku.sku_id, "product_id": sku.product.product_id, "product_id_str": str(sku.product.product_id),
        "product_name": sku.product.name, "spec": [{"name": "颜色", "value": sku.spec[0]}, {"name": "尺码", "value": sku.spec[1]}],
        "item_num": line.qty, "exp_ship_time": order.promised, "ship_time": line.shipped, "pre_sale_type": line.presale_kind,
        "trade_type": 2 if order.deposit else 0, "trade_type_desc": "定金预售" if order.deposit else "普通",
        "reduce_stock_type": sku.product.reduce_stock_type,
        "reduce_stock_type_desc": "下单减库存" if sku.product.reduce_stock_type == 1 else "支付减库存",
        "inventory_list": _inventory(line, warehouses),
        "given_product_type": "FREE" if line.gift_of else "MASTER" if _has_gift(line, order) else "",
        "master_sku_order_id_list": [str(line.gift_of)] if line.gift_of else [],
        "after_sale_info": dict(zip(("after_sale_status", "after_sale_type", "refund_status"), line.after_sale, strict=True)),
    }  # fmt: skip


def _has_gift(line: Line, order: Order) -> bool:
    return any(other.gift_of == line.order_id for other in order.lines)


def _inventory(line: Line, warehouses: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for bucket, units in line.taken or [("normal", line.qty)]:
        _name, _colon, warehouse = bucket.partition(":")
        row = templates.INVENTORY | {"count": units}
        if warehouse:
            row |= {
                "warehouse_id": str(warehouses.get(warehouse, 0)), "out_warehouse_id": warehouse, "inventory_type": 2,
                "inventory_type_desc": "区域库存",
            }  # fmt: skip
        rows.append(row)
    return rows


def _parcels(order: Order) -> list[dict[str, Any]]:
    by_number: dict[str, list[Line]] = {}
    for line in order.lines:
        if line.tracking:
            by_number.setdefault(line.tracking, []).append(line)
    return [
        templates.PARCEL | {
            "tracking_no": number, "ship_time": lines[0].shipped, "delivery_id": f"{order.order_id}_{n}",
            "product_info": [_parcel_line(line) for line in lines],
        }
        for n, (number, lines) in enumerate(by_number.items(), 1)
    ]  # fmt: skip


def _parcel_line(line: Line) -> dict[str, Any]:
    sku = line.sku
    return templates.PARCEL_LINE | {
        "product_name": sku.product.name, "price": line.price, "outer_sku_id": sku.code, "sku_id": sku.sku_id, "product_count": line.qty,
        "sku_specs": [{"name": "颜色", "value": sku.spec[0]}, {"name": "尺码", "value": sku.spec[1]}],
        "product_id": sku.product.product_id, "product_id_str": str(sku.product.product_id), "sku_order_id": str(line.order_id),
    }  # fmt: skip


def _phases(order: Order) -> list[dict[str, Any]]:
    if not order.deposit:
        return []
    first = order.lines[0]
    rest = order.amount - order.deposit
    parts = ((1, order.deposit, order.deposit_paid, order.created), (2, rest, order.paid, order.created + _SECOND_PHASE_AFTER))
    return [
        templates.ORDER_PHASE | {
            "phase_order_id": str(order.order_id + 5 + number), "current_phase": number, "pay_success": bool(paid), "phase_pay_time": paid,
            "sku_order_id": str(first.order_id), "phase_payable_price": cents, "phase_order_amount": cents, "phase_sum_amount": cents,
            "phase_pay_amount": cents if paid else 0, "phase_pay_type": int(bool(paid)), "phase_open_time": opens,
            "phase_close_time": opens + 86_400, "channel_payment_no": "420000x" if paid else "", "sku_price": first.price,
            "current_phase_status_desc": "已支付" if paid else "未开始",
        }
        for number, cents, paid, opens in parts
    ]  # fmt: skip
