"""The seller's world behind the answers: products with stock at Amazon, orders, shipments. One lock guards all of it."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

MARKETPLACE = "ATVPDKIKX0DER"
SELLER = "A1FAKESELLER"
#: Days after which stock begins to be counted in the next bracket of the planning report.
AGE_BRACKETS = (0, 31, 61, 91, 181, 271, 331, 366, 456)


@dataclass(slots=True)
class Product:
    """One SKU of the seller and what Amazon holds of it. `fulfilled_by`: AMAZON or MERCHANT."""

    sku: str
    asin: str
    fnsku: str
    title: str
    price: Decimal
    fulfilled_by: str = "AMAZON"
    fulfillable: int = 0
    reserved_orders: int = 0
    reserved_transfer: int = 0
    reserved_processing: int = 0
    unfulfillable: int = 0
    inbound_working: int = 0
    inbound_shipped: int = 0
    inbound_receiving: int = 0
    merchant_qty: int = 0
    #: Of an offer that the merchant ships; None is Amazon's own default.
    handling_days: int | None = None
    rank: int = 10_000
    rival_price: Decimal | None = None
    created_at: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    updated_at: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    #: (days old today, units): what the planning report's age brackets count.
    ages: list[tuple[int, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Amazon's `totalQuantity`: everything, also what is under way to it."""
        reserved = self.reserved_orders + self.reserved_transfer + self.reserved_processing
        inbound = self.inbound_working + self.inbound_shipped + self.inbound_receiving
        return self.fulfillable + reserved + self.unfulfillable + inbound


@dataclass(slots=True)
class OrderItem:
    item_id: str
    sku: str
    qty: int
    price: Decimal
    #: (who, why) where this line alone was cancelled.
    cancelled: tuple[str, str] | None = None


@dataclass(slots=True)
class Order:
    order_id: str
    created_at: datetime
    updated_at: datetime
    items: list[OrderItem]
    fulfilled_by: str = "AMAZON"
    status: str = "UNSHIPPED"
    shipped_at: datetime | None = None
    cancel_reason: str = ""
    cancelled_by: str = "BUYER"


@dataclass(slots=True)
class Shipment:
    """An inbound shipment; `plan_id` and `shipment_id` are the newer API's names for it, `confirmation_id` the older one's."""

    plan_id: str
    shipment_id: str
    confirmation_id: str
    name: str
    status: str
    created_at: datetime
    updated_at: datetime
    #: sku → (shipped, received)
    items: dict[str, tuple[int, int]]
    expected_at: datetime | None = None


class World:
    """Everything that the fake knows. Whoever reads or changes it holds `lock`."""

    def __init__(self, seed: int = 1) -> None:
        self.lock = threading.RLock()
        self.random = random.Random(seed)  # noqa: S311 - made-up shops, not secrets
        self.products: dict[str, Product] = {}
        self.orders: dict[str, Order] = {}
        self.shipments: dict[str, Shipment] = {}
        self.drafts: dict[str, dict[str, object]] = {}
        self.removals: list[dict[str, str]] = []
        self.ledger: list[dict[str, str]] = []
        self.returns: list[dict[str, str]] = []
        self.pending_patches: list[tuple[datetime, str, dict[str, object]]] = []
        self._offset = timedelta(0)
        self._numbers: dict[str, int] = defaultdict(int)

    # Time

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def monotonic(self) -> float:
        """Seconds that also move when the clock is moved."""
        return time.monotonic() + self._offset.total_seconds()

    def advance(self, seconds: float) -> None:
        with self.lock:
            self._offset += timedelta(seconds=seconds)

    def number(self, kind: str) -> int:
        """The next number of a kind, from 1 on."""
        self._numbers[kind] += 1
        return self._numbers[kind]

    # Products

    def add_product(self, sku: str, **columns: object) -> Product:
        with self.lock:
            number = self.number("product")
            product = Product(
                sku=sku,
                asin=f"B0{number:08d}",
                fnsku=f"X00{number:07d}",
                title=f"Product {number}",
                price=Decimal("19.99"),
                created_at=self.now(),
                updated_at=self.now(),
            )
            for name, value in columns.items():
                setattr(product, name, value)
            if not product.ages and product.fulfillable:
                product.ages = [(10, product.fulfillable)]
            self.products[sku] = product
            return product

    # Orders

    def create_order(self, lines: list[tuple[str, int]], *, fulfilled_by: str = "AMAZON", at: datetime | None = None) -> Order:
        """A paid order; what Amazon ships is reserved at once."""
        with self.lock:
            number, at = self.number("order"), at or self.now()
            items = [OrderItem(f"{number:05d}{index:09d}", sku, qty, self.products[sku].price) for index, (sku, qty) in enumerate(lines, 1)]
            order = Order(f"113-{number:07d}-{(number * 7919) % 10_000_000:07d}", at, at, items, fulfilled_by)
            self.orders[order.order_id] = order
            for item in items if fulfilled_by == "AMAZON" else ():
                product = self.products[item.sku]
                taken = min(item.qty, product.fulfillable)
                product.fulfillable -= taken
                product.reserved_orders += taken
                product.updated_at = at
            return order

    def ship_order(self, order_id: str, *, at: datetime | None = None) -> Order:
        with self.lock:
            order, at = self.orders[order_id], at or self.now()
            order.status, order.shipped_at, order.updated_at = "SHIPPED", at, at
            for item in order.items if order.fulfilled_by == "AMAZON" else ():
                product = self.products[item.sku]
                product.reserved_orders = max(0, product.reserved_orders - item.qty)
                self._age_out(product, item.qty)
                self._note(product, "Shipments", -item.qty, order_id)
            return order

    def cancel_order(self, order_id: str, reason: str = "CUSTOMER_REQUESTED", *, by: str = "BUYER") -> Order:
        with self.lock:
            order = self.orders[order_id]
            order.status, order.updated_at, order.cancel_reason, order.cancelled_by = "CANCELLED", self.now(), reason, by
            for item in order.items if order.fulfilled_by == "AMAZON" else ():
                product = self.products[item.sku]
                product.reserved_orders = max(0, product.reserved_orders - item.qty)
                product.fulfillable += item.qty
            return order

    def cancel_item(self, order_id: str, sku: str, reason: str, *, by: str) -> Order:
        """One line of an order that the merchant ships; the others go on."""
        with self.lock:
            order = self.orders[order_id]
            order.updated_at = self.now()
            for item in order.items:
                if item.sku == sku:
                    item.cancelled = (by, reason)
            return order

    def return_units(self, order_id: str, sku: str, qty: int, disposition: str = "SELLABLE") -> None:
        with self.lock:
            product = self.products[sku]
            if disposition == "SELLABLE":
                product.fulfillable += qty
            else:
                product.unfulfillable += qty
            number = self.number("return")
            self.returns.append(
                {
                    "return-date": self.now().isoformat(timespec="seconds"), "order-id": order_id, "sku": sku, "asin": product.asin,
                    "fnsku": product.fnsku, "product-name": product.title, "quantity": str(qty), "fulfillment-center-id": "ONT8",
                    "detailed-disposition": disposition, "reason": "UNWANTED_ITEM", "status": "Unit returned to inventory",
                    "license-plate-number": f"LPN{number:09d}", "customer-comments": "",
                }
            )  # fmt: skip
            self._note(product, "CustomerReturns", qty, order_id, disposition=disposition)

    # Shipments

    def plan_shipment(self, items: dict[str, int], *, status: str = "SHIPPED", expected_at: datetime | None = None) -> Shipment:
        with self.lock:
            number = self.number("shipment")
            shipment = Shipment(
                plan_id=f"wf{number:08x}-1111-4222-8333-abcdefabcdef", shipment_id=f"sh{number:08x}-1111-4222-8333-abcdefabcdef",
                confirmation_id=f"FBA15{number:07d}", name=f"Shipment {number}", status=status, created_at=self.now(),
                updated_at=self.now(), items={sku: (qty, 0) for sku, qty in items.items()}, expected_at=expected_at,
            )  # fmt: skip
            self.shipments[shipment.confirmation_id] = shipment
            for sku, qty in items.items():
                self.products[sku].inbound_shipped += qty
            return shipment

    def receive(self, confirmation_id: str, sku: str, qty: int) -> Shipment:
        """Units arrive at Amazon and can be sold."""
        with self.lock:
            shipment, product = self.shipments[confirmation_id], self.products[sku]
            shipped, received = shipment.items[sku]
            shipment.items[sku] = (shipped, received + qty)
            product.inbound_shipped = max(0, product.inbound_shipped - qty)
            product.fulfillable += qty
            product.ages.append((0, qty))
            product.updated_at = shipment.updated_at = self.now()
            done = all(got >= sent for sent, got in shipment.items.values())
            shipment.status = "CLOSED" if done else "RECEIVING"
            self._note(product, "Receipts", qty, confirmation_id)
            return shipment

    # Bookkeeping

    def _age_out(self, product: Product, qty: int) -> None:
        """The oldest units leave first."""
        left: list[tuple[int, int]] = []
        for days, units in sorted(product.ages, reverse=True):
            taken = min(units, qty)
            qty -= taken
            if units > taken:
                left.append((days, units - taken))
        product.ages = left

    def _note(self, product: Product, event: str, qty: int, reference: str, *, disposition: str = "SELLABLE") -> None:
        self.ledger.append(
            {
                "Date": f"{self.now():%m/%d/%Y}", "FNSKU": product.fnsku, "ASIN": product.asin, "MSKU": product.sku, "Title": product.title,
                "Event Type": event, "Reference ID": reference, "Quantity": str(qty), "Fulfillment Center": "ONT8",
                "Disposition": disposition, "Reason": "", "Country": "US", "Reconciled Quantity": "0", "Unreconciled Quantity": "0",
            }
        )  # fmt: skip
