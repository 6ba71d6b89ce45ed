"""Events of which a person knows the units and not the lift, such as a lightning deal of 300 (F6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from stockhub.catalog.models import Sku, StockPool
from stockhub.channels.models import PoolAccount
from stockhub.demand.models import Forecast, ForecastBasis, ForecastSettings, PlannedEvent
from stockhub.demand.plans.inputs import PlannedEventInput
from stockhub.demand.plans.services import plan_event
from stockhub.demand.reason_texts import reason_lines
from stockhub.values.errors import DomainError
from tests.worlds import DAY, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=30, quantile_levels=[0.5, 0.9])
    return make_world()


def steady(world: World, rate: float, code: str = "A") -> Sku:
    sku = world.sku(code)
    world.sold(sku, [rate] * 90, last_on=YESTERDAY)
    return sku


def deal(sku: Sku | None, starts: int, ends: int, units: float, **fields: Any) -> PlannedEvent:  # noqa: ANN401 - columns
    return PlannedEvent.objects.create(
        code="deal", kind="promotion", event_type="lightning-deal", name="Lightning deal", reason="Agreed", made_by="ana", sku=sku,
        starts_on=DAY + timedelta(days=starts), ends_on=DAY + timedelta(days=ends), expected_units=units, **fields,
    )  # fmt: skip


def mean_of(sku: Sku, pool: StockPool | None = None) -> list[float]:
    found = Forecast.objects.filter(sku=sku)
    means: list[float] = (found if pool is None else found.filter(pool=pool)).get().mean.tolist()
    return means


def test_f6_a_deal_of_300_units_sells_300_on_its_days_and_the_reason_says_so(world: World) -> None:
    sku = steady(world, 10.0)
    deal(sku, 5, 7, 300.0)
    run_cycle("forecast")
    mean = mean_of(sku)
    assert mean[5:8] == pytest.approx([100.0] * 3)
    assert mean[:5] + mean[8:] == pytest.approx([10.0] * 27)
    [reason] = ForecastBasis.objects.get().reasons
    assert (reason["factor"], reason["origin"], reason["values"]) == (10.0, "stated", {"units": 300.0})
    [line] = reason_lines([reason])
    assert "× 10 · 300 units in all · stated" in line


def test_f6_of_a_deal_that_is_under_way_what_is_left_is_expected(world: World) -> None:
    sku = steady(world, 10.0)
    deal(sku, -2, 1, 400.0)
    run_cycle("forecast")
    assert mean_of(sku)[:3] == pytest.approx([100.0, 100.0, 10.0])


def test_f6_a_sku_that_was_to_sell_nothing_sells_the_deals_units_day_by_day(world: World) -> None:
    sku = steady(world, 0.0)
    deal(sku, 2, 4, 60.0)
    run_cycle("forecast")
    assert mean_of(sku)[:6] == pytest.approx([0.0, 0.0, 20.0, 20.0, 20.0, 0.0])


def test_f6_the_units_are_those_of_all_pools_together(world: World) -> None:
    other = StockPool.objects.create(code="eu", name="EU")
    PoolAccount.objects.update(share=0.75)
    PoolAccount.objects.create(pool=other, account=world.account, share=0.25, valid_from=DAY - timedelta(days=400))
    sku = steady(world, 8.0)
    deal(sku, 0, 1, 160.0)
    run_cycle("forecast")
    assert (mean_of(sku, world.pool)[0], mean_of(sku, other)[0]) == pytest.approx((60.0, 20.0))
    assert (mean_of(sku, world.pool)[2], mean_of(sku, other)[2]) == pytest.approx((6.0, 2.0))


def test_f6_units_of_no_sku_beside_a_lift_or_of_a_closure_are_refused(world: World) -> None:
    sku = steady(world, 8.0)
    whole = {"code": "x", "kind": "promotion", "event_type": "deal", "name": "Deal", "reason": "why", "starts_on": DAY, "ends_on": DAY}
    for more in ({}, {"sku": sku.code, "expected_lift": 2.0}, {"sku": sku.code, "kind": "closure"}):
        with pytest.raises(DomainError) as refused:
            plan_event(PlannedEventInput(**{**whole, "expected_units": 30.0, **more}))  # type: ignore[arg-type]
        assert (refused.value.code, refused.value.path) == ("units_of_a_sku", ("expected_units",))
    assert not PlannedEvent.objects.exists()
    with pytest.raises(ValidationError, match="those of one SKU"):
        deal(None, 0, 1, 30.0).full_clean()
    made = plan_event(PlannedEventInput(**{**whole, "sku": sku.code, "expected_units": 30.0}))  # type: ignore[arg-type]
    assert made.expected_units == 30.0
