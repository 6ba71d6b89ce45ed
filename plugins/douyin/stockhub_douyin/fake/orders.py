"""Orders that live: created, paid, shipped in parts or whole, completed, cancelled, refunded; and the stock that each step moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.goods import Sku


class Status(IntEnum):
    UNPAID = 1
    PARTLY_PAID = 103
    #: Paid, and held back for a look at the risk or for others to join.
    CHECKED = 105
    TO_SHIP = 2
    PARTLY_SHIPPED = 101
    SHIPPED = 3
    CANCELLED = 4
    COMPLETED = 5
    REFUNDED_BEFORE_SHIPPING = 21


STATUS_NAMES: Final = {
    Status.UNPAID: "待支付", Status.PARTLY_PAID: "部分支付", Status.CHECKED: "已支付", Status.TO_SHIP: "待发货",
    Status.PARTLY_SHIPPED: "部分发货", Status.SHIPPED: "已发货", Status.CANCELLED: "已取消", Status.COMPLETED: "已完成",
    Status.REFUNDED_BEFORE_SHIPPING: "发货前退款完结",
}  # fmt: skip
#: From payment to the promised shipping, unless the SKU says otherwise.
_PROMISED_SECONDS: Final = 172_800


@dataclass(frozen=True, slots=True)
class LiveRoom:
    """Where an order came from."""

    room_id: int
    author_id: int
    author_name: str


@dataclass(slots=True)
class Line:
    """`taken` is what it took of which bucket, None until it did. `gift_of` is the line that it is given with."""

    order_id: int
    sku: Sku
    qty: int
    price: int
    status: Status
    presale_kind: int = 0
    gift_of: int = 0
    taken: list[tuple[str, int]] | None = None
    shipped: int = 0
    updated: int = 0
    tracking: str = ""
    #: Status, type and refund status of its newest after-sales case.
    after_sale: tuple[int, int, int] = (0, 0, 0)

    @property
    def amount(self) -> int:
        return 0 if self.gift_of else self.price * self.qty

    @property
    def is_live(self) -> bool:
        return self.status not in (Status.CANCELLED, Status.REFUNDED_BEFORE_SHIPPING)


@dataclass(slots=True)
class Order:
    order_id: int
    status: Status
    created: int
    updated: int
    lines: list[Line]
    live: LiveRoom | None = None
    paid: int = 0
    shipped: int = 0
    finished: int = 0
    promised: int = 0
    cancel_reason: str = ""
    #: Paid in two phases: a deposit in cents, and when it and the rest were paid.
    deposit: int = 0
    deposit_paid: int = 0
    oversell: bool = False
    cases: list[int] = field(default_factory=list)

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    # Steps. Each says what of the platform's messages it is worth: a tag.

    def create(self) -> str:
        for line in self.lines:
            if line.sku.product.reduce_stock_type == 1:
                self._take(line)
        return "100"

    def pay(self, now: int, *, risk: bool = False) -> str:
        if self.deposit and not self.deposit_paid:
            self._must_be(Status.UNPAID)
            self.deposit_paid = now
            self._move(Status.PARTLY_PAID, now)
            return "101"
        self._must_be(Status.UNPAID, Status.PARTLY_PAID)
        for line in self.lines:
            if line.taken is None:
                self._take(line)
        self.paid = now
        days = [rule.days for line in self.lines if (rule := line.sku.ship_rules.get("")) and rule.presale]
        self.promised = now + (max(days) * 86_400 if days else _PROMISED_SECONDS)
        self._move(Status.CHECKED if risk else Status.TO_SHIP, now)
        return "110" if risk else "101"

    def release(self, now: int) -> str:
        """The look at the risk found nothing."""
        self._must_be(Status.CHECKED)
        self._move(Status.TO_SHIP, now)
        return "101"

    def ship(self, now: int, tracking: str, lines: list[int] | None = None) -> str:
        self._must_be(Status.TO_SHIP, Status.PARTLY_SHIPPED)
        wanted = [line for line in self.lines if line.status == Status.TO_SHIP and (lines is None or line.order_id in lines)]
        if not wanted:
            raise ControlError(f"Order {self.order_id} has no such line that waits to be shipped.")
        for line in wanted:
            line.sku.ship(line.taken or [])
            line.status, line.shipped, line.updated, line.tracking = Status.SHIPPED, now, now, tracking
        self.updated = now
        if any(line.status == Status.TO_SHIP for line in self.lines):
            self.status = Status.PARTLY_SHIPPED
            return "108"
        self.status, self.shipped = Status.SHIPPED, now
        return "102"

    def complete(self, now: int) -> str:
        self._must_be(Status.SHIPPED)
        self.finished = now
        self._move(Status.COMPLETED, now)
        return "103"

    def cancel(self, now: int, reason: str) -> str:
        """Before it is shipped: by the buyer, by time, or by the seller who has none left."""
        self._must_be(Status.UNPAID, Status.PARTLY_PAID, Status.CHECKED, Status.TO_SHIP)
        for line in self.lines:
            self._give_back(line)
        self.cancel_reason = reason
        self._move(Status.CANCELLED, now)
        return "106"

    def refund_before_shipping(self, line: Line, now: int) -> str | None:
        """The refund of a line that was not shipped went through; the order is cancelled where it was the last one."""
        self._give_back(line)
        line.status, line.updated, self.updated = Status.REFUNDED_BEFORE_SHIPPING, now, now
        left = [other for other in self.lines if other.is_live]
        if left:
            if all(other.status == Status.SHIPPED for other in left):
                self.status, self.shipped = Status.SHIPPED, now
            return None
        self.status = Status.CANCELLED
        self.cancel_reason = self.cancel_reason or "买家申请退款"
        return "106"

    def line(self, order_id: int) -> Line:
        found = next((line for line in self.lines if line.order_id == order_id), None)
        if found is None:
            raise ControlError(f"Order {self.order_id} has no line {order_id}.")
        return found

    def _take(self, line: Line) -> None:
        """All lines or none: what earlier ones took goes back where one cannot be had."""
        try:
            line.taken = line.sku.take(line.qty, live=self.live is not None, oversell=self.oversell)
        except ControlError:
            for other in self.lines:
                self._give_back(other)
            raise

    def _give_back(self, line: Line) -> None:
        if line.taken and line.is_live and not line.shipped:
            line.sku.give_back(line.taken)
            line.taken = None

    def _move(self, status: Status, now: int) -> None:
        for line in self.lines:
            if line.is_live:
                line.status, line.updated = status, now
        self.status, self.updated = status, now

    def _must_be(self, *statuses: Status) -> None:
        if self.status not in statuses:
            raise ControlError(f"Order {self.order_id} is {self.status.name}, which does not allow this.")
