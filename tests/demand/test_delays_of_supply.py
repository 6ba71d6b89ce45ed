"""Delays of supply: a dated longer lead time of a supplier, of a country's suppliers, or of some SKUs (F6, H8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from stockhub.alerts.models import Alert
from stockhub.catalog.models import Category, Sku, StockPolicy, StockPool
from stockhub.channels.models import Account, PoolAccount
from stockhub.demand.models import ContingencyPlan, Forecast, ForecastSettings, PlannedEvent
from stockhub.demand.plans.contingency import open_plans
from stockhub.demand.plans.events import events_between
from stockhub.demand.plans.inputs import PlannedEventInput
from stockhub.demand.plans.services import cancel_plan, plan_event
from stockhub.formulas.policies.disruption import disrupted_safety_stock
from stockhub.snapshot.builder import build
from stockhub.suppliers.models import Offer, Supplier
from stockhub.values.errors import DomainError
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NEW_YEAR: dict[str, Any] = {
    "code": "cny", "kind": "delay", "event_type": "spring-festival", "name": "Chinese New Year", "reason": "Factories are closed",
    "starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 28), "extra_lead_time_days": 14.0,
}  # fmt: skip


@pytest.fixture
def world() -> World:
    made = make_world()
    Supplier.objects.filter(pk=made.supplier.pk).update(country="CN")
    return made


def delay(**more: Any) -> PlannedEvent:  # noqa: ANN401 - fields of an event
    return plan_event(PlannedEventInput(**(NEW_YEAR | more)))


def lead_times(day: date, *skus: Sku) -> list[float]:
    """The lead time of each SKU for what is ordered on a day."""
    return [float(days) for days in build(sorted(sku.pk for sku in skus), NOW + (day - DAY)).columns["lead_time"]]


def stocked(world: World, code: str, *, lead_time: float | None = 15.0) -> Sku:
    """A SKU that lies in the warehouse, so that there is a decision about it."""
    sku = world.sku(code, lead_time=lead_time)
    world.stock(sku, 100)
    return sku


def from_elsewhere(sku: Sku, *, preference: int, days: float = 30.0) -> Supplier:
    supplier = Supplier.objects.get_or_create(code="vn", defaults={"name": "Vietnam", "country": "VN"})[0]
    Offer.objects.create(supplier=supplier, sku=sku, currency="CNY", lead_time_days=days, preference=preference)
    return supplier


def test_f6_what_is_ordered_of_a_countrys_suppliers_within_the_dates_takes_longer(world: World) -> None:
    sku, other = stocked(world, "A"), stocked(world, "B", lead_time=None)
    from_elsewhere(other, preference=1)
    delay(supplier_country="CN")
    days = [date(2027, 1, 31), date(2027, 2, 1), date(2027, 2, 28), date(2027, 3, 1)]
    assert [lead_times(day, sku, other) for day in days] == [[15.0, 30.0], [29.0, 30.0], [29.0, 30.0], [15.0, 30.0]]
    cancel_plan(PlannedEvent, code="cny")
    assert lead_times(days[1], sku, other) == [15.0, 30.0]


def test_f6_the_supplier_that_is_asked_first_counts(world: World) -> None:
    sku, lone = stocked(world, "A"), stocked(world, "LONE", lead_time=None)
    vietnam = from_elsewhere(sku, preference=0)
    delay(supplier=world.supplier.code)
    assert lead_times(date(2027, 2, 1), sku) == [30.0]
    Offer.objects.filter(supplier=vietnam).update(preference=2)
    assert lead_times(date(2027, 2, 1), sku) == [29.0]
    # A policy says how long it takes in the offer's place; the supplier is the same.
    StockPolicy.objects.create(sku=sku, lead_time_days=20.0)
    assert lead_times(date(2027, 2, 1), sku) == [34.0]
    # Of a SKU that nobody offers, no supplier is late.
    usual = lead_times(date(2027, 1, 1), lone)
    assert lead_times(date(2027, 2, 1), lone) == usual
    delay(supplier=None)
    assert lead_times(date(2027, 2, 1), lone) == [usual[0] + 14.0]


def test_f6_of_several_delays_the_longest_counts_and_a_delay_is_of_what_it_names(world: World) -> None:
    fans = Category.objects.create(code="fans", name="Fans")
    sku, other = stocked(world, "A"), stocked(world, "B")
    Sku.objects.filter(pk=sku.pk).update(category=fans)
    delay(supplier_country="cn")
    delay(code="port", event_type="port-strike", category="fans", extra_lead_time_days=20.0)
    assert lead_times(date(2027, 2, 1), sku, other) == [35.0, 29.0]
    second = StockPool.objects.create(code="us", name="US")
    delay(code="port", category=None, pool=second.code)
    assert lead_times(date(2027, 2, 1), sku, other) == [29.0, 29.0]


def test_f6_a_delay_of_one_account_is_that_of_a_pool_in_which_it_has_half_the_demand(world: World) -> None:
    sku = world.sku("A")
    small = Account.objects.create(code="small", name="Small", marketplace="file")
    PoolAccount.objects.create(pool=world.pool, account=small)
    world.sold(sku, [3.0] * 60, last_on=date(2027, 1, 31))
    delay(account=small.code)
    assert lead_times(date(2027, 2, 1), sku) == [15.0]
    delay(account=world.account.code)
    assert lead_times(date(2027, 2, 1), sku) == [29.0]


def test_h8_safety_stock_and_the_day_to_order_follow_a_delay_and_revert(world: World) -> None:
    sku = world.selling("A", stock=250, rate=10.0)
    Forecast.objects.update(error_sd=3.0)
    before = build([sku.pk], NOW).columns
    run_cycle("warnings")
    assert Alert.objects.get(kind="order-due").due_on == date(2026, 3, 9)
    delay(starts_on=DAY, ends_on=DAY + timedelta(days=3), supplier=world.supplier.code, extra_lead_time_days=10.0)
    after = build([sku.pk], NOW).columns
    assert (before["lead_time"].tolist(), after["lead_time"].tolist()) == ([15.0], [25.0])
    assert after["lead_time_sd"].tolist() == before["lead_time_sd"].tolist()
    assert after["safety_stock"][0] == pytest.approx(
        disrupted_safety_stock(1.6448536269514722, 15.0, 7.0, 10.0, 3.0, 0.001, 10.0), rel=1e-6
    )  # fmt: skip
    assert after["safety_stock"][0] > before["safety_stock"][0]
    run_cycle("warnings", NOW + timedelta(hours=1))
    assert Alert.objects.get(kind="order-due").due_on == date(2026, 2, 27)
    assert build([sku.pk], NOW + timedelta(days=4)).columns["lead_time"].tolist() == [15.0]


def test_f6_a_delay_moves_no_demand_and_opens_the_plans_of_its_type(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=30, quantile_levels=[0.5, 0.9])
    sku = world.sku("A")
    world.sold(sku, [10.0] * 90, last_on=DAY - timedelta(days=1))
    delay(event_type="port-strike", starts_on=DAY - timedelta(days=5), ends_on=DAY + timedelta(days=10))
    run_cycle("forecast")
    assert Forecast.objects.get(sku=sku).mean.tolist() == pytest.approx([10.0] * 30)
    assert [event.event_type for event in events_between(DAY, DAY)[0] if event.event_type == "port-strike"] == []
    ContingencyPlan.objects.create(code="sea", event_type="port-strike", plan="Book air freight")
    assert [(each.plan.code, each.event.key) for each in open_plans(DAY)] == [("sea", f"plan:{PlannedEvent.objects.get().pk}")]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "wrong",
    [
        {"extra_lead_time_days": None},
        {"expected_lift": 1.5},
        {"kind": "promotion"},
        {"kind": "promotion", "extra_lead_time_days": None, "supplier": "sup"},
        {"kind": "closure", "extra_lead_time_days": None, "supplier_country": "CN"},
    ],
)
def test_f6_half_a_delay_is_refused_and_nothing_is_written(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        delay(**wrong)
    assert (refused.value.code, refused.value.path) == ("days_of_a_delay", ("extra_lead_time_days",))
    assert not PlannedEvent.objects.exists()
    given = {name: value for name, value in (NEW_YEAR | wrong).items() if name != "supplier"}
    with pytest.raises(ValidationError) as told:
        PlannedEvent(**given, supplier=world.supplier if "supplier" in wrong else None).clean()
    assert list(told.value.message_dict) == ["extra_lead_time_days"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"extra_lead_time_days": -1.0}, "invalid_value", "extra_lead_time_days"),
        ({"extra_lead_time_days": 366.0}, "invalid_value", "extra_lead_time_days"),
        ({"supplier": "nobody"}, "unknown_supplier", "supplier"),
        ({"supplier_country": "CHN"}, "invalid_value", "supplier_country"),
    ],
)
def test_f6_a_wrong_field_of_a_delay_is_named(world: World, wrong: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(DomainError) as refused:
        delay(**wrong)
    assert (refused.value.code, refused.value.path) == (code, (path,))
    assert not PlannedEvent.objects.exists()


def test_science_10_1_the_fastest_of_all_offers_counts_with_its_own_delay(world: World) -> None:
    alone, both = stocked(world, "ALONE"), stocked(world, "BOTH")
    from_elsewhere(both, preference=2, days=9.0)
    stated = stocked(world, "STATED")
    StockPolicy.objects.create(sku=stated, lead_time_days=4.0)
    skus = sorted(sku.pk for sku in (alone, both, stated))

    def fastest() -> list[tuple[float, float]]:
        columns = build(skus, NOW).columns
        return list(zip(columns["lead_time"].tolist(), columns["fastest_lead_time"].tolist(), strict=True))

    assert fastest() == [(15.0, 15.0), (15.0, 9.0), (4.0, 4.0)]
    delay(starts_on=DAY, ends_on=DAY, supplier_country="VN", code="vn")
    assert fastest() == [(15.0, 15.0), (15.0, 15.0), (4.0, 4.0)]
    delay(starts_on=DAY, ends_on=DAY, supplier_country="CN", code="cn")
    # Both are later by a fortnight then: the second one comes first again. What somebody has stated is the preferred supplier's.
    assert fastest() == [(29.0, 29.0), (29.0, 23.0), (18.0, 18.0)]
