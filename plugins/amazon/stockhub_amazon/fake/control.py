"""`/_control/…`: how a test or the demo moves the world behind the answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from stockhub_amazon.fake.answers import Answer, Request, errors

if TYPE_CHECKING:
    from stockhub_amazon.fake.server import Fake


class Control:
    """One JSON object in, one out; what is wrong comes back as a 400 with its reason."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake

    def call(self, request: Request) -> Answer:
        action = getattr(self, "do_" + request.path["action"].replace("-", "_"), None)
        if action is None:
            there = ", ".join(sorted(name[3:] for name in dir(self) if name.startswith("do_")))
            return errors(404, "NotFound", f"There is no such action; there is: {there}.")
        try:
            return Answer.of(action(request.json() or {}) or {})
        except (KeyError, TypeError, ValueError) as error:
            return errors(400, "InvalidInput", f"{type(error).__name__}: {error}")

    # World

    def do_products(self, asked: dict[str, Any]) -> dict[str, Any]:
        """{"products": [{"sku": …, "fulfillable": …, "ages": [[days, units]], "traffic": {day: [sessions, views]}}]}"""
        for each in asked["products"]:
            columns = dict(each)
            columns["traffic"] = {
                date.fromisoformat(day): (int(sessions), int(views)) for day, (sessions, views) in columns.get("traffic", {}).items()
            }
            for name in ("price", "rival_price"):
                if columns.get(name) is not None:
                    columns[name] = Decimal(str(columns[name]))
            if "ages" in columns:
                columns["ages"] = [(int(days), int(units)) for days, units in columns["ages"]]
            self._fake.world.add_product(columns.pop("sku"), **columns)
        return {"products": len(self._fake.world.products)}

    def do_change(self, asked: dict[str, Any]) -> None:
        """{"sku": …, "fulfillable": …}: what an operator changes on Amazon's own pages."""
        product = self._fake.world.products[asked["sku"]]
        for name, value in asked.items():
            if name != "sku":
                setattr(product, name, Decimal(str(value)) if name in ("price", "rival_price") else value)
        product.updated_at = self._fake.world.now()

    def do_order(self, asked: dict[str, Any]) -> dict[str, Any]:
        """{"lines": [[sku, qty]], "fulfilled_by": …, "at": …, "times": n, "ships": true}: paid orders, which ship in the same hour."""
        at = datetime.fromisoformat(asked["at"]) if asked.get("at") else None
        lines = [(str(sku), int(qty)) for sku, qty in asked["lines"]]
        orders = [
            self._fake.world.create_order(lines, fulfilled_by=asked.get("fulfilled_by", "AMAZON"), at=at)
            for _time in range(int(asked.get("times", 1)))
        ]
        for order in orders if asked.get("ships") else ():
            self._fake.world.ship_order(order.order_id, at=order.created_at + timedelta(minutes=50))
        return {"order_ids": [order.order_id for order in orders]}

    def do_ship(self, asked: dict[str, Any]) -> None:
        self._fake.world.ship_order(asked["order_id"])

    def do_cancel(self, asked: dict[str, Any]) -> None:
        self._fake.world.cancel_order(asked["order_id"])

    def do_return(self, asked: dict[str, Any]) -> None:
        self._fake.world.return_units(asked["order_id"], asked["sku"], int(asked["qty"]), asked.get("disposition", "SELLABLE"))

    def do_shipment(self, asked: dict[str, Any]) -> dict[str, Any]:
        """{"items": {sku: qty}, "expected_in_days": …}"""
        days = asked.get("expected_in_days")
        expected = self._fake.world.now() + timedelta(days=float(days)) if days is not None else None
        items = {str(sku): int(qty) for sku, qty in asked["items"].items()}
        shipment = self._fake.world.plan_shipment(items, status=asked.get("status", "SHIPPED"), expected_at=expected)
        return {"confirmation_id": shipment.confirmation_id, "plan_id": shipment.plan_id, "shipment_id": shipment.shipment_id}

    def do_receive(self, asked: dict[str, Any]) -> None:
        self._fake.world.receive(asked["confirmation_id"], asked["sku"], int(asked["qty"]))

    def do_upstream(self, asked: dict[str, Any]) -> dict[str, Any]:
        """{"items": {sku: qty}, "status": …}: a shipment into upstream storage."""
        items = {str(sku): int(qty) for sku, qty in asked["items"].items()}
        shipment = self._fake.world.ship_upstream(items, status=asked.get("status", "IN_TRANSIT"))
        return {"shipment_id": shipment.shipment_id}

    def do_charge_storage(self, asked: dict[str, Any]) -> None:
        """{"sku": …, "month": "2026-10", "amount": "12.30"}"""
        self._fake.world.charge_storage(asked["sku"], asked["month"], str(asked["amount"]))

    def do_end_removal(self, asked: dict[str, Any]) -> None:
        self._fake.world.end_removal(asked["order_id"])

    def do_advance(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._fake.world.advance(float(asked["seconds"]))
        return {"now": self._fake.world.now().isoformat()}

    # Faults and settings

    def do_fault(self, asked: dict[str, Any]) -> None:
        """{"operation": …, "mode": …, "times": n}"""
        self._fake.faults.add(asked.get("operation", "*"), asked["mode"], int(asked.get("times", 1)))

    def do_clear_faults(self, _asked: dict[str, Any]) -> None:
        self._fake.faults.clear()
        self._fake.pages.repeats = False

    def do_report_fault(self, asked: dict[str, Any]) -> None:
        self._fake.reports.next_faults.append(asked["fault"])

    def do_settings(self, asked: dict[str, Any]) -> None:
        """{"rates": 0, "queue_seconds": …, "progress_seconds": …, "charset": …, "compresses": …, "repeats_tokens": …}"""
        fake = self._fake
        fake.quotas.scale = float(asked.get("rates", fake.quotas.scale))
        fake.reports.queue_seconds = float(asked.get("queue_seconds", fake.reports.queue_seconds))
        fake.reports.progress_seconds = float(asked.get("progress_seconds", fake.reports.progress_seconds))
        fake.reports.charset = str(asked.get("charset", fake.reports.charset))
        fake.reports.compresses = bool(asked.get("compresses", fake.reports.compresses))
        fake.pages.repeats = bool(asked.get("repeats_tokens", fake.pages.repeats))

    def do_revoke(self, _asked: dict[str, Any]) -> None:
        self._fake.login.is_revoked = True

    def do_authorise(self, _asked: dict[str, Any]) -> None:
        self._fake.login.is_revoked = False

    def do_expire_tokens(self, _asked: dict[str, Any]) -> None:
        self._fake.login.expire_all()

    # What happened

    def do_counts(self, _asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "calls": self._fake.quotas.calls, "refused": self._fake.quotas.refused, "tokens": self._fake.login.given,
            "patched": self._fake.offers.patched, "drafts": len(self._fake.world.drafts), "removals": len(self._fake.world.removals),
        }  # fmt: skip

    def do_notify(self, asked: dict[str, Any]) -> dict[str, Any]:
        """{"sku": …} or {"order_id": …}: puts a notification into the queue and gives it."""
        notifications = self._fake.notifications
        return notifications.inventory_changed(asked["sku"]) if "sku" in asked else notifications.order_changed(asked["order_id"])

    def do_queue(self, _asked: dict[str, Any]) -> dict[str, Any]:
        """What is in the queue; it is empty afterwards."""
        taken, self._fake.notifications.queue = self._fake.notifications.queue, []
        return {"messages": taken}
