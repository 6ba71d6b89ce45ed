"""What bringing units in cost, against what it cost before (H84)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from stockhub.access.models import User
from stockhub.catalog.exchange_rates import record_rates
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.demand.frames import rows_of
from stockhub.demand.turnover_models import StockFigures
from stockhub.inventory.lots.receipts import Receipt, UnitCost, receive_lots
from stockhub.inventory.models import CostKind
from stockhub.overview.figures import FIGURES
from stockhub.overview.kpis import KpiGrouping, stock_kpis
from stockhub.overview.logistics import logistics_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    made = make_world()
    Warehouse.objects.update(ledger_starts_at=NOW - timedelta(days=600))
    return made


def comes(world: World, sku: Sku, qty: int, *, days_ago: int, **costs: str) -> None:
    """Units that came in as one lot; costs of a unit by kind, in CNY unless the text says another currency."""
    parts = []
    for kind, text in costs.items():
        amount, _space, currency = text.partition(" ")
        parts.append(UnitCost(kind=CostKind(kind), unit_amount=Decimal(amount), currency=currency or "CNY"))
    at = NOW - timedelta(days=days_ago)
    key = f"{sku.pk}:{days_ago}:{qty}"
    [result] = receive_lots(
        [Receipt(sku_id=sku.pk, warehouse_id=world.warehouse.pk, qty=qty, idempotency_key=key, occurred_at=at, costs=tuple(parts))]
    )
    assert result.status == "posted"


def told(*skus: Sku, day: date = DAY) -> list[tuple[float, float, float]]:
    found = logistics_of(rows_of([sku.pk for sku in skus]), day)
    return [tuple(np.nan_to_num(column, nan=-1.0)[row] for column in found) for row in range(len(skus))]


def test_h84_units_of_the_quarter_are_judged_by_the_year_before(world: World) -> None:
    tea = world.sku("TEA")
    comes(world, tea, 100, days_ago=300, purchase="40", freight="6", inbound="1")
    comes(world, tea, 300, days_ago=120, freight="4", inbound="1")
    comes(world, tea, 200, days_ago=20, freight="2", inbound="0.5", duty="3")
    # Before: (100·7 + 300·5)/400 = 5.5 a unit; duty is no logistics.
    assert told(tea) == [(200.0, 500.0, 1100.0)]


def test_h84_neither_side_is_guessed(world: World) -> None:
    fresh, silent, stale = world.sku("FRESH"), world.sku("SILENT"), world.sku("STALE")
    comes(world, fresh, 50, days_ago=10, freight="2")
    comes(world, silent, 50, days_ago=200, freight="4")
    comes(world, silent, 50, days_ago=10, purchase="40")
    comes(world, stale, 50, days_ago=500, freight="4")
    comes(world, stale, 50, days_ago=10, freight="3")
    assert told(fresh, silent, stale) == [(-1.0, -1.0, -1.0)] * 3


def test_h84_foreign_freight_is_converted_on_its_day_and_unknown_rates_are_no_zero(world: World) -> None:
    tea, cup = world.sku("TEA"), world.sku("CUP")
    record_rates([((NOW - timedelta(days=400)).date(), "USD", "CNY", Decimal(7))])
    for sku, currency in ((tea, "USD"), (cup, "EUR")):
        comes(world, sku, 10, days_ago=200, freight="7")
        comes(world, sku, 10, days_ago=5, freight=f"0.5 {currency}")
    assert told(tea, cup) == [(10.0, 35.0, 70.0), (-1.0, -1.0, -1.0)]


def test_h84_the_key_figure_is_money_with_its_formula_and_rows_of_before_have_none(world: World) -> None:
    tea = world.selling("TEA", stock=100, rate=2.0)
    comes(world, tea, 100, days_ago=200, freight="5")
    comes(world, tea, 200, days_ago=20, freight="2")
    run_cycle("warnings")
    root = User.objects.create_superuser("root")
    with clock.at(NOW + timedelta(minutes=10)):
        [place] = stock_kpis(KpiGrouping.POOL, viewer=root)
    saving, share = place.metrics["logistics_saving"], place.metrics["logistics_saving_share"]
    assert (saving.value, saving.unit, share.value, share.unit) == (600.0, "CNY", 0.6, "share")
    assert saving.explanation is not None
    assert saving.explanation.evaluate() == 600.0
    row = StockFigures.objects.get(chunk=0)
    row.figures = row.figures[: FIGURES.index("logistics_units")]
    row.save()
    with clock.at(NOW + timedelta(minutes=10)):
        [place] = stock_kpis(KpiGrouping.POOL, viewer=root)
    saving = place.metrics["logistics_saving"]
    assert (saving.value, saving.reason) == (None, "NO_FREIGHT")
    assert place.metrics["stock_to_sales"].value is not None


def test_h84_the_day_decides_what_the_quarter_is(world: World) -> None:
    tea = world.sku("TEA")
    comes(world, tea, 10, days_ago=200, freight="5")
    comes(world, tea, 10, days_ago=90, freight="3")
    comes(world, tea, 10, days_ago=89, freight="2")
    assert told(tea) == [(10.0, 20.0, 40.0)]
    assert told(tea, day=DAY - timedelta(days=1)) == [(20.0, 50.0, 100.0)]
