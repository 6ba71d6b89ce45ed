"""A small ledger with everything in it, and ways to damage it that no service has: raw SQL with triggers and constraints off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.models import Allocation
from stockhub.inventory.services import AllocationTarget, Receipt, move_stock, receive_lots, set_targets

START = datetime(2025, 1, 1, tzinfo=UTC)
AT = datetime(2025, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Ledger:
    """TEA: 100 came in, 5 lie inspecting, two lines hold 3 each and shipped 2 and 1. CUP: 50 came in; a line of it is owed 10."""

    tea: Sku
    cup: Sku
    warehouse: Warehouse
    first: Allocation
    second: Allocation

    def damage(self, *statements: str) -> None:
        """Runs statements in which {tea}, {cup}, {place}, {first} and {second} stand for ids."""
        ids = {"tea": self.tea.pk, "cup": self.cup.pk, "place": self.warehouse.pk, "first": self.first.pk, "second": self.second.pk}
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Neither triggers nor foreign keys look at what this session does until the end of its transaction.
                cursor.execute("SET LOCAL session_replication_role = replica")
                for name in ("qty_positive", "goes_somewhere", "changes_bucket"):
                    cursor.execute(f"ALTER TABLE inventory_movement DROP CONSTRAINT IF EXISTS inventory_movement_{name}")
            else:
                cursor.execute("DROP TRIGGER IF EXISTS inventory_movement_append_only")
                cursor.execute("DROP TRIGGER IF EXISTS inventory_movement_keep")
                cursor.execute("PRAGMA ignore_check_constraints = 1")
            try:
                for statement in statements:
                    cursor.execute(statement.format(**ids))
                    assert cursor.rowcount > 0, statement
            finally:
                if connection.vendor == "postgresql":
                    cursor.execute("SET LOCAL session_replication_role = DEFAULT")
                else:
                    cursor.execute("PRAGMA ignore_check_constraints = 0")


def target(ledger_sku: Sku, warehouse: Warehouse, reference: str, *, wanted: int, ship: int) -> AllocationTarget:
    return AllocationTarget(
        reference=reference, sku_id=ledger_sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=wanted, ship_qty=ship,
        ordered_at=AT, occurred_at=AT + timedelta(hours=2),
    )  # fmt: skip


def make_ledger() -> Ledger:
    warehouse = Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=START)
    tea, cup = (Sku.objects.create(code=code) for code in ("TEA", "CUP"))
    with clock.at(AT + timedelta(hours=3)):
        receive_lots(
            [
                Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=sku.code, occurred_at=AT)
                for sku, qty in ((tea, 100), (cup, 50))
            ]
        )
        move_stock(
            sku_id=tea.pk,
            warehouse_id=warehouse.pk,
            from_bucket="available",
            to_bucket="inspecting",
            qty=5,
            reason="wet",
            idempotency_key="wet",
        )
        set_targets(
            [
                target(tea, warehouse, "line:1", wanted=5, ship=2),
                target(tea, warehouse, "line:2", wanted=4, ship=1),
                target(cup, warehouse, "line:3", wanted=60, ship=0),
            ]
        )
    first, second = Allocation.objects.filter(sku=tea).order_by("reference")
    return Ledger(tea, cup, warehouse, first, second)
