"""The seller's world behind the answers: products with stock at Amazon, orders, shipments. One lock guards all of it."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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
    #: In Amazon's upstream storage (AWD): free, promised, and on its way from there to a warehouse that sells.
    awd_available: int = 0
    awd_reserved: int = 0
    awd_replenishing: int = 0
    #: On a day, as the seller's report of sales and traffic tells it: day → (sessions, page views).
    traffic: dict[date, tuple[int, int]] = field(default_factory=dict)
    #: What the planning report says of the SKU instead of what is worked out here.
    planned: dict[str, str] = field(default_factory=dict)
    #: Of the fulfillable units, those that no active offer sells, and why.
    stranded: int = 0
    stranded_reason: str = "Listing closed"
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

    @property
    def in_awd(self) -> bool:
        return bool(self.awd_available or self.awd_reserved or self.awd_replenishing)


@dataclass(slots=True)
class OrderItem:
    item_id: str
    sku: str
    qty: int
    price: Decimal
    #: What coupons and promotions take off the line.
    discount: Decimal = Decimal(0)
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


@dataclass(slots=True)
class UpstreamShipment:
    """A shipment into upstream storage. `unit`: PRODUCT_UNITS, CASES or PALLETS, of which nobody tells what is in one."""

    shipment_id: str
    order_id: str
    name: str
    status: str
    created_at: datetime
    updated_at: datetime
    #: sku → (expected, received)
    items: dict[str, tuple[int, int]]
    unit: str = "PRODUCT_UNITS"
    ship_by: datetime | None = None


class World:
    """Everything that the fake knows. Whoever reads or changes it holds `lock`."""

    def __init__(self, seed: int = 1) -> None:
        self.lock = threading.RLock()
        self.random = random.Random(seed)  # noqa: S311 - made-up shops, not secrets
        self.products: dict[str, Product] = {}
        self.orders: dict[str, Order] = {}
        self.shipments: dict[str, Shipment] = {}
        self.upstream: dict[str, UpstreamShipment] = {}
        self.drafts: dict[str, dict[str, object]] = {}
        self.removals: list[dict[str, str]] = []
        self.ledger: list[dict[str, str]] = []
        self.returns: list[dict[str, str]] = []
        #: What Amazon charged, as rows of its reports: storage by month and FNSKU, surcharges by snapshot and SKU.
        self.storage_charges: list[dict[str, str]] = []
        self.aged_charges: list[dict[str, str]] = []
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

    def ship_upstream(
        self, items: dict[str, int], *, status: str = "IN_TRANSIT", unit: str = "PRODUCT_UNITS", ship_by: datetime | None = None
    ) -> UpstreamShipment:
        with self.lock:
            number = self.number("upstream")
            shipment = UpstreamShipment(
                shipment_id=f"STAR-{number:08d}", order_id=f"SO-{number:08d}", name=f"Upstream {number}", status=status,
                created_at=self.now(), updated_at=self.now(), items={sku: (qty, 0) for sku, qty in items.items()}, unit=unit,
                ship_by=ship_by,
            )  # fmt: skip
            self.upstream[shipment.shipment_id] = shipment
            return shipment

    def receive_upstream(self, shipment_id: str, sku: str, qty: int) -> UpstreamShipment:
        """Units arrive in upstream storage and can be sent on from there."""
        with self.lock:
            shipment = self.upstream[shipment_id]
            sent, got = shipment.items[sku]
            shipment.items[sku] = (sent, got + qty)
            self.products[sku].awd_available += qty
            shipment.updated_at = self.now()
            shipment.status = "CLOSED" if all(received >= expected for expected, received in shipment.items.values()) else "RECEIVING"
            return shipment

    # What Amazon charges

    def charge_storage(self, sku: str, month: str, amount: str, *, centre: str = "ONT8") -> None:
        """A month's storage in one of Amazon's warehouses, by Amazon's own number: the report has no SKU. `month`: 2026-10."""
        with self.lock:
            product = self.products[sku]
            self.storage_charges.append(
                {
                    "asin": product.asin, "fnsku": product.fnsku, "product-name": product.title, "fulfillment-center": centre,
                    "country-code": "US", "month-of-charge": month, "storage-rate": "0.78", "currency": "USD",
                    "average-quantity-on-hand": str(product.fulfillable), "estimated-monthly-storage-fee": amount,
                }
            )  # fmt: skip

    def charge_age(self, sku: str, at: datetime, qty: int, amount: str, *, tier: str = "181-210 days") -> None:
        with self.lock:
            product = self.products[sku]
            self.aged_charges.append(
                {
                    "snapshot-date": at.isoformat(timespec="seconds"), "sku": sku, "fnsku": product.fnsku, "asin": product.asin,
                    "product-name": product.title, "condition": "NewItem", "per-unit-volume": "0.052", "currency": "USD",
                    "volume-unit": "cubic feet", "country": "US", "qty-charged": str(qty), "amount-charged": amount,
                    "surcharge-age-tier": tier, "rate-surcharge": "0.50",
                }
            )  # fmt: skip

    def end_removal(self, order_id: str, *, fee: str = "0.61") -> None:
        """All units of a removal have left."""
        with self.lock:
            for row in self.removals:
                if row["order-id"] == order_id:
                    moved = "disposed-quantity" if row["order-type"] == "Disposal" else "shipped-quantity"
                    row |= {
                        moved: row["in-process-quantity"], "in-process-quantity": "0", "order-status": "Completed", "removal-fee": fee,
                        "last-updated-date": self.now().isoformat(timespec="seconds"),
                    }  # fmt: skip

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
