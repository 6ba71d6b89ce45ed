"""Sales facts are kept incrementally and exactly, in the account's own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockhub.catalog.models import Sku
from stockhub.channels.models import SalesDelta
from stockhub.core import clock
from stockhub.demand.models import SalesSeries
from stockhub.demand.services import HOURS_KEPT, apply_sales_deltas
from tests.worlds import NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def delta(world: World, sku_id: int, at: datetime, qty: int) -> None:
    SalesDelta.objects.create(sku_id=sku_id, account=world.account, hour_at=at.replace(minute=0, second=0, microsecond=0), qty=qty)


def test_changes_are_added_to_the_business_day_of_the_account_and_removed(world: World) -> None:
    sku = world.sku("A")
    # 17:00 UTC on 28 February is already 1 March in Shanghai.
    delta(world, sku.pk, datetime(2026, 2, 28, 15, tzinfo=UTC), 3)
    delta(world, sku.pk, datetime(2026, 2, 28, 17, tzinfo=UTC), 4)
    with clock.at(NOW):
        assert apply_sales_deltas() == 2
        assert apply_sales_deltas() == 0
    series = SalesSeries.objects.get()
    assert series.first_on == date(2026, 2, 28)
    assert series.daily.tolist() == [3.0, 4.0]
    assert series.last_sold_at == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert series.first_hour_at == datetime(2026, 2, 28, 15, tzinfo=UTC)
    assert series.hourly.tolist() == [3.0, 0.0, 4.0]
    assert not SalesDelta.objects.exists()


def test_later_changes_lengthen_the_series_on_either_side(world: World) -> None:
    sku = world.sku("A")
    with clock.at(NOW):
        for day, qty in ((1, 5), (3, 2), (-2, 7), (3, -2)):
            delta(world, sku.pk, datetime(2026, 3, 1, 4, tzinfo=UTC) + timedelta(days=day - 1), qty)
            apply_sales_deltas()
    series = SalesSeries.objects.get()
    assert series.first_on == date(2026, 2, 26)
    assert series.daily.tolist() == [7.0, 0.0, 0.0, 5.0, 0.0, 0.0]


def test_hours_are_kept_for_sixty_days_and_days_for_ever(world: World) -> None:
    sku = world.sku("A")
    delta(world, sku.pk, NOW - timedelta(days=400), 1)
    delta(world, sku.pk, NOW - timedelta(days=59), 2)
    with clock.at(NOW):
        apply_sales_deltas()
    series = SalesSeries.objects.get()
    assert len(series.daily) == 342
    assert series.hourly.sum() == 2.0
    delta(world, sku.pk, NOW + timedelta(days=30), 4)
    with clock.at(NOW + timedelta(days=30)):
        apply_sales_deltas()
    series.refresh_from_db()
    assert series.hourly.sum() == 4.0
    assert len(series.hourly) <= HOURS_KEPT + 1
    assert series.daily.sum() == 7.0


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(-100, 10), st.integers(0, 23), st.integers(-5, 9)), min_size=1, max_size=30),
    cut=st.integers(0, 30),
)
def test_in_any_order_and_in_any_parts_the_sum_is_the_same(world: World, changes: list[tuple[int, int, int]], cut: int) -> None:
    sku_id = world.sku(f"S{Sku.objects.count()}").pk
    expected: dict[date, int] = {}
    with clock.at(NOW):
        for position, (day, hour, qty) in enumerate(changes):
            at = NOW.replace(hour=hour) + timedelta(days=day)
            delta(world, sku_id, at, qty)
            on = clock.business_day(at, "Asia/Shanghai")
            expected[on] = expected.get(on, 0) + qty
            if position == cut:
                apply_sales_deltas()
        apply_sales_deltas()
    series = SalesSeries.objects.get(sku_id=sku_id)
    found = {series.first_on + timedelta(days=i): float(v) for i, v in enumerate(series.daily)}
    assert {day: found[day] for day in expected} == {day: float(qty) for day, qty in expected.items()}
    assert float(np.sum(series.daily)) == float(sum(expected.values()))
