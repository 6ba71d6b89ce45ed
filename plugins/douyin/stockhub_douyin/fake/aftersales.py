"""After-sales cases: applied for, agreed to, sent back, refunded, refused or withdrawn."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import Any, Final

from stockhub_douyin.fake import templates
from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.orders import Line, Order

RETURN: Final = 0
REFUND_AFTER_SHIPPING: Final = 1
REFUND_BEFORE_SHIPPING: Final = 2
TYPE_NAMES: Final = {RETURN: "退货退款", REFUND_AFTER_SHIPPING: "仅退款", REFUND_BEFORE_SHIPPING: "未发货仅退款", 3: "换货"}
APPLIED: Final = 6
RETURNING: Final = 7
RETURNED: Final = 11
SUCCESS: Final = 12
REFUSED: Final = 27
CLOSED: Final = 28
STATUS_TEXTS: Final = {
    APPLIED: "待商家同意", RETURNING: "待买家退货", RETURNED: "待商家收货", SUCCESS: "售后成功", REFUSED: "商家拒绝", CLOSED: "售后关闭",
}  # fmt: skip
_FIRST_ID: Final = 7_012_345_678_901_234_567


@dataclass(slots=True)
class Case:
    case_id: int
    kind: int
    order: Order
    line: Line
    qty: int
    applied: int
    updated: int
    status: int = APPLIED
    refund_status: int = 1
    parcel_received: bool = False
    tracking: str = ""

    @property
    def refund(self) -> int:
        return self.line.amount * self.qty // max(self.line.qty, 1)

    # Steps, each worth a message: its tag

    def agree(self, now: int) -> str:
        self._from(APPLIED)
        if self.kind != RETURN:
            return self.succeed(now)
        self._to(RETURNING, now)
        return "202"

    def send_back(self, now: int, tracking: str) -> str:
        self._from(RETURNING)
        self.tracking = tracking
        self._to(RETURNED, now)
        return "203"

    def succeed(self, now: int) -> str:
        """The money went back. A line that was not shipped gives its units back; others are the seller's to count."""
        self._from(APPLIED, RETURNING, RETURNED)
        self.refund_status = 3
        self.parcel_received = self.kind == RETURN
        self._to(SUCCESS, now)
        return "206"

    def refuse(self, now: int) -> str:
        self._from(APPLIED)
        self._to(REFUSED, now)
        return "204"

    def close(self, now: int) -> str:
        """The buyer withdrew it; the refund stays as it is."""
        self._from(APPLIED, RETURNING)
        self._to(CLOSED, now)
        return "207"

    def _from(self, *statuses: int) -> None:
        if self.status not in statuses:
            raise ControlError(f"Case {self.case_id} is {self.status}, which does not allow this.")

    def _to(self, status: int, now: int) -> None:
        self.status, self.updated = status, now
        self.line.after_sale = (status, self.kind, self.refund_status)
        self.line.updated = now

    def shown(self) -> dict[str, Any]:
        line, sku = self.line, self.line.sku
        sample = templates.AFTERSALE
        return sample | {
            "aftersale_info": sample["aftersale_info"] | {
                "aftersale_id": str(self.case_id), "aftersale_type": self.kind, "aftersale_status": self.status,
                "related_id": str(line.order_id), "apply_time": self.applied, "create_time": self.applied, "update_time": self.updated,
                "refund_amount": self.refund, "aftersale_num": self.qty, "refund_status": self.refund_status,
                "got_pkg": int(self.parcel_received), "return_logistics_code": self.tracking,
            },
            "order_info": sample["order_info"] | {
                "shop_order_id": str(self.order.order_id),
                "related_order_info": [templates.AFTERSALE_LINE | {
                    "sku_order_id": str(line.order_id), "order_status": int(line.status), "pay_amount": line.amount, "item_num": line.qty,
                    "create_time": self.order.created, "product_name": sku.product.name, "product_id": sku.product.product_id,
                    "sku_spec": [{"name": "颜色", "value": sku.spec[0]}, {"name": "尺码", "value": sku.spec[1]}],
                    "shop_sku_code": sku.code, "logistics_code": line.tracking, "aftersale_pay_amount": self.refund,
                    "aftersale_item_num": self.qty, "price": line.price,
                }],
            },
            "text_part": sample["text_part"] | {
                "aftersale_status_text": STATUS_TEXTS[self.status], "aftersale_type_text": TYPE_NAMES.get(self.kind, "其他"),
                "logistics_text": "已发货" if line.shipped else "未发货",
                "return_logistics_text": "已签收" if self.parcel_received else "",
            },
        }  # fmt: skip


class CaseBook:
    def __init__(self) -> None:
        self._cases: dict[int, Case] = {}
        self._by_update: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._cases)

    def open(self, order: Order, line: Line, *, kind: int, qty: int, now: int) -> Case:
        if kind not in TYPE_NAMES:
            raise ControlError(f"There is no after-sales type {kind}.")
        if not 1 <= qty <= line.qty:
            raise ControlError(f"The line has {line.qty} units, the case is about {qty}.")
        if not order.paid or (kind == REFUND_BEFORE_SHIPPING) == bool(line.shipped):
            raise ControlError("Type 2 is for what is paid and not shipped, all others for what was shipped.")
        case = Case(_FIRST_ID + len(self._cases), kind, order, line, qty, now, now)
        line.after_sale = (APPLIED, kind, 1)
        self._cases[case.case_id] = case
        insort(self._by_update, (now, case.case_id))
        return case

    def moved(self, case: Case, before: int) -> None:
        del self._by_update[bisect_left(self._by_update, (before, case.case_id))]
        insort(self._by_update, (case.updated, case.case_id))

    def get(self, case_id: int) -> Case | None:
        return self._cases.get(case_id)

    def window(self, start: int, end: int) -> list[Case]:
        """By the time of their last change."""
        first, last = bisect_left(self._by_update, (start, 0)), bisect_left(self._by_update, (end + 1, 0))
        return [self._cases[case_id] for _at, case_id in self._by_update[first:last]]
