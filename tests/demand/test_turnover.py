"""What is kept of turnover: months from daily facts, written when they change, and sums by category."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta

import numpy as np
import pytest

from stockhub.catalog.models import Category, PoolWarehouse, Sku, Warehouse
from stockhub.demand.frames import Rows, rows_of
from stockhub.demand.stock_days import stock_of
from stockhub.demand.turnover.categories import keep_category_turnover
from stockhub.demand.turnover.cliffs import keep_cliffs
from stockhub.demand.turnover.histories import keep_turnover, stored_flow
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import CategoryTurnover, DemandCliff, TurnoverHistory
from stockhub.inventory.models import StockHistory
from tests.worlds import DAY, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)
FIRST = date(2025, 3, 1)


@pytest.fixture
def world() -> World:
    return make_world()


def history(sku: Sku, warehouse: Warehouse, first: date, per_day: list[float]) -> None:
    StockHistory.objects.update_or_create(sku=sku, warehouse=warehouse, defaults={"first_on": first, "qty": np.array(per_day, np.float32)})


def year_of(world: World, code: str, *, rate: float = 2.0, units: float = 100.0) -> Sku:
    sku = world.sku(code)
    days = (DAY - FIRST).days
    world.sold(sku, [rate] * (days + 1))
    history(sku, world.warehouse, FIRST, [units] * days)
    return sku


def keep(rows: Rows, last_on: date = YESTERDAY) -> int:
    return keep_turnover(rows, last_on=last_on, guard=nullcontext, batch=100)


def test_months_are_natural_and_complete() -> None:
    assert Months.before(date(2026, 3, 1)).last_month == date(2026, 2, 1)
    assert Months.before(date(2026, 2, 28)).last_month == date(2026, 2, 1)
    assert Months.before(date(2026, 2, 27)).last_month == date(2026, 1, 1)
    months = Months.before(YESTERDAY)
    assert (months.starts[0], months.starts[-1], len(months.starts)) == (FIRST, date(2026, 3, 1), 13)
    assert months.lengths.tolist() == [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28]


def test_a_pool_s_stock_is_known_where_that_of_all_its_warehouses_is(world: World) -> None:
    sku = world.sku("A")
    second = Warehouse.objects.create(code="second", name="Second")
    PoolWarehouse.objects.create(pool=world.pool, warehouse=second)
    history(sku, world.warehouse, DAY - timedelta(days=6), [5, 5, np.nan, 5, 5, 5])
    # The second warehouse holds the SKU since four days ago, and its last day is not told.
    history(sku, second, DAY - timedelta(days=4), [7, 7, 7])
    world.sold(sku, [1.0])
    rows = rows_of([sku.pk])
    found = stock_of(rows, first_on=DAY - timedelta(days=7), days=7)
    np.testing.assert_array_equal(found, [[np.nan, 5, 5, np.nan, 12, 12, np.nan]])


def test_what_has_not_changed_is_not_written_and_a_corrected_past_is(world: World) -> None:
    sku = year_of(world, "A")
    rows = rows_of([sku.pk])
    assert (keep(rows), keep(rows)) == (1, 0)
    before = TurnoverHistory.objects.get()
    assert before.sold.tolist() == [62, 60, 62, 60, 62, 62, 60, 62, 60, 62, 62, 56]
    assert before.held.tolist() == [100.0] * 12
    days = (DAY - FIRST).days
    history(sku, world.warehouse, FIRST, [130.0] * 31 + [100.0] * (days - 31))
    assert (keep(rows), keep(rows)) == (1, 0)
    assert stored_flow(rows).held[0].tolist() == [130.0] + [100.0] * 11


def test_a_new_month_moves_all_by_one(world: World) -> None:
    sku = year_of(world, "A")
    rows = rows_of([sku.pk])
    keep(rows)
    history(sku, world.warehouse, FIRST, [100.0] * (date(2026, 4, 1) - FIRST).days)
    assert keep(rows, date(2026, 3, 31)) == 1
    flow = stored_flow(rows)
    assert date.fromordinal(int(flow.last_month[0])) == date(2026, 3, 1)
    assert flow.sold[0].tolist() == [60, 62, 60, 62, 62, 60, 62, 60, 62, 62, 56, 4]


def test_a_row_without_any_stock_history_has_no_row(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [1.0] * 366)
    assert keep(rows_of([sku.pk])) == 0
    assert not TurnoverHistory.objects.exists()


def test_sums_by_category_leave_out_what_has_no_cost_and_forget_what_is_gone(world: World) -> None:
    home, other = (Category.objects.create(code=code, name=code) for code in ("home", "other"))
    for code, category, cost in (("A", home, "10"), ("B", home, None), ("C", other, "20")):
        sku = year_of(world, code)
        Sku.objects.filter(pk=sku.pk).update(category=category, unit_cost_amount=cost)
    keep(rows_of(list(Sku.objects.values_list("id", flat=True))))
    assert keep_category_turnover(YESTERDAY) == 3
    assert keep_category_turnover(YESTERDAY) == 0
    sums = {row.category.code if row.category else "*": row for row in CategoryTurnover.objects.select_related("category")}
    assert {code: (row.skus, row.inventory[0], row.cogs[-1]) for code, row in sums.items()} == {
        "*": (2, 3000.0, 56 * 30.0), "home": (1, 1000.0, 560.0), "other": (1, 2000.0, 1120.0),
    }  # fmt: skip
    # 180 of 100 in 90 days; the median counts the SKU without a cost as well.
    assert sums["home"].median == pytest.approx(180 / 100 * 365 / 90, rel=1e-6)
    # Half a year of which nothing is known is no half-year without sales.
    history(Sku.objects.get(code="C"), world.warehouse, date(2025, 9, 1), [100.0] * (DAY - date(2025, 9, 1)).days)
    keep(rows_of(list(Sku.objects.values_list("id", flat=True))))
    assert keep_category_turnover(YESTERDAY) == 2
    assert np.isnan(CategoryTurnover.objects.get(category=other).cogs).tolist() == [True] * 6 + [False] * 6
    assert CategoryTurnover.objects.get(category=None).inventory[[0, 6]].tolist() == [1000.0, 3000.0]
    assert keep_category_turnover(YESTERDAY) == 0
    Sku.objects.filter(code="C").update(category=home)
    assert keep_category_turnover(YESTERDAY) == 2
    assert sorted(row.category.code for row in CategoryTurnover.objects.exclude(category=None).select_related("category")) == ["home"]  # type: ignore[union-attr]


def test_h34_a_cliff_that_demand_recovers_from_is_forgotten(world: World) -> None:
    sku = year_of(world, "A")
    rows = rows_of([sku.pk])
    fallen, recovered = np.array([[9.0] * 50 + [2.0] * 10]), np.full((1, 60), 9.0)
    assert keep_cliffs(rows, fallen, last_on=YESTERDAY, guard=nullcontext) == 1
    found = DemandCliff.objects.get()
    assert (found.broke_on, found.rate_before, found.rate_after, found.days_after) == (DAY - timedelta(days=10), 9.0, 2.0, 10.0)
    assert keep_cliffs(rows, fallen, last_on=YESTERDAY, guard=nullcontext) == 0
    assert keep_cliffs(rows, recovered, last_on=YESTERDAY, guard=nullcontext) == 1
    assert not DemandCliff.objects.exists()
