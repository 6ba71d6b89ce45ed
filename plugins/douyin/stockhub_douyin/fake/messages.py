"""What the platform pushes: a tag, an id, and data that mostly name what to look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from stockhub_douyin.fake.aftersales import Case
from stockhub_douyin.fake.goods import Product
from stockhub_douyin.fake.orders import Order
from stockhub_douyin.fake.settings import FakeSettings

#: When a case's message happened is named after what it tells.
_CASE_TIMES: Final = {"200": "apply_time", "201": "agree_time", "202": "agree_time", "206": "success_time", "207": "close_time"}


@dataclass(frozen=True, slots=True)
class PushMessage:
    tag: str
    msg_id: str
    data: dict[str, Any] | str

    def shown(self, *, as_object: bool) -> dict[str, Any]:
        data = self.data if as_object or isinstance(self.data, str) else json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return {"tag": self.tag, "msg_id": self.msg_id, "data": data}


def order_message(order: Order, tag: str, now: int, settings: FakeSettings) -> PushMessage:
    data: dict[str, Any] = {
        "p_id": order.order_id, "s_ids": [line.order_id for line in order.lines], "shop_id": settings.shop_id,
        "order_status": int(order.status), "order_type": 0,
    }  # fmt: skip
    if tag == "100":
        data["create_time"] = order.created
    elif tag in ("101", "110"):
        data |= {"pay_type": 1, "pay_time": order.paid or order.deposit_paid, "pay_amount": order.amount}
    elif tag == "106":
        data |= {"cancel_time": now, "cancel_reason": order.cancel_reason}
    elif tag in ("102", "108"):
        data |= {"update_time": now, **_shipping(order, tag, settings)}
    else:
        data["complete_time"] = now
    return PushMessage(tag, f"{settings.shop_id}:{int(order.status)}:{tag}:{now}:{order.order_id}", data | {"biz": 2})


def _shipping(order: Order, tag: str, settings: FakeSettings) -> dict[str, Any]:
    shipped = [line for line in order.lines if line.shipped]
    parcel: dict[str, Any] = {"express_company_id": "12", "logistics_code": shipped[-1].tracking}
    if tag == "108":
        parcel["shipped_order_info"] = [
            {"sku_id": line.sku.sku_id, "sku_num": line.qty, "shipped_num": line.qty, "shipped_order_id": line.order_id,
             "product_id": line.sku.product.product_id} for line in shipped
        ]  # fmt: skip
    address = json.dumps({"province": {"name": "浙江省", "id": "330000"}, "detail": settings.buyer_address}, ensure_ascii=False)
    return {"logistics_msg": parcel, "receiver_msg": {"name": settings.buyer_name, "tel": settings.buyer_phone, "addr": address}}


def case_message(case: Case, tag: str, now: int, shop_id: int) -> PushMessage:
    data = {
        "aftersale_id": case.case_id, "aftersale_status": case.status, "aftersale_type": case.kind, "p_id": case.order.order_id,
        "s_id": case.line.order_id, "shop_id": shop_id, "reason_code": 78, "refund_amount": case.refund, "refund_post_amount": 0,
        "refund_voucher_num": 0, _CASE_TIMES.get(tag, "modify_time"): now,
    }  # fmt: skip
    return PushMessage(tag, f"{shop_id}:{case.status}:{tag}:{now}:{case.case_id}", data)


def product_message(product: Product, event: int, shop_id: int) -> PushMessage:
    data = {
        "check_reject_reason": "", "event": event, "out_product_id": 0, "product_id": product.product_id, "shop_id": shop_id,
        "update_time": product.updated,
    }  # fmt: skip
    return PushMessage("400", f"{shop_id}:{event}:400:{product.updated}:{product.product_id}", data)
