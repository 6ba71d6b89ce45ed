"""What is asked of ages and sales, answered from a real ledger: receipts, sales and returns that were posted (H14, H38, E13, E14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.formulas.fees.aged_stock import aged_charge
from stockhub.formulas.stock.cover import days_of_supply_metric
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.lots.ageing import age_histogram
from stockhub.inventory.lots.as_of import lots_as_of
from stockhub.inventory.models import MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots
from stockhub.inventory.selectors import on_hand
from stockhub.inventory.services import Receipt, receive_lot, receive_return
from tests.formulas.fee_rates import fee_table
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

#: The fifteenth, on which Amazon looks at ages, at noon in Shanghai.
ASSESSED = datetime.fromisoformat("2026-11-15T12:00:00+08:00")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def received(world: World, sku: Sku, code: str, qty: int, on: date) -> None:
    """A lot that came in on a day; the ledger starts with what is older than it."""
    at = max(clock.start_of_day(on, "Asia/Shanghai"), world.warehouse.ledger_starts_at)
    with clock.at(at):
        receive_lot(Receipt(sku_id=sku.pk, warehouse_id=world.warehouse.pk, qty=qty, idempotency_key=code, received_on=on, occurred_at=at))


def moved(world: World, sku: Sku, qty: int, key: str, *, source: str | None, target: str | None, at: datetime = NOW) -> None:
    with clock.at(at):
        [result] = post(
            [
                Posting(
                    sku_id=sku.pk, warehouse_id=world.warehouse.pk, from_bucket=source, to_bucket=target, qty=qty,
                    kind=MovementKind.SHIP if target is None else MovementKind.MOVE, key=key, occurred_at=at,
                )
            ]
        )  # fmt: skip
    assert result.status == "posted"


def test_h38_the_histogram_is_on_hand_through_sales_returns_damage_and_disposal(world: World) -> None:
    sku = world.sku("TEA")
    for code, qty, age in (("oldest", 50, 200), ("old", 40, 100), ("new", 30, 10)):
        received(world, sku, code, qty, DAY - timedelta(days=age))
    moved(world, sku, 60, "sold", source="available", target=None)
    moved(world, sku, 5, "looked at", source="available", target="inspecting")
    with clock.at(NOW):
        receive_return(sku_id=sku.pk, warehouse_id=world.warehouse.pk, qty=4, grade="damaged", idempotency_key="r", returned_at=NOW)
        receive_return(sku_id=sku.pk, warehouse_id=world.warehouse.pk, qty=2, grade="like_new", idempotency_key="q", returned_at=NOW)

    def told() -> tuple[dict[str, int], int, int]:
        histogram = age_histogram(sku.pk, day=DAY)
        return {name: qty for name, qty in histogram.units.items() if qty}, histogram.unknown_qty, histogram.total_qty

    # Sixty of the two oldest lots are gone; what came back is new.
    assert told() == ({"0-30": 36, "91-180": 30}, 0, on_hand(sku_id=sku.pk))
    moved(world, sku, 3, "disposed", source="unsellable", target=None, at=NOW + timedelta(hours=1))
    assert told() == ({"0-30": 33, "91-180": 30}, 0, on_hand(sku_id=sku.pk))
    assert [*reconcile(), *reconcile_lots()] == []


def test_e14_the_surcharge_is_that_of_the_lots_that_are_left(world: World, shared: Path) -> None:
    """Of three lots of 100, 150 units were sold: the oldest, which would cost most, is gone, and half of the second is left."""
    sku = world.sku("TEA")
    for code, age in (("a", 400), ("b", 250), ("c", 20)):
        received(world, sku, code, 100, ASSESSED.date() - timedelta(days=age))
    moved(world, sku, 150, "sold", source="available", target=None, at=ASSESSED - timedelta(days=1))
    told = lots_as_of(Moment(ASSESSED))
    assert list(zip(told.age_days.tolist(), told.qty.tolist(), strict=True)) == [(250, 50), (20, 100)]
    charges = [
        aged_charge(fee_table("US"), snapshot_on=ASSESSED.date(), age_days=age, unit_cubic_feet=Decimal("0.1"), units=qty).amount.amount
        for age, qty in zip(told.age_days.tolist(), told.qty.tolist(), strict=True)
    ]
    assert charges == [Decimal("7.50"), Decimal("0.00")]  # 5 cubic feet at 1.50 USD
    # A month earlier, before the sale, the oldest lot was charged too.
    month_before = lots_as_of(Moment(ASSESSED - timedelta(days=31)))
    assert list(zip(month_before.age_days.tolist(), month_before.qty.tolist(), strict=True)) == [(369, 100), (219, 100)]


def test_e13_without_sales_there_are_no_days_of_supply_but_a_reason(world: World) -> None:
    """H40's own case: 60 days old, nothing sold in 30 days, little in 90."""
    sku = world.sku("STILL")
    received(world, sku, "a", 100, DAY - timedelta(days=60))
    sales = [0.0] * 90
    sales[10] = 4.0
    world.sold(sku, sales)
    world.forecast(sku, 0.0)
    held = on_hand(sku_id=sku.pk)
    metric = days_of_supply_metric(float(held), float(np.sum(sales[-30:])), 30.0, as_of=NOW)
    assert (held, metric.value, metric.reason) == (100, None, "NO_SALES")
    run_cycle("warnings")
    [alert] = Alert.objects.filter(kind="unsold-stock", status="open")
    assert (alert.sku_id, alert.level, alert.inputs["oldest_age"]) == (sku.pk, 2, 60.0)
    # No number is not 0 and not a huge one: the explanation has none at all.
    assert alert.inputs.get("days_of_supply_30") is None


def test_h14_older_than_90_days_and_unsold_by_the_lots_that_are_left(world: World) -> None:
    """The oldest lot that is left decides: what was sold out of an older one does not count, and 90 days are not more than 90."""
    for code, age, sales in (("OLD", 91, 0.0), ("YOUNG", 90, 0.0), ("STEADY", 91, 5.0)):
        sku = world.sku(code)
        received(world, sku, code, 60, DAY - timedelta(days=age))
        world.sold(sku, [sales] * 90)
        world.forecast(sku, sales)
    turned = world.sku("TURNED")
    received(world, turned, "t1", 40, DAY - timedelta(days=300))
    received(world, turned, "t2", 60, DAY - timedelta(days=89))
    moved(world, turned, 40, "sold out", source="available", target=None, at=NOW - timedelta(days=1))
    world.sold(turned, [0.0] * 90)
    world.forecast(turned, 0.0)
    run_cycle("warnings")
    assert [alert.sku.code for alert in Alert.objects.filter(kind="unsold-stock", status="open") if alert.sku] == ["OLD"]
